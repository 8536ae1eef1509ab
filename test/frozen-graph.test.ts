// A frozen graph gives what the model gives, to the bit on the compiled backends and to rounding on the reference one, whichever of its ops have packed
// weights; and no later change of the model.

import { currentBackend, manualSeed, randn, type Tensor, tensor, useBackend, zeros } from 'unrolled';
import { GraphModel, type GraphNode, type GraphSpec, type GraphValues, HostArray } from 'unrolled/graph';
import { tensorsOf } from 'unrolled/pipelines';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compiledBackends } from './backends.ts';

const port = (name: string) => ({ name, element: 'float' as const, shape: null });
const node = (
  op: string,
  inputs: (string | null)[],
  attributes: GraphNode['attributes'] = {},
  outputs: (string | null)[] = ['y'],
): GraphNode => ({ name: outputs.find((name) => name !== null) ?? op, op, inputs, outputs, attributes });

interface Case {
  readonly graph: GraphSpec;
  /** Inputs that the packed weights fit, and some that they do not take. */
  readonly shapes: readonly Readonly<Record<string, readonly number[]>>[];
}

/** One op on x with parameters. */
const single = (
  shapes: readonly (readonly number[])[],
  parameters: GraphSpec['parameters'],
  ...nodes: GraphNode[]
): Case => ({
  graph: { inputs: [port('x')], outputs: [port('y')], parameters, nodes },
  shapes: shapes.map((x) => ({ x })),
});

const step = (op: string, states: readonly string[], attributes: GraphNode['attributes'] = {}): Case => ({
  graph: {
    inputs: [port('x'), ...states.map(port)],
    outputs: [port('y'), ...states.map((name) => port(`${name}n`))],
    nodes: [
      node(op, ['x', null, ...states], { inputSize: 5, hiddenSize: 6, ...attributes }, [
        'y',
        ...states.map((s) => `${s}n`),
      ]),
    ],
  },
  shapes: [1, 4].flatMap((T) =>
    [1, 3].map((B) => Object.fromEntries([['x', [T, B, 5]], ...states.map((name) => [name, [1, B, 6]])])),
  ),
});

const cases: Readonly<Record<string, Case>> = {
  'a convolution along one axis': single(
    [
      [1, 3, 8],
      [2, 3, 9],
      [1, 3, 4],
    ],
    { w: [7, 3, 4], b: [7] },
    node('Conv', ['x', 'w', 'b'], { strides: [2], pads: [1, 2], dilations: [1] }),
  ),
  'a window that is wider than the image': single(
    [[1, 3, 1]],
    { w: [5, 3, 3] },
    node('Conv', ['x', 'w'], { pads: [1, 1] }),
  ),
  'one place of one pixel, of a row, and of an image': single(
    [
      [1, 3, 1, 1],
      [1, 3, 2, 2],
      [1, 3, 2, 3],
    ],
    { w: [5, 3, 2, 2] },
    node('Conv', ['x', 'w'], { pads: [1, 1, 0, 0], strides: [2, 2] }),
  ),
  'taps that lie on the border at every place': single(
    [
      [1, 3, 1],
      [2, 3, 2],
      [1, 3, 6],
    ],
    { w: [5, 3, 7], b: [5] },
    node('Conv', ['x', 'w', 'b'], { pads: [3, 5], strides: [4] }),
  ),
  'a window that is on the border alone': single(
    [[1, 3, 2]],
    { w: [5, 3, 2], b: [5] },
    node('Conv', ['x', 'w', 'b'], { pads: [4, 0], strides: [9] }),
  ),
  'a window of one pixel': single(
    [
      [1, 3, 1],
      [2, 3, 1],
      [2, 3, 4],
    ],
    { w: [5, 3, 1], b: [5] },
    node('Conv', ['x', 'w', 'b']),
  ),
  'a convolution of images': single(
    [
      [1, 2, 5, 6],
      [3, 2, 8, 7],
    ],
    { w: [4, 2, 3, 2], b: [4] },
    node('Conv', ['x', 'w', 'b'], { strides: [1, 2], pads: [2, 0, 1, 1], dilations: [2, 1] }),
  ),
  'a convolution that pads by itself': single(
    [[1, 2, 5, 6]],
    { w: [4, 2, 3, 2] },
    node('Conv', ['x', 'w'], { auto_pad: 'SAME_UPPER', strides: [2, 2] }),
  ),
  'channels in groups': single([[2, 4, 6]], { w: [6, 2, 3] }, node('Conv', ['x', 'w'], { group: 2 })),
  'few places far apart': single(
    [[1, 1, 4]],
    { w: [2, 1, 3] },
    node('Conv', ['x', 'w'], { pads: [300_000, 0], strides: [100_000] }),
  ),
  'more places than are packed': single([[1, 8, 17_000]], { w: [3, 8, 2] }, node('Conv', ['x', 'w'])),
  'a bias that is computed': single(
    [[1, 3, 4]],
    { w: [5, 3, 2], b: [5] },
    node('Neg', ['b'], {}, ['nb']),
    node('Conv', ['x', 'w', 'nb']),
  ),
  'weights that are computed': single(
    [[2, 3]],
    { w: [3, 4] },
    node('Neg', ['w'], {}, ['nw']),
    node('MatMul', ['x', 'nw']),
  ),
  'a matrix product': single([[2, 3], [4, 5, 3], [3]], { w: [3, 4] }, node('MatMul', ['x', 'w'])),
  Gemm: single([[2, 3]], { w: [3, 4], c: [4] }, node('Gemm', ['x', 'w', 'c'])),
  'Gemm with everything': single(
    [[3, 2]],
    { w: [4, 3], c: [1] },
    node('Gemm', ['x', 'w', 'c'], { transA: 1, transB: 1, alpha: 0.5, beta: 2 }),
  ),
  'a linear layer': single(
    [
      [2, 3],
      [2, 5, 3],
    ],
    {},
    node('Linear', ['x'], { inFeatures: 3, outFeatures: 65 }),
  ),
  'an RNN': step('RNNLayer', ['h']),
  'an RNN with relu': step('RNNLayer', ['h'], { nonlinearity: 'relu', bias: false }),
  'a GRU': step('GRULayer', ['h']),
  'a reset-before GRU': step('GRULayer', ['h'], { resetAfter: false }),
  'an LSTM': step('LSTMLayer', ['h', 'c']),
  'branches and loops': {
    graph: {
      inputs: [port('x'), { name: 'which', element: 'bool', shape: [] }],
      outputs: [port('z')],
      parameters: { w: [3, 3] },
      constants: { three: { element: 'int', shape: [], values: [3] } },
      nodes: [
        node('If', ['which'], {
          then_branch: { graph: { inputs: [], outputs: [port('t')], nodes: [node('MatMul', ['x', 'w'], {}, ['t'])] } },
          else_branch: { graph: { inputs: [], outputs: [port('t')], nodes: [node('Neg', ['x'], {}, ['t'])] } },
        }),
        node(
          'Loop',
          ['three', null, 'y'],
          {
            body: {
              graph: {
                inputs: [
                  { name: 'i', element: 'int', shape: [] },
                  { name: 'go', element: 'bool', shape: [] },
                  port('v'),
                ],
                outputs: [{ name: 'go', element: 'bool', shape: [] }, port('next')],
                parameters: { u: [3, 3] },
                nodes: [node('MatMul', ['v', 'u'], {}, ['m']), node('Add', ['m', 'x'], {}, ['next'])],
              },
            },
          },
          ['z'],
        ),
      ],
    },
    shapes: [{ x: [2, 3] }],
  },
};

function made(graph: GraphSpec): GraphModel {
  manualSeed(11);
  const model = new GraphModel({ graph }).eval();
  for (const parameter of model.parameters()) parameter.set(randn(parameter.shape, 0, 0.5));
  return model;
}

const values = (outputs: GraphValues) =>
  Object.values(outputs).map((value) => [value.shape, Array.from((value as Tensor).dataSync())]);

const before = currentBackend();
afterAll(() => useBackend(before));
const backends = [...(await compiledBackends()), { title: 'reference', backend: null }];

describe.each(backends)('$title: a frozen graph', ({ title, backend }) => {
  const skip = backend === null && title !== 'reference';
  beforeAll(async () => {
    if (!skip) await useBackend(backend ?? 'reference');
  });

  test.skipIf(skip).each(Object.entries(cases))('%s', (_, { graph, shapes }) => {
    const model = made(graph);
    const frozen = model.frozen();
    for (const given of shapes) {
      const inputs: Record<string, Tensor | HostArray> = Object.fromEntries(
        Object.entries(given).map(([name, shape]) => [name, randn(shape)]),
      );
      for (const which of graph.inputs.some(({ name }) => name === 'which') ? [0, 1] : [null]) {
        if (which !== null) inputs.which = new HostArray('bool', [], [which]);
        for (let round = 0; round < 2; round++) {
          const [got, expected] = [values(frozen.forward(inputs)), values(model.forward(inputs))];
          if (backend) expect(got).toEqual(expected);
          else
            for (const [k, [shape, list]] of got.entries()) {
              expect(shape).toEqual(expected[k][0]);
              const errors = (list as number[]).map((v, i) => Math.abs(v - (expected[k][1] as number[])[i]));
              expect(Math.max(...errors)).toBeLessThan(1e-6);
            }
        }
      }
    }
  });
});

describe('frozen', () => {
  const { graph } = cases['a matrix product'];
  beforeAll(() => useBackend('reference'));

  test.each(Object.entries(cases))('later changes of the model do not reach it: %s', (_, one) => {
    const model = made(one.graph).train();
    const frozen = model.frozen();
    const inputs: Record<string, Tensor | HostArray> = { which: new HostArray('bool', [], [1]) };
    for (const [name, shape] of Object.entries(one.shapes.at(-1) ?? {})) inputs[name] = randn(shape);
    for (const name of Object.keys(inputs))
      if (!one.graph.inputs.some((input) => input.name === name)) delete inputs[name];
    const first = values(frozen.forward(inputs));
    for (const parameter of model.parameters()) parameter.set(new Float32Array(parameter.size).fill(0.3));
    expect(values(frozen.forward(inputs))).toEqual(first);
    expect(values(model.forward(inputs))).not.toEqual(first);
  });

  test('records nothing, and is in eval mode whatever the model is in', () => {
    const model = made({
      inputs: [port('x')],
      outputs: [port('y')],
      parameters: { w: [3, 4] },
      nodes: [node('MatMul', ['x', 'w'], {}, ['m']), node('KerasDropout', ['m'], { rate: 0.5 })],
    }).train();
    const x = randn([2, 3]);
    const [frozen, expected] = [model.frozen(), values(model.eval().forward({ x }))];
    model.train();
    expect(values(frozen.forward({ x }))).toEqual(expected);
    expect((frozen.forward({ x }).y as Tensor).requiresGrad).toBe(false);
  });

  test('refuses the inputs that the model refuses, and goes on', () => {
    const model = made({ ...graph, inputs: [{ name: 'x', element: 'float', shape: ['batch', 3] }] });
    const frozen = model.frozen();
    expect(() => frozen.forward({ x: zeros([2, 4]) })).toThrow(
      /GraphModel: expected x of shape \[batch, 3\], got \[2, 4\]/,
    );
    expect(() => frozen.forward({})).toThrow(/inputs.x: is missing/);
    expect(() => frozen.forward({ z: zeros([1]) })).toThrow(/inputs.z: is no input/);
    const broken = made(graph).frozen();
    expect(() => broken.forward({ x: zeros([2, 4]) })).toThrow(/matmul/);
    const x = tensor([1, 2, 3], [1, 3]);
    expect(values(broken.forward({ x }))).toEqual(values(made(graph).forward({ x })));
  });

  test('a session of a pipeline reads frozen weights where asked for', async () => {
    const states = [{ input: 'h', output: 'hn' }];
    const inputs = [port('x'), { name: 'h', element: 'float' as const, shape: [1, 1, 6], optional: true }];
    const model = made({ ...step('GRULayer', ['h']).graph, inputs, states });
    const run = tensorsOf(model);
    const [live, frozen] = [run.session(), run.session({ frozen: true })];
    const x = { shape: [1, 1, 5], data: [1, 2, -1, 0.5, 3] };
    for (let k = 0; k < 3; k++) {
      const [a, b] = [await live.push({ x }), await frozen.push({ x })];
      for (const [i, v] of Array.from(a.y.data).entries()) expect(b.y.data[i]).toBeCloseTo(v, 6);
    }
    for (const p of model.parameters()) p.set(new Float32Array(p.size));
    live.reset();
    frozen.reset();
    expect(Array.from((await live.push({ x })).y.data)).toEqual(new Array(6).fill(0));
    expect(Array.from((await frozen.push({ x })).y.data)).not.toEqual(new Array(6).fill(0));
    expect(() => run.session({ frozen: 1 } as never)).toThrow(/frozen: expected true or false/);
  });
});
