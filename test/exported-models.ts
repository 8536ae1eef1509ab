// Models that are exported: every type with every option that changes its graph. The writers' tests loop over them.

import {
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

const sizes = { hiddenSize: 5, numLayers: 2 };

function forecaster(options: Partial<ForecasterOptions>): LibraryModel {
  const model = new Forecaster({ channels: 3, length: 8, horizon: 4, hiddenSize: 5, ...options } as ForecasterOptions);
  const state = model.stateDict();
  for (const [name, { data }] of state)
    if (/^(?:known_)?(?:mean|deviation)$/.test(name))
      for (const i of data.keys()) (data as Float32Array)[i] = name.endsWith('mean') ? 3 - i : 0.5 + i;
  return model.loadStateDict(state);
}

const makers: Readonly<Record<string, () => LibraryModel>> = {
  ...byCell('language model', (cell) => new LanguageModel(7, { cell, ...sizes, embeddingDim: 4 })),
  'language model, one-hot rows': () => new LanguageModel(7, { ...sizes, embeddingDim: 0 }),
  'language model, tied weights': () => new LanguageModel(7, { ...sizes, tieWeights: true }),
  'language model, residual blocks': () => new LanguageModel(7, { ...sizes, block: 'residual', embeddingDim: 3 }),
  ...byCell('tagger', (cell) => new SequenceTagger({ vocabularySize: 6, classes: 2, cell, ...sizes })),
  ...byCell(
    'tagger of numbers in both directions',
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
  'memory problem': () => new MemoryModel(2, 1, { ...sizes, cell: 'lstm' }),
  'forecaster, gru': () => forecaster({}),
  forecaster: () => forecaster({ cell: 'lstm' }),
  'forecaster, linear skip and quantiles': () =>
    forecaster({ cell: 'lstm', skip: 'linear', quantiles: [0.1, 0.4, 0.9] }),
  'forecaster, known inputs': () => forecaster({ cell: 'lstm', known: 2, skip: 'none', numLayers: 2 }),
  'forecaster, recursive': () =>
    forecaster({ cell: 'lstm', method: 'recursive', known: 1, numLayers: 2, quantiles: [0.2, 0.5] }),
  'forecaster, reversible': () => forecaster({ cell: 'lstm', normalization: 'reversible' }),
  'forecaster, each channel alone': () => forecaster({ cell: 'lstm', perChannel: true, skip: 'linear' }),
  'forecaster, reversible, recursive, each channel alone': () =>
    forecaster({
      cell: 'lstm',
      normalization: 'reversible',
      method: 'recursive',
      perChannel: true,
      known: 2,
      quantiles: [0.1, 0.5, 0.9],
    }),
};

function byCell(name: string, make: (cell: CellName) => LibraryModel): Record<string, () => LibraryModel> {
  return Object.fromEntries(cellNames.map((cell) => [`${name}, ${cell}`, () => make(cell)]));
}

/** The names of all models. */
export const exportedModelNames: readonly string[] = Object.keys(makers);

/** A model by its name, in eval mode; its weights are the same each time. */
export function exportedModel(name: string): LibraryModel {
  manualSeed(1 + exportedModelNames.indexOf(name));
  return makers[name]().eval();
}
