// Honest calls of what reads what others made: reports and plots of an analysis, tasks and trainers, pipelines and the runs they open.

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as u from 'unrolled';
import * as a from 'unrolled/analysis';
import * as d from 'unrolled/data';
import type { Recipe } from './recipes.ts';

const languageModel = () => new u.LanguageModel(3, { cell: 'gru', hiddenSize: 2, numLayers: 1 });
const text = (n: number) => Int32Array.from({ length: n }, (_, t) => (t * t) % 3);
const stream = () => new d.StreamBatcher(text(40), { streams: 2, windowLength: 4, from: 0, to: 3 });
const parameter = () => u.Parameter.of(u.ones([2]));
const image = () => ({ width: 2, height: 2, data: new Uint8Array(12) });
const gru = () => new u.GRU(3, 2);
const run = (model: u.GRU) => () => model.forward(u.ones([4, 2, 3]))[0].sum();
const sequences = () => [Int32Array.of(0, 1), Int32Array.of(2)];
const series = () => ({ names: ['a'], values: Float64Array.from({ length: 24 }, (_, i) => Math.sin(i)) });
const windows = () => new d.Windows(series(), { length: 4, horizon: 2 });

const classifier = () => new u.SequenceClassifier({ vocabularySize: 3, classes: 2, hiddenSize: 2, embeddingDim: 2 });
const tagger = () => new u.SequenceTagger({ vocabularySize: 3, classes: 2, hiddenSize: 2, embeddingDim: 2 });
const translator = () =>
  new u.Seq2Seq({ sourceVocabulary: 5, targetVocabulary: 5, hiddenSize: 2, embeddingDim: 2, start: 2, end: 3 });
const forecaster = () => new u.Forecaster({ channels: 1, length: 4, horizon: 2, hiddenSize: 2 });
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
const answering = () =>
  new u.VisualQA({
    vocabularySize: 3,
    answers: 2,
    featureSize: null,
    form: 'question-only',
    hiddenSize: 2,
    embeddingDim: 2,
  } as never);

const labeled = () => ({ sequences: sequences(), labels: [0, 1] });
const tagged = () => ({ sequences: sequences(), labels: [[0, 1], [1]] });
const pairs = () => ({ sources: [[1, 4], [4]], targets: [[1], [4, 4]] });
const features = () => ({
  count: 2,
  read: async (which: Int32Array) => ({
    values: new Float32Array(which.length * 12).fill(0.5),
    shape: [which.length, 4, 3],
  }),
});
const captioned = () => ({ images: features(), captions: [[[4, 3]], [[4]]] });
const asked = () => ({
  images: { shape: [1, 2, 2, 3], data: new Uint8Array(12) },
  questions: [[0, 1], [2]],
  which: [0, 0],
  answers: [0, 1],
  types: ['x', 'y'],
});
const languageTask = (model = languageModel()) => u.languageTask(model, { train: stream() });
const training = (model = languageModel()) => ({
  optimizer: new u.Adam(model.parameters(), { lr: 0.01 }),
  steps: 2,
  clipNorm: 1,
  clipValue: null,
  evaluateEvery: 0,
  saveEvery: 0,
  patience: 0,
  onNonFinite: 'stop' as const,
});

const flow = () => {
  const model = gru();
  return a.gradientFlow(model, run(model), {});
};
const spectrum = () => {
  const model = gru();
  return a.spectrum(model, run(model), {});
};
const probe = () => languageTask().probe();
const clipping = () => a.clippingReport([{ type: 'step', step: 1, gradientNorm: 2 }], 1);
const memory = () =>
  a.memoryLength(languageModel(), text(40), { contexts: [1, 2], positions: 4, countIn: text(30), order: 2 });
const truncation = () => {
  const model = languageModel();
  return a.truncationReport(model, a.languageWindows(model, text(20), { streams: 1, steps: 8 }), {
    steps: 8,
    window: 2,
  });
};
const trace = () => a.traceText(languageModel(), text(40));
const search = () =>
  a.searchUnits(trace(), a.annotate(Array.from({ length: 40 }, (_, t) => 'ab\n'[t % 3])), { shifts: 3 });
const ablation = () =>
  a.ablateUnits(languageModel(), text(40), trace(), [{ layer: trace().tracks[0].layer, unit: 0, annotation: null }]);

const fixtures = fileURLToPath(new URL('../fixtures/runs/', import.meta.url));

/** A saved run of the fixtures, in memory. */
function saved(name: string): Map<string, Uint8Array> {
  const folder = `${fixtures}${name}/`;
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    paths.map(({ parentPath, name: file }) => {
      const path = `${parentPath}/${file}`.replaceAll('\\', '/').replaceAll('//', '/');
      return [path.slice(folder.replaceAll('//', '/').length), new Uint8Array(readFileSync(path))];
    }),
  );
}
const config = (name: string) =>
  JSON.parse(readFileSync(`${fixtures}${name}/config.json`, 'utf8')) as Record<string, unknown>;
const keras = (...shapes: number[][]) =>
  shapes.map((shape) => ({ shape, data: new Float32Array(shape.reduce((n, m) => n * m, 1)).fill(0.1) }));
const cs231n = () => {
  const t = (...shape: number[]) => ({ shape, data: new Float32Array(shape.reduce((n, m) => n * m, 1)).fill(0.1) });
  return {
    W_proj: t(3, 2),
    b_proj: t(2),
    W_embed: t(5, 2),
    Wx: t(2, 2),
    Wh: t(2, 2),
    b: t(2),
    W_vocab: t(2, 5),
    b_vocab: t(5),
  };
};

export const madeRecipes: Record<string, Recipe> = {
  // analysis
  TraceRecorder: () => [gru(), 4],
  ablateUnits: () => [
    languageModel(),
    text(40),
    trace(),
    [{ layer: trace().tracks[0].layer, unit: 0, annotation: null }],
  ],
  annotateMatches: () => ['a', /a/, ['a', 'b']],
  attentionMap: () => [
    { source: ['a'], target: ['b'], weights: [[1]] },
    { title: 'x', cell: 20, numbers: true },
  ],
  checkNetwork: () => [languageModel(), probe(), { seconds: 0.01 }],
  clippingPlot: () => [clipping(), { language: 'en' }],
  clippingReport: () => [[{ type: 'step', step: 1, gradientNorm: 2 }], 1],
  describeAblation: () => [ablation()[0]],
  describeChecks: () => [[{ name: 'rows', title: 'rows', passed: false, detail: 'x', meaning: 'y' }]],
  describeClipping: () => [clipping(), 'en'],
  describeGate: () => [a.gateStatistics(trace())[0]],
  describeGradientFlow: () => [flow(), 'en'],
  describeGrowth: () => [a.growthOf([1, 2, 4]), 'en'],
  describeInspection: () => [a.inspectOnce(languageModel(), probe())],
  describeMemoryLength: () => [memory(), 'en'],
  describeSearch: () => [search()[0]],
  describeSpectrum: () => [spectrum(), 'en'],
  describeTruncation: () => [truncation(), 'en'],
  eigenvaluePlot: () => [spectrum().layers[0], { language: 'en', title: 'x' }],
  forecastPlot: () => [
    {
      history: [1, 2],
      forecast: [3],
      band: { low: [2], high: [4], label: '80 %' },
      target: [3],
      title: 'x',
      width: 300,
      height: 200,
    },
  ],
  gateScatter: () => [a.gateStatistics(trace()), 'x'],
  gateStatistics: () => [trace()],
  gradientFlowMap: () => [flow(), { language: 'en', title: 'x' }],
  imageAttention: () => [
    { image: image(), words: ['a'], weights: [[0.5, 0.5, 0, 0]], map: [2, 2] },
    { title: 'x', size: 40, columns: 2 },
  ],
  inspectOnce: () => [languageModel(), probe()],
  languageWindows: () => [languageModel(), text(20), { streams: 1, steps: 8 }],
  lineChart: () => [
    {
      series: [
        {
          name: 'a',
          points: [
            [0, 1],
            [1, 2],
          ],
          kind: 'line',
          color: 1,
        },
      ],
      title: 'x',
      xLabel: 'x',
      yScale: 'log',
      marks: [{ axis: 'y', at: 1, label: 'm' }],
      width: 300,
      height: 200,
    },
  ],
  liveInspector: () => [{ every: 1, probe: null, mostTime: 1 }],
  memoryLength: () => [
    languageModel(),
    text(40),
    { contexts: [1, 2], positions: 4, countIn: text(30), order: 2, tolerance: 0.01 },
  ],
  memoryLengthPlot: () => [memory(), { language: 'en' }],
  searchUnits: () => [
    trace(),
    a.annotate(Array.from({ length: 40 }, (_, t) => 'ab\n'[t % 3])),
    { shifts: 3, seed: 1, top: 2 },
  ],
  spectrumPlot: () => [spectrum().layers[0], { language: 'en', title: 'x' }],
  stepJacobian: () => [new u.GRUCell(3, 2), u.ones([1, 3]), u.ones([1, 2])],
  timeConstantChart: () => [a.gateStatistics(trace()), 'x'],
  timeline: () => [
    { predicted: ['a', 'b'], confidence: [0.5, 1], target: ['a', null] },
    { title: 'x', rate: 25, width: 300 },
  ],
  truncationPlot: () => [truncation(), { language: 'en' }],
  // data and formats
  CausalFill: () => [series()],
  TokenVocabulary: () => [['a', 'b'], false],
  'TokenVocabulary.of': () => [[['a', 'b']], { size: null, minCount: 1, lowercase: false }],
  'FeatureScaler.fit': () => [[[1, 2, 3, 4]], ['a', 'b'], { differences: true, standardize: true }],
  'FeatureScaler.fromJSON': () => [d.FeatureScaler.fit([[1, 2, 3, 4]], ['a', 'b']).toJSON(), 'here'],
  'TokenVocabulary.fromJSON': () => [
    { format: 'unrolled tokens', version: 1, tokens: ['a'], lowercase: false },
    'here',
  ],
  'Tokenizer.train': () => [
    ['a b', 'b c'],
    { unit: 'word', size: 10, minCount: 1, lowercase: false, normalization: 'NFC' },
  ],
  'Tokenizer.fromJSON': () => [d.Tokenizer.train(['a b']).toJSON(), 'here'],
  'Vocabulary.fromJSON': () => [new d.Vocabulary(['a', 'b']).toJSON(), 'here'],
  colorMoments: () => [d.imageSet([image()]), 1],
  copyProblem: () => [{}],
  addingProblem: () => [{}],
  parityProblem: () => [{}],
  temporalOrderProblem: () => [{}],
  embeddedReberProblem: () => [{}],
  prefetch: () => [[async () => 1], { ahead: 1 }],
  questionOnlyAnswers: () => [{ byQuestion: { q: 'a' }, otherwise: 'b' }, 'q'],
  imageRows: () => [d.readIdx(Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 7)), [0]],
  fromKerasLSTM: () => [keras([3, 8], [2, 8], [8]), {}],
  fromKerasGRU: () => [keras([3, 6], [2, 6], [2, 6]), {}],
  fromKerasSimpleRNN: () => [keras([3, 2], [2, 2], [2]), {}],
  fromKerasEmbedding: () => [keras([3, 2])],
  fromKerasDense: () => [keras([3, 2], [2])],
  captionerFromCS231n: () => [cs231n(), { start: 1, end: 2 }],
  captionerToCS231n: () => [u.captionerFromCS231n(cs231n() as never)],
  modelOf: () => [{ type: 'sequence-classifier', vocabularySize: 3, classes: 2, hiddenSize: 2, embeddingDim: 2 }],
  stateDictOf: () => [{ tensors: new Map() }],
  // training
  Trainer: () => {
    const model = languageModel();
    return [languageTask(model), training(model)];
  },
  fit: () => {
    const model = languageModel();
    return [languageTask(model), { ...training(model), onEvent: () => {} }];
  },
  ExampleTask: () => [
    classifier(),
    {
      batches: new d.BucketBatcher([1, 2], { batchSize: 1 }),
      loss: () => ({ loss: parameter().sum(), targets: 1, perTarget: 1 }),
    },
  ],
  languageTask: () => [languageModel(), { train: stream(), validation: stream() }],
  classifyTask: () => [
    classifier(),
    {
      train: labeled(),
      validation: labeled(),
      batchSize: 2,
      seed: 1,
      labelSmoothing: 0,
      classWeights: [1, 1],
      best: 'loss',
    },
  ],
  tagTask: () => [
    tagger(),
    {
      train: tagged(),
      validation: tagged(),
      batchSize: 2,
      seed: 1,
      labelSmoothing: 0,
      classWeights: [1, 1],
      best: 'loss',
    },
  ],
  translateTask: () => [
    translator(),
    {
      train: pairs(),
      validation: pairs(),
      batchSize: 2,
      seed: 1,
      teacherForcing: 1,
      translate: 1,
      search: {},
      best: 'loss',
    },
  ],
  captionTask: () => [
    captioner(),
    {
      train: captioned(),
      validation: captioned(),
      batchSize: 2,
      captionsPerImage: 1,
      seed: 1,
      caption: 1,
      search: {},
      encoder: 'joint',
    },
  ],
  vqaTask: () => [answering(), { train: asked(), validation: asked(), batchSize: 2, seed: 1, labelSmoothing: 0 }],
  forecastTask: () => [forecaster(), { train: windows(), validation: windows(), batchSize: 2, seed: 1 }],
  memoryTask: () => [new u.MemoryModel(2, 1, { hiddenSize: 2 }), d.addingProblem(), { batchSize: 2 }],
  evaluateClassifier: () => [classifier(), labeled()],
  evaluateTagger: () => [tagger(), tagged()],
  evaluateTranslator: () => [translator(), pairs()],
  evaluateCaptioner: () => [captioner(), captioned()],
  evaluateVisualQA: () => [answering(), asked(), 1],
  evaluateForecaster: () => [forecaster(), windows(), { batchSize: 4 }],
  evaluateLanguageModel: () => [languageModel(), stream()],
  evaluateWithCache: () => [languageModel(), Int32Array.of(0, 1, 2, 1), { size: 2, theta: 0.3, weight: 0.1 }],
  naiveForecast: () => [forecaster(), windows(), 1],
  classify: () => [classifier(), sequences(), { batchSize: 2 }],
  tag: () => [tagger(), sequences(), { batchSize: 2 }],
  translateAll: () => [translator(), [[1, 4], [4]], { beams: 2, maxLength: 3 }, { batchSize: 2 }],
  captionAll: () => [captioner(), features(), [0, 1], { beams: 2, maxLength: 3 }, { batchSize: 2 }],
  generate: () => [u.stepperOf(languageModel()), new u.Sampler(new u.Random(1)), 3] as unknown[],
  CaptionStepper: () => [captioner(), u.ones([1, 4, 3])],
  Seq2SeqStepper: () => [translator(), [[1, 4]]],
  upgradeConfig: () => [{ version: 1, model: { cell: 'gru-before' } }],
  upgradeStateDict: () => [new Map([['picture.weight', { dtype: 'float32', shape: [1], data: Float32Array.of(1) }]])],
  // runs
  openRun: () => [saved('classify'), { which: 'best' }],
  filesOf: () => [saved('classify')],
  textGeneration: () => [saved('text-lstm')],
  textClassification: () => [saved('classify')],
  tokenClassification: () => [saved('tag-forwards')],
  translation: () => [saved('translate-attention')],
  imageToText: () => [saved('caption-soft')],
  visualQuestionAnswering: () => [saved('vqa-map')],
  videoClassification: () => [saved('video-frame')],
  timeSeriesForecasting: () => [saved('forecast')],
  vectorNetwork: () => [languageModel()],
  modelPart: () => [config('classify'), 'here'],
};
