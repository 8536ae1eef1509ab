// What an exporter wrote out in ordinary operators is raised to layers: steps of cells, loops over them, pairs of directions. Each graph is compared with
// itself where its weights are inputs, so that nothing can be raised, and with onnxruntime where that is installed.

import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { currentBackend, type Tensor, tensor, useBackend } from 'unrolled';
import { type GraphNode, HostArray } from 'unrolled/graph';
import { readModel } from '../packages/convert/src/index.ts';
import { wave } from './onnx-recurrent-cases.ts';
import { onnxModel, type OnnxArray, type OnnxNode, type OnnxPort } from './onnx-writer.ts';

const before = currentBackend();
beforeAll(() => useBackend('reference'));
afterAll(() => useBackend(before));

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

interface Case {
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
const array = (...shape: number[]): OnnxArray => ({
  shape,
  values: wave(
    shape.reduce((n, d) => n * d, 1),
    seed++,
  ),
});
const ints = (...values: number[]): OnnxArray => ({ shape: [values.length], values, type: 'int64' });
const scalar = (value: number): OnnxArray => ({ shape: [], values: [value], type: 'int64' });
const node = (op: string, inputs: string, outputs: string, attributes: OnnxNode['attributes'] = {}): OnnxNode => ({
  op,
  inputs: inputs.split(' ').map((name) => (name === '-' ? '' : name)),
  outputs: outputs.split(' ').map((name) => (name === '-' ? '' : name)),
  attributes,
  name: outputs.split(' ').find((name) => name !== '-'),
});

/** The nodes of the model that was raised, its report, and the names of its parameters, after its outputs have been compared with the other two. */
async function raised(one: Case) {
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

const kinds = (layers: readonly GraphNode[]) => layers.map(({ op, attributes }) => [op, attributes]);

const [B, I, H] = [3, 4, 5];
const gemm = { transB: 1 };

/** i f g o of one value, and what follows. `order` is that of the rows. */
const lstmTail = (order: string, h = 'h', c = 'c'): OnnxNode[] => [
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
const gruAfter = (x = 'x', h = 'h', next = 'hn', p = 'p'): OnnxNode[] => [
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

const gruWeights = { W: [3 * H, I], b: [3 * H], R: [3 * H, H], d: [3 * H] };
const step = { x: array(B, I), h: array(B, H) };
const anyBatch = { x: ['batch', I], h: ['batch', H], c: ['batch', H] };

describe('a step that is written out', () => {
  test.each(['ifgo', 'ofig'])('of an LSTM with the gates in the order %s', async (order) => {
    const { layers, decisions, parameters } = await raised({
      nodes: [
        node('Gemm', 'x W b', 'gx', gemm),
        node('Gemm', 'h R', 'gh', gemm),
        node('Add', 'gx gh', 'gates'),
        ...lstmTail(order),
      ],
      inputs: { ...step, c: array(B, H) },
      outputs: ['hn', 'cn'],
      weights: { W: [4 * H, I], b: [4 * H], R: [4 * H, H] },
      ports: anyBatch,
    });
    expect(kinds(layers)).toEqual([['LSTMLayer', { inputSize: I, hiddenSize: H, bias: true, bidirectional: false }]]);
    expect(decisions.filter(({ what }) => what === 'written-out-cell').map(({ choice }) => choice)).toEqual([
      'one step of an LSTM',
    ]);
    expect(parameters.map((name) => name.split('.').at(-1))).toEqual([
      'weight_ih_l0',
      'weight_hh_l0',
      'bias_ih_l0',
      'bias_hh_l0',
    ]);
  });

  test('of an LSTM of TensorFlow: one product of input and state side by side, and 1 for the forget gate', async () => {
    const { layers } = await raised({
      nodes: [
        node('Concat', 'x h', 'both', { axis: 1 }),
        node('MatMul', 'both K', 'product'),
        node('Add', 'product b', 'gates'),
        ...lstmTail('igfo')
          .map((one) => (one.outputs[0] === 'f' ? { ...one, inputs: ['forget'] } : one))
          .toSpliced(1, 0, node('Add', 'gf one', 'forget')),
      ],
      inputs: { ...step, c: array(B, H) },
      outputs: ['hn', 'cn'],
      weights: { K: [I + H, 4 * H], b: [4 * H] },
      constants: { one: { shape: [], values: [1] } },
      ports: anyBatch,
    });
    expect(layers.map(({ op }) => op)).toEqual(['LSTMLayer']);
  });

  test('of an LSTM with a product for each gate, as wide as its input', async () => {
    const gate = (g: string) => [
      node('MatMul', `x W${g}`, `x${g}`),
      node('MatMul', `h R${g}`, `h${g}`),
      node('Add', `x${g} h${g}`, `s${g}`),
      node('Add', `b${g} s${g}`, `g${g}`),
    ];
    const letters = ['i', 'f', 'g', 'o'];
    const shapes = letters.flatMap(
      (g) =>
        [
          [`W${g}`, [H, H]],
          [`R${g}`, [H, H]],
          [`b${g}`, [H]],
        ] as const,
    );
    const { layers, ops } = await raised({
      nodes: [...letters.flatMap(gate), ...lstmTail('ifgo').slice(1)],
      inputs: { x: array(B, H), h: array(B, H), c: array(B, H) },
      outputs: ['hn', 'cn'],
      weights: Object.fromEntries(shapes),
    });
    expect(layers.map(({ op }) => op)).toEqual(['LSTMLayer']);
    expect(ops).not.toContain('MatMul');
  });

  test('of a GRU, reset after the product', async () => {
    const { layers, decisions } = await raised({
      nodes: gruAfter(),
      inputs: step,
      outputs: ['hn'],
      weights: gruWeights,
      ports: anyBatch,
    });
    const attributes = { inputSize: I, hiddenSize: H, bias: true, bidirectional: false, resetAfter: true };
    expect(kinds(layers)).toEqual([['GRULayer', attributes]]);
    expect(decisions.map(({ choice }) => choice)).toContain('one step of a GRU, reset after the product');
  });

  test('of a GRU of TensorFlow, reset before the product', async () => {
    const { layers } = await raised({
      nodes: [
        node('Concat', 'x h', 'both', { axis: -1 }),
        node('MatMul', 'both K', 'k'),
        node('Add', 'k b', 'gates'),
        node('Sigmoid', 'gates', 'rz'),
        node('Split', 'gates', 'gr gz', { axis: -1 }),
        node('Sigmoid', 'gr', 'r'),
        node('Sigmoid', 'gz', 'z'),
        node('Mul', 'r h', 'rh'),
        node('Concat', 'x rh', 'scaled', { axis: 1 }),
        node('MatMul', 'scaled C', 'm'),
        node('Add', 'm d', 'an'),
        node('Tanh', 'an', 'n'),
        node('Sub', 'one z', 'rest'),
        node('Mul', 'rest n', 'a'),
        node('Mul', 'z h', 'bb'),
        node('Add', 'bb a', 'hn'),
      ],
      inputs: step,
      outputs: ['hn'],
      weights: { K: [I + H, 2 * H], b: [2 * H], C: [I + H, H], d: [H] },
      constants: { one: { shape: [], values: [1] } },
      ports: anyBatch,
    });
    expect(layers.map(({ op, attributes }) => [op, attributes?.resetAfter])).toEqual([['GRULayer', false]]);
  });

  test.each([
    ['Tanh', 'tanh'],
    ['Relu', 'relu'],
  ])('of an RNN with %s', async (op, nonlinearity) => {
    const nodes = [
      node('Gemm', 'x W', 'gx', gemm),
      node('Gemm', 'h R b', 'gh', gemm),
      node('Add', 'gh gx', 's'),
      node(op, 's', 'hn'),
    ];
    const weights = { W: [H, I], R: [H, H], b: [H] };
    const { layers } = await raised({ nodes, inputs: step, outputs: ['hn'], weights, ports: anyBatch });
    const attributes = { inputSize: I, hiddenSize: H, bias: true, bidirectional: false, nonlinearity };
    expect(kinds(layers)).toEqual([['RNNLayer', attributes]]);
    const behind = [...nodes, node('Neg', 'hn', 'y')]; // its state does not come out: any layer of two inputs
    expect((await raised({ nodes: behind, inputs: step, outputs: ['y'], weights })).layers).toEqual([]);
  });

  test('again and again shares one layer, which begins with zeros', async () => {
    const rnn = (t: number, h: string) => [
      node('Gemm', `x${t} W b`, `gx${t}`, gemm),
      node('Gemm', `${h} R`, `gh${t}`, gemm),
      node('Add', `gx${t} gh${t}`, `s${t}`),
      node('Tanh', `s${t}`, `h${t}`),
    ];
    for (const [nodes, weights, zeros, op] of [
      [[rnn(0, 'zeros'), rnn(1, 'h0'), rnn(2, 'h1')].flat(), { W: [H, I], b: [H], R: [H, H] }, true, 'RNNLayer'],
      [
        [0, 1, 2].flatMap((t) => gruAfter(`x${t}`, t === 0 ? 'zeros' : `h${t - 1}`, `h${t}`, `t${t}`)),
        gruWeights,
        true,
        'GRULayer',
      ],
      [
        [0, 1, 2].flatMap((t) => gruAfter(`x${t}`, t === 0 ? 'zeros' : `h${t - 1}`, `h${t}`, `t${t}`)),
        gruWeights,
        false,
        'GRULayer',
      ],
    ] as const) {
      const model = {
        nodes: [...nodes, node('Neg', 'h2', 'y')],
        inputs: { x0: array(B, I), x1: array(B, I), x2: array(B, I) },
        outputs: ['y'],
        weights,
        constants: { zeros: { shape: [B, H], values: zeros ? new Float32Array(B * H) : wave(B * H, 9) } },
      };
      const { layers, parameters } = await raised(model);
      if (!zeros) {
        expect(layers).toEqual([]); // a first state of other numbers has its own batch: then no step is a layer, or weights would be there twice
        continue;
      }
      expect(layers.map((layer) => layer.op)).toEqual([op, op, op]);
      expect(new Set(layers.map(({ name, layer = name }) => layer)).size).toBe(1);
      expect(parameters.length).toBe(4);
    }
  });

  test('stays as it is where something else reads its weights, or it is no matrix of rows', async () => {
    const nodes = [...gruAfter(), node('MatMul', 'hn E', 'e'), node('Gemm', 'e W', 'y', gemm)];
    const shared = await raised({ nodes, inputs: step, outputs: ['y'], weights: { ...gruWeights, E: [H, I] } });
    expect(shared.layers).toEqual([]);
    const deep = [
      node('MatMul', 'x W', 'gx'),
      node('MatMul', 'h R', 'gh'),
      node('Add', 'gx gh', 's'),
      node('Tanh', 's', 'hn'),
    ];
    const inputs = { x: array(2, B, I), h: array(2, B, H) };
    expect((await raised({ nodes: deep, inputs, outputs: ['hn'], weights: { W: [I, H], R: [H, H] } })).layers).toEqual(
      [],
    );
  });
});

const T = 4;
const body = (nodes: readonly OnnxNode[], inputs: readonly OnnxPort[], outputs: readonly string[]) => ({
  graph: { nodes, inputs, outputs: outputs.map((name) => ({ name, ...(name === 'on' && { type: 'bool' as const }) })) },
});
const lstmStep = [
  node('Gemm', 'xt W b', 'gx', gemm),
  node('Gemm', 'h R d', 'gh', gemm),
  node('Add', 'gx gh', 'gates'),
  ...lstmTail('iofg'),
];
const lstmWeights = { W: [4 * H, I], b: [4 * H], R: [4 * H, H], d: [4 * H] };
const again = (name: string, to: string) => node('Identity', name, to);
const port = (name: string, ...shape: (number | string)[]): OnnxPort => ({ name, shape });

describe('a loop over a step', () => {
  const first = { h0: array(B, H), c0: array(B, H) };
  const lstmPorts = [port('h', 'batch', H), port('c', 'batch', H), port('xt', 'batch', I)];

  test.each([
    [0, 0, 0, 0],
    [1, 1, 1, 1],
    [0, 1, 1, 0],
  ])(
    'of a Scan along axis %i, direction %i, to axis %i, direction %i',
    async (axis, direction, outAxis, outDirection) => {
      const { layers, ops, decisions } = await raised({
        nodes: [
          node('Scan', 'h0 c0 x', 'hn_ cn_ y', {
            body: body([...lstmStep, again('hn', 'collected')], lstmPorts, ['hn', 'cn', 'collected']),
            num_scan_inputs: 1,
            scan_input_axes: [axis],
            scan_input_directions: [direction],
            scan_output_axes: [outAxis],
            scan_output_directions: [outDirection],
          }),
        ],
        inputs: { ...first, x: axis === 0 ? array(T, B, I) : array(B, T, I) },
        outputs: ['hn_', 'cn_', 'y'],
        weights: lstmWeights,
      });
      expect(layers.map(({ op }) => op)).toEqual(['LSTMLayer']);
      expect(ops).not.toContain('Scan');
      expect(decisions.map(({ what }) => what)).toContain('whole-sequence');
    },
  );

  test('of a Scan over two layers and a sequence of its own, from zeros', async () => {
    const second = gruAfter('hn', 'u', 'un', 'second').map((one) => ({
      ...one,
      inputs: one.inputs.map((name) => (/^[WbRd]$/.test(name) ? `${name}2` : name)),
    }));
    const { layers } = await raised({
      nodes: [
        node('Scan', 'zeros zeros zeros x', 'h_ c_ un_ y', {
          body: body(
            [...lstmStep, ...second, again('un', 'collected')],
            [port('h', B, H), port('c', B, H), port('u', B, H), port('xt', B, I)],
            ['hn', 'cn', 'un', 'collected'],
          ),
          num_scan_inputs: 1,
        }),
      ],
      inputs: { x: array(T, B, I) },
      outputs: ['un_', 'y'],
      weights: { ...lstmWeights, W2: [3 * H, H], b2: [3 * H], R2: [3 * H, H], d2: [3 * H] },
      constants: { zeros: { shape: [B, H], values: new Float32Array(B * H) } },
    });
    expect(layers.map(({ op, inputs }) => [op, inputs.length])).toEqual([
      ['LSTMLayer', 1],
      ['GRULayer', 1],
    ]);
  });

  const loop = (axis: number, trips: string, extra: readonly OnnxNode[] = []) =>
    node('Loop', `${trips} - h0`, 'last all', {
      body: body(
        [
          node('Gather', 'x i', 'xt', { axis }),
          ...gruAfter('xt', 'h', 'hn', 'in'),
          ...extra,
          again('going', 'on'),
          again(extra.length > 0 ? 'more' : 'hn', 'collected'),
        ],
        [{ name: 'i', type: 'int64', shape: [] }, { name: 'going', type: 'bool', shape: [] }, port('h', 'batch', H)],
        ['on', 'hn', 'collected'],
      ),
    });
  const loopCase = (axis: number, nodes: readonly OnnxNode[], trips?: number): Case => ({
    nodes,
    inputs: { x: axis === 0 ? array(T, B, I) : array(B, T, I), h0: first.h0 },
    outputs: ['last', 'all'],
    weights: gruWeights,
    constants: { zero: scalar(0), one: scalar(1), ...(trips !== undefined && { trips: scalar(trips) }) },
    ports: trips === undefined ? { x: axis === 0 ? ['time', 'batch', I] : ['batch', 'time', I] } : {},
  });

  test.each([0, 1])('of a Loop over as many positions as axis %i has', async (axis) => {
    const length = [node('Shape', 'x', 'shape'), node('Gather', `shape ${axis === 0 ? 'zero' : 'one'}`, 'trips')];
    const { layers, ops } = await raised(loopCase(axis, [...length, loop(axis, 'trips')]));
    expect(layers.map(({ op }) => op)).toEqual(['GRULayer']);
    expect(ops).not.toContain('Loop');
  });

  test('of a Loop with a constant count, where that is all there is', async () => {
    expect((await raised(loopCase(0, [loop(0, 'trips')], T))).ops).not.toContain('Loop');
    const fewer = await raised(loopCase(0, [loop(0, 'trips')], T - 1));
    expect(fewer.ops).toContain('Loop');
  });

  test('stays a loop where its body is something else too; its step is a layer', async () => {
    const nodes = [
      node('Shape', 'x', 'shape'),
      node('Gather', 'shape zero', 'trips'),
      loop(0, 'trips', [node('Neg', 'hn', 'more')]),
    ];
    const { ops, decisions } = await raised(loopCase(0, nodes));
    expect(ops).toContain('Loop');
    expect(decisions.map(({ what }) => what)).toContain('written-out-cell');
  });
});

describe('two directions', () => {
  const G = { RNN: 1, GRU: 3, LSTM: 4 } as const;
  const arrays = (op: keyof typeof G) =>
    Object.fromEntries(
      ['1', '2'].flatMap((d) => [
        [`W${d}`, [1, G[op] * H, I]],
        [`R${d}`, [1, G[op] * H, H]],
        [`B${d}`, [1, 2 * G[op] * H]],
      ]),
    );
  const axes = { one: ints(1), last: ints(-1), first: ints(0), least: ints(-(2 ** 53) + 1) };
  const flip = (from: string, to: string, axis = 'first') => node('Slice', `${from} last least ${axis} last`, to);
  const squeezed = (name: string) => node('Squeeze', `${name} one`, `${name}_`);
  const x = array(T, B, I);
  const ports = { x: ['time', 'batch', I], xb: ['batch', 'time', I] };

  test.each(['RNN', 'GRU', 'LSTM'] as const)('of %s: two operators, one of them `reverse`', async (op) => {
    const tail = op === 'LSTM' ? ['h1 c1', 'h2 c2'] : ['h1', 'h2'];
    const { layers, ops, parameters, decisions } = await raised({
      nodes: [
        node(op, 'x W1 R1 B1', `y1 ${tail[0]}`, { hidden_size: H }),
        node(op, 'x W2 R2 B2', `y2 ${tail[1]}`, { hidden_size: H, direction: 'reverse' }),
        squeezed('y1'),
        squeezed('y2'),
        node('Concat', 'y1_ y2_', 'y', { axis: 2 }),
      ],
      inputs: { x },
      outputs: ['y', ...tail.flatMap((names) => names.split(' '))],
      weights: arrays(op),
      constants: axes,
      ports,
    });
    expect(layers.map(({ attributes }) => attributes?.bidirectional)).toEqual([true]);
    expect(ops.filter((name) => name === 'Concat')).toEqual([]);
    expect(parameters).toContain(`${layers[0].name}.weight_hh_l0_reverse`);
    expect(decisions.map(({ what, choice }) => `${what}: ${choice}`)).toContain(
      'directions: one bidirectional layer of "y1" and "y2"',
    );
  });

  test('around a forward operator the sequence is turned, batch first', async () => {
    const { layers, ops } = await raised({
      nodes: [
        node('Transpose', 'xb', 'x', { perm: [1, 0, 2] }),
        flip('xb', 'turned', 'one'),
        node('Transpose', 'turned', 'xr', { perm: [1, 0, 2] }),
        node('GRU', 'x W1 R1 B1', 'y1', { hidden_size: H, linear_before_reset: 1 }),
        node('GRU', 'xr W2 R2 B2', 'y2', { hidden_size: H, linear_before_reset: 1 }),
        squeezed('y1'),
        squeezed('y2'),
        node('Transpose', 'y1_', 't1', { perm: [1, 0, 2] }),
        node('Transpose', 'y2_', 't2', { perm: [1, 0, 2] }),
        flip('t2', 'back', 'one'),
        node('Concat', 't1 back', 'y', { axis: -1 }),
      ],
      inputs: { xb: array(B, T, I) },
      outputs: ['y'],
      weights: arrays('GRU'),
      constants: axes,
      ports,
    });
    expect(layers.map(({ attributes }) => [attributes?.bidirectional, attributes?.resetAfter])).toEqual([[true, true]]);
    expect(ops.filter((op) => op === 'Slice').length).toBeLessThanOrEqual(2); // the halves, put together behind a Transpose
  });

  test('turned by lengths that are those of the whole sequence', async () => {
    const rnn = (name: string, d: number) => node('RNN', `${name} W${d} R${d} B${d}`, `y${d}`, { hidden_size: H });
    const lengths = (time: string) => [
      node('Shape', 'x', 'shape'),
      node('Slice', `shape ${time}`, 'steps'),
      node('Slice', 'shape one two', 'rows'),
      node('Expand', 'steps rows', 'lens'),
    ];
    const turned = (from: string, to: string) =>
      node('ReverseSequence', `${from} lens`, to, { time_axis: 0, batch_axis: 1 });
    const nodes = [
      turned('x', 'xr'),
      rnn('x', 1),
      rnn('xr', 2),
      squeezed('y1'),
      squeezed('y2'),
      turned('y2_', 'back'),
      node('Concat', 'y1_ back', 'y', { axis: 2 }),
    ];
    const model = (made: readonly OnnxNode[], size: number, given = ports) => ({
      nodes: [...made, ...nodes],
      inputs: { x: array(size, size, I) },
      outputs: ['y'],
      weights: arrays('RNN'),
      constants: { ...axes, two: ints(2) },
      ports: given,
    });
    const { layers, ops } = await raised(model(lengths('first one'), T));
    expect(layers.map(({ attributes }) => attributes?.bidirectional)).toEqual([true]);
    expect(ops).not.toContain('ReverseSequence');
    expect((await raised(model(lengths('first one'), T, { ...ports, x: [T, T, I] as never }))).layers.length).toBe(1);
    // The number of rows is another size, though it may be the same.
    expect((await raised(model(lengths('one two'), T))).layers.length).toBe(2);
  });

  test('with lengths and states', async () => {
    const { layers, ops } = await raised({
      nodes: [
        node('LSTM', 'x W1 R1 B1 lens h1 c1', 'y1 -', { hidden_size: H }),
        node('LSTM', 'x W2 R2 B2 lens h2 c2', 'y2 h_', { hidden_size: H, direction: 'reverse' }),
        squeezed('y1'),
        squeezed('y2'),
        node('Concat', 'y1_ y2_', 'y', { axis: 2 }),
      ],
      inputs: { x, h1: array(1, B, H), c1: array(1, B, H), h2: array(1, B, H), c2: array(1, B, H) },
      outputs: ['y', 'h_'],
      weights: arrays('LSTM'),
      constants: { ...axes, lens: { shape: [B], values: [T, 1, 2], type: 'int32' } },
    });
    expect(layers.map(({ attributes }) => attributes?.bidirectional)).toEqual([true]);
    expect(ops).not.toContain('ReverseSequence');
  });

  test('stay two layers where they read different sequences, or one reads what the other gives', async () => {
    const two = (second: string) => ({
      nodes: [
        node('GRU', 'x W1 R1 B1', 'y1 h1', { hidden_size: H }),
        node('GRU', second, 'y2 h2', { hidden_size: H, direction: 'reverse' }),
      ],
      inputs: { x, z: array(T, B, I), h0: array(1, B, H) },
      outputs: ['y1', 'y2'],
      weights: arrays('GRU'),
    });
    expect((await raised(two('z W2 R2 B2'))).layers.length).toBe(2);
    const { nodes, ...rest } = two('x W2 R2 B2 - h1');
    const [forward, backward] = nodes;
    const given = { ...forward, inputs: [...forward.inputs, '', 'h0'] };
    expect((await raised({ nodes: [given, backward], ...rest })).layers.length).toBe(2);
    expect(
      (
        await raised({
          nodes: [given, { ...backward, inputs: 'x W2 R2 B2 - h0'.split(' ').map((n) => n.replace('-', '')) }],
          ...rest,
        })
      ).layers.length,
    ).toBe(1);
  });
});
