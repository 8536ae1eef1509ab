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
import type { GraphSpec } from 'unrolled/graph';
import { expect, test } from 'vitest';
import { computeInFloat64, exportedNetwork, seededInputs, type VectorArrays } from '../../export/export-model.ts';
import { writeNetwork } from '../../write-model.ts';
import { describeUnless } from '../../../../../test/needs.ts';

const ort = await import('onnxruntime-node').catch(() => null);

/** The largest error of the file in onnxruntime, relative to the largest output. */
async function errorOf(model: Module, batches: readonly number[] = [1, 3, 7]): Promise<number> {
  if (!ort) throw new Error('onnxruntime-node is not installed');
  const network = exportedNetwork(model);
  const { files } = await writeNetwork(network, 'onnx');
  let most = 0;
  for (const [part, graph] of network.graphs) {
    const bytes = files.get(part === 'model' ? 'model.onnx' : `model-${part}.onnx`) as Uint8Array;
    const session = await ort.InferenceSession.create(bytes, { logSeverityLevel: 3 });
    for (const batch of batches)
      for (const time of [4, 9]) {
        const states = graph.inputs.some(({ optional }) => optional) && time === 9;
        const inputs = seededInputs(graph, { batch, time, seed: batch + time, states });
        const expected = computeInFloat64(model, part, inputs);
        const got = await session.run(feeds({ ...zeroStates(graph), ...inputs }));
        for (const [name, { shape, values }] of Object.entries(expected)) {
          expect([name, got[name].dims]).toEqual([name, shape]);
          const largest = values.reduce((a, v) => Math.max(a, Math.abs(v)), 1);
          const numbers = got[name].data as Float32Array;
          for (const [i, v] of values.entries()) {
            const error = Math.abs(v - numbers[i]) / largest;
            most = error <= most ? most : error; // NaN stays
          }
        }
      }
  }
  return most;
}

/** One row of zeros for every state. */
function zeroStates({ inputs }: GraphSpec): VectorArrays {
  const optional = inputs.filter((port) => port.optional);
  return Object.fromEntries(
    optional.map(({ name, shape }) => {
      const sizes = (shape ?? []).map((d) => (typeof d === 'number' ? d : 1));
      const values = new Array<number>(sizes.reduce((n, d) => n * d, 1)).fill(0);
      return [name, { element: 'float', shape: sizes, values } as const];
    }),
  );
}

function feeds(inputs: VectorArrays) {
  const { Tensor } = ort as NonNullable<typeof ort>;
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { element, shape, values }]) => [
      name,
      element === 'float'
        ? new Tensor('float32', Float32Array.from(values), shape)
        : new Tensor('int64', BigInt64Array.from(values, BigInt), shape),
    ]),
  );
}

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
});
