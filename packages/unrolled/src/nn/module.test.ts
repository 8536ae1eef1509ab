import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Backend, currentBackend, useBackend } from '../backend/index.ts';
import { ReferenceBackend } from '../backend/reference/reference.ts';
import { indices, tensor, zeros } from '../tensor/create.ts';
import { manualSeed } from '../tensor/random-state.ts';
import { BatchNorm1d, Dropout, Embedding, GRU, Linear, LSTM, Module, Recurrent, RNN, RNNCell } from './index.ts';

let before: Backend;
beforeAll(async () => {
  before = currentBackend();
  await useBackend(new ReferenceBackend());
  manualSeed(1);
});
afterAll(() => useBackend(before));

class Tagger extends Module {
  readonly embedding = new Embedding(10, 4);
  readonly wordLstm = new LSTM(4, 3, { bidirectional: true, numLayers: 2 });
  readonly heads = [new Linear(6, 2), new Linear(6, 5, { bias: false })];
  readonly dropout = new Dropout(0.1);
}

describe('Module', () => {
  test("names parameters as PyTorch's state dict does", () => {
    const names = [...new Tagger().namedParameters()].map(([name]) => name);
    expect(names.slice(0, 2)).toEqual(['embedding.weight', 'word_lstm.weight_ih_l0']);
    expect(names).toContain('word_lstm.bias_hh_l1_reverse');
    expect(names.slice(-3)).toEqual(['heads.0.weight', 'heads.0.bias', 'heads.1.weight']);
  });

  test('names parameters, buffers and what is saved, each with its prefix and in its order', () => {
    class Normed extends Module {
      readonly layers = [new Linear(2, 2), new BatchNorm1d(2)];
      readonly lastNorm = new BatchNorm1d(2, { affine: false });
    }
    const model = new Normed();
    const moments = ['running_mean', 'running_var', 'num_batches_tracked'];
    const [inner, last] = ['layers.1.', 'last_norm.'].map((layer) => moments.map((name) => `my.${layer}${name}`));
    const trained = ['layers.0.weight', 'layers.0.bias', 'layers.1.weight', 'layers.1.bias'].map(
      (name) => `my.${name}`,
    );
    const names = (named: Iterable<readonly [string, unknown]>) => Array.from(named, ([name]) => name);
    expect(names(model.namedParameters('my.'))).toEqual(trained);
    expect(names(model.namedBuffers('my.'))).toEqual([...inner, ...last]);
    expect(names(model.namedState('my.'))).toEqual([...trained, ...inner, ...last]);
    expect(names(model.layers[1].namedBuffers())).toEqual(moments);
    const parameters = [...model.namedParameters()];
    expect(parameters.every(([, p]) => p.requiresGrad)).toBe(true);
    expect([...model.namedBuffers()].some(([, b]) => b.requiresGrad)).toBe(false);
    expect(() => names(model.namedBuffers(1 as never))).toThrow('Module: prefix: expected');
  });

  test('counts what is trained', () => {
    expect(new LSTM(65, 128, { numLayers: 2 }).parameterCount()).toBe(
      4 * 128 * (65 + 128 + 2) + 4 * 128 * (128 + 128 + 2),
    );
    expect(new Linear(128, 65).parameterCount()).toBe(129 * 65);
  });

  test('train and eval reach every module', () => {
    const tagger = new Tagger().eval();
    expect([tagger.training, tagger.dropout.training, tagger.heads[1].training]).toEqual([false, false, false]);
    expect(tagger.train().dropout.training).toBe(true);
  });

  test('prints its tree', () => {
    expect(String(new Tagger())).toBe(
      [
        'Tagger(',
        '  (embedding): Embedding(10, 4)',
        '  (word_lstm): LSTM(4, 3, num_layers=2, bidirectional=true)',
        '  (heads.0): Linear(6, 2)',
        '  (heads.1): Linear(6, 5, bias=false)',
        '  (dropout): Dropout(p=0.1)',
        ')',
      ].join('\n'),
    );
  });

  test('a state dict that does not fit changes nothing and says what is wrong', () => {
    const [a, b] = [new Linear(3, 2), new Linear(3, 2)];
    const start = a.stateDict();
    const saved = b.stateDict();
    const wrong: [(dict: typeof saved) => void, string][] = [
      [(d) => d.delete('bias'), 'state dict: lacks bias [2]'],
      [
        (d) => d.set('wieght', d.get('weight') as never),
        'state dict: has wieght, which this Linear has not; did you mean weight?',
      ],
      [
        (d) => d.set('bias', { shape: [3], data: new Float32Array(3) }),
        'state dict: expected bias of shape [2], got [3]',
      ],
      [
        (d) => d.set('bias', { shape: [2], data: Float32Array.of(1, Number.NaN) }),
        'state dict: bias: expected finite float32 numbers, got NaN at element 1',
      ],
      [
        (d) => d.set('bias', { shape: [2], data: Float32Array.of(-Infinity, Infinity) }),
        'state dict: bias: expected finite float32 numbers, got -Infinity at element 0',
      ],
      [
        (d) => d.set('bias', { shape: [2], data: Float64Array.of(1, 1e39) }), // infinite as float32
        'state dict: bias: expected finite float32 numbers, got 1e+39 at element 1',
      ],
      [
        (d) => d.set('bias', { shape: [2], data: new Float32Array(1) }),
        'state dict: bias: expected 2 values for its shape, got 1',
      ],
      [
        (d) => d.set('bias', { shape: [2], data: ['1', '2'] as never }),
        'state dict: bias: expected its data as a Float32Array, Float64Array or Int32Array',
      ],
    ];
    for (const [spoil, message] of wrong) {
      const dict = new Map(saved);
      spoil(dict);
      expect(() => a.loadStateDict(dict)).toThrow(message);
      expect(a.stateDict()).toEqual(start);
    }
    expect(a.loadStateDict(saved).stateDict()).toEqual(saved);
  });
});

describe('errors say who, what was expected, what was there, and what to do', () => {
  const cases: [string, () => unknown, string][] = [
    [
      'an input that is too wide',
      () => new GRU(10, 4, { batchFirst: true }).forward(zeros([32, 100, 12])),
      'GRU: expected input of shape [batch, time, 10], got [32, 100, 12]',
    ],
    [
      'a misspelt option',
      () => new LSTM(3, 4, { num_layers: 2 } as object),
      'LSTM: num_layers: unknown option; did you mean numLayers?',
    ],
    [
      'a nonlinearity that is not there',
      () => new RNNCell(2, 3, { nonlinearity: 'sigmoid' as 'tanh' }),
      "RNNCell: nonlinearity: expected 'tanh' or 'relu', got \"sigmoid\"",
    ],
    [
      'a state of another batch',
      () => new RNN(3, 4).forward(zeros([5, 2, 3]), zeros([1, 3, 4])),
      'RNN: expected a state of shape [1, 2, 4], got [1, 3, 4]; its axes are layers·directions, batch, size, whatever batchFirst says',
    ],
    [
      'lengths for another batch',
      () => new RNN(3, 4).forward(zeros([5, 2, 3]), null, { lengths: [1, 2, 3] }),
      'RNN: expected lengths (int32) of shape [2], got [3]',
    ],
    [
      'a length beyond the sequence',
      () => new RNN(3, 4).forward(zeros([5, 2, 3]), null, { lengths: [1, 6] }),
      'RNN: the length of row 1 is 6; the sequence has 5 steps',
    ],
    [
      'a symbol that has no row',
      () => new Embedding(4, 2).forward(indices([1, 4])),
      'embedding: index: expected integers from 0 to 3, got 4 at position 1',
    ],
    [
      'several layers of one cell',
      () => new Recurrent(new RNNCell(2, 3), { numLayers: 2 }),
      'Recurrent: cell: several layers or directions need a function that makes a cell, and inputSize',
    ],
    [
      'a projection wider than the state',
      () => new LSTM(2, 3, { projSize: 3 }),
      'ProjectedLSTMCell: projSize: expected a whole number from 1 to 2, got 3',
    ],
    [
      'float input to a linear layer of another width',
      () => new Linear(3, 2).forward(tensor([[1, 2]])),
      'linear: expected input of shape […, 3], got [1, 2]',
    ],
  ];
  test.each(cases)('%s', (_name, act, message) => {
    expect(act).toThrow(message);
  });
});
