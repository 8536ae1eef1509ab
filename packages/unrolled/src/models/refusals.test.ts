// What models refuse: options that contradict each other, and inputs that are of another model. And what is left of a state that was refused.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Backend, currentBackend, useBackend } from '../backend/index.ts';
import { ReferenceBackend } from '../backend/reference/reference.ts';
import { generate } from '../decode/generate.ts';
import { UnrolledError } from '../errors.ts';
import { indices, ones } from '../tensor/create.ts';
import {
  Captioner,
  ConvNet,
  captionerFromCS231n,
  Forecaster,
  type ForecasterOptions,
  LanguageModel,
  LanguageRows,
  MemoryModel,
  SequenceClassifier,
  SequenceTagger,
  stepperOf,
  teacherForcingRatio,
  VideoTagger,
  VisualQA,
} from './index.ts';

let before: Backend;
beforeAll(async () => {
  before = currentBackend();
  await useBackend(new ReferenceBackend());
});
afterAll(() => useBackend(before));

const odd = (value: unknown) => value as never;
const tokens = (...shape: number[]) => indices(new Int32Array(shape.reduce((a, b) => a * b, 1)), shape);
const series = (...names: string[]) => ({ names, values: new Float64Array(4 * names.length) });
const forecaster = (options: Partial<ForecasterOptions> = {}) =>
  new Forecaster({ channels: 2, length: 4, horizon: 3, hiddenSize: 2, ...options });
const language = (cell: 'lstm' | 'lstm-peephole' = 'lstm') => new LanguageModel(5, { cell, hiddenSize: 3 }).eval();
const classifier = () => new SequenceClassifier({ vocabularySize: 5, classes: 2, hiddenSize: 3 });
const video = (options: object = {}) => new VideoTagger({ featureSize: 3, classes: 2, hiddenSize: 2, ...options });
const asked = (options: object) =>
  new VisualQA({ vocabularySize: 3, answers: 2, hiddenSize: 2, featureSize: 3, form: 'product', ...options });
const captioner = (options: object) =>
  new Captioner({ vocabularySize: 5, encoder: null, featureSize: 3, hiddenSize: 2, form: 'soft', ...options });
const convNet = { channels: [2], inputSize: [4, 4] as [number, number], inChannels: 1 };
const saved = (...shape: number[]) => ({ shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)) });
const parameters = {
  W_proj: saved(3, 2),
  b_proj: saved(2),
  W_embed: saved(5, 2),
  Wx: saved(2, 8),
  Wh: saved(2, 8),
  b: saved(8),
  W_vocab: saved(2, 5),
  b_vocab: saved(5),
};

test('what the lines below change is taken as it is', () => {
  forecaster({ known: 1 })
    .standardize(series('a', 'b'), {}, series('k'))
    .forward(ones([4, 5, 2]), {
      known: ones([7, 5, 1]),
    });
  captionerFromCS231n(parameters);
  captionerFromCS231n({ ...parameters, Wx: saved(2, 2), Wh: saved(2, 2), b: saved(2) });
  asked({}).forward({ question: tokens(3, 1), images: ones([1, 3]) });
  captioner({ positions: 4 }).see(ones([1, 4, 3]));
  video().forward(ones([4, 1, 3]));
});

describe('refused', () => {
  test.each<[string, () => unknown, string]>([
    ['a series of one channel', () => forecaster().standardize(series('a')), 'series: has 1 channels, and the model 2'],
    [
      'known series',
      () => forecaster().standardize(series('a', 'b'), {}, series('k')),
      'known: has 1 channels, and the m',
    ],
    ['integers to forecast from', () => forecaster().forward(tokens(4, 1, 2)), 'Forecaster: expected numbers, got'],
    ['a window of 3', () => forecaster().forward(ones([3, 1, 2])), 'input of shape [4, batch, 2], got [3, 1, 2]'],
    [
      'a window of one channel',
      () => forecaster().forward(ones([4, 1, 1])),
      'input of shape [4, batch, 2], got [4, 1, 1]',
    ],
    [
      'known values that nobody reads',
      () => forecaster().forward(ones([4, 1, 2]), { known: ones([7, 1, 1]) }),
      'reads not',
    ],
    ['no known values', () => forecaster({ known: 1 }).forward(ones([4, 1, 2])), 'the model reads 1 numbers a step'],
    [
      'known values to the window’s end',
      () => forecaster({ known: 1 }).forward(ones([4, 1, 2]), { known: ones([4, 1, 1]) }),
      'Forecaster: expected known of shape [7, 1, 1], got [4, 1, 1]',
    ],
    [
      'a target of 2 steps',
      () => forecaster().loss(ones([4, 1, 2]), ones([2, 1, 2])),
      'a target of shape [3, 1, 2], got',
    ],
    ['a method', () => forecaster({ method: odd('both') }), 'method: expected one of'],
    [
      'quantiles of a mean',
      () => forecaster({ loss: 'mse', quantiles: [0.5] }),
      "quantiles: belong to the loss 'quantile'",
    ],
    [
      'quantiles that fall',
      () => forecaster({ quantiles: [0.5, 0.1] }),
      'quantiles: expected rising numbers between 0',
    ],
    [
      'a quantile of 1',
      () => forecaster({ quantiles: [0.5, 1] }),
      'quantiles: expected rising numbers between 0 and 1',
    ],
    ['no quantiles', () => forecaster({ loss: 'quantile', quantiles: [] }), 'quantiles: expected rising numbers'],
    ['all steps at once, one by one', () => forecaster({ method: 'recursive', skip: 'linear' }), "take 'last'"],

    [
      'tied weights of two sizes',
      () => new LanguageModel(5, { embeddingDim: 2, hiddenSize: 3, tieWeights: true }),
      'must eq',
    ],
    [
      'a block',
      () => new LanguageModel(5, { hiddenSize: 3, block: odd('resid') }),
      'block: expected one of none, residual, got "resid"',
    ],
    [
      'a convolution alone',
      () => new LanguageModel(5, { hiddenSize: 3, convolution: 2 }),
      'a part of the residual block',
    ],
    ['a prompt of no symbols', () => new LanguageRows(language(), [[1], []]), 'prompt 1 has no symbols'],
    ['int8 of a cell without a kernel', () => stepperOf(language('lstm-peephole'), 'int8'), 'decodes in float32 only'],
    [
      'a stepper of another model',
      () => stepperOf(odd(classifier())),
      'stepperOf: model: expected a LanguageModel, got',
    ],
    [
      'CS231n without a weight',
      () => captionerFromCS231n({ ...parameters, Wh: odd(undefined) }),
      'CS231n parameters: lack Wh',
    ],
    [
      'CS231n with a number too few',
      () => captionerFromCS231n({ ...parameters, b_proj: { shape: [2], data: new Float32Array(1) } }),
      'CS231n parameters: b_proj: expected 2 numbers for its shape, got 1',
    ],
    [
      'a forecaster without its means',
      () => forecaster().loadStateDict(new Map([...forecaster().stateDict()].filter(([name]) => name !== 'mean'))),
      'state dict: lacks mean [2]',
    ],
    ['a symbol beyond', () => stepperOf(language()).step(5), 'step: symbol: expected one from 0 to 4, got 5'],
    ['a symbol before', () => stepperOf(language()).step(-1), 'step: symbol: expected one from 0 to 4, got -1'],
    ['half a symbol', () => stepperOf(language()).step(0.5), 'step: symbol: expected one from 0 to 4, got 0.5'],
    [
      'half a length',
      () => [...generate(stepperOf(language()), [1], { length: 1.5 })],
      'length: expected a whole number',
    ],
    [
      'a length below 0',
      () => [...generate(stepperOf(language()), [1], { length: -1 })],
      'length: expected a whole num',
    ],
    [
      'a forget gate of a GRU',
      () => new MemoryModel(2, 1, { cell: 'gru', forgetBias: 1 }),
      'forgetBias: only an LSTM has',
    ],
    [
      'a time scale of a GRU',
      () => new MemoryModel(2, 1, { cell: 'gru', timescale: 9 }),
      'timescale: only an LSTM has',
    ],

    ['a slope below 0', () => teacherForcingRatio({ kind: 'linear', slope: -1 }, 1), 'slope: expected a number from 0'],
    ['too small a k', () => teacherForcingRatio({ kind: 'inverse-sigmoid', k: 0.9 }, 1), 'k: expected a number from 1'],
    [
      'a base of 1',
      () => teacherForcingRatio({ kind: 'exponential', k: 1 }, 1),
      'k: expected a number between 0 and 1',
    ],
    ['a ratio above 1', () => teacherForcingRatio(1.1, 1), 'ratio: expected a number from 0 to 1, got 1.1'],

    [
      'a temperature of 0',
      () => classifier().predict(tokens(3, 1), { temperature: 0 }),
      'temperature: expected a number',
    ],
    ['tokens of rank 1', () => classifier().forward(tokens(3)), 'input of shape [time, batch], got [3]'],
    ['floats for tokens', () => classifier().forward(ones([3, 1])), 'expected int32 tokens [T, B], got'],
    [
      'a sequence in pieces, read from its end',
      () => new SequenceTagger({ vocabularySize: 5, classes: 2, bidirectional: true }).step(tokens(3, 1)),
      'a model that also reads from the end needs the whole sequence at once',
    ],

    [
      'one size of images',
      () => new ConvNet({ ...convNet, inputSize: odd([4]) }),
      'inputSize: expected height and width',
    ],
    ['a summary', () => video({ summary: 'mean' }), 'summary: expected map or pooled, got "mean"'],
    ['frames of integers', () => video().forward(tokens(4, 1, 3)), 'expected numbers [T, B, frame], got int32'],
    [
      'frames of another size',
      () => video().forward(ones([4, 1, 2])),
      'frames of shape [time, batch, 3], got [4, 1, 2]',
    ],

    ['regions of another number', () => captioner({ positions: 4 }).see(ones([1, 3, 3])), 'regions of shape [1, 4, D]'],
    [
      'images of other channels',
      () => captioner({ featureSize: undefined, encoder: convNet }).see(ones([1, 3, 4, 4])),
      'Captioner: expected images of shape [P, 1, h, w], got [1, 3, 4, 4]',
    ],
    [
      'gates of no cell',
      () => captionerFromCS231n({ ...parameters, b: saved(6) }),
      'expected b of shape [2] or [8], got [6]',
    ],
    [
      'parameters of two networks',
      () => captionerFromCS231n({ ...parameters, Wh: saved(2, 2) }),
      'CS231n parameters: expected Wh of shape [2, 8], got [2, 2]',
    ],

    [
      'images of a question alone',
      () => asked({ form: 'question-only', featureSize: null }).look(ones([1, 3])),
      'reads no im',
    ],
    ['other features', () => asked({}).look(ones([1, 4])), 'features of shape [images, 3], got [1, 4]'],
    [
      'images of another size',
      () => asked({ featureSize: null, convNet }).look(ones([1, 1, 5, 4])),
      'images of shape [images, 1, 4, 4], got [1, 1, 5, 4]',
    ],
    [
      'no images',
      () => asked({}).forward({ question: tokens(3, 1), images: odd(null) }),
      'form product looks at images',
    ],
    [
      'a question of floats',
      () => asked({}).forward({ question: ones([3, 1]), images: ones([1, 3]) }),
      'expected int32 qu',
    ],
    [
      'a question of rank 1',
      () => asked({}).forward({ question: tokens(3), images: ones([1, 3]) }),
      '[time, batch], got [3]',
    ],
  ])('%s', (_name, run, message) => {
    expect(run).toThrow(UnrolledError);
    expect(run).toThrow(message);
  });
});

describe.each(['lstm', 'lstm-peephole'] as const)('a stepper of %s', (cell) => {
  test('goes on from a state that was put back, and keeps its own where one is refused', () => {
    const stepper = stepperOf(language(cell));
    const next = (symbol: number) => Array.from(stepper.step(symbol));
    const first = next(1);
    const kept = stepper.state();
    const [second, third] = [next(2), next(3)];
    stepper.setState(kept);
    expect([next(2), next(3)]).toEqual([second, third]);
    stepper.setState(kept);
    for (const [state, message] of [
      [kept.slice(1), 'tensors, got'],
      [kept.map((t) => t.subarray(1)), 'numbers in tensor 0, got'],
      [kept.map((t, k) => (k === 0 ? t : t.map(() => Infinity))), 'finite numbers'],
    ] as const)
      expect(() => stepper.setState(state)).toThrow(message);
    expect(next(2)).toEqual(second);
    stepper.reset();
    expect(next(1)).toEqual(first);
  });

  test('goes back to the state before its first symbol', () => {
    const stepper = stepperOf(language(cell));
    const start = stepper.state();
    const first = stepper.step(2).slice();
    expect(stepper.step(2)).not.toEqual(first);
    stepper.setState(start);
    expect(stepper.step(2)).toEqual(first);
  });

  test('writes nothing for a length of 0', () => {
    expect([...generate(stepperOf(language(cell)), [1], { length: 0 })]).toEqual([]);
    expect([...generate(stepperOf(language(cell)), [1], { length: 1 })].length).toBe(1);
  });
});
