// Every model that is exported runs in onnxruntime and gives the library's numbers, at several batch sizes and lengths.

import {
  cellNames,
  Forecaster,
  LanguageModel,
  manualSeed,
  MemoryModel,
  type Module,
  SequenceClassifier,
  SequenceTagger,
} from 'unrolled';
import { expect, test } from 'vitest';
import { describeUnless } from '../../../../../test/needs.ts';
import { onnxError, ort } from '../../../../../test/onnxruntime.ts';
import { exportedNetwork } from '../../export/export-model.ts';

/** In batches of 1 and 7 besides the certificate's, of 9 and 4 steps; with 7 and 4, some rows have length 0. */
const errorOf = (model: Module) =>
  onnxError(model, [
    [1, 9],
    [7, 4],
  ]);

const sizes = { hiddenSize: 5, numLayers: 2 };

describeUnless(ort ? null : 'needs onnxruntime-node', 'in onnxruntime', () => {
  test.each(cellNames)('language model, %s', async (cell) => {
    manualSeed(1);
    expect(await errorOf(new LanguageModel(7, { cell, ...sizes, embeddingDim: 4 }))).toBeLessThan(1e-5);
  });

  test.each([
    ['one-hot rows', { embeddingDim: 0 }],
    ['tied weights', { tieWeights: true }],
    ['residual blocks', { block: 'residual', cell: 'mingru', embeddingDim: 3 }],
    ['residual blocks of an LSTM', { block: 'residual' }],
  ] as const)('language model with %s', async (_, options) => {
    manualSeed(2);
    expect(await errorOf(new LanguageModel(7, { ...sizes, ...options }))).toBeLessThan(1e-5);
  });

  test.each(cellNames)('tagger in both directions, %s', async (cell) => {
    manualSeed(3);
    const model = new SequenceTagger({ vocabularySize: 6, classes: 3, cell, ...sizes, bidirectional: true });
    expect(await errorOf(model)).toBeLessThan(1e-5);
  });

  test.each(cellNames)('tagger in one direction, %s', async (cell) => {
    manualSeed(4);
    expect(await errorOf(new SequenceTagger({ inputSize: 3, classes: 2, cell, ...sizes }))).toBeLessThan(1e-5);
  });

  test.each(['last', 'mean', 'max', 'attention'] as const)('classifier, pooling %s', async (pooling) => {
    manualSeed(5);
    for (const bidirectional of [false, true]) {
      const options = { classes: 4, pooling, bidirectional, denseSize: 3, ...sizes };
      expect(await errorOf(new SequenceClassifier({ vocabularySize: 9, ...options }))).toBeLessThan(1e-5);
      expect(await errorOf(new SequenceClassifier({ inputSize: 2, ...options, cell: 'gru' }))).toBeLessThan(1e-5);
    }
  });

  test.each(cellNames)('memory problem, %s', async (cell) => {
    manualSeed(6);
    expect(await errorOf(new MemoryModel(2, 1, { cell, ...sizes }))).toBeLessThan(1e-5);
  });

  test.each([
    ['direct', {}],
    ['with a linear skip', { skip: 'linear' }],
    ['with quantiles', { loss: 'quantile', quantiles: [0.05, 0.4, 0.9] }],
    ['with known inputs', { known: 2 }],
    ['each channel alone, known inputs', { known: 2, perChannel: true, skip: 'none' }],
    ['reversible', { normalization: 'reversible', quantiles: [0.1, 0.5, 0.9] }],
    ['recursive', { method: 'recursive', known: 2, cell: 'lstm', numLayers: 2, quantiles: [0.2, 0.5] }],
  ] as const)('forecaster, %s', async (_, options) => {
    manualSeed(7);
    const model = new Forecaster({ channels: 3, length: 8, horizon: 4, hiddenSize: 6, ...options } as never);
    expect(await errorOf(model)).toBeLessThan(1e-5);
  });

  test.each([
    ['direct', {}],
    ['reversible', { normalization: 'reversible', skip: 'linear' }],
    ['recursive', { method: 'recursive' }],
  ] as const)('calibrated forecaster, %s: the quantiles have the spread', async (_, options) => {
    manualSeed(8);
    const model = new Forecaster({ channels: 3, length: 8, horizon: 4, hiddenSize: 6, quantiles: [0.05, 0.4, 0.9], ...options }); // biome-ignore format: one line
    const [{ outputs: narrow }] = exportedNetwork(model).vectors.get('model') ?? [];
    model.spread = 1.75;
    const [{ outputs: wide }] = exportedNetwork(model).vectors.get('model') ?? [];
    expect(wide.values).toEqual(narrow.values);
    expect(wide.quantiles).not.toEqual(narrow.quantiles);
    expect(await errorOf(model)).toBeLessThan(1e-5);
  });
});
