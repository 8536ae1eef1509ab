// Models that are exported as layers: those of the table (exported-models.ts) as training leaves them, and more of every option that changes a graph. The writers' tests loop
// over them.

import {
  Captioner,
  type CellName,
  cellNames,
  Forecaster,
  type ForecasterOptions,
  LanguageModel,
  manualSeed,
  MemoryModel,
  SequenceClassifier,
  SequenceTagger,
} from 'unrolled';
import type { LibraryModel } from '../packages/convert/src/export-model.ts';
import { exportedModels } from './exported-models.ts';
import { trained } from './trained.ts';

const sizes = { hiddenSize: 5, numLayers: 2 };

/** Cells that are layers of their own elsewhere. */
const layers = ['lstm', 'gru', 'gru-reset-before', 'rnn'] as const;

function forecaster(options: Partial<ForecasterOptions>): LibraryModel {
  const model = new Forecaster({ channels: 3, length: 8, horizon: 4, hiddenSize: 5, ...options } as ForecasterOptions);
  const state = model.stateDict();
  for (const [name, { data }] of state)
    if (/^(?:known_)?(?:mean|deviation)$/.test(name))
      for (const i of data.keys()) (data as Float32Array)[i] = name.endsWith('mean') ? 3 - i : 0.5 + i;
  return model.loadStateDict(state);
}

const makers: Readonly<Record<string, () => LibraryModel>> = {
  ...byCell('language model', cellNames, (cell) => new LanguageModel(7, { cell, ...sizes, embeddingDim: 4 })),
  'language model, one-hot rows': () => new LanguageModel(7, { ...sizes, embeddingDim: 0 }),
  'language model, tied weights': () => new LanguageModel(7, { ...sizes, tieWeights: true }),
  'language model, convolutions in blocks': () =>
    new LanguageModel(7, { ...sizes, block: 'residual', embeddingDim: 3, convolution: 4 }),
  'language model, residual blocks': () => new LanguageModel(7, { ...sizes, block: 'residual', embeddingDim: 3 }),
  ...byCell('tagger', layers, (cell) => new SequenceTagger({ vocabularySize: 6, classes: 2, cell, ...sizes })),
  ...byCell(
    'tagger of numbers in both directions',
    layers,
    (cell) => new SequenceTagger({ inputSize: 3, classes: 2, cell, ...sizes, bidirectional: true }),
  ),
  ...Object.fromEntries(
    (['last', 'mean', 'max', 'attention'] as const).flatMap((pooling) =>
      [false, true].map((bidirectional) => [
        `classifier, pooling ${pooling}${bidirectional ? ' in both directions' : ''}`,
        () => new SequenceClassifier({ vocabularySize: 6, classes: 3, pooling, bidirectional, denseSize: 4, ...sizes }),
      ]),
    ),
  ),
  'captioner, regions told apart by their place': () =>
    new Captioner({ vocabularySize: 7, featureSize: 3, positions: 4, hiddenSize: 3, cell: 'lstm' }),
  'memory problem, LSTM': () => new MemoryModel(2, 1, { ...sizes, cell: 'lstm' }),
  'numbers, gru': () => forecaster({}),
  'numbers, lstm': () => forecaster({ cell: 'lstm' }),
  'numbers, linear skip and quantiles': () => forecaster({ cell: 'lstm', skip: 'linear', quantiles: [0.1, 0.4, 0.9] }),
  'numbers, quantiles spread by a calibration': () => {
    const model = forecaster({ cell: 'lstm', quantiles: [0.05, 0.3, 0.6, 0.9] });
    (model as Forecaster).spread = 1.75;
    return model;
  },
  'numbers, known inputs': () => forecaster({ cell: 'lstm', known: 2, skip: 'none', numLayers: 2 }),
  'numbers, recursive': () =>
    forecaster({ cell: 'lstm', method: 'recursive', known: 1, numLayers: 2, quantiles: [0.2, 0.5] }),
  'numbers, reversible': () => forecaster({ cell: 'lstm', normalization: 'reversible' }),
  'numbers, each channel alone': () => forecaster({ cell: 'lstm', perChannel: true, skip: 'linear' }),
  'numbers, reversible, recursive, each channel alone': () =>
    forecaster({
      cell: 'lstm',
      normalization: 'reversible',
      method: 'recursive',
      perChannel: true,
      known: 2,
      quantiles: [0.1, 0.5, 0.9],
    }),
};

function byCell(
  name: string,
  cells: readonly CellName[],
  make: (cell: CellName) => LibraryModel,
): Record<string, () => LibraryModel> {
  return Object.fromEntries(cells.map((cell) => [`${name}, ${cell}`, () => make(cell)]));
}

const inTable = Object.keys(exportedModels);

/** The names of all models. */
export const exportedModelNames: readonly string[] = [...inTable, ...Object.keys(makers)];

/** A model by its name, in eval mode; its weights are the same each time. */
export function exportedModel(name: string): LibraryModel {
  if (inTable.includes(name)) return trained(exportedModels[name]) as LibraryModel;
  manualSeed(1 + Object.keys(makers).indexOf(name));
  return makers[name]().eval();
}

/** Why Keras or TensorFlow.js cannot have a model: the row of the table in docs/convert.md, whose models it is, and what the error says. */
export interface Refusal {
  readonly row: string;
  readonly formats: readonly ('keras' | 'tfjs')[];
  readonly of: (config: Readonly<Record<string, unknown>>) => boolean;
  readonly message: RegExp;
}

const both = ['keras', 'tfjs'] as const;
const withoutLayer = [
  'lstm-peephole',
  'lstm-layer-norm',
  'lstm-coupled',
  'gru-layer-norm',
  'rnn-skip',
  'mingru',
  'minlstm',
  'lru',
  'slstm',
];

export const refusals: readonly Refusal[] = [
  {
    row: 'the cells `lstm-peephole`',
    formats: both,
    of: ({ cell }) => withoutLayer.includes(String(cell)),
    message: /: expected a cell that is a layer of \S+, got \S+; train with --cell lstm\b.*, or export it as onnx$/,
  },
  {
    row: 'the cell `gru`',
    formats: ['tfjs'],
    of: ({ cell }) => cell === 'gru',
    message:
      /expected a GRU with the reset gate before the product.*; train with --cell gru-reset-before or --cell lstm/,
  },
  {
    row: 'a square root',
    formats: ['tfjs'],
    of: ({ normalization, form }) => normalization === 'reversible' || form === 'product',
    message: /got a square root; export it as onnx$/,
  },
  {
    row: 'zeros in the place of an image',
    formats: ['tfjs'],
    of: ({ type, form, injection }) => type === 'captioner' && form === 'inject' && injection === 'first',
    message: /got ZerosLike; export it as onnx$/,
  },
  {
    row: 'sources that are read from the end',
    formats: both,
    of: ({ reverseSource }) => reverseSource === true,
    message: /got ReverseSequence; export it as onnx$/,
  },
  {
    row: 'frames with their change',
    formats: both,
    of: ({ change, encoder }) =>
      change === true || ((encoder as { colorChannels?: unknown[] } | null)?.colorChannels ?? []).length > 0,
    message: /takes parts of others by code only, got Part along the axis time|got (?:AveragePool|StepsBefore)/,
  },
  {
    row: 'an adaptive softmax',
    formats: both,
    of: ({ output }) => output === 'adaptive',
    message: /got LogSoftmax/,
  },
  {
    row: 'hard attention',
    formats: both,
    of: ({ form }) => form === 'hard',
    message: /got HardWeights/,
  },
  {
    row: 'an image before the words',
    formats: both,
    of: ({ type, form, imageAt }) =>
      type === 'visual-qa' && (form === 'map' || (form === 'recurrent' && imageAt === 'first')),
    message: /got AddSteps|expected a product of matrices/,
  },
  {
    row: 'a convolution in the blocks',
    formats: both,
    of: ({ convolution }) => Number(convolution) > 0,
    message: /got (?:LastSteps|DepthwiseConv)/,
  },
];

/** Why a format cannot have the model; none where it can. */
export function refusalsOf(name: string, format: 'keras' | 'tfjs'): readonly Refusal[] {
  const config = exportedModel(name).config as Readonly<Record<string, unknown>>;
  return refusals.filter((one) => one.formats.includes(format) && one.of(config));
}
