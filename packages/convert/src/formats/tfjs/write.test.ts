// Models that are written for TensorFlow.js give the library's numbers there, at two lengths and two batch sizes. Its CPU backend is plain JavaScript.

import { beforeAll, describe, expect, test } from 'vitest';
import { exportedModel, exportedModelNames, refusalsOf } from '../../../../../test/layer-exports.ts';
import { withVectors } from '../../../../../test/export-vectors.ts';
import { ConvertError } from '../../errors.ts';
import { exportModel } from '../../export-model.ts';
import { readModel } from '../../read-model.ts';
import { verifyNetworks } from '../../verify-networks.ts';
import { writeNetwork, type WrittenModel } from '../../write-model.ts';
import type { TestVector } from '../../model/vectors.ts';
import { manualSeed, MemoryModel } from 'unrolled';

/** TensorFlow.js; null where it is not installed. */
async function tensorflow() {
  try {
    const core = await import('@tensorflow/tfjs-core');
    await import('@tensorflow/tfjs-backend-cpu');
    core.env().set('IS_TEST', true); // no advertisement
    return { core, layers: await import('@tensorflow/tfjs-layers') };
  } catch {
    return null;
  }
}

const tf = await tensorflow();

const possible = exportedModelNames.filter((name) => refusalsOf(name, 'tfjs').length === 0);

const cases = [
  { batch: 1, time: 4, seed: 1, whole: true },
  { batch: 3, time: 7, seed: 2, whole: true, states: true },
];

type Files = ReadonlyMap<string, Uint8Array>;

interface Manifest {
  readonly modelTopology: object;
  readonly weightsManifest: readonly [{ readonly paths: readonly string[]; readonly weights: never }];
}

/** A model of the files as a page loads it: model.json, and the shards that it names. */
function loaded(files: Files, name: string) {
  const { modelTopology, weightsManifest: [{ paths, weights }] } = JSON.parse(Buffer.from(files.get(name) as Uint8Array).toString()) as Manifest; // biome-ignore format: one thing
  const bytes = Uint8Array.from(Buffer.concat(paths.map((path) => files.get(path) as Uint8Array)));
  const load = async () => ({ modelTopology, weightSpecs: weights, weightData: bytes.buffer });
  return (tf as NonNullable<typeof tf>).layers.loadLayersModel({ load });
}

/** The largest |got − expected| / max(1, largest |expected|) in TensorFlow.js. */
async function errorOf(files: Files, vectors: readonly TestVector[]): Promise<number> {
  const { core } = tf as NonNullable<typeof tf>;
  const names = [...files.keys()].filter((name) => name.endsWith('.json') && name !== 'certificate.json');
  const models = await Promise.all(names.map((name) => loaded(files, name)));
  let most = 0;
  for (const { inputs, outputs } of vectors) {
    const model = models.find(({ inputNames }) => [...inputNames].sort().join() === Object.keys(inputs).sort().join());
    if (!model) throw new Error(`no model has the inputs ${Object.keys(inputs).join()}`);
    const fed = model.inputNames.map((name) => {
      const { element, shape, values } = inputs[name];
      return core.tensor([...values], [...shape], element === 'int' ? 'int32' : 'float32');
    });
    const got = [model.predict(fed)].flat();
    for (const [k, [name, { shape, values }]] of Object.entries(outputs).entries()) {
      if (got.length > 1) expect(model.outputNames[k]).toBe(name);
      expect([name, got[k].shape]).toEqual([name, shape]);
      const largest = values.reduce((a, v) => Math.max(a, Math.abs(v)), 1);
      for (const [i, v] of got[k].dataSync().entries()) {
        const error = Math.abs(v - values[i]) / largest;
        most = error <= most ? most : error; // NaN stays
      }
    }
    core.dispose([fed, got]);
  }
  for (const model of models) model.dispose();
  return most;
}

describe.each(possible)('%s', (name) => {
  let written: WrittenModel;

  beforeAll(async () => {
    written = await writeNetwork(withVectors(exportedModel(name), cases), 'tfjs');
  });

  test.skipIf(!tf)('in TensorFlow.js (skipped where @tensorflow/tfjs-layers is not installed)', async () => {
    expect(await errorOf(written.files, [...written.vectors.values()].flat())).toBeLessThan(1e-5);
  });

  test('is read back with the same numbers', async () => {
    const vectors = [...written.vectors.values()].flat();
    const certificate = { format: 'unrolled certificate', version: 1, vectors, error: { tolerance: 1e-5 } };
    expect((await verifyNetworks(written.files, certificate)).relative).toBeLessThan(1e-6);
  });
});

test.each(exportedModelNames.filter((name) => !possible.includes(name)))('%s is refused by name', async (name) => {
  const error = await exportModel(exportedModel(name), 'tfjs').catch((found: unknown) => found);
  expect(error).toBeInstanceOf(ConvertError);
  const reasons = refusalsOf(name, 'tfjs').filter(({ message }) => message.test((error as ConvertError).message));
  expect((error as ConvertError).message, reasons.length === 0 ? 'no reason of the table' : '').toMatch(
    reasons[0]?.message,
  );
});

test('weights are shards of at most 4 MB, which both models share', async () => {
  manualSeed(1);
  const H = 520;
  const model = new MemoryModel(2, 1, { cell: 'lstm', hiddenSize: H }).eval();
  const { files } = await writeNetwork(withVectors(model, []), 'tfjs');
  const shards = [...files.keys()].filter((name) => name.endsWith('.bin'));
  expect(shards).toEqual(['model-shard1of2.bin', 'model-shard2of2.bin']);
  const sizes = shards.map((name) => (files.get(name) as Uint8Array).length);
  expect(sizes[0]).toBe(4 * 2 ** 20);
  expect(sizes[0] + sizes[1]).toBe(4 * (4 * H * (2 + H + 1) + H + 1)); // an LSTM's two biases are one
  const own = new Map([...files].filter(([name]) => name !== 'model.json'));
  const read = await readModel(new Map([['model-states.json', files.get('model-states.json') as Uint8Array], ...own]));
  const [own32, read32] = [
    model.stateDict().get('recurrent.weight_hh_l0')?.data as Float32Array,
    read.module().stateDict().get('lstm.weight_hh_l0')?.data as Float32Array,
  ];
  expect(own32.findIndex((v, i) => v !== read32[i])).toBe(-1);
  expect(read32).toHaveLength(own32.length);
});
