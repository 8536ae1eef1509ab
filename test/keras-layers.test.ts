// Keras' own numbers: layers that were run with Keras 2.1, converted and run again. The files are keras-js' (test/data/layers), kept beside the
// repository; without them the tests are skipped, and what is worked by hand below remains.

import { existsSync, readFileSync } from 'node:fs';
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

const folder = [process.env.UNROLLED_DATA, new URL('../../shared/data', import.meta.url).pathname]
  .map((path) => path && `${path}/keras-layers`)
  .find((path) => path && existsSync(path));

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

const missing = folder ? '' : ' (skipped: there is no shared/data/keras-layers; set UNROLLED_DATA)';

describe.skipIf(!folder)(`Keras 2.1${missing}`, () => {
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

  test.each<[() => unknown, string]>([
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
