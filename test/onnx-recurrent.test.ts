// RNN, GRU and LSTM of ONNX with every attribute: against onnxruntime where it is installed, and without it the forms against one another.

import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type GraphValue, HostArray } from 'unrolled/graph';
import { type Tensor, currentBackend, tensor, useBackend } from 'unrolled';
import { readModel } from '../packages/convert/src/index.ts';
import { caseName, made, type MadeCase, type RecurrentCase, recurrentCases } from './onnx-recurrent-cases.ts';
import type { OnnxArray } from './onnx-writer.ts';

interface Runtime {
  readonly InferenceSession: {
    create(
      bytes: Uint8Array,
      options?: object,
    ): Promise<{ run(feeds: object): Promise<Record<string, { data: Float32Array; dims: number[] }>> }>;
  };
  readonly Tensor: new (type: string, data: unknown, dims: readonly number[]) => unknown;
}

const require = createRequire(import.meta.url);

function runtimeOf(): Runtime | null {
  try {
    return require('onnxruntime-node') as Runtime;
  } catch {
    return null;
  }
}

const runtime = runtimeOf();
const missing = 'onnxruntime-node is not installed';

const before = currentBackend();
beforeAll(() => useBackend('reference'));
afterAll(() => useBackend(before));

async function ours({ bytes, inputs }: MadeCase): Promise<Record<string, Tensor>> {
  const module = (await readModel(bytes, { name: 'case.onnx' })).module();
  const value = ({ shape, values, type }: OnnxArray): GraphValue =>
    type ? new HostArray('int', shape, values) : tensor(Float32Array.from(values), shape);
  return module.forward(
    Object.fromEntries(Object.entries(inputs).map(([name, array]) => [name, value(array)])),
  ) as Record<string, Tensor>;
}

async function theirs({ bytes, inputs }: MadeCase) {
  const { InferenceSession, Tensor: OrtTensor } = runtime as Runtime;
  const session = await InferenceSession.create(bytes, { intraOpNumThreads: 1, logSeverityLevel: 4 });
  const feed = ({ shape, values, type }: OnnxArray) =>
    type
      ? new OrtTensor('int32', Int32Array.from(values), shape)
      : new OrtTensor('float32', Float32Array.from(values), shape);
  return session.run(Object.fromEntries(Object.entries(inputs).map(([name, array]) => [name, feed(array)])));
}

function difference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Array.from(a, (v, i) => Math.abs(v - b[i]) / Math.max(1, Math.abs(b[i]))).reduce((x, y) => Math.max(x, y), 0);
}

test('there are 150 cases and more, of all kinds', () => {
  expect(recurrentCases.length).toBeGreaterThanOrEqual(150);
  expect(new Set(recurrentCases.map(caseName)).size).toBe(recurrentCases.length);
});

describe('against onnxruntime', () => {
  test.for(recurrentCases.map((one) => [caseName(one), one] as const))('%s', async ([, one], { skip }) => {
    if (!runtime) return skip(missing);
    const model = made(one);
    const [mine, other] = [await ours(model), await theirs(model)];
    for (const name of model.outputs) {
      expect(mine[name].shape).toEqual(other[name].dims);
      expect(difference(mine[name].dataSync(), other[name].data)).toBeLessThan(1e-6);
    }
  });
});

describe('without onnxruntime', () => {
  const plain = recurrentCases.filter(({ computed, peepholes, attributes = {} }) => {
    const special = ['clip', 'activations', 'input_forget'];
    return !computed && !peepholes && special.every((name) => !(name in attributes));
  });

  test.each(plain.map((one) => [caseName(one), one] as const))('the layer is the operator: %s', async (_, one) => {
    const layer = made(one);
    const { network } = await readModel(layer.bytes);
    expect(network?.graph.nodes.some(({ op }) => op === `${one.op}Layer`)).toBe(true);
    const operator = made({ ...one, computed: true });
    expect((await readModel(operator.bytes)).network?.graph.nodes.map(({ op }) => op)).toEqual([one.op]);
    const [a, b] = [await ours(layer), await ours(operator)];
    for (const name of layer.outputs) expect(difference(a[name].dataSync(), b[name].dataSync())).toBeLessThan(1e-6);
  });

  test.each(['RNN', 'GRU', 'LSTM'] as const)('%s with the batch first is the same, transposed', async (op) => {
    for (const computed of [false, true])
      for (const direction of ['forward', 'reverse', 'bidirectional'] as const) {
        const one: RecurrentCase = { op, direction, computed, lengths: [4, 0, 2] };
        const [first, last] = [made({ ...one, layout: 1 }), made(one)];
        const x = tensor(Float32Array.from(first.inputs.X.values), first.inputs.X.shape).transpose(0, 1);
        const turned = { ...last.inputs, X: { shape: x.shape, values: x.dataSync() } };
        const [a, b] = [await ours(first), await ours({ ...last, inputs: turned })];
        expect(difference(a.Y.dataSync(), b.Y.permute(2, 0, 1, 3).dataSync())).toBeLessThan(1e-6);
        expect(difference(a.Y_h.dataSync(), b.Y_h.transpose(0, 1).dataSync())).toBeLessThan(1e-6);
      }
  });

  test.each(['RNN', 'GRU', 'LSTM'] as const)('%s of an empty batch, and of no steps', async (op) => {
    for (const computed of [false, true]) {
      const none = await ours(made({ op, computed, sizes: { B: 0 }, direction: 'bidirectional' }));
      expect([none.Y.shape, none.Y_h.shape]).toEqual([
        [5, 2, 0, 6],
        [2, 0, 6],
      ]);
      const still = made({ op, computed, sizes: { T: 0 }, states: true });
      const result = await ours(still);
      expect(result.Y.shape).toEqual([0, 1, 3, 6]);
      expect(Array.from(result.Y_h.dataSync())).toEqual(Array.from(still.inputs.initial_h.values));
    }
  });

  test('an LSTM of one unit, by hand', async () => {
    // W = R = 1 for all gates, no bias: i = o = f = σ(1) = 0.731059, g = tanh 1 = 0.761594; c = 0.556770, h = 0.731059 · tanh c = 0.369606
    const { onnxModel } = await import('./onnx-writer.ts');
    const ones = { shape: [1, 4, 1], values: [1, 1, 1, 1] };
    const bytes = onnxModel({
      nodes: [{ op: 'LSTM', inputs: ['X', 'W', 'R'], outputs: ['', 'Y_h', 'Y_c'], attributes: { hidden_size: 1 } }],
      inputs: [{ name: 'X', shape: [1, 1, 1] }],
      outputs: [{ name: 'Y_h' }, { name: 'Y_c' }],
      initializers: { W: ones, R: ones },
    });
    const { Y_h, Y_c } = (await readModel(bytes)).module().forward({ X: tensor([1], [1, 1, 1]) }) as Record<
      string,
      Tensor
    >;
    expect(Y_c.dataSync()[0]).toBeCloseTo(0.55677, 5);
    expect(Y_h.dataSync()[0]).toBeCloseTo(0.369606, 5);
  });
});

describe('where onnxruntime 1.30 differs from the text of the operators', () => {
  test.for(['RNN', 'GRU', 'LSTM'] as const)('%s: it refuses layout 1', async (op, { skip }) => {
    if (!runtime) return skip(missing);
    await expect(theirs(made({ op, layout: 1 }))).rejects.toThrow(/layout|batchwise/i);
  });

  test.for(['RNN', 'GRU', 'LSTM'] as const)(
    '%s: its final state of a row of length 0 is 0, ours the initial one',
    async (op, { skip }) => {
      if (!runtime) return skip(missing);
      const model = made({ op, lengths: [5, 0, 3], states: true });
      const [mine, other] = [await ours(model), await theirs(model)];
      expect(difference(mine.Y.dataSync(), other.Y.data)).toBeLessThan(1e-6);
      expect(Array.from(other.Y_h.data.subarray(6, 12))).toEqual([0, 0, 0, 0, 0, 0]);
      expect(Array.from(mine.Y_h.dataSync().subarray(6, 12))).toEqual(
        Array.from(model.inputs.initial_h.values).slice(6, 12),
      );
    },
  );

  test.for(['Affine', 'ThresholdedRelu', 'ScaledTanh'])(
    '%s: its alpha and beta are 0 where none are given',
    async (name, { skip }) => {
      if (!runtime) return skip(missing);
      const attributes = { activations: [name] };
      const zero = { ...attributes, activation_alpha: [0], activation_beta: [0] };
      const [bare, other] = [made({ op: 'RNN', attributes }), made({ op: 'RNN', attributes: zero })];
      const [mine, asZero, default_] = [await ours(bare), await ours(other), await theirs(bare)];
      expect(difference(asZero.Y.dataSync(), default_.Y.data)).toBeLessThan(1e-6);
      expect(difference(mine.Y.dataSync(), default_.Y.data)).toBeGreaterThan(1e-3);
    },
  );

  test.for(['GRU', 'LSTM'] as const)('%s: an empty batch aborts its process', (op, { skip }) => {
    if (!runtime) return skip(missing);
    const { bytes } = made({ op, sizes: { B: 0 } });
    const program = `
      const ort = require(${JSON.stringify(require.resolve('onnxruntime-node'))});
      ort.InferenceSession.create(Buffer.from('${Buffer.from(bytes).toString('base64')}', 'base64'))
        .then((session) => session.run({ X: new ort.Tensor('float32', new Float32Array(0), [5, 0, 4]) }))
        .then(() => console.log('ran'), () => console.log('refused'));`;
    const { stdout, signal } = spawnSync(process.execPath, ['-e', program], { encoding: 'utf8' });
    expect(stdout).not.toContain('ran');
    expect(signal).not.toBeNull();
  });
});
