// A graph is the same function as the modules that it is made of, forward and backward; and what is no graph is refused before anything is made of it.

import {
  currentBackend,
  GRU,
  indices,
  Linear,
  LSTM,
  manualSeed,
  modelOf,
  openRun,
  randn,
  type SavedTensor,
  type Tensor,
  useBackend,
  zeros,
} from 'unrolled';
import { type TensorsPipeline, tensorsOf } from 'unrolled/pipelines';
import { writeSafetensors } from 'unrolled/io';
import { afterAll, describe, expect, test } from 'vitest';
import { type FilledTensor, GraphModel } from './graph-model.ts';
import { graphOps } from './index.ts';
import type { GraphNode, GraphSpec } from './spec.ts';
import { HostArray } from './value.ts';

const before = currentBackend();
await useBackend('reference');
afterAll(() => useBackend(before));

const port = (name: string, ...shape: (number | string)[]) => ({ name, element: 'float' as const, shape });
const node = (
  op: string,
  inputs: (string | null)[],
  outputs: (string | null)[],
  attributes: GraphNode['attributes'] = {},
  name = outputs[0] ?? op,
): GraphNode => ({ name, op, inputs, outputs, attributes });

/** x [T, B, 3] → GRU → all steps through one linear layer, with a parameter of the graph's own. */
const streaming: GraphSpec = {
  inputs: [port('x', 'time', 'batch', 3), { ...port('h0', 1, 'batch', 4), optional: true }],
  outputs: [port('y', 'time', 'batch', 2), port('hn', 1, 'batch', 4)],
  parameters: { scale: [2] },
  states: [{ input: 'h0', output: 'hn' }],
  nodes: [
    node('GRULayer', ['x', null, 'h0'], ['h', 'hn'], { inputSize: 3, hiddenSize: 4 }, 'gru'),
    node('Linear', ['h'], ['z'], { inFeatures: 4, outFeatures: 2 }, 'fc'),
    node('Mul', ['z', 'scale'], ['y']),
  ],
};

function made(): GraphModel {
  manualSeed(7);
  const model = new GraphModel({ graph: streaming });
  for (const parameter of model.parameters()) parameter.set(randn(parameter.shape, 0, 0.5));
  return model;
}

describe('a graph', () => {
  test('computes what its modules compute, with the same gradients', () => {
    const model = made();
    const state = model.stateDict();
    expect([...state.keys()]).toEqual([
      'scale',
      'gru.weight_ih_l0',
      'gru.weight_hh_l0',
      'gru.bias_ih_l0',
      'gru.bias_hh_l0',
      'fc.weight',
      'fc.bias',
    ]);
    const part = (prefix: string) =>
      new Map(
        [...state]
          .filter(([name]) => name.startsWith(prefix))
          .map(([name, value]) => [name.slice(prefix.length), value]),
      );
    const gru = new GRU(3, 4).loadStateDict(part('gru.'));
    const fc = new Linear(4, 2).loadStateDict(part('fc.'));
    const x = randn([5, 2, 3]);
    const [h, hn] = gru.forward(x, zeros([1, 2, 4]));
    const y = fc.forward(h).mul(model.parameters()[0]);
    const got = model.forward({ x }) as Record<string, Tensor>;
    expect(got.y.dataSync()).toEqual(y.dataSync());
    expect(got.hn.dataSync()).toEqual(hn.dataSync());
    got.y.sum().backward();
    const scale = model.parameters()[0];
    const first = scale.grad?.dataSync();
    scale.zeroGrad();
    y.sum().backward();
    expect(scale.grad?.dataSync()).toEqual(first);
    const own = [...model.children()].flatMap(([, layer]) => layer.parameters());
    expect(own.map((p) => p.grad?.dataSync())).toEqual(
      [...gru.parameters(), ...fc.parameters()].map((p) => p.grad?.dataSync()),
    );
  });

  test('is a type of model, and saves and loads', () => {
    const model = made();
    const again = modelOf(JSON.parse(JSON.stringify(model.config)) as typeof model.config).loadStateDict(
      model.stateDict(),
    );
    const x = randn([3, 1, 3]);
    expect((again.forward({ x }).y as Tensor).dataSync()).toEqual((model.forward({ x }).y as Tensor).dataSync());
  });

  test('is made with weights that are read one by one, as arrays or filled in', () => {
    const model = made();
    const state = model.stateDict();
    const weights = new Map<string, () => SavedTensor | FilledTensor>();
    for (const [name, saved] of state) {
      const { shape, data } = saved;
      weights.set(name, weights.size % 2 === 0 ? () => saved : () => ({ shape, fill: (to) => to.set(data) }));
    }
    const again = GraphModel.withWeights(model.config, weights, 'the file');
    expect(Array.from(again.stateDict(), ([name, { data }]) => [name, data])).toEqual(
      Array.from(state, ([name, { data }]) => [name, data]),
    );
    const refused = (
      changed: readonly (readonly [string, (() => never) | (() => object) | null])[],
      problem: string,
    ) => {
      const others = new Map<string, unknown>(weights);
      for (const [name, make] of changed)
        if (make) others.set(name, make);
        else others.delete(name);
      expect(() => GraphModel.withWeights(model.config, others as never, 'the file')).toThrow(problem);
    };
    refused([['scale', null]], 'the file: lacks scale [2]');
    refused([['scales', () => ({})]], 'the file: has scales, which the graph has not');
    const filled = (shape: readonly number[], value: number) => () => ({
      shape,
      fill: (to: Float32Array) => to.fill(value),
    });
    refused([['fc.bias', filled([3], 0)]], 'the file: expected fc.bias of shape [2], got [3]');
    refused([['fc.bias', filled([2], Number.NaN)]], 'fc.bias: expected finite float32 numbers, got NaN at element 0');
    refused([['fc.bias', () => ({ shape: [2], data: Float32Array.of(1, Infinity) })]], 'got Infinity at element 1');
  });

  test('shares a layer between nodes', () => {
    const attributes = { inFeatures: 2, outFeatures: 2 };
    const model = new GraphModel({
      graph: {
        inputs: [port('x', 'batch', 2)],
        outputs: [port('y', 'batch', 2)],
        nodes: [
          { ...node('Linear', ['x'], ['a'], attributes), layer: 'fc' },
          { ...node('Linear', ['a'], ['y'], attributes), layer: 'fc' },
        ],
      },
    });
    expect(model.parameterCount()).toBe(6);
    const fc = new Linear(2, 2).loadStateDict(
      new Map([...model.stateDict()].map(([name, value]) => [name.slice(3), value])),
    );
    const x = randn([3, 2]);
    expect((model.forward({ x }).y as Tensor).dataSync()).toEqual(fc.forward(fc.forward(x)).dataSync());
  });

  test('computes shapes on the host, and with them reshapes', () => {
    // y = x reshaped to [first axis of x · 2, the rest]
    const model = new GraphModel({
      graph: {
        inputs: [port('x', 'n', 'm')],
        outputs: [port('y', 'a', 'b')],
        constants: {
          two: { element: 'int', shape: [1], values: [2] },
          rest: { element: 'int', shape: [1], values: [-1] },
        },
        nodes: [
          node('Shape', ['x'], ['n'], { end: 1 }),
          node('Mul', ['n', 'two'], ['double']),
          node('Concat', ['double', 'rest'], ['shape'], { axis: 0 }),
          node('Reshape', ['x', 'shape'], ['y']),
        ],
      },
    });
    expect((model.forward({ x: zeros([3, 4]) }).y as Tensor).shape).toEqual([6, 2]);
    expect((model.forward({ x: zeros([5, 6]) }).y as Tensor).shape).toEqual([10, 3]);
  });

  test('reads ids as a tensor or as an array of the host', () => {
    const graph: GraphSpec = {
      inputs: [{ name: 'ids', element: 'int', shape: ['n'] }],
      outputs: [port('y', 'n', 2)],
      nodes: [node('Embedding', ['ids'], ['y'], { numEmbeddings: 5, embeddingDim: 2 })],
    };
    const model = new GraphModel({ graph });
    const [a, b] = [model.forward({ ids: indices([4, 0]) }), model.forward({ ids: HostArray.ints([4, 0]) })];
    expect((a.y as Tensor).dataSync()).toEqual((b.y as Tensor).dataSync());
  });
});

describe('a run of tensors', () => {
  test('reads a sequence in pieces as it reads it whole', async () => {
    const run = tensorsOf(made());
    const x = randn([6, 1, 3]).dataSync();
    const whole = await run.predict({ x: { shape: [6, 1, 3], data: x } });
    const session = run.session();
    const pieces: number[] = [];
    for (const [from, to] of [
      [0, 2],
      [2, 3],
      [3, 6],
    ]) {
      const { y, ...rest } = await session.push({ x: { shape: [to - from, 1, 3], data: x.slice(3 * from, 3 * to) } });
      expect(rest).toEqual({});
      pieces.push(...Array.from(y.data));
    }
    expect(pieces).toEqual(Array.from(whole.y.data));
    session.reset();
    const { y } = await session.push({ x: { shape: [2, 1, 3], data: x.slice(0, 6) } });
    expect(Array.from(y.data)).toEqual(Array.from(whole.y.data).slice(0, 4));
  });

  test('is opened by openRun, and says what it reads', async () => {
    const model = made();
    const config = {
      format: 'unrolled run',
      version: 2,
      task: 'tensors',
      model: { ...model.config, input: { kind: 'tensors' } },
    };
    const files = {
      'config.json': config,
      'model.safetensors': writeSafetensors(model.stateDict() as Parameters<typeof writeSafetensors>[0]),
    };
    const run = (await openRun(files)) as TensorsPipeline;
    expect([run.task, run.inputs.map(({ name }) => name), run.outputs.map(({ name }) => name)]).toEqual([
      'tensors',
      ['x', 'h0'],
      ['y', 'hn'],
    ]);
    const x = { shape: [2, 1, 3], data: randn([2, 1, 3]).dataSync() };
    const expected = await tensorsOf(model).predict({ x });
    expect((await run.predict({ x })).y.data).toEqual(expected.y.data);
    await expect(run.predict({ x: { shape: [2, 1, 4], data: new Float32Array(8) } })).rejects.toThrow(
      'GraphModel: expected x of shape [time, batch, 3], got [2, 1, 4]',
    );
    await expect(run.predict({ x: { shape: [2, 1, 3], data: [1] } })).rejects.toThrow(
      'tensors: expected x, 1 values of shape [2, 1, 3]',
    );
    await expect(run.predict({ y: x })).rejects.toThrow('inputs.y: is no input of the graph; did you mean x?');
    await expect(run.predict({})).rejects.toThrow('inputs.x: is missing: expected x float [time, batch, 3]');
  });

  test('of a network without states has no sessions', () => {
    const { states: _, ...graph } = streaming;
    expect(() => tensorsOf(new GraphModel({ graph })).session()).toThrow(
      'the network has no states; predict reads a whole sequence',
    );
  });
});

describe('refused', () => {
  const base: GraphSpec = { inputs: [port('x', 'n')], outputs: [port('y', 'n')], nodes: [node('Relu', ['x'], ['y'])] };
  const deep = (levels: number): GraphSpec =>
    levels === 0 ? base : { ...base, nodes: [node('Relu', ['x'], ['y'], { body: { graph: deep(levels - 1) } })] };

  test.each<[string, unknown, string]>([
    ['no graph', {}, 'expected a graph: inputs, outputs and nodes'],
    [
      'an op that is not known',
      { ...base, nodes: [node('Reluu', ['x'], ['y'])] },
      'uses an op that is not known here: Reluu (node "y"); did you mean Relu?',
    ],
    [
      'two of them',
      { ...base, nodes: [node('A1', ['x'], ['a']), node('B2', ['a'], ['y'])] },
      'uses 2 ops that are not known here: A1 (node "a"), B2 (node "y")',
    ],
    [
      'a circle',
      { ...base, nodes: [node('Add', ['x', 'b'], ['a']), node('Add', ['a', 'a'], ['b'])] },
      'reads "b", which nothing before it gives',
    ],
    [
      'a value that is given twice',
      { ...base, nodes: [node('Relu', ['x'], ['y']), node('Relu', ['x'], ['y'])] },
      '"y" is given twice',
    ],
    ['an output that is not computed', { ...base, outputs: [port('z', 'n')] }, 'gives "z", which no node computes'],
    ['too many inputs', { ...base, nodes: [node('Relu', ['x', 'x'], ['y'])] }, 'expected at most 1 inputs, X, got 2'],
    ['an input that is missing', { ...base, nodes: [node('Add', ['x', null], ['y'])] }, 'input B is missing'],
    [
      'an attribute that is not known',
      { ...base, nodes: [node('Softmax', ['x'], ['y'], { axes: 1 })] },
      'attribute axes is not known; did you mean axis?',
    ],
    [
      'a parameter that is too large',
      { ...base, parameters: { w: [2 ** 31, 2 ** 31] } },
      'the shape [2147483648, 2147483648] is impossibly large',
    ],
    ['a size of 0 that hides others', { ...base, parameters: { w: [0, 2 ** 31, 2 ** 31] } }, 'is impossibly large'],
    [
      'a constant of another size',
      { ...base, constants: { c: { element: 'int', shape: [3], values: [1] } } },
      'expected 3 whole numbers',
    ],
    [
      'layers of different form under one name',
      {
        ...base,
        nodes: [
          node('Linear', ['x'], ['a'], { inFeatures: 1, outFeatures: 1 }, 'fc'),
          node('Linear', ['a'], ['y'], { inFeatures: 1, outFeatures: 2 }, 'fc'),
        ],
      },
      'share the layer "fc"',
    ],
    ['a state that is no input', { ...base, states: [{ input: 'h', output: 'y' }] }, 'state "h" is no input'],
    ['graphs in graphs without end', deep(100), 'more than 32 deep'],
    [
      'names that are none',
      { ...base, nodes: [{ name: 'a', op: 'Relu', inputs: [1], outputs: ['y'] }] },
      'expected a graph',
    ],
  ])('%s', (_, graph, message) => {
    expect(() => new GraphModel({ graph: graph as GraphSpec })).toThrow(message);
  });

  test('attributes of another type, when the layer is made', () => {
    const graph = { ...base, nodes: [node('Linear', ['x'], ['y'], { inFeatures: '3', outFeatures: 2 })] };
    expect(() => new GraphModel({ graph })).toThrow('node "y" (Linear): inFeatures: expected a whole number, got "3"');
  });
});

test('every op has its inputs by name', () => {
  expect(graphOps.size).toBeGreaterThan(25);
  for (const [name, { inputs }] of graphOps) expect([name, inputs.length > 0]).toEqual([name, true]);
});

test('a bidirectional LSTM of two layers is the layer of the library', () => {
  const attributes = { inputSize: 3, hiddenSize: 4, numLayers: 2, bidirectional: true };
  const model = new GraphModel({
    graph: {
      inputs: [port('x', 'time', 'batch', 3), { name: 'lengths', element: 'int', shape: ['batch'] }],
      outputs: [port('y', 'time', 'batch', 8), port('c', 4, 'batch', 4)],
      nodes: [node('LSTMLayer', ['x', 'lengths'], ['y', null, 'c'], attributes, 'lstm')],
    },
  });
  const lstm = new LSTM(3, 4, { numLayers: 2, bidirectional: true });
  lstm.loadStateDict(new Map([...model.stateDict()].map(([name, value]) => [name.slice(5), value])));
  const x = randn([5, 2, 3]);
  const [y, { c }] = lstm.forward(x, null, { lengths: [5, 2] });
  const got = model.forward({ x, lengths: HostArray.ints([5, 2]) }) as Record<string, Tensor>;
  expect([got.y.dataSync(), got.c.dataSync()]).toEqual([y.dataSync(), c.dataSync()]);
});
