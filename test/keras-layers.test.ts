// Keras' own numbers: layers that were run with Keras 2.1, converted and run again. The files are keras-js' (test/data/layers), kept beside the
// repository; without them the tests are skipped, and what is worked by hand below remains.

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Backend,
  currentBackend,
  indices,
  lastState,
  type LSTMState,
  type Recurrent,
  ReferenceBackend,
  setDefaultDtype,
  Tensor,
  tensor,
  useBackend,
} from 'unrolled';
import {
  fromKerasDense,
  fromKerasEmbedding,
  fromKerasGRU,
  fromKerasLSTM,
  fromKerasSimpleRNN,
  type KerasActivation,
  type KerasArray,
} from 'unrolled/io';
import { describeUnless, sharedData, withoutData } from './needs.ts';

const folder = sharedData('keras-layers');

interface LayerConfig {
  readonly units: number;
  readonly activation: KerasActivation;
  readonly recurrent_activation: KerasActivation;
  readonly return_sequences: boolean;
  readonly go_backwards: boolean;
  readonly stateful: boolean;
}

interface Case {
  readonly attrs: LayerConfig & {
    readonly layer?: { readonly class_name: string; readonly config: LayerConfig };
    readonly merge_mode?: 'sum' | 'concat';
  };
  readonly input: KerasArray;
  readonly weights: readonly KerasArray[];
  readonly expected: KerasArray;
}

function cases(file: string): [name: string, Case][] {
  return folder
    ? Object.entries(JSON.parse(readFileSync(`${folder}/${file}.json`, 'utf8')) as Record<string, Case>)
    : [];
}

let before: Backend;
beforeAll(async () => {
  before = currentBackend();
  await useBackend(new ReferenceBackend());
  setDefaultDtype('float64');
});
afterAll(async () => {
  setDefaultDtype('float32');
  await useBackend(before);
});

const make: Record<string, (w: readonly KerasArray[], c: LayerConfig) => Recurrent<Tensor | LSTMState>> = {
  LSTM: (w, { activation, recurrent_activation: recurrentActivation }) =>
    fromKerasLSTM(w, { activation, recurrentActivation }) as Recurrent<Tensor | LSTMState>,
  GRU: (w, { activation, recurrent_activation: recurrentActivation }) =>
    fromKerasGRU(w, { activation, recurrentActivation, resetAfter: false }) as Recurrent<Tensor | LSTMState>,
  SimpleRNN: (w, { activation }) => fromKerasSimpleRNN(w, { activation }) as Recurrent<Tensor | LSTMState>,
};

/** Keras' numbers are float32, printed with about seven digits. */
const tolerance = 1e-5;

function expectKeras(actual: Tensor, { data }: KerasArray): void {
  const values = actual.dataSync();
  expect(values.length).toBe(data.length);
  for (let i = 0; i < data.length; i++) expect(Math.abs(values[i] - data[i]), `number ${i}`).toBeLessThan(tolerance);
}

describeUnless(withoutData('keras-layers'), 'Keras 2.1', () => {
  for (const kind of ['LSTM', 'GRU', 'SimpleRNN']) {
    test.each(cases(`recurrent/${kind}`))('%s gives what Keras gave', (_name, { attrs, input, weights, expected }) => {
      const layer = make[kind](weights, attrs);
      let x = tensor(input.data, [input.shape[0], 1, input.shape[1]]);
      if (attrs.go_backwards) x = x.flip(0);
      // A stateful layer was run on the same input twice.
      const first = layer.forward(x);
      const [y] = attrs.stateful ? layer.forward(x, first[1]) : first;
      expectKeras(attrs.return_sequences ? y : y.select(0, y.shape[0] - 1), expected);
    });
  }

  test.each(cases('wrappers/Bidirectional'))(
    '%s gives what Keras gave',
    (_name, { attrs, input, weights, expected }) => {
      const { class_name, config } = attrs.layer as NonNullable<Case['attrs']['layer']>;
      const layer = make[class_name](weights, config);
      const [y, state] = layer.forward(tensor(input.data, [input.shape[0], 1, input.shape[1]]));
      const joined = config.return_sequences ? y : lastState(state instanceof Tensor ? state : state.h, 2);
      const [forwards, backwards] = joined.chunk(2);
      expectKeras(attrs.merge_mode === 'sum' ? forwards.add(backwards) : joined, expected);
    },
  );

  test.each(cases('embeddings/Embedding'))('%s gives what Keras gave', (_name, { input, weights, expected }) => {
    expectKeras(fromKerasEmbedding(weights).forward(indices(input.data)), expected);
  });

  test.each(cases('wrappers/TimeDistributed'))('%s gives what Keras gave', (_name, { input, weights, expected }) => {
    expectKeras(fromKerasDense(weights).forward(tensor(input.data, [...input.shape])), expected);
  });
});

describe('worked by hand', () => {
  const array = (shape: number[], data: number[]): KerasArray => ({ shape, data });
  const sigmoid = (v: number) => 1 / (1 + Math.exp(-v));

  test('a GRU of one unit with reset_after has two biases, and its gates in the order z r h', () => {
    // x = 1, h = 0.5; columns z r h. Kernel .1 .2 .3, recurrent .4 .5 .6, biases .01 .02 .03 and .04 .05 .06.
    const layer = fromKerasGRU([
      array([1, 3], [0.1, 0.2, 0.3]),
      array([1, 3], [0.4, 0.5, 0.6]),
      array([2, 3], [0.01, 0.02, 0.03, 0.04, 0.05, 0.06]),
    ]);
    const z = sigmoid(0.1 + 0.01 + 0.4 * 0.5 + 0.04);
    const r = sigmoid(0.2 + 0.02 + 0.5 * 0.5 + 0.05);
    const n = Math.tanh(0.3 + 0.03 + r * (0.6 * 0.5 + 0.06));
    const [y] = layer.forward(tensor([1], [1, 1, 1]), tensor([0.5], [1, 1, 1]));
    expect(y.itemSync()).toBeCloseTo(z * 0.5 + (1 - z) * n, 12);
  });

  test('an LSTM with the usual functions becomes the layer that has a kernel', () => {
    const layer = fromKerasLSTM([array([1, 4], [1, 2, 3, 4]), array([1, 4], [5, 6, 7, 8]), array([4], [1, 2, 3, 4])]);
    expect(layer.cells[0].fused).toBe('lstm');
    expect([...layer.namedParameters()].map(([name, p]) => [name, [...p.dataSync()]])).toEqual([
      ['weight_ih_l0', [1, 2, 3, 4]],
      ['weight_hh_l0', [5, 6, 7, 8]],
      ['bias_ih_l0', [1, 2, 3, 4]],
      ['bias_hh_l0', [0, 0, 0, 0]],
    ]);
  });

  test('kernels are turned over, gate by gate and unit by unit', () => {
    // Two inputs and two units; Keras' columns are i i f f c c o o, a row for each input.
    const kernel = array(
      [2, 8],
      Array.from({ length: 16 }, (_, n) => n),
    );
    const recurrent = array(
      [2, 8],
      Array.from({ length: 16 }, (_, n) => 100 + n),
    );
    const layer = fromKerasLSTM([kernel, recurrent]);
    expect([...layer.namedParameters()].map(([name, p]) => [name, [...p.dataSync()]])).toEqual([
      ['weight_ih_l0', [0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15]],
      ['weight_hh_l0', [100, 108, 101, 109, 102, 110, 103, 111, 104, 112, 105, 113, 106, 114, 107, 115]],
    ]);
    // And z z r r h h becomes r r z z n n.
    const gru = fromKerasGRU([array([1, 6], [0, 1, 2, 3, 4, 5]), array([2, 6], new Array(12).fill(0)), array([6], [0, 1, 2, 3, 4, 5])]); // biome-ignore format: one line
    const [weightIh, , biasIh, biasHh] = [...gru.namedParameters()].map(([, p]) => [...p.dataSync()]);
    expect([weightIh, biasIh, biasHh]).toEqual([[2, 3, 0, 1, 4, 5], [2, 3, 0, 1, 4, 5], new Array(6).fill(0)]);
  });

  const one = (gates: number) => [
    array(
      [1, gates],
      Array.from({ length: gates }, (_, n) => 0.1 * (n + 1)),
    ),
    array(
      [1, gates],
      Array.from({ length: gates }, (_, n) => 0.4 - 0.1 * n),
    ),
  ];
  const hard = (v: number) => Math.min(1, Math.max(0, 0.2 * v + 0.5));
  const x = () => tensor([0.7], [1, 1, 1]);
  const h = 0.5;

  test.each<[KerasActivation, KerasActivation, (v: number) => number, (v: number) => number]>([
    ['tanh', 'sigmoid', Math.tanh, sigmoid],
    ['tanh', 'hard_sigmoid', Math.tanh, hard],
    ['relu', 'sigmoid', (v) => Math.max(0, v), sigmoid],
    ['linear', 'hard_sigmoid', (v) => v, hard],
  ])('activation %s and recurrent activation %s are those asked for', (activation, recurrentActivation, act, gate) => {
    const at = (n: number) => 0.1 * (n + 1) * 0.7 + (0.4 - 0.1 * n) * h;
    const [i, f, g, o] = [gate(at(0)), gate(at(1)), act(at(2)), gate(at(3))];
    const state = { h: tensor([h], [1, 1, 1]), c: tensor([0.3], [1, 1, 1]) };
    const [lstm] = fromKerasLSTM(one(4), { activation, recurrentActivation }).forward(x(), state);
    expect(lstm.itemSync()).toBeCloseTo(o * act(f * 0.3 + i * g), 12);
    const [z, r] = [gate(at(0)), gate(at(1))];
    for (const [options, inside] of [
      [{}, r * 0.2 * h], // without a bias the reset gate acts after the product
      [{ resetAfter: false }, r * h * 0.2],
    ] as const) {
      const layer = fromKerasGRU(one(3), { activation, recurrentActivation, ...options });
      const [gru] = layer.forward(x(), tensor([h], [1, 1, 1]));
      expect(gru.itemSync()).toBeCloseTo(z * h + (1 - z) * act(0.3 * 0.7 + inside), 12);
    }
    const [rnn] = fromKerasSimpleRNN(one(1), { activation }).forward(x(), tensor([h], [1, 1, 1]));
    expect(rnn.itemSync()).toBeCloseTo(act(at(0)), 12);
  });

  test('a GRU of two units without a bias resets after the product, which tells where it acts', () => {
    const kernel = array([1, 6], new Array(6).fill(0.5));
    const recurrent = array([2, 6], [0, 0, 0.3, -2, 0.4, 0.1, 0, 0, 1, 2, -0.6, 0.9]);
    const state = [0.5, -0.25];
    const z = sigmoid(0.5);
    const r = [sigmoid(0.5 + 0.5 * 0.3 - 0.25 * 1), sigmoid(0.5 + 0.5 * -2 - 0.25 * 2)];
    const after = [0, 1].map((j) => r[j] * (state[0] * [0.4, 0.1][j] + state[1] * [-0.6, 0.9][j]));
    const inside = [0, 1].map((j) => r[0] * state[0] * [0.4, 0.1][j] + r[1] * state[1] * [-0.6, 0.9][j]);
    for (const [options, product] of [
      [{}, after],
      [{ resetAfter: true }, after],
      [{ resetAfter: false }, inside],
    ] as const) {
      // biome-ignore format: one line
      const [y] = fromKerasGRU([kernel, recurrent], options).forward(tensor([1], [1, 1, 1]), tensor(state, [1, 1, 2]));
      const expected = product.map((p, j) => z * state[j] + (1 - z) * Math.tanh(0.5 + p));
      [...y.dataSync()].forEach((value, j) => expect(value).toBeCloseTo(expected[j], 12));
    }
  });

  test('a dense layer has its kernel turned over, with a bias or without; an embedding is as it is', () => {
    const kernel = array([2, 3], [1, 2, 3, 4, 5, 6]);
    const dense = fromKerasDense([kernel, array([3], [10, 20, 30])]);
    expect(dense.forward(tensor([1, 10], [1, 2])).toArray()).toEqual([[51, 72, 93]]);
    expect(
      fromKerasDense([kernel])
        .forward(tensor([1, 10], [1, 2]))
        .toArray(),
    ).toEqual([[41, 52, 63]]);
    expect(fromKerasDense([kernel]).bias).toBe(null);
    const table = fromKerasEmbedding([array([3, 2], [1, 2, 3, 4, 5, 6])]);
    expect(table.forward(indices([2, 0])).toArray()).toEqual([
      [5, 6],
      [1, 2],
    ]);
  });

  test.each<[() => unknown, string]>([
    [() => fromKerasEmbedding([]), 'fromKerasEmbedding: expected one weight of shape [V, E], got []'],
    [() => fromKerasEmbedding([array([2], [1, 2])]), 'expected one weight of shape [V, E], got [2]'],
    [
      () => fromKerasEmbedding([array([1, 1], [1]), array([1], [1])]),
      'expected one weight of shape [V, E], got [1, 1]',
    ],
    [() => fromKerasDense([]), 'fromKerasDense: expected a kernel and a bias, of shape [I, O], got []'],
    [() => fromKerasDense([array([2], [1, 2])]), 'of shape [I, O], got [2]'],
    [() => fromKerasDense([array([1, 1], [1]), array([1], [1]), array([1], [1])]), 'of shape [I, O], got [1, 1]'],
    [() => fromKerasSimpleRNN([array([1, 1], [1]), array([1, 1], [1, 2])]), 'recurrent kernel of shape [1, 1]'],
    [
      () => fromKerasGRU([...one(3), array([6], [1, 2, 3, 4, 5, 6])]),
      'fromKerasGRU: expected bias of shape [3], got [6]',
    ],
    [() => fromKerasGRU([...one(3), array([2, 3], [1, 2, 3, 4, 5, 6])], { resetAfter: false }), 'reset_after=True'],
    [() => fromKerasLSTM([array([1, 4], [1, 2, 3, 4])]), 'fromKerasLSTM: weights: expected kernel, recurrent kernel'],
    [
      () => fromKerasLSTM([array([1, 3], [1, 2, 3]), array([1, 4], [1, 2, 3, 4])]),
      'fromKerasLSTM: expected kernel of shape [1, 4], got [1, 3]',
    ],
    [
      () =>
        fromKerasGRU([array([1, 3], [1, 2, 3]), array([1, 3], [1, 2, 3]), array([3], [1, 2, 3])], { resetAfter: true }),
      'fromKerasGRU: resetAfter: is true, but a bias of shape [3] is that of reset_after=False',
    ],
    [
      () =>
        fromKerasLSTM([array([1, 4], [1, 2, 3, 4]), array([1, 4], [1, 2, 3, 4])], {
          activation: 'elu' as KerasActivation,
        }),
      'activation: unknown activation "elu"; known are linear, tanh',
    ],
  ])('refuses weights that do not fit %#', (convert, message) => {
    expect(convert).toThrow(message);
  });
});
