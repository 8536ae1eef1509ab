// What a recurrent layer takes and refuses at the border of what it says, and what whoever looks at its steps sees.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Backend, currentBackend, useBackend } from '../../backend/index.ts';
import { ReferenceBackend } from '../../backend/reference/reference.ts';
import { UnrolledError } from '../../errors.ts';
import { indices, setDefaultDtype, tensor, zeros } from '../../tensor/create.ts';
import { manualSeed, randomState } from '../../tensor/random-state.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import {
  Cell,
  GRU,
  GRUCell,
  GRUResetBeforeCell,
  LinearCell,
  LRUCell,
  LSTM,
  LSTMCell,
  type LSTMState,
  MinGRUCell,
  ProjectedLSTMCell,
  Recurrent,
  RecurrentBlocks,
  RNN,
  RNNCell,
  ScanCell,
  SLSTMCell,
} from '../index.ts';
import { KerasGRUCell, KerasRNNCell } from './keras-cells.ts';
import { changeGates, changeSteps, observeSteps } from './observe.ts';
import { tensorsOf } from './state.ts';
import { hasStepKernel } from './step.ts';

let before: Backend;
beforeAll(async () => {
  before = currentBackend();
  await useBackend(new ReferenceBackend());
  setDefaultDtype('float64');
  manualSeed(17);
});
afterAll(async () => {
  setDefaultDtype('float32');
  await useBackend(before);
});

const odd = (value: unknown) => value as never;
const values = (...parts: unknown[]) => tensorsOf(parts).flatMap((t) => Array.from(t.dataSync()));
const near = (numbers: readonly number[]) => numbers.map((n) => expect.closeTo(n, 12) as number);
const wave = (...shape: number[]): Tensor =>
  tensor(
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, k) => Math.sin(1.3 * k + 0.7)),
    shape,
  );

/** h' = h + x without a parameter; puts out 2 h', which is no part of its state. */
class Adder extends Cell<Tensor> {
  override step(x: Tensor, h: Tensor): [Tensor, Tensor] {
    const next = h.add(x);
    return [next.mul(2), next];
  }
}

/** An LSTM whose output is the second tensor of its state. */
class Backwards extends Cell<{ c: Tensor; h: Tensor }> {
  override initialState(batchSize: number) {
    return { c: zeros([batchSize, this.hiddenSize]), h: zeros([batchSize, this.hiddenSize]) };
  }
  override step(x: Tensor, { c, h }: { c: Tensor; h: Tensor }): [Tensor, { c: Tensor; h: Tensor }] {
    const next = h.add(x);
    return [next, { c: c.add(1), h: next }];
  }
}

describe('states that are changed', () => {
  const sevens = (state: unknown) => {
    const { h, c } = state as LSTMState;
    return { h: zeros([...h.shape]).add(7), c };
  };

  test('the output follows the part of the state that it is: the first, the only, the second', () => {
    const x = wave(3, 2, 2);
    const [y] = changeSteps(
      ({ after }) => sevens(after),
      () => new LSTM(2, 2).forward(x),
    );
    expect(values(y)).toEqual(new Array(12).fill(7));
    const [h] = changeSteps(
      ({ after }) => (after as Tensor).mul(0),
      () => new RNN(2, 2).forward(x),
    );
    expect(values(h).map(Math.abs)).toEqual(new Array(12).fill(0));
    const [second] = changeSteps(
      ({ after }) => ({ c: (after as LSTMState).c, h: zeros([2, 2]).add(5) }),
      () => new Recurrent(new Backwards(2, 2)).forward(x),
    );
    expect(values(second)).toEqual(new Array(12).fill(5));
  });

  test('an output that is no part of the state stays, and the next step starts from the new state', () => {
    const layer = new Recurrent(new Adder(1, 1));
    const x = tensor([[[1]], [[2]], [[3]]]);
    expect(values(layer.forward(x))).toEqual([2, 6, 12, 6]); // 2·1, 2·(1 + 2), 2·(3 + 3); h = 6
    const [y, h] = changeSteps(
      ({ after }) => (after as Tensor).mul(0),
      () => layer.forward(x),
    );
    expect(values(y, h)).toEqual([2, 4, 6, 0]);
  });

  test('a gate that is replaced is the one that the step is computed with, and the one that is observed', () => {
    const layer = new LSTM(2, 2);
    const x = wave(3, 2, 2);
    const forgets: number[] = [];
    const [, state] = observeSteps(
      ({ gates }) => forgets.push(...values(gates.f)),
      () =>
        changeGates(
          ({ gate, value, t }) => (gate === 'f' ? value.mul(0).add(1) : gate === 'i' && t > 0 ? value.mul(0) : value),
          () => layer.forward(x),
        ),
    );
    expect(forgets).toEqual(new Array(12).fill(1));
    const [, first] = changeGates(
      ({ gate, value }) => (gate === 'f' ? value.mul(0).add(1) : value),
      () => layer.forward(x.slice(0, 0, 1)),
    );
    expect(values(state.c)).toEqual(near(values(first.c))); // all is kept and nothing let in after the first step
    expect(() =>
      changeGates(
        ({ value }) => value.sum(),
        () => layer.forward(x),
      ),
    ).toThrow('changeGates: gate i has the shape [2,2], its replacement []');
  });

  test('an observer sees every step of every direction in its order, and changes nothing', () => {
    const layer = new LSTM(2, 3, { numLayers: 2, bidirectional: true });
    const x = wave(3, 2, 2);
    const seen: string[] = [];
    const [y, state] = observeSteps(
      ({ name, index, t, gates, x, after }) => {
        seen.push(`${name} ${index} ${t} ${Object.keys(gates).join('')}`);
        expect([x.rank, ...tensorsOf(after).map((part) => part.shape)]).toEqual([2, [2, 3], [2, 3]]);
      },
      () => layer.forward(x),
    );
    const steps = (name: string, index: number, times: number[]) => times.map((t) => `${name} ${index} ${t} ifgo`);
    expect(seen).toEqual([
      ...steps('l0', 0, [0, 1, 2]),
      ...steps('l0_reverse', 1, [2, 1, 0]),
      ...steps('l1', 2, [0, 1, 2]),
      ...steps('l1_reverse', 3, [2, 1, 0]),
    ]);
    const plain = layer.forward(x);
    expect(values(y, state)).toEqual(near(values(plain)));
  });
});

test('without options a layer is one layer in one direction, time first, and drops nothing', () => {
  const layer = new Recurrent(new GRUCell(2, 3));
  const { numLayers, numDirections, batchFirst, dropout, recurrentDropout, recompute, outputSize } = layer;
  expect({ numLayers, numDirections, batchFirst, dropout, recurrentDropout, recompute, outputSize }).toEqual({
    numLayers: 1,
    numDirections: 1,
    batchFirst: false,
    dropout: 0,
    recurrentDropout: 0,
    recompute: false,
    outputSize: 3,
  });
  expect(new GRU(2, 3, { bidirectional: true }).outputSize).toBe(6);
  expect(new LSTM(2, 3, { projSize: 2, bidirectional: true }).outputSize).toBe(4);
  expect(String(new GRU(2, 3, { dropout: 0.5, batchFirst: true }))).toBe('GRU(2, 3, dropout=0.5, batch_first=true)');
  const counts = [RNN, GRU, LSTM].map((Layer) => [
    new Layer(2, 3).parameters().length,
    new Layer(2, 3, { bias: false }).parameters().length,
  ]);
  expect(counts).toEqual([[4, 2], [4, 2], [4, 2]]); // biome-ignore format: a matrix
  expect(new ProjectedLSTMCell(2, 3, 1).parameters().length).toBe(5);
  expect(
    [new GRU(2, 3).cells[0], new GRU(2, 3, { resetAfter: false }).cells[0]].map((c) => c.constructor.name),
  ).toEqual(['GRUCell', 'GRUResetBeforeCell']);
});

describe('dropout', () => {
  const x = () => wave(3, 2, 2);
  test('at rest there is none, between layers or in the recurrent product', () => {
    const make = (options: object) => new GRU(2, 3, { numLayers: 2, ...options });
    const plain = make({});
    for (const options of [{ dropout: 0.5 }, { recurrentDropout: 0.5 }]) {
      const layer = make(options).eval();
      layer.loadStateDict(plain.stateDict());
      expect(values(layer.forward(x()))).toEqual(values(plain.forward(x())));
      expect(values(layer.train().forward(x()))).not.toEqual(values(plain.forward(x())));
    }
  });

  test('a probability of 0 draws nothing', () => {
    const state = JSON.stringify(randomState());
    for (const layer of [new Recurrent(new GRUCell(2, 3)), new Recurrent(new LinearCell(2, 3))]) {
      const drawn = JSON.stringify(randomState());
      layer.forward(x());
      expect(JSON.stringify(randomState())).toBe(drawn);
      expect(drawn).not.toBe(state);
    }
  });
});

describe('refused', () => {
  const rnn = () => new RNN(2, 4);
  const x = () => zeros([5, 2, 2]);
  const lengths = (l: unknown) => () => rnn().forward(x(), null, { lengths: odd(l) });
  test.each<[string, () => unknown, string]>([
    ['an input without a batch', () => rnn().forward(zeros([5, 2])), 'expected input of shape [time, batch, 2], got'],
    ['an input of rank 4', () => rnn().forward(zeros([5, 2, 2, 2])), 'expected input of shape [time, batch, 2], got'],
    ['lengths that are no whole numbers', lengths(tensor([1, 2])), 'RNN: expected lengths (int32) of shape [2]'],
    ['lengths of rank 2', lengths(indices([[1], [2]])), 'RNN: expected lengths (int32) of shape [2], got [2, 1]'],
    ['one length for two rows', lengths(indices([1])), 'RNN: expected lengths (int32) of shape [2], got [1]'],
    ['a length below 0', lengths(indices([1, -1])), 'the length of row 1 is -1; the sequence has 5 steps'],
    ['a length beyond', lengths(indices([6, 1])), 'the length of row 0 is 6; the sequence has 5 steps'],
    [
      'a state with an axis too many',
      () => rnn().forward(x(), zeros([1, 2, 4, 1])),
      'RNN: expected a state of shape [1, 2, 4], got [1, 2, 4, 1]',
    ],
    [
      'a state with an axis too few',
      () => rnn().forward(x(), zeros([1, 2])),
      'RNN: expected a state of shape [1, 2, 4], got [1, 2]',
    ],
    [
      'half a state',
      () => new LSTM(2, 4).forward(x(), odd({ h: zeros([1, 2, 4]) })),
      'LSTM: expected a state { h, c }, got an object with h; forward returns it behind the output',
    ],
    ['no projection', () => new ProjectedLSTMCell(2, 3, 0), 'projSize: expected a whole number from 1 to 2, got 0'],
    ['a negative one', () => new ProjectedLSTMCell(2, 3, -1), 'projSize: expected a whole number from 1 to 2, got -1'],
    ['half a one', () => new ProjectedLSTMCell(2, 3, 1.5), 'projSize: expected a whole number from 1 to 2, got 1.5'],
    ['a radius below 0', () => new LRUCell(2, 3, { minRadius: -0.1 }), 'minRadius: expected 0 ≤ minRadius < maxRadius'],
    ['a radius in text', () => new LRUCell(2, 3, { minRadius: odd('0.5') }), 'minRadius: expected 0 ≤ minRadius'],
    [
      'a phase in text',
      () => new LRUCell(2, 3, { maxPhase: odd('1') }),
      'maxPhase: expected an angle above 0, got "1"',
    ],
    ['an unknown activation', () => new KerasRNNCell(2, 3, { activation: odd('tahn') }), 'unknown activation "tahn"'],
    ['a list of one', () => new KerasRNNCell(2, 3, { activation: odd(['tanh']) }), 'activation: unknown activation'],
    ...[1, -1, 1.5, '4', Number.NaN].map((convolution): [string, () => unknown, string] => [
      `${JSON.stringify(convolution)} taps`,
      () => new RecurrentBlocks((i) => odd(new MinGRUCell(i, 4)), 4, { convolution: odd(convolution) }),
      'RecurrentBlocks: convolution: expected 0 for none, or taps from 2, got',
    ]),
  ])('%s', (_name, run, message) => {
    expect(run).toThrow(UnrolledError);
    expect(run).toThrow(message);
  });

  test('but not what is just inside', () => {
    const [y, h] = rnn().forward(wave(5, 2, 2), null, { lengths: [0, 5] });
    expect([values(y.slice(1, 0, 1)), values(h.slice(1, 0, 1))].flat().every((v) => v === 0)).toBe(true);
    expect(values(y.slice(0, 4).slice(1, 1))).toEqual(values(h.slice(1, 1)));
    expect(new ProjectedLSTMCell(2, 3, 1).outputSize + new ProjectedLSTMCell(2, 3, 2).outputSize).toBe(3);
    for (const [taps, names] of [
      [0, []],
      [2, ['blocks.0.convolution', 'blocks.0.convolution_bias']],
    ] as const) {
      const blocks = new RecurrentBlocks((i) => odd(new MinGRUCell(i, 4)), 4, { convolution: taps });
      const found = Array.from(blocks.namedParameters(), ([name]) => name);
      expect(found.filter((name) => name.includes('convolution'))).toEqual(names);
    }
  });
});

test('a cell without a parameter starts from zeros', () => {
  expect(new Adder(2, 2).initialState(3).shape).toEqual([3, 2]);
  expect(values(new Recurrent(new Adder(2, 2)).initialState(1))).toEqual([0, 0]);
});

test('a row without steps keeps the output and the state that it had, in both directions', () => {
  const cells = [new LRUCell(2, 3), new LRUCell(2, 3)];
  const layer = new Recurrent(() => cells.shift() as LRUCell, { inputSize: 2, bidirectional: true });
  const state = { h: wave(2, 3, 3), s: wave(2, 3, 6) };
  const x = wave(4, 3, 2);
  const [, after] = layer.forward(x, state, { lengths: [0, 2, 4] });
  const [forward, backward] = layer.cells;
  for (const [b, n] of [0, 2, 4].entries()) {
    for (const [d, cell] of [forward, backward].entries()) {
      const row = (t: Tensor) => t.select(0, d).slice(0, b, b + 1);
      let own = { h: row(state.h), s: row(state.s) };
      for (let k = 0; k < n; k++) [, own] = cell.step(x.select(0, d === 1 ? n - 1 - k : k).slice(0, b, b + 1), own);
      expect(values(row(after.h), row(after.s))).toEqual(near(values(own)));
    }
  }
  const [, same] = layer.forward(zeros([0, 3, 2]), state);
  expect(values(same)).toEqual(values(state));
});

test('past its length a row puts out 0, whatever a cell reads in a state of 0', () => {
  class Sum extends ScanCell {
    override gates(x: Tensor) {
      return { a: zeros([1]).add(1), b: x };
    }
    override read(h: Tensor): Tensor {
      return h.add(10);
    }
  }
  const x = tensor([[[1], [2]], [[3], [4]], [[5], [6]]]); // biome-ignore format: a matrix
  const [y, h] = new Recurrent(new Sum(1, 1)).forward(x, null, { lengths: [3, 1] });
  expect(values(y, h)).toEqual([11, 12, 14, 0, 19, 0, 9, 2]);
});

test('which cells have a kernel for the point-wise half of a step', () => {
  class Borrowed extends Adder {
    override get fused() {
      return 'gru' as const;
    }
  }
  const cells = [
    new LSTMCell(2, 3),
    new GRUCell(2, 3),
    new RNNCell(2, 3),
    new RNNCell(2, 3, { nonlinearity: 'relu' }),
    new GRUResetBeforeCell(2, 3),
    new SLSTMCell(2, 3),
    new LinearCell(2, 3),
    new Borrowed(2, 3),
  ] as readonly Cell<unknown>[];
  expect(cells.map((cell) => hasStepKernel(cell))).toEqual([true, true, true, true, false, false, false, false]);
  expect(cells.slice(2, 4).map(({ fused }) => fused)).toEqual(['rnnTanh', 'rnnRelu']);
});

test('Keras’ GRU is by default the form with the reset after the product', () => {
  const [keras, gru] = [new KerasGRUCell(2, 3), new GRUCell(2, 3)];
  keras.loadStateDict(gru.stateDict());
  const [x, h] = [wave(2, 2), wave(2, 3)];
  expect(values(keras.step(x, h))).toEqual(near(values(gru.step(x, h))));
  const form = new KerasGRUCell(2, 3, { resetAfter: false });
  const first = new GRUResetBeforeCell(2, 3);
  for (const cell of [form, first]) cell.loadStateDict(gru.stateDict());
  expect(values(form.step(x, h))).toEqual(near(values(first.step(x, h))));
  expect(values(form.step(x, h))).not.toEqual(near(values(gru.step(x, h))));
});

test('a state of another kind of layer is refused by what it is', () => {
  const x = wave(2, 1, 3);
  const h = zeros([1, 1, 2]);
  const behind = 'forward returns it behind the output';
  expect(() => new LSTM(3, 2).forward(x, odd(h))).toThrow(/^LSTM: expected a state \{ h, c \}, got a Tensor/);
  expect(() => new LSTM(3, 2).forward(x, odd({ h }))).toThrow(behind);
  expect(() => new LSTM(3, 2).forward(x, odd([h, h]))).toThrow('expected a state { h, c }');
  expect(() => new GRU(3, 2).forward(x, odd({ h, c: h }))).toThrow(
    /^GRU: expected a tensor as the state, got an object/,
  );
});
