// Models that are written for Keras come back with the library's numbers: through our own reader, which is tested against Keras' files, and through Keras
// itself where there is a python with it (KERAS_PYTHON, or python3). What Keras makes of the order of layers is kept as golden values.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SavedTensor } from 'unrolled';
import { openZip } from 'unrolled/io';
import { describe, expect, test } from 'vitest';
import { describeUnless } from '../../../../../test/needs.ts';
import { exportedModel, exportedModelNames, refusalsOf } from '../../../../../test/layer-exports.ts';
import { withVectors } from '../../../../../test/export-vectors.ts';
import { ConvertError } from '../../errors.ts';
import { exportModel, type LibraryModel } from '../../export-model.ts';
import { verifyNetworks } from '../../verify-networks.ts';
import { readModel } from '../../read-model.ts';
import { writeNetwork } from '../../write-model.ts';

const possible = exportedModelNames.filter((name) => refusalsOf(name, 'keras').length === 0);

/** Two lengths, batches of 1 and 3, rows of several lengths; without states and with them. */
const cases = [
  { batch: 1, time: 4, seed: 1 },
  { batch: 3, time: 7, seed: 2, states: true },
];

describe.each(possible)('%s', (name) => {
  test('is read back with the same numbers', async () => {
    const { files, vectors } = await writeNetwork(withVectors(exportedModel(name), cases), 'keras');
    const all = [...vectors.values()].flat();
    const certificate = { format: 'unrolled certificate', version: 1, vectors: all, error: { tolerance: 1e-5 } };
    expect((await verifyNetworks(files, certificate)).relative).toBeLessThan(1e-6);
  });
});

test.each(exportedModelNames.filter((name) => !possible.includes(name)))('%s is refused by name', async (name) => {
  const error = await exportModel(exportedModel(name), 'keras').catch((found: unknown) => found);
  expect(error).toBeInstanceOf(ConvertError);
  const reasons = refusalsOf(name, 'keras').filter(({ message }) => message.test((error as ConvertError).message));
  expect((error as ConvertError).message, reasons.length === 0 ? 'no reason of the table' : '').toMatch(
    reasons[0]?.message,
  );
});

describe('weights', () => {
  /** The module's weights by the layer's name, as our reader gives them. */
  async function readBack(model: LibraryModel): Promise<ReadonlyMap<string, SavedTensor>> {
    const { files } = await exportModel(model, 'keras');
    return (await readModel(files.get('model.keras') as Uint8Array)).module().stateDict();
  }

  test('come back equal to the bit; an LSTM has one bias, the sum', async () => {
    const model = exportedModel('tagger of numbers in both directions, lstm');
    const [own, read] = [model.stateDict(), await readBack(model)];
    for (const [k, layer] of ['bidirectional', 'bidirectional_1'].entries())
      for (const end of ['', '_reverse']) {
        for (const name of ['weight_ih', 'weight_hh'])
          expect(read.get(`${layer}.${name}_l0${end}`)?.data).toEqual(own.get(`recurrent.${name}_l${k}${end}`)?.data);
        const [a, b] = ['bias_ih', 'bias_hh'].map((name) => own.get(`recurrent.${name}_l${k}${end}`)?.data ?? []);
        const sum = Float32Array.from(a, (v, i) => v + b[i]);
        expect(read.get(`${layer}.bias_ih_l0${end}`)?.data).toEqual(sum);
      }
    expect(read.get('dense.weight')?.data).toEqual(own.get('head.weight')?.data);
  });

  test('of a GRU come back with both biases, equal to the bit', async () => {
    const model = exportedModel('tagger, gru');
    const [own, read] = [model.stateDict(), await readBack(model)];
    for (const [k, layer] of ['gru', 'gru_1'].entries())
      for (const name of ['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh'])
        expect(read.get(`${layer}.${name}_l0`)?.data, name).toEqual(own.get(`recurrent.${name}_l${k}`)?.data);
  });

  test("stand in Keras' layout: [features, gates i f c o], each gate a block of columns", async () => {
    const model = exportedModel('language model, lstm');
    const { files } = await exportModel(model, 'keras');
    const { arrays } = await readModel(files.get('model.keras') as Uint8Array);
    const [H, E] = [5, 4];
    const kernel = arrays.get('layers/lstm/cell/vars/0');
    expect(kernel?.shape).toEqual([E, 4 * H]);
    const own = model.stateDict().get('recurrent.weight_ih_l0')?.data as Float32Array; // [4H, E], gates i f g o
    for (let e = 0; e < E; e++)
      for (let row = 0; row < 4 * H; row++) expect(kernel?.values()[e * 4 * H + row]).toBe(own[row * E + e]);
  });
});

test('the archive is what Keras opens: three entries, one structure of weights', async () => {
  const { files, certificate } = await exportModel(exportedModel('language model, gru'), 'keras');
  expect([...files.keys()]).toEqual(['model.keras', 'model-states.keras', 'model.py', 'certificate.json']);
  const zip = await openZip(files.get('model-states.keras') as Uint8Array, 'model-states.keras');
  expect([...zip.files.keys()]).toEqual(['metadata.json', 'config.json', 'model.weights.h5']);
  const config = JSON.parse(Buffer.from(await zip.bytes('config.json')).toString());
  expect(config.config.input_layers).toEqual({
    h0_l0: ['h0_l0', 0, 0],
    h0_l1: ['h0_l1', 0, 0],
    input: ['input', 0, 0],
  });
  expect(Object.keys(config.config.output_layers)).toEqual(['hn_l0', 'hn_l1', 'logits']);
  expect(certificate.decisions.map(({ what, choice }) => `${what}: ${choice}`)).toEqual([
    'gate-order: r z n to z r h',
    'gru-form: reset after the product',
    'biases: both kept, [2, 3H]',
    'layout: batch first, [batch, time, …]',
    'states: a second file, …-states, whose states are inputs and outputs',
  ]);
});

const golden = JSON.parse(readFileSync(new URL('../../../../../test/golden/keras.json', import.meta.url), 'utf8')) as {
  readonly orders: Readonly<Record<string, readonly string[]>>;
};

test.each(Object.entries(golden.orders))(
  '%s: the layers are in the order that Keras gives them',
  async (key, order) => {
    const [name, file] = key.split(': ');
    const { files } = await exportModel(exportedModel(name), 'keras');
    const zip = await openZip(files.get(file) as Uint8Array, file);
    const { config } = JSON.parse(Buffer.from(await zip.bytes('config.json')).toString());
    expect(config.layers.map((layer: { readonly name: string }) => layer.name)).toEqual(order);
  },
);

const python = process.env.KERAS_PYTHON ?? '/usr/bin/python3';

describeUnless(hasKeras() ? null : 'needs a python with Keras 3: KERAS_PYTHON=/path/to/python', 'in Keras', () => {
  test('every certificate has the numbers of Keras', { timeout: 300_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'unrolled-keras-'));
    const scripts: string[] = [];
    for (const [k, name] of possible.entries()) {
      const { files } = await exportModel(exportedModel(name), 'keras');
      mkdirSync(join(folder, String(k)));
      for (const [file, bytes] of files) writeFileSync(join(folder, String(k), file), bytes);
      scripts.push(join(folder, String(k), 'model.py'));
    }
    const runner = 'import runpy, sys\nfor path in sys.argv[1:]: runpy.run_path(path, run_name="__main__")';
    const out = execFileSync(python, ['-W', 'ignore', '-c', runner, ...scripts], { encoding: 'utf8', env: kerasEnv });
    const lines = out.trim().split('\n');
    expect(lines).toHaveLength(scripts.length);
    for (const line of lines) {
      expect(line).toMatch(/^[1-9] test vectors, largest relative error/);
      expect(Number(line.split(' ').at(-1))).toBeLessThan(1e-5);
    }
  });
});

const kerasEnv = { KERAS_BACKEND: 'numpy', ...process.env };

function hasKeras(): boolean {
  try {
    execFileSync(python, ['-c', 'import importlib.util, sys; sys.exit(importlib.util.find_spec("keras") is None)'], { stdio: 'ignore' }); // biome-ignore format: a call
    return true;
  } catch {
    return false;
  }
}
