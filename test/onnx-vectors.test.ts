// ONNX' own test vectors, and models with recurrent operators that others exported, where they are beside the checkout: every model is read and gives its
// outputs to 1e-5 of their size, recurrent ones to 1e-6.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GraphModel, type GraphValue, HostArray } from 'unrolled/graph';
import { currentBackend, tensor, useBackend } from 'unrolled';
import { readModel } from '../packages/convert/src/index.ts';
import { arrayOf, kindOf } from '../packages/convert/src/formats/onnx/tensors.ts';
import { readTensor } from '../packages/convert/src/formats/onnx/wire.ts';
import { describeUnless, sharedData, withoutData } from './needs.ts';

interface Case {
  readonly name: string;
  readonly folder: string;
  readonly tolerance: number;
}

/** What is not read, with what the error says. */
const refused: Readonly<Record<string, RegExp>> = {
  'ctrl/test_loop16_seq_none': /OptionalHasElement/, // sequences and optionals are no values of a graph here
};

/** The file has its expected numbers with four digits. */
const rounded: ReadonlySet<string> = new Set(['avgpool/test_averagepool_2d_ceil_last_window_starts_on_pad']);

const cases: Case[] = [];
for (const set of ['onnx-node', 'onnx-rnn-models']) {
  const own = sharedData(set);
  if (own !== null)
    for (const path of (readdirSync(own, { recursive: true }) as string[]).sort())
      if (path.endsWith('model.onnx')) {
        const folder = join(own, path, '..');
        const recurrent = set === 'onnx-rnn-models' || path.startsWith('rnn/');
        const name = path.replace(/\/model.onnx$/, '');
        cases.push({ name, folder, tolerance: rounded.has(name) ? 2e-4 : recurrent ? 1e-6 : 1e-5 });
      }
}

function valueOf(path: string): GraphValue {
  const array = arrayOf(readTensor(readFileSync(path), path), path, new Map(), path);
  const kind = kindOf(array.element);
  return kind === 'float'
    ? tensor(Float32Array.from(array.values()), array.shape)
    : new HostArray(kind, array.shape, array.values());
}

const numbers = (value: GraphValue): ArrayLike<number> =>
  value instanceof HostArray ? value.values : value.dataSync();

const before = currentBackend();
beforeAll(() => useBackend('reference'));
afterAll(() => useBackend(before));

describeUnless(cases.length > 0 ? null : withoutData('onnx-node'), 'vectors of ONNX', () => {
  test.each(cases)('$name', async ({ name, folder, tolerance }) => {
    if (Object.hasOwn(refused, name)) {
      await expect(readModel(join(folder, 'model.onnx'))).rejects.toThrow(refused[name]);
      return;
    }
    const model = (await readModel(join(folder, 'model.onnx'))).module() as GraphModel;
    const vectors = join(folder, 'test_data_set_0');
    const files = (what: string) => readdirSync(vectors).filter((file) => file.startsWith(what)).length;
    const inputs = Object.fromEntries(
      model.graph.inputs
        .slice(0, files('input_'))
        .map(({ name: port }, k) => [port, valueOf(join(vectors, `input_${k}.pb`))]),
    );
    const outputs = model.forward(inputs);
    for (let k = 0; k < files('output_'); k++) {
      const expected = valueOf(join(vectors, `output_${k}.pb`));
      const got = outputs[model.graph.outputs[k].name];
      expect(got.shape).toEqual(expected.shape);
      const [a, b] = [numbers(got), numbers(expected)];
      const size = Math.max(1e-3, ...Array.from(b, (v) => (Number.isFinite(v) ? Math.abs(v) : 0)));
      for (let i = 0; i < b.length; i++)
        if (a[i] !== b[i]) expect(Math.abs(a[i] - b[i]) / size).toBeLessThan(tolerance);
    }
  });
});
