// Steps, loops and pairs of directions as exporters write them out in ordinary operators, and `raised`, which reads them as layers. Each graph is compared with
// itself where its weights are inputs, so that nothing can be raised, and with onnxruntime where that is installed.

import { createRequire } from 'node:module';
import { expect } from 'vitest';
import { type Tensor, tensor } from 'unrolled';
import { type GraphNode, HostArray } from 'unrolled/graph';
import { readModel } from '../packages/convert/src/index.ts';
import { wave } from './onnx-recurrent-cases.ts';
import { onnxModel, type OnnxArray, type OnnxNode, type OnnxPort } from './onnx-writer.ts';

interface Session {
  run(feeds: object): Promise<Record<string, { data: Float32Array; dims: number[] }>>;
}
interface Runtime {
  readonly InferenceSession: { create(bytes: Uint8Array, options?: object): Promise<Session> };
  readonly Tensor: new (type: string, data: unknown, dims: readonly number[]) => unknown;
}

function runtimeOf(): Runtime | null {
  try {
    return createRequire(import.meta.url)('onnxruntime-node') as Runtime;
  } catch {
    return null;
  }
}
const runtime = runtimeOf();

export interface Case {
  readonly nodes: readonly OnnxNode[];
  readonly inputs: Readonly<Record<string, OnnxArray>>;
  readonly outputs: readonly string[];
  /** Weights [rows, columns …] by a formula. */
  readonly weights: Readonly<Record<string, readonly number[]>>;
  /** Other arrays of the file: axes, lengths, zeros. */
  readonly constants?: Readonly<Record<string, OnnxArray>>;
  /** Shapes of inputs with names for what may change. */
  readonly ports?: Readonly<Record<string, readonly (number | string)[]>>;
}

let seed = 1;
export const array = (...shape: number[]): OnnxArray => ({
  shape,
  values: wave(
    shape.reduce((n, d) => n * d, 1),
    seed++,
  ),
});
export const ints = (...values: number[]): OnnxArray => ({ shape: [values.length], values, type: 'int64' });
export const scalar = (value: number): OnnxArray => ({ shape: [], values: [value], type: 'int64' });
export const node = (
  op: string,
  inputs: string,
  outputs: string,
  attributes: OnnxNode['attributes'] = {},
): OnnxNode => ({
  op,
  inputs: inputs.split(' ').map((name) => (name === '-' ? '' : name)),
  outputs: outputs.split(' ').map((name) => (name === '-' ? '' : name)),
  attributes,
  name: outputs.split(' ').find((name) => name !== '-'),
});

/** The nodes of the model that was raised, its report, and the names of its parameters, after its outputs have been compared with the other two. */
export async function raised(one: Case) {
  seed = 1;
  const weights = Object.fromEntries(Object.entries(one.weights).map(([name, shape]) => [name, array(...shape)]));
  const ports = Object.entries(one.inputs).map(([name, { shape, type }]) => ({
    name,
    shape: one.ports?.[name] ?? shape,
    type,
  }));
  const model = (inputs: readonly OnnxPort[], initializers: Readonly<Record<string, OnnxArray>>) =>
    onnxModel({ nodes: one.nodes, inputs, outputs: one.outputs.map((name) => ({ name })), initializers });
  const bytes = model(ports, { ...weights, ...one.constants });
  const given = Object.entries(weights).map(([name, { shape }]) => ({ name, shape }));
  const [model1, model2] = [
    await readModel(bytes, { name: 'm.onnx' }),
    await readModel(model([...ports, ...given], one.constants ?? {}), { name: 'm.onnx' }),
  ];
  const value = ({ shape, values, type }: OnnxArray) =>
    type ? new HostArray('int', shape, values) : tensor(Float32Array.from(values), shape);
  const feeds = (arrays: Readonly<Record<string, OnnxArray>>) =>
    Object.fromEntries(Object.entries(arrays).map(([name, one_]) => [name, value(one_)]));
  const got = model1.module().forward(feeds(one.inputs)) as Record<string, Tensor>;
  const expected = model2.module().forward(feeds({ ...one.inputs, ...weights })) as Record<string, Tensor>;
  for (const name of one.outputs) same(got[name], expected[name].shape, expected[name].dataSync());
  if (runtime) {
    const session = await runtime.InferenceSession.create(bytes, { intraOpNumThreads: 1, logSeverityLevel: 4 });
    const theirs = await session.run(
      Object.fromEntries(
        Object.entries(one.inputs).map(([name, { shape, values, type }]) => {
          if (type)
            return [
              name,
              new (runtime as Runtime).Tensor('int64', BigInt64Array.from(Array.from(values, BigInt)), shape),
            ];
          return [name, new (runtime as Runtime).Tensor('float32', Float32Array.from(values), shape)];
        }),
      ),
    );
    for (const name of one.outputs) same(got[name], theirs[name].dims, theirs[name].data);
  }
  const nodes = model1.network?.graph.nodes ?? [];
  const layers = nodes.filter(({ op }) => op.endsWith('Layer'));
  const unraised = model2.network?.graph.nodes.filter(({ op }) => op.endsWith('Layer'));
  expect(unraised).toEqual([]);
  return {
    layers,
    ops: nodes.map(({ op }) => op),
    decisions: model1.report.decisions,
    parameters: Array.from(model1.module().namedParameters(), ([name]) => name),
  };
}

function same(got: Tensor, shape: readonly number[], expected: ArrayLike<number>): void {
  expect(got.shape).toEqual(shape);
  const errors = Array.from(got.dataSync(), (v, i) => Math.abs(v - expected[i]));
  expect(Math.max(0, ...errors)).toBeLessThan(2e-6);
}

export const kinds = (layers: readonly GraphNode[]) => layers.map(({ op, attributes }) => [op, attributes]);

export const [B, T, I, H] = [3, 4, 4, 5];
export const gemm = { transB: 1 };

/** i f g o of one value, and what follows. `order` is that of the rows. */
export const lstmTail = (order: string, h = 'h', c = 'c'): OnnxNode[] => [
  node('Split', 'gates', Array.from(order, (g) => `g${g}`).join(' '), { axis: 1 }),
  ...['i', 'f', 'o'].map((g) => node('Sigmoid', `g${g}`, g)),
  node('Tanh', 'gg', 'g'),
  node('Mul', `${c} f`, 'kept'),
  node('Mul', 'i g', 'added'),
  node('Add', 'kept added', `${c}n`),
  node('Tanh', `${c}n`, 't'),
  node('Mul', 't o', `${h}n`),
];

/** r z n of two products, PyTorch's form. */
export const gruAfter = (x = 'x', h = 'h', next = 'hn', p = 'p'): OnnxNode[] => [
  node('Gemm', `${x} W b`, `${p}gx`, gemm),
  node('Gemm', `${h} R d`, `${p}gh`, gemm),
  node('Split', `${p}gx`, `${p}xr ${p}xz ${p}xn`, { axis: 1 }),
  node('Split', `${p}gh`, `${p}hr ${p}hz ${p}nh`, { axis: 1 }),
  node('Add', `${p}hr ${p}xr`, `${p}ar`),
  node('Sigmoid', `${p}ar`, `${p}r`),
  node('Add', `${p}xz ${p}hz`, `${p}az`),
  node('Sigmoid', `${p}az`, `${p}z`),
  node('Mul', `${p}nh ${p}r`, `${p}rn`),
  node('Add', `${p}rn ${p}xn`, `${p}an`),
  node('Tanh', `${p}an`, `${p}n`),
  node('Sub', `${h} ${p}n`, `${p}d`),
  node('Mul', `${p}d ${p}z`, `${p}dz`),
  node('Add', `${p}n ${p}dz`, next),
];

export const gruWeights = { W: [3 * H, I], b: [3 * H], R: [3 * H, H], d: [3 * H] };
export const step = { x: array(B, I), h: array(B, H) };
export const anyBatch = { x: ['batch', I], h: ['batch', H], c: ['batch', H] };
