// Readings of random weights, one for each kind of run that can be looked into: a kind listed here is checked by the suite that loops over them.

import {
  Captioner,
  Forecaster,
  LanguageModel,
  manualSeed,
  Seq2Seq,
  SequenceClassifier,
  SequenceTagger,
  VideoClassifier,
  VideoTagger,
  VisualQA,
} from 'unrolled';
import { FeatureScaler, type RawImage, TokenVocabulary, Tokenizer, Vocabulary } from 'unrolled/data';
import {
  imageToTextOf,
  textClassificationOf,
  textGenerationOf,
  timeSeriesClassificationOf,
  timeSeriesForecastingOf,
  tokenClassificationOf,
  translationOf,
  videoClassificationOf,
  visualQuestionAnsweringOf,
} from 'unrolled/pipelines';
import { CaptionReading } from './caption-reading.ts';
import { ForecastReading } from './forecast-reading.ts';
import { LabelsReading } from './labels-reading.ts';
import { LanguageReading } from './language-reading.ts';
import { QuestionReading } from './question-reading.ts';
import { readClips, readNumbers } from './steps.ts';
import { TagsReading } from './tags-reading.ts';
import type { TraceReading } from './trace-reading.ts';
import { TranslationReading } from './translation-reading.ts';

export const reviews = [
  ['good and warm', 'yes'],
  ['not good at all', 'no'],
  ['a warm and good day', 'yes'],
] as const;

/** What a pipeline has read, and how it reads the same again. */
const caseOf = <P, R extends TraceReading>(pipeline: P, read: () => R) => ({ pipeline, read, reading: read() });

const labels = ['no', 'yes'];
const sizes = { hiddenSize: 6, embeddingDim: 5, numLayers: 2 };

export function classifier(more: { readonly bidirectional?: boolean; readonly pooling?: 'mean' } = {}) {
  manualSeed(4);
  const tokenizer = Tokenizer.train(
    reviews.map(([text]) => text),
    { unit: 'word' },
  );
  const model = new SequenceClassifier({ vocabularySize: tokenizer.size, classes: 2, ...sizes, ...more });
  const input = { kind: 'text-classification', maxTokens: 20, longestTrained: 5 } as const;
  const pipeline = textClassificationOf(model, { tokenizer, labels, input });
  return caseOf(pipeline, () => LabelsReading.of({ ...pipeline, model }, reviews));
}

export function writer() {
  manualSeed(3);
  const text = 'a warm day and a cold night. '.repeat(8);
  const vocabulary = Vocabulary.fromText(text);
  const model = new LanguageModel({ vocabularySize: vocabulary.size, ...sizes });
  const pipeline = textGenerationOf(model, { vocabulary, input: { kind: 'text-generation', tokens: 'vocabulary' } });
  return caseOf(pipeline, () => new LanguageReading(model, vocabulary, Int32Array.from(vocabulary.encode(text))));
}

export function tagger() {
  manualSeed(5);
  const rows = [
    [
      ['a', 'b', 'a', 'c'],
      ['x', 'y', 'x', 'z'],
    ],
    [['c', 'a'], null],
  ] as const;
  const vocabulary = TokenVocabulary.of(
    rows.map(([tokens]) => tokens),
    { size: null, minCount: 1, lowercase: false },
  );
  const model = new SequenceTagger({ vocabularySize: vocabulary.size, classes: 3, ...sizes, bidirectional: true });
  const input = { kind: 'token-classification', split: 'characters', longestTrained: 4 } as const;
  const pipeline = tokenClassificationOf(model, { vocabulary, labels: ['x', 'y', 'z'], input });
  return caseOf(pipeline, () => TagsReading.of(pipeline, rows));
}

export function translator(decoder: 'additive' | 'general' = 'additive') {
  manualSeed(6);
  const pairs = [
    ['abca', '121'],
    ['bc', null],
  ] as const;
  const source = Tokenizer.train(['abc']);
  const target = Tokenizer.train(['123']);
  const vocabularies = { sourceVocabulary: source.size, targetVocabulary: target.size };
  const model = new Seq2Seq({ ...vocabularies, hiddenSize: 6, embeddingDim: 5, decoder, cell: 'lstm' });
  const input = { kind: 'translation', longestTrained: { source: 4, target: 3 } } as const;
  const pipeline = translationOf(model, { tokenizers: { source, target }, input });
  return caseOf(pipeline, () => new TranslationReading(pipeline, pairs));
}

const size = 8; // pixels
const convNet = { channels: [4, 6], kernelSize: 2, inputSize: [size, size] } as const;
const contract = (range: 'unit' | 'symmetric' | 'bytes') =>
  ({ height: size, width: size, fit: 'cover', background: [255, 255, 255], range }) as const;
export const image = (n: number): RawImage => ({
  height: size,
  width: size,
  data: Uint8Array.from({ length: size * size * 3 }, (_, k) => (97 * n + 13 * k + k * k) % 256),
});

export function captioner(form: 'soft' | 'hard' | 'inject' | 'initial' = 'soft') {
  manualSeed(7);
  const tokenizer = Tokenizer.train(['a red circle', 'a blue circle'], { unit: 'word' });
  const rest = { encoder: convNet, form, hiddenSize: 6, embeddingDim: 5 } as const;
  const model = new Captioner({ vocabularySize: tokenizer.size, ...rest });
  const input = { kind: 'image-to-text', image: contract('symmetric') } as const;
  const pipeline = imageToTextOf(model, { tokenizer, input });
  const rows = [
    [image(1), ['a red circle']],
    [image(2), []],
  ] as const;
  return caseOf(pipeline, () => new CaptionReading(pipeline, rows));
}

export function answerer(form: 'map' | 'recurrent' | 'product' = 'map', imageAt: 'first' | 'every' = 'first') {
  manualSeed(8);
  const tokenizer = Tokenizer.train(['is there a circle', 'what color is the square'], { unit: 'word' });
  const answers = ['yes', 'no', 'red'];
  const rest = { convNet, answers: answers.length, hiddenSize: 6, embeddingDim: 5, form, cell: 'lstm' } as const;
  const model = new VisualQA({
    vocabularySize: tokenizer.size,
    ...rest,
    ...(form === 'map' ? { maps: 3 } : form === 'recurrent' ? { imageAt } : {}),
  });
  const input = { kind: 'visual-question-answering', image: contract('unit'), maxTokens: 8 } as const;
  const baseline = { byQuestion: {}, otherwise: 'yes' };
  const pipeline = visualQuestionAnsweringOf(model, { tokenizer, answers, baseline, input });
  const rows = [
    [image(1), 'is there a circle', 'no'],
    [image(2), 'what color is the the square', null],
  ] as const;
  return caseOf(pipeline, () => new QuestionReading(pipeline, rows));
}

const clipInput = {
  kind: 'video-classification',
  image: contract('bytes'),
  frames: null,
  rate: null,
  maxFrames: 9,
} as const;

export function clips(more: object = {}) {
  manualSeed(9);
  const model = new VideoClassifier({ convNet, classes: 2, hiddenSize: 5, change: true, lowerSize: 4, ...more });
  const pipeline = videoClassificationOf(model, { labels, input: { ...clipInput, per: 'clip' } });
  const rows = [
    [[1, 2, 3, 4].map(image), 'yes'],
    [[5, 6].map(image), null],
  ] as const;
  return caseOf(pipeline, () => readClips(pipeline, rows));
}

export function frames() {
  manualSeed(10);
  const model = new VideoTagger({ convNet, classes: 2, hiddenSize: 5, bidirectional: true });
  const pipeline = videoClassificationOf(model, { labels, input: { ...clipInput, per: 'frame' } });
  return caseOf(pipeline, () => readClips(pipeline, [[[1, 2, 3].map(image), ['yes', 'no', 'no']]]));
}

export function numbers(per: 'sequence' | 'step') {
  manualSeed(11);
  const features = FeatureScaler.fit([Float64Array.of(1, 5, 2, 6, 4, 9)], ['x', 'y']);
  const options = { inputSize: 2, classes: 2, hiddenSize: 5 };
  const model = per === 'step' ? new SequenceTagger(options) : new SequenceClassifier(options);
  const input = { kind: 'time-series-classification', per, maxSteps: 20, longestTrained: null } as const;
  const pipeline = timeSeriesClassificationOf(model, { features, labels, input });
  const rows = [0, 1, 2, 3, 4].map((t) => [Math.sin(t) + 2, 6 + t]);
  return { rows, ...caseOf(pipeline, () => readNumbers(pipeline, rows)) };
}

/** With `known: 1` a third number of each row is known in advance. */
export function forecaster(more: { readonly known?: number; readonly [option: string]: unknown } = {}, count = 30) {
  manualSeed(12);
  const rest = { cell: 'lstm', hiddenSize: 6, skip: 'last', quantiles: [0.1, 0.5, 0.9], ...more } as const;
  const model = new Forecaster({ channels: 2, length: 8, horizon: 3, ...rest });
  const known = more.known ? ['d'] : [];
  const ahead = Array.from({ length: count }, (_, t) => Math.sin(t / 3) * 4 + 1);
  const rows = Array.from({ length: count }, (_, t) => [
    Math.sin(t) + t / 20,
    Math.cos(2 * t),
    ...known.map(() => ahead[t]),
  ]);
  const names = ['a', 'b'];
  const values = Float64Array.from(rows.flatMap((row) => row.slice(0, 2)));
  const beside = known.length > 0 ? { names: known, values: Float64Array.from(ahead) } : null;
  model.standardize({ names, values }, {}, beside);
  const input = {
    kind: 'time-series-forecasting',
    columns: names,
    known,
    length: 8,
    horizon: 3,
    quantiles: model.config.quantiles,
  } as const;
  const pipeline = timeSeriesForecastingOf(model, { input });
  return { rows, ...caseOf(pipeline, () => new ForecastReading(pipeline, rows)) };
}

/** A kind that is listed here is checked by every suite that loops over them. */
export const cases = {
  classifier: () => classifier(),
  tagger: () => tagger(),
  translator: () => translator(),
  captioner: () => captioner(),
  'captioner without attention': () => captioner('inject'),
  'reader of questions by maps': () => answerer(),
  'reader of questions by a network': () => answerer('recurrent'),
  'classifier of clips': () => clips(),
  'tagger of frames': () => frames(),
  'classifier of numbers': () => numbers('sequence'),
  'tagger of numbers': () => numbers('step'),
  forecaster: () => forecaster(),
  'forecaster that goes step by step': () => forecaster({ method: 'recursive' }),
  'forecaster with what is known in advance': () => forecaster({ known: 1 }),
} satisfies Readonly<Record<string, () => { readonly reading: TraceReading }>>;

export const readings: Readonly<Record<string, () => TraceReading>> = Object.fromEntries(
  Object.entries(cases).map(([name, make]) => [name, () => make().reading]),
);
