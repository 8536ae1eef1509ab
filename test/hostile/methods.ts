// Honest arguments of the methods of what the recipes make, and of the functions that they return (`name()`).

import * as u from 'unrolled';
import { everyDoor } from '../every-door.ts';
import { type Recipe, recipes } from './recipes.ts';

const tokens = () => u.indices([0, 1, 2, 0], [2, 2]);
const steps = () => u.ones([4, 2, 3]);
const batch = () => u.pairBatch([[1, 4]], [[1, 4]], { start: 2, end: 3 });
const captions = () => u.captionBatch(u.ones([2, 4, 3]), [[4, 3], [4]], { start: 2, end: 3 });
const questions = () => ({ question: tokens(), lengths: [2, 1], images: u.ones([2, 3]), which: [0, 1] });
const image = () => ({ width: 32, height: 32, data: new Uint8Array(32 * 32 * 3) });
const clip = () => ({ frames: [image(), image(), image(), image()], rate: 25 });
const table = () => ({
  columns: { load: Array.from({ length: 60 }, (_, t) => t % 7), price: Array.from({ length: 60 }, (_, t) => t % 5) },
  known: { weekday: Array.from({ length: 80 }, (_, t) => t % 7) },
  times: Array.from({ length: 60 }, (_, t) => t),
});
const search = () => ({
  beams: 2,
  nBest: 1,
  maxTokens: 5,
  minTokens: 0,
  lengthPenalty: 0.7,
  coveragePenalty: 0,
  noRepeatNgramSize: 0,
  sample: null,
});

const layers = ['LSTM', 'GRU', 'RNN', 'Recurrent', 'RecurrentBlocks'];

export const methods: Readonly<Record<string, Recipe>> = {
  ...Object.fromEntries(layers.map((name) => [`${name}.forward`, () => [steps(), null, { lengths: [4, 2] }]])),
  ...Object.fromEntries(layers.map((name) => [`${name}.initialState`, () => [2]])),
  // Of every module.
  ...Object.fromEntries(
    Object.entries(everyDoor)
      .filter(([name, f]) => Object.hasOwn(recipes, name) && typeof f === 'function' && f.prototype instanceof u.Module)
      .flatMap(([name]) => [
        [`${name}.namedParameters`, () => ['a.']],
        [`${name}.namedBuffers`, () => ['a.']],
        [`${name}.train`, () => [true]],
        [
          `${name}.loadStateDict`,
          () => [new Map([['weight', { dtype: 'float32', shape: [1], data: Float32Array.of(1) }]]), { strict: false }],
        ],
      ]),
  ),
  'GRUCell.step': () => [u.ones([2, 3]), u.ones([2, 2]), null],
  'RNNCell.step': () => [u.ones([2, 3]), u.ones([2, 2]), null],
  'LSTMCell.step': () => [u.ones([2, 3]), { h: u.ones([2, 2]), c: u.ones([2, 2]) }, null],
  'Linear.forward': () => [u.ones([2, 3])],
  'Embedding.forward': () => [tokens()],
  'Conv1d.forward': () => [u.ones([1, 2, 4])],
  'Conv2d.forward': () => [u.ones([1, 2, 4, 4])],
  'LayerNorm.forward': () => [u.ones([2, 3])],
  'BatchNorm1d.forward': () => [u.ones([2, 3])],
  'Dropout.forward': () => [u.ones([2, 3])],
  'AttentionPooling.forward': () => [steps(), u.indices([4, 2])],
  'LanguageModel.forward': () => [tokens(), null],
  'LanguageModel.loss': () => [tokens(), tokens(), null, 'mean'],
  'SequenceClassifier.forward': () => [tokens(), { lengths: [2, 1] }],
  'SequenceClassifier.loss': () => [tokens(), u.indices([0, 1]), { lengths: [2, 1], labelSmoothing: 0.1 }],
  'SequenceClassifier.predict': () => [tokens(), { lengths: [2, 1], temperature: 1 }],
  'SequenceClassifier.explain': () => [tokens(), { lengths: [2, 1], temperature: 1 }],
  'SequenceTagger.forward': () => [tokens(), { lengths: [2, 1] }],
  'SequenceTagger.loss': () => [tokens(), tokens(), { lengths: [2, 1] }],
  'SequenceTagger.step': () => [tokens(), null],
  'SequenceTagger.predict': () => [tokens(), { lengths: [2, 1] }],
  'Seq2Seq.batch': () => [[[1, 4]], [[4]]],
  'Seq2Seq.encode': () => [tokens(), u.indices([2, 1])],
  'Seq2Seq.embed': () => [tokens()],
  'Seq2Seq.scores': () => [u.ones([2, 2])],
  'Seq2Seq.forward': () => [batch(), { teacherForcing: 1 }],
  'Seq2Seq.loss': () => [batch(), { teacherForcing: 1, labelSmoothing: 0.1 }],
  'Seq2Seq.translate': () => [[[1, 4]], { beams: 2, maxLength: 3 }],
  'Forecaster.standardize': () => [{ names: ['a'], values: Float64Array.of(1, 2, 3) }, { from: 0, to: 3 }, null],
  'Forecaster.standardized': () => [u.ones([4, 2, 1])],
  'Forecaster.forward': () => [u.ones([4, 2, 1]), {}],
  'Forecaster.forecast': () => [u.ones([4, 2, 1]), { steps: 2 }],
  'Captioner.forward': () => [captions(), {}],
  'Captioner.decode': () => [captions(), {}],
  'Captioner.loss': () => [captions(), {}],
  'Captioner.caption': () => [u.ones([1, 4, 3]), { beams: 2, maxLength: 3, sample: null }],
  'VisualQA.look': () => [u.ones([2, 3])],
  'VisualQA.forward': () => [questions()],
  'VisualQA.loss': () => [questions(), u.indices([0, 1]), { labelSmoothing: 0.1 }],
  'VisualQA.predict': () => [questions()],
  'VisualQA.follow': () => [questions()],
  'MemoryModel.forward': () => [steps(), { lengths: [4, 2] }],
  'MemoryModel.last': () => [steps(), { lengths: [4, 2] }],
  'ConvNet.forward': () => [u.ones([1, 1, 8, 8])],
  'ConvNet.regions': () => [u.ones([1, 2, 2, 2])],
  'VideoClassifier.forward': () => [steps(), { lengths: [4, 2] }],
  'VideoClassifier.loss': () => [steps(), u.indices([0, 1]), { lengths: [4, 2] }],
  'VideoClassifier.predict': () => [steps(), { lengths: [4, 2] }],
  'VideoTagger.step': () => [steps(), null],
  'VideoTagger.loss': () => [steps(), u.indices([0, 1, 0, 1, 0, 1, 0, 1], [4, 2]), { lengths: [4, 2] }],
  // data
  'Tokenizer.train.encode': () => ['a b'],
  'Tokenizer.train.decode': () => [[0, 1]],
  'Tokenizer.train.token': () => [1],
  'Vocabulary.encode': () => ['ab'],
  'Vocabulary.decode': () => [[0, 1]],
  'Vocabulary.has': () => ['a'],
  'TokenVocabulary.of.encode': () => [['a', 'b']],
  'FeatureScaler.fit.encode': () => [[1, 2]],
  'Windows.batch': () => [[0, 1]],
  'Windows.origin': () => [0],
  'Windows.part': () => [0],
  'CausalFill.value': () => [1, 0, 5],
  'Sampler.draw': () => [[0.1, 0.2, 0.3]],
  'Random.integer': () => [3],
  // optimizers and training
  'Adam.step': () => [{ gradScale: 1 }],
  'Adam.loadStateDict': () => [new u.Adam([u.Parameter.of(u.ones([2]))]).stateDict()],
  'SGD.step': () => [{ gradScale: 1 }],
  'Trainer.restore': () => [{ training: {}, tensors: new Map(), model: new Map() }],
  'Trainer.run': () => [{ aborted: false }],
  'ExampleTask.setState': () => [{ json: {}, tensors: new Map() }],
  'languageTask.probe': () => [{ rows: 2, steps: 4 }],
  'languageTask.setState': () => [{ json: {}, tensors: new Map() }],
  'classifyTask.probe': () => [{ rows: 2, steps: 4 }],
  'warmUp()': () => [1],
  'constantSchedule()': () => [1],
  'cosineSchedule()': () => [1],
  // pipelines
  'openRun.predict': () => [['a good video', 'bad'], { topK: 2, batchSize: 2, signal: null }],
  'textClassification.predict': () => [['a good video', 'bad'], { topK: 2, batchSize: 2, signal: null }],
  'textGeneration.generate': () => [
    'a',
    { maxTokens: 3, stop: null, seed: 1, temperature: 0.8, topK: 2, topP: 0.9, greedy: false, signal: null },
  ],
  'textGeneration.session': () => [{ prompt: 'a', seed: 1 }],
  'textGeneration.resume': () => [Uint8Array.of(1, 2, 3)],
  'textGeneration.stepper': () => [],
  'tokenClassification.predict': () => [['a b', ['a', 'b']], { topK: 2, batchSize: 2 }],
  'tokenClassification.session': () => [{}],
  'tokenClassification.resume': () => [Uint8Array.of(1, 2, 3)],
  'translation.translate': () => [['a b'], search()],
  'translation.stream': () => ['a b', { maxTokens: 3, sample: { seed: 1, temperature: 1 } }],
  'imageToText.caption': () => [[image()], search()],
  'imageToText.stream': () => [image(), { maxTokens: 3 }],
  'visualQuestionAnswering.answer': () => [image(), ['what is it'], { topK: 2, batchSize: 2 }],
  'visualQuestionAnswering.predict': () => [[{ image: image(), question: 'what is it' }], { topK: 2 }],
  'visualQuestionAnswering.attention': () => [image(), 'what is it'],
  'videoClassification.predict': () => [[clip()], { topK: 1, batchSize: 2 }],
  'videoClassification.session': () => [{ rate: 25 }],
  'videoClassification.resume': () => [Uint8Array.of(1, 2, 3)],
  'timeSeriesForecasting.forecast': () => [[table()], { steps: 2, batchSize: 2 }],
  'filesOf.json': () => ['config.json'],
  'filesOf.bytes': () => ['config.json', 100_000],
};
