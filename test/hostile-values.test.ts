// One value of every kind that once ended in an error of the engine's, or changed something before it was refused. The random calls of
// hostile-calls.test.ts look for more.

import { describe, expect, test } from 'vitest';
import * as u from 'unrolled';
import * as analysis from 'unrolled/analysis';
import * as data from 'unrolled/data';
import * as graph from 'unrolled/graph';
import * as io from 'unrolled/io';
import * as metrics from 'unrolled/metrics';
import * as pipelines from 'unrolled/pipelines';

const any = (value: unknown): never => value as never;

/** A captioner of CS231n's layout, whose b_proj lacks its numbers. */
const withoutBias = any(
  Object.fromEntries(
    Object.entries({
      W_proj: [2, 2],
      b_proj: [2],
      W_embed: [4, 2],
      Wx: [2, 2],
      Wh: [2, 2],
      b: [2],
      W_vocab: [2, 4],
      b_vocab: [4],
    }).map(([name, shape]) => [
      name,
      { shape, data: new Float32Array(name === 'b_proj' ? 0 : shape.reduce((a, b) => a * b)) },
    ]),
  ),
);

function nested(depth: number): unknown {
  let nest: unknown = 1;
  for (let k = 0; k < depth; k++) nest = [nest];
  return nest;
}

const deep = any(nested(10_000));
const bare = any(Object.create(null));
const symbol = any(Symbol('hostile'));
const nothing = any(undefined);
const circle: never = any([]);
(circle as unknown[]).push(circle);
const series = { names: ['a'], values: Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8) };
const clipping = () => analysis.clippingReport([{ type: 'step', step: 1, gradientNorm: 2 }], 1);
const captioner = () =>
  new u.Captioner({
    vocabularySize: 5,
    featureSize: 3,
    encoder: null,
    hiddenSize: 2,
    embeddingDim: 2,
    start: 2,
    end: 3,
  });
const classifier = () => new u.SequenceClassifier({ vocabularySize: 3, classes: 2, hiddenSize: 2 });
const vqa = () =>
  new u.VisualQA({ vocabularySize: 3, answers: 2, featureSize: 3, form: 'product', hiddenSize: 2, embeddingDim: 2 });
const parameter = () => u.Parameter.of(u.ones([2]));

const kinds: Record<string, Record<string, () => unknown>> = {
  'a value in a message that cannot be written': {
    'padSequences, 10,000 deep': () => data.padSequences(deep),
    'captionBatch, end 10,000 deep': () => u.captionBatch(u.ones([1, 3]), [[4]], { start: 2, end: deep }),
    'imageBatch, data 10,000 deep': () => data.imageBatch({ shape: [1, 1, 2, 2], data: deep }, [0]),
    'namedParameters, prefix 10,000 deep': () => [...new u.LSTM(3, 2).namedParameters(deep)],
    'xavierNormal, gain 10,000 deep': () => u.init.xavierNormal(u.ones([2, 3]), deep),
    'RNNCell, nonlinearity without a prototype': () => new u.RNNCell(3, 2, { nonlinearity: bare }),
    'SequenceClassifier, pooling [Symbol()]': () =>
      new u.SequenceClassifier({ vocabularySize: 3, classes: 2, hiddenSize: 2, pooling: any([symbol]) }),
    'formatShape of a list of 2^31': () => u.zeros(any(new Array(2 ** 31))),
    'suggest among what is no name': () => u.suggest('a', any([Object.create(null)])),
    'fromHuggingFace, a source 10,000 deep': () => data.Tokenizer.fromHuggingFace(any(['a']), deep),
    'Vocabulary.fromJSON, a source [Object.create(null)]': () => data.Vocabulary.fromJSON(2, any([bare])),
    'namedState, prefix of 2^31': () => [...new u.GRU(3, 2).namedState(any(new Array(2 ** 31)))],
    'Vocabulary.decode([Object.create(null)])': () => new data.Vocabulary(['a', 'b']).decode(any([bare])),
    'Tokenizer.token(Symbol())': () => data.Tokenizer.train(['a b'], { unit: 'word' }).token(symbol),
  },
  'arguments that are not there': {
    'Captioner.forward()': () => captioner().forward(nothing),
    'Captioner.loss()': () => captioner().loss(nothing),
    'VisualQA.look()': () => vqa().look(nothing),
    'VisualQA.follow()': () => vqa().follow(nothing),
    'Parameter.of()': () => u.Parameter.of(nothing),
    'copyProblem.batch()': () => data.copyProblem().batch(nothing, nothing),
    'parityProblem.measure()': () => data.parityProblem().measure(nothing, nothing),
    'liveInspector.look()': () => analysis.liveInspector().look(nothing),
    'TokenVocabulary.of(rows)': () => data.TokenVocabulary.of([['a']], nothing),
    'HostArray.ints()': () => graph.HostArray.ints(nothing),
    'Forecaster.forward()': () =>
      new u.Forecaster({ channels: 1, length: 4, horizon: 2, hiddenSize: 2 }).forward(nothing),
    'classifyTask without examples': () => u.classifyTask(classifier(), { train: any({}) }),
    'Stepper.setState()': () =>
      u.stepperOf(new u.LanguageModel(3, { cell: 'gru', hiddenSize: 2, numLayers: 1 })).setState(nothing),
    'backward(seed that is none)': () => u.ones([2]).backward(any(new u.Random(1))),
  },
  'options that are null': {
    clippingPlot: () => analysis.clippingPlot(clipping(), any(null)),
    'clippingPlot of 1': () => analysis.clippingPlot(any(1), any(null)),
    memoryLengthPlot: () =>
      analysis.memoryLengthPlot({ positions: 1, contexts: [], ngrams: [], uses: 1, tolerance: 0.1 }, any(null)),
    'a language there is no report in': () => analysis.describeClipping(clipping(), any('fr')),
  },
  'numbers that are none': {
    'perplexity of an object without a prototype': () => metrics.perplexity(bare),
    'rougeL, beta 10n': () => metrics.rougeL(['a'], ['a'], any(10n)),
    'rougeL, beta Symbol()': () => metrics.rougeL(['a'], ['a'], symbol),
    'calibrationError, [[Symbol()]]': () => metrics.calibrationError(any([[symbol]]), [true]),
    'a schedule at step Symbol()': () => u.exponentialSchedule(0.1, 0.9).lr(symbol),
    'the eigenvalues of NaN': () => analysis.eigenvalues([Number.NaN, 1, 1, 1], 2),
    'makeSines, 2^31 steps': () => data.makeSines(2 ** 31, 1),
    'captionAll, batchSize 10n': () =>
      pipelines.captionAll(captioner(), { count: 0, read: any(() => null) }, [], {}, { batchSize: any(10n) }),
    'filesOf.bytes, at most Symbol()': async () =>
      (await pipelines.filesOf(new Map([['config.json', '{}']]))).bytes('config.json', symbol),
    'NGramModel, order 2^31': () => new analysis.NGramModel([0, 1], { order: 2 ** 31, vocabularySize: 2 }),
    'Adagrad of 2^31 parameters that are none': () => new u.Adagrad(any(new Array(2 ** 31))),
    'clipGradNorm of 2^31 parameters that are none': () => u.clipGradNorm(any(new Array(2 ** 31)), 1),
    'conv1d, groups without a prototype': () => u.conv1d(u.ones([1, 2, 4]), u.ones([3, 2, 2]), null, { groups: bare }),
    'clippingReport of 2^31 lines that are none': () => analysis.clippingReport(any(new Array(2 ** 31)), 1),
    'a window that there is not': () => new data.Windows(series, { length: 2, horizon: 1 }).batch([Infinity]),
  },
  'fields of a report that are not what they were': {
    'describeChecks, title Symbol()': () =>
      analysis.describeChecks([any({ name: 'rows', title: symbol, passed: false, detail: '', meaning: '' })]),
    'describeChecks in Korean, of a check without its Korean text': () =>
      analysis.describeChecks([any({ name: 'rows', title: 'a', passed: false, detail: '', meaning: '' })], 'ko'),
    'describeMemoryLength, contexts [null]': () =>
      analysis.describeMemoryLength({ positions: 1, contexts: any([null]), ngrams: [], uses: 1, tolerance: 0.1 }),
    'describeInspection without gates': () => analysis.describeInspection(any({ steps: 1 })),
    'forecastPlot, band 3': () => analysis.forecastPlot({ history: [1], forecast: [2], band: any(Object(3)) }),
    'timeline, title a Map': () => analysis.timeline({ predicted: ['a'] }, { title: any(new Map()) }),
    'attentionMap, a class for a weight': () =>
      analysis.attentionMap({ source: ['a'], target: ['b'], weights: any([[class {}]]) }),
    'annotateMatches, what is no pattern': () => analysis.annotateMatches('a', any({ source: 'a' }), ['a']),
  },
  'a model of another kind': {
    'stepperOf(GRUCell)': () => u.stepperOf(any(new u.GRUCell(3, 2))),
    'translateAll by what has no state': () =>
      pipelines.translateAll(any({ namedParameters: () => [], children: () => [], train: () => 1 }), [[1]]),
    'a state that holds itself': () => new u.GRU(3, 2).forward(u.ones([4, 2, 3]), circle),
    'stepJacobian, a state 10,000 deep': () => analysis.stepJacobian(new u.GRUCell(3, 2), u.ones([1, 3]), deep),
    'evaluateLanguageModel on a Set': () => u.evaluateLanguageModel(any(new u.GRUCell(3, 2)), any(new Set())),
    'Adam.loadStateDict, tensors a Uint8Array': () =>
      new u.Adam([parameter()]).loadStateDict({ hyper: {}, tensors: any(new Uint8Array(3)) }),
  },
  'weights of other libraries that are none': {
    'fromKerasEmbedding([Set])': () => io.fromKerasEmbedding(any([new Set()])),
    'fromKerasSimpleRNN without data': () =>
      io.fromKerasSimpleRNN(
        any([
          { shape: [3, 2], data: null },
          { shape: [2, 2], data: new Float32Array(4) },
        ]),
      ),
  },
  'a run that is none': {
    'openRun([[1, 2], [3]])': () => u.openRun(any([[1, 2], [3]])),
    'filesOf([[1, 2]])': () => pipelines.filesOf(any([[1, 2], [3]])),
    'textClassification, 10,000 deep': () => pipelines.textClassification(deep),
    'upgradeStateDict, a name that is none': () => pipelines.upgradeStateDict(any(new Map([[1, 2]]))),
  },
};

describe.each(Object.entries(kinds))('%s', (_kind, calls) => {
  test.each(Object.entries(calls))('%s', async (_name, call) => {
    await expect(Promise.resolve().then(call)).rejects.toThrow(u.UnrolledError);
  });
});

describe('what is refused has drawn nothing', () => {
  const freed = () => {
    let x = u.zeros([2, 3]);
    u.scope(() => {
      x = u.zeros([2, 3]);
    });
    return x;
  };
  const embedding = [{ shape: [3, 2], data: new Float32Array(5) }];
  test.each<[string, () => unknown]>([
    ['orthogonal of a freed tensor', () => u.init.orthogonal(freed())],
    [
      'Seq2Seq, targetVocabulary 2^31',
      () => new u.Seq2Seq({ sourceVocabulary: 5, targetVocabulary: 2 ** 31, hiddenSize: 2 }),
    ],
    ['LanguageModel, hiddenSize 2^31', () => new u.LanguageModel(3, { hiddenSize: 2 ** 31 })],
    [
      'RecurrentBlocks of no cells',
      () =>
        new u.RecurrentBlocks(
          any(() => undefined),
          2,
          { inputSize: 3 },
        ),
    ],
    ['dropout of a freed tensor', () => u.dropout(freed(), 0.5)],
    [
      'SequenceClassifier, denseSize 2^31',
      () => new u.SequenceClassifier({ vocabularySize: 3, classes: 2, denseSize: 2 ** 31 }),
    ],
    ['fromKerasEmbedding, a table with too few numbers', () => io.fromKerasEmbedding(embedding)],
    ['MemoryModel, hiddenSize 2^31', () => new u.MemoryModel(2, 2, { hiddenSize: 2 ** 31 })],
    ['Captioner, featureSize 2^31', () => new u.Captioner({ vocabularySize: 9, featureSize: 2 ** 31 })],
    ['captionerFromCS231n, a bias without numbers', () => u.captionerFromCS231n(withoutBias)],
  ])('%s', (_name, call) => {
    const before = u.randomState();
    expect(call).toThrow(u.UnrolledError);
    expect(u.randomState()).toEqual(before);
  });
});

test('an option of asynchronous functions that is none', async () => {
  const tagger = new u.SequenceTagger({ vocabularySize: 3, classes: 2, hiddenSize: 2 });
  await expect(pipelines.tag(tagger, [[0, 1]], any(null))).rejects.toThrow(u.UnrolledError);
  const windows = new data.Windows(series, { length: 2, horizon: 1 });
  const forecaster = new u.Forecaster({ channels: 1, length: 2, horizon: 1, hiddenSize: 2 });
  await expect(u.evaluateForecaster(forecaster, windows, { batchSize: any(10n) })).rejects.toThrow(u.UnrolledError);
  expect(pipelines.upgradeConfig({ version: 1, list: new Array(2 ** 31) })).toMatchObject({ version: 2 });
});

test("what the caller's own getter throws passes as it is, and nothing is changed", () => {
  const own = new Error('mine');
  const options = {
    get hiddenSize(): number {
      throw own;
    },
  };
  const before = u.randomState();
  expect(() => new u.LanguageModel(3, options)).toThrow(own);
  expect(u.randomState()).toEqual(before);
});

test('a list that holds itself, or 10,000 lists, is shown in a few words', () => {
  const circle: unknown[] = [1];
  circle.push(circle);
  for (const value of [circle, deep, bare, symbol, 'a'.repeat(1e6), new Array(2 ** 31)])
    expect(() => u.arange(value as never, 3)).toThrow(/^.{1,200}$/s);
});
