// Operators that stand in none of the models of test/onnx-cases.ts, each as a model of one node, against onnxruntime where it is installed.

import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { currentBackend, type Tensor, tensor, useBackend } from 'unrolled';
import { type GraphValue, HostArray } from 'unrolled/graph';
import { readModel } from '../packages/convert/src/index.ts';
import { countsOf, tableOfPage } from './onnx-operator-table.ts';
import { wave } from './onnx-recurrent-cases.ts';
import { onnxModel, type OnnxArray, type OnnxAttribute, type OnnxNode } from './onnx-writer.ts';

interface Case {
  readonly inputs: readonly OnnxArray[];
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
  /** Inputs from this one on are constants of the file. */
  readonly constants?: number;
  readonly outputs?: number;
  readonly opset?: number;
}

const floats = (shape: readonly number[], seed = 1): OnnxArray => ({
  shape,
  values: wave(
    shape.reduce((n, d) => n * d, 1),
    seed,
    2,
  ),
});
const ints = (values: readonly number[], shape: readonly number[] = [values.length]): OnnxArray => ({
  shape,
  values,
  type: 'int64',
});
const bools = (...values: readonly number[]): OnnxArray => ({ shape: [values.length], values, type: 'bool' });
const [x, y] = [floats([2, 3, 4]), floats([2, 3, 4], 2)];
const pair = { inputs: [x, { ...y, values: Array.from(y.values, (v, i) => (i % 3 === 0 ? x.values[i] : v)) }] };
const logic = { inputs: [bools(0, 0, 1, 1), bools(0, 1, 0, 1)] };
const branch = (op: string) => ({
  graph: { nodes: [{ op, inputs: ['x'], outputs: [op] }], inputs: [], outputs: [{ name: op }] },
});

const cases: Readonly<Record<string, readonly Case[]>> = {
  If: [0, 1].map((which) => ({
    inputs: [{ shape: [], values: [which], type: 'bool' as const }],
    attributes: { then_branch: branch('Neg'), else_branch: branch('Abs') },
  })),
  ConstantOfShape: [{ inputs: [ints([2, 3])], attributes: { value: { shape: [1], values: [1.5] } } }],
  Size: [{ inputs: [x] }],
  Tile: [{ inputs: [x, ints([1, 2, 3])], constants: 1 }],
  GatherND: [{ inputs: [x, ints([0, 1, 1, 2], [2, 2])] }],
  Range: [{ inputs: [1, 10, 3].map((v) => ints([v], [])) }],
  ScatterElements: [
    { inputs: [floats([3, 4]), ints([0, 2, 1, 0], [1, 4]), floats([1, 4], 3)], attributes: { axis: 0 } },
  ],
  ScatterND: [{ inputs: [floats([3, 4]), ints([2, 0], [2, 1]), floats([2, 4], 3)] }],
  NonZero: [{ inputs: [{ shape: [2, 3], values: [0, 1, 0, 2, 3, 0] }] }],
  Sign: [{ inputs: [{ shape: [3], values: [-2, 0, 5] }] }],
  Reciprocal: [{ inputs: [x] }],
  Erf: [{ inputs: [x] }],
  Cos: [{ inputs: [x] }],
  Sin: [{ inputs: [x] }],
  Max: [{ inputs: [x, y, floats([4], 3)] }],
  Min: [{ inputs: [x, y, floats([3, 1], 3)] }],
  Sum: [{ inputs: [x, y, floats([4], 3)] }],
  Mean: [{ inputs: [x, y] }],
  ThresholdedRelu: [{ inputs: [x], attributes: { alpha: 0.5 } }],
  Celu: [{ inputs: [x], attributes: { alpha: 2 } }],
  HardSwish: [{ inputs: [floats([2, 20])] }],
  ReduceMin: [{ inputs: [x], attributes: { axes: [1], keepdims: 0 }, opset: 17 }],
  ReduceL1: [{ inputs: [x], attributes: { axes: [0, 2] }, opset: 17 }],
  ReduceL2: [{ inputs: [x], attributes: { axes: [-1] }, opset: 17 }],
  ArgMin: [{ inputs: [x], attributes: { axis: 2 } }],
  TopK: [
    { inputs: [x, ints([2])], attributes: { axis: 2 }, outputs: 2 },
    { inputs: [x, ints([3])], attributes: { axis: 1, largest: 0 }, outputs: 2 },
  ],
  ConvTranspose: [
    {
      inputs: [floats([1, 2, 5]), floats([2, 3, 3], 2), floats([3], 3)],
      attributes: { strides: [2], pads: [1, 0] },
      constants: 1,
    },
    {
      inputs: [floats([1, 2, 3, 4]), floats([2, 3, 2, 3], 2)],
      attributes: { strides: [2, 1], dilations: [1, 2] },
      constants: 1,
    },
  ],
  Pad: [
    { inputs: [x, ints([0, 1, 2, 0, 0, 1]), { shape: [], values: [3] }], constants: 1 },
    { inputs: [x, ints([0, 1, 2, 0, 0, 1])], attributes: { mode: 'reflect' }, constants: 1 },
    { inputs: [x, ints([0, 1, 2, 0, 0, 1])], attributes: { mode: 'edge' }, constants: 1 },
  ],
  InstanceNormalization: [{ inputs: [x, floats([3], 2), floats([3], 3)] }],
  Equal: [{ inputs: [ints([1, 2, 3, 4]), ints([1, 0, 3, 5])] }, pair],
  Less: [pair],
  LessOrEqual: [pair],
  Greater: [pair],
  GreaterOrEqual: [pair],
  And: [logic],
  Or: [logic],
  Xor: [logic],
  Not: [{ inputs: [bools(0, 1)] }],
};

interface Runtime {
  readonly InferenceSession: {
    create(
      bytes: Uint8Array,
      options?: object,
    ): Promise<{ run(feeds: object): Promise<Record<string, { data: ArrayLike<number | bigint>; dims: number[] }>> }>;
  };
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

const before = currentBackend();
beforeAll(() => useBackend('reference'));
afterAll(() => useBackend(before));

function valueOf({ shape, values, type }: OnnxArray): GraphValue {
  if (!type) return tensor(Float32Array.from(values), shape);
  return new HostArray(type === 'bool' ? 'bool' : 'int', shape, values);
}

function feedOf({ Tensor: OrtTensor }: Runtime, { shape, values, type }: OnnxArray): unknown {
  if (type === 'bool') return new OrtTensor('bool', Uint8Array.from(values), shape);
  if (type) return new OrtTensor('int64', BigInt64Array.from(Array.from(values, BigInt)), shape);
  return new OrtTensor('float32', Float32Array.from(values), shape);
}

describe('an operator against onnxruntime', () => {
  const all = Object.entries(cases).flatMap(([op, list]) => list.map((one, i) => [op, i, one] as const));

  test.for(all)(
    '%s (%i)',
    async ([op, , { inputs, attributes, constants = Infinity, outputs = 1, opset }], { skip }) => {
      if (!runtime) return skip('onnxruntime-node is not installed');
      const names = inputs.map((_, i) => `i${i}`);
      const given = names.filter((_, i) => i < constants);
      // Something else reads x, so that the branches of If find it.
      const outside: Record<string, OnnxArray> = op === 'If' ? { x: floats([2, 3]) } : {};
      const nodes: OnnxNode[] = [
        { op, inputs: names, outputs: Array.from({ length: outputs }, (_, k) => `o${k}`), attributes },
      ];
      const integer = ['Size', 'Range', 'NonZero', 'ArgMin'].includes(op);
      const isBool =
        ['Equal', 'And', 'Or', 'Xor', 'Not'].includes(op) || op.startsWith('Less') || op.startsWith('Greater');
      const bytes = onnxModel(
        {
          nodes,
          inputs: given.map((name, i) => ({ name, type: inputs[i].type ?? 'float', shape: inputs[i].shape })),
          outputs: nodes[0].outputs.map((name, k) => ({
            name,
            type:
              integer || (op === 'TopK' && k === 1)
                ? ('int64' as const)
                : isBool
                  ? ('bool' as const)
                  : ('float' as const),
          })),
          initializers: {
            ...outside,
            ...Object.fromEntries(names.slice(given.length).map((name, i) => [name, inputs[given.length + i]])),
          },
        },
        { opset: opset ?? 17 },
      );
      const model = (await readModel(bytes, { name: `${op}.onnx` })).module();
      const mine = model.forward(Object.fromEntries(given.map((name, i) => [name, valueOf(inputs[i])])));
      const session = await runtime.InferenceSession.create(bytes, { intraOpNumThreads: 1, logSeverityLevel: 4 });
      const theirs = await session.run(Object.fromEntries(given.map((name, i) => [name, feedOf(runtime, inputs[i])])));
      for (const name of nodes[0].outputs) {
        const got = mine[name];
        expect(got.shape).toEqual(theirs[name].dims);
        const values = got instanceof HostArray ? got.values : (got as Tensor).dataSync();
        const errors = Array.from(values, (v, i) => Math.abs(v - Number(theirs[name].data[i])));
        expect(Math.max(0, ...errors)).toBeLessThan(1e-5);
      }
    },
  );

  test('is there for every operator that stands in none of the models', () => {
    const counted = Array.from(countsOf(tableOfPage())).filter(([, { passed }]) => passed === 0);
    expect(counted.map(([name]) => name).filter((name) => !Object.hasOwn(cases, name))).toEqual([]);
  });
});
