// A step of a cell that an exporter wrote out in ordinary operators is read as a layer.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { currentBackend, useBackend } from 'unrolled';
import { anyBatch, array, B, gemm, gruAfter, gruWeights, H, I, kinds, lstmTail, node, raised, step } from './onnx-raised.ts'; // biome-ignore format: a line
import { wave } from './onnx-recurrent-cases.ts';

const before = currentBackend();
beforeAll(() => useBackend('reference'));
afterAll(() => useBackend(before));

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
