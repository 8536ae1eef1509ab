// The library's own models, saved under the names that people give to layers in PyTorch, read back as graphs and recognized.

import { describe, expect, test } from 'vitest';
import {
  type CellName,
  indices,
  LanguageModel,
  Linear,
  LSTM,
  manualSeed,
  Module,
  SequenceClassifier,
  SequenceTagger,
  type StateDict,
} from 'unrolled';
import type { GraphSpec } from 'unrolled/graph';
import { type TensorData, writeSafetensors } from 'unrolled/io';
import { ConversionReport } from '../model/report.ts';
import { readModel } from '../read-model.ts';
import { moduleOf, ownModel, type OwnTask } from './models.ts';

/** A state dict under other names: `embedding.weight` → `encoder.weight`. */
function renamed(model: Module, names: Readonly<Record<string, string>>): Uint8Array {
  const state = Array.from(model.stateDict(), ([name, tensor]) => {
    const [field, ...rest] = name.split('.');
    return [[names[field] ?? field, ...rest].join('.'), tensor] as const;
  });
  return writeSafetensors(new Map(state) as Map<string, TensorData>);
}

async function recognized(file: Uint8Array, chain: string, task: OwnTask) {
  const model = await readModel(file, { chain });
  return ownModel(model.network as NonNullable<typeof model.network>, task, model.report);
}

async function same(model: Module, names: Record<string, string>, chain: string, task: OwnTask) {
  const own = await recognized(renamed(model, names), chain, task);
  if (typeof own === 'string') throw new Error(own);
  const found = moduleOf(own);
  expect(found.constructor).toBe(model.constructor);
  expect(found.config).toEqual((model as LanguageModel).config);
  expect(Array.from(found.stateDict())).toEqual(Array.from(model.stateDict()));
  return own;
}

describe('a network that is one of the library’s own', () => {
  test.each<[CellName, number, number]>([
    ['lstm', 2, 6],
    ['gru', 1, 5],
    ['rnn', 2, 6],
  ])('is a language model of %s', async (cell, numLayers, embeddingDim) => {
    manualSeed(1);
    const model = new LanguageModel(9, { cell, numLayers, embeddingDim, hiddenSize: 6 });
    const names = { embedding: 'encoder', recurrent: 'rnn' };
    await same(model, names, 'embedding(encoder) rnn decoder', 'text-generation');
    await same(model, names, 'embedding(encoder) rnn decoder softmax', 'text-generation');
  });

  test('is a language model of one-hot rows, and of a network that gives the last step alone', async () => {
    manualSeed(2);
    const model = new LanguageModel(7, { cell: 'gru', numLayers: 1, embeddingDim: 0, hiddenSize: 6 });
    await same(model, { recurrent: 'gru', decoder: 'fc' }, 'gru fc', 'text-generation');
    const own = await same(model, { recurrent: 'gru', decoder: 'fc' }, 'gru last fc softmax', 'text-generation');
    expect(own.gives).toBe('softmax');
  });

  test.each([
    ['final', 'last', true, 0],
    ['mean', 'mean', true, 0],
    ['last', 'last', false, 5],
  ] as const)('is a classifier with %s', async (link, pooling, bidirectional, denseSize) => {
    manualSeed(3);
    const sizes = { vocabularySize: 8, embeddingDim: 3, hiddenSize: 4, numLayers: 2, classes: 3 };
    const model = new SequenceClassifier({ ...sizes, pooling, bidirectional, denseSize });
    const names = { embedding: 'emb', recurrent: 'lstm', dense: 'fc1', head: 'fc2' };
    await same(model, names, `emb lstm ${link} ${denseSize ? 'fc1 relu ' : ''}fc2`, 'text-classification');
  });

  test('is a tagger', async () => {
    manualSeed(4);
    const model = new SequenceTagger({
      vocabularySize: 8,
      hiddenSize: 4,
      bidirectional: true,
      cell: 'gru',
      classes: 5,
    });
    await same(model, { embedding: 'emb', recurrent: 'gru', head: 'fc' }, 'emb gru fc', 'token-classification');
  });

  test('has two classes where it gives one sigmoid', async () => {
    manualSeed(5);
    const model = new SequenceClassifier({ vocabularySize: 8, hiddenSize: 4, classes: 1 });
    const file = renamed(model, { embedding: 'emb', recurrent: 'lstm', head: 'fc' });
    const own = await recognized(file, 'emb lstm final fc sigmoid', 'text-classification');
    if (typeof own === 'string') throw new Error(own);
    const ids = indices([1, 2, 3, 4], [4, 1]);
    const [p] = model.forward(ids)[0].sigmoid().dataSync();
    const both = (moduleOf(own) as SequenceClassifier).predict(ids).dataSync();
    expect(both[1]).toBeCloseTo(p, 6);
    expect(both[0]).toBeCloseTo(1 - p, 6);
  });

  test.each<[string, OwnTask, string]>([
    ['emb lstm last fc', 'text-classification', 'takes the last step of both directions'],
    ['emb lstm fc', 'text-classification', 'gives an answer for each step'],
    ['emb lstm final fc', 'token-classification', 'gives one answer for a sequence'],
    ['emb lstm fc', 'text-generation', 'it also reads from the end'],
    ['emb lstm fc tanh', 'token-classification', '(Tanh) is no part of a sequence model'],
    ['emb lstm fc relu', 'token-classification', 'one activation more than a tagger has'],
    ['emb lstm', 'token-classification', 'it ends before a linear layer'],
    [
      'emb lstm relu fc',
      'token-classification',
      'a linear layer is expected where "relu#3" is, of the kind activation',
    ],
  ])('is not one with %s for %s, and is told why', async (chain, task, why) => {
    const model = new SequenceClassifier({ vocabularySize: 8, hiddenSize: 4, classes: 8, bidirectional: true });
    const file = renamed(model, { embedding: 'emb', recurrent: 'lstm', head: 'fc' });
    expect(await recognized(file, chain, task)).toContain(why);
  });
});

describe('graphs of other forms', () => {
  class Net extends Module {
    readonly first = new LSTM(4, 6);
    readonly second = new LSTM(6, 6);
    readonly fc = new Linear(6, 4);
  }

  test('layers one after the other are the layers of one model', async () => {
    manualSeed(6);
    const net = new Net();
    const own = await recognized(
      writeSafetensors(net.stateDict() as Map<string, TensorData>),
      'first second fc',
      'text-generation',
    );
    if (typeof own === 'string') throw new Error(own);
    expect(own.config.numLayers).toBe(2);
    expect(own.weights.get('recurrent.weight_hh_l1')?.data).toEqual(net.stateDict().get('second.weight_hh_l0')?.data);
  });

  /** As exporters to ONNX write an embedding, an LSTM [T, D, B, H], and a linear layer. */
  const graph: GraphSpec = {
    inputs: [
      { name: 'ids', element: 'int', shape: ['batch', 'time'] },
      { name: 'h0', element: 'float', shape: [1, 'batch', 3], optional: true },
      { name: 'c0', element: 'float', shape: [1, 'batch', 3], optional: true },
    ],
    outputs: [
      { name: 'y', element: 'float', shape: ['batch', 'time', 5] },
      { name: 'hn', element: 'float', shape: [1, 'batch', 3] },
    ],
    parameters: { table: [5, 2], W: [3, 5], b: [5] },
    nodes: [
      { name: 'e', op: 'Gather', inputs: ['table', 'ids'], outputs: ['x'] },
      { name: 't', op: 'Transpose', inputs: ['x'], outputs: ['xt'], attributes: { perm: [1, 0, 2] } },
      {
        name: 'lstm',
        op: 'LSTMLayer',
        inputs: ['xt', null, 'h0', 'c0'],
        outputs: ['o', 'hn'],
        attributes: { inputSize: 2, hiddenSize: 3, bias: false },
      },
      { name: 'u', op: 'Unsqueeze', inputs: ['o'], outputs: ['o4'], attributes: { axes: [1] } },
      { name: 's', op: 'Squeeze', inputs: ['o4'], outputs: ['o3'], attributes: { axes: [1] } },
      { name: 'bt', op: 'Transpose', inputs: ['o3'], outputs: ['ob'], attributes: { perm: [1, 0, 2] } },
      { name: 'mm', op: 'MatMul', inputs: ['ob', 'W'], outputs: ['p'] },
      { name: 'add', op: 'Add', inputs: ['p', 'b'], outputs: ['y'] },
    ],
  };
  const tensor = (shape: number[]) => {
    const size = shape.reduce((n, d) => n * d, 1);
    return { shape, data: Float32Array.from({ length: size }, (_, i) => Math.sin(i + shape.length)) };
  };
  const weights = (): StateDict =>
    new Map(
      Object.entries({
        table: tensor([5, 2]),
        W: tensor([3, 5]),
        b: tensor([5]),
        'lstm.weight_ih_l0': tensor([12, 2]),
        'lstm.weight_hh_l0': tensor([12, 3]),
      }),
    );

  test('an exported graph is followed through its axes, and a product [in, out] is turned', () => {
    const report = new ConversionReport('x.onnx');
    const own = ownModel({ graph, weights }, 'text-generation', report);
    if (typeof own === 'string') throw new Error(own);
    expect(own.config).toMatchObject({ vocabularySize: 5, embeddingDim: 2, hiddenSize: 3, numLayers: 1 });
    expect(own.path).toMatchObject({ timeFirst: false, outputAxes: ['B', 'T', 'F'], others: ['h0', 'c0'] });
    const W = tensor([3, 5]).data;
    expect(own.weights.get('decoder.weight')?.data[1]).toBe(W[5]);
    expect(own.weights.get('recurrent.bias_ih_l0')?.data).toEqual(new Float32Array(12));
    expect(report.decisions.map(({ what }) => what)).toEqual(['input', 'input', 'bias', 'model']);
  });

  test('a state that the graph computes, and two outputs that are joined, are named', () => {
    const nodes = (...changed: GraphSpec['nodes']) => ({
      ...graph,
      nodes: [...graph.nodes.filter(({ name }) => changed.every((one) => one.name !== name)), ...changed],
    });
    const report = new ConversionReport('x.onnx');
    const joins = nodes({ name: 'add', op: 'Add', inputs: ['p', 'p'], outputs: ['y'] });
    expect(ownModel({ graph: joins, weights }, 'text-generation', report)).toContain('node "add" (Add) reads 2 values');
    const lstm = { ...graph.nodes[2], inputs: ['xt', null, 'made', 'made'] };
    const computed = nodes({ name: 'z', op: 'Identity', inputs: ['h0'], outputs: ['made'] }, lstm);
    expect(ownModel({ graph: computed, weights }, 'text-generation', report)).toContain(
      'node "lstm" (LSTMLayer) has an initial state that the graph computes',
    );
  });

  /** As Keras' layers are read: batch first, states at the end unless it returns sequences, activations as nodes. */
  const keras = (settings: Record<string, string | boolean>, last = 'sigmoid'): GraphSpec => ({
    inputs: [{ name: 'ids', element: 'int', shape: ['batch', 20] }],
    outputs: [{ name: 'y', element: 'float', shape: ['batch', 1] }],
    nodes: [
      { name: 'e', op: 'Embedding', inputs: ['ids'], outputs: ['x'] },
      { name: 'm', op: 'KerasIdMask', inputs: ['ids'], outputs: ['mask'] },
      { name: 'd', op: 'KerasDropout', inputs: ['x'], outputs: ['xd'], attributes: { rate: 0.2 } },
      {
        name: 'k',
        layer: 'lstm',
        op: 'KerasLSTM',
        inputs: ['xd', 'mask'],
        outputs: ['o'],
        attributes: { inputSize: 2, hiddenSize: 3, bias: false, recurrentActivation: 'sigmoid', ...settings },
      },
      { name: 'fc', op: 'Linear', inputs: ['o'], outputs: ['z'], attributes: { bias: false } },
      { name: 'a', op: 'KerasActivation', inputs: ['z'], outputs: ['y'], attributes: { activation: last } },
    ],
  });
  const kerasWeights = (): StateDict =>
    new Map([...weights(), ['e.weight', tensor([5, 2])], ['fc.weight', tensor([1, 3])]]);
  const kerasModel = (graph: GraphSpec, task: OwnTask, report = new ConversionReport('x.h5')) =>
    ownModel({ graph, weights: kerasWeights }, task, report);

  test('layers of Keras are a classifier, whose mask of padding is not needed', () => {
    const report = new ConversionReport('x.h5');
    const own = kerasModel(keras({}), 'text-classification', report);
    if (typeof own === 'string') throw new Error(own);
    expect(own.config).toMatchObject({ cell: 'lstm', pooling: 'last', classes: 2, embeddingDim: 2 });
    expect(own.weights.get('head.weight')?.data).toEqual(Float32Array.of(0, 0, 0, ...tensor([1, 3]).data));
    expect(report.decisions.map(({ what }) => what)).toEqual(['mask', 'bias', 'bias', 'classes', 'model']);
  });

  test.each<[Record<string, string | boolean>, string, string]>([
    [{ recurrentActivation: 'hard_sigmoid' }, 'sigmoid', 'has recurrentActivation "hard_sigmoid", not sigmoid'],
    [{ activation: 'relu' }, 'sigmoid', 'has the activation "relu"'],
    [{ goBackwards: true }, 'sigmoid', 'has goBackwards true, not false'],
    [{ bidirectional: true, merge: 'sum' }, 'sigmoid', 'has merge "sum", not concat'],
    [{}, 'swish', 'is the activation "swish"'],
    [{ returnSequences: true }, 'sigmoid', 'it gives an answer for each step'],
  ])('layers of Keras with %j and %s are not', (settings, last, why) => {
    expect(kerasModel(keras(settings, last), 'text-classification')).toContain(why);
  });
});
