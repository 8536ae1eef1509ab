// The recurrent layers against published values, and what must hold for every cell: time, batching and state.
// Their derivatives are in gradients.test.ts.

import { describe, expect, test } from 'vitest';
import { type DType, type FusedCell, fusedCells, gateCount, reserveSize, type Storage } from '../../backend.ts';
import { ReferenceBackend } from '../reference.ts';
import { storageOf } from '../storage.ts';

const backend = new ReferenceBackend();
const lin = (from: number, to: number, n: number) =>
  Array.from({ length: n }, (_, i) => from + ((to - from) * i) / (n - 1));
const wave = (k: number, n: number) => Array.from({ length: n }, (_, i) => Math.sin(k + 1.3 * i + 0.1 * i * i));
const f64 = (values: number[]) => storageOf(backend, 'float64', values);

/** [rows, cols] to [cols, rows]; with `order`, the columns come in blocks that change places: block k of the result is block order[k]. */
function transpose(values: number[], rows: number, cols: number, order: number[] = [0]): number[] {
  const H = cols / order.length;
  return order.flatMap((block) =>
    Array.from({ length: H }, (_, j) =>
      Array.from({ length: rows }, (_, i) => values[i * cols + block * H + j]),
    ).flat(),
  );
}

function expectNear(actual: Storage, expected: number[]): void {
  expect(actual.length).toBe(expected.length);
  for (const [i, e] of expected.entries()) expect(Math.abs(actual.array[i] - e)).toBeLessThan(6e-9);
}

interface Run {
  readonly T: number;
  readonly B: number;
  readonly I: number;
  readonly H: number;
  readonly x: number[];
  readonly weightIh: number[];
  readonly weightHh: number[];
  readonly biasIh?: number[];
  readonly biasHh?: number[];
  readonly h0?: number[];
  readonly c0?: number[];
  readonly lengths?: number[];
  readonly reverse?: boolean;
  readonly dtype?: DType;
  readonly reserve?: boolean;
}

function forward(cell: FusedCell, run: Run): { y: Storage; hn: Storage; cn: Storage } {
  const { T, B, I, H, reverse = false, dtype = 'float64' } = run;
  const store = (values: number[] | undefined) => (values ? storageOf(backend, dtype, values) : null);
  const [y, hn, cn] = [T * B * H, B * H, B * H].map((n) => backend.allocate(dtype, n));
  backend.sequenceForward(
    cell,
    {
      y,
      hn,
      cn: cell === 'lstm' ? cn : null,
      reserve: run.reserve ? backend.allocate(dtype, reserveSize(cell, T, B, H)) : null,
    },
    {
      x: storageOf(backend, dtype, run.x),
      weightIh: storageOf(backend, dtype, run.weightIh),
      weightHh: storageOf(backend, dtype, run.weightHh),
      biasIh: store(run.biasIh),
      biasHh: store(run.biasHh),
      h0: store(run.h0),
      c0: store(run.c0),
      lengths: run.lengths ? storageOf(backend, 'int32', run.lengths) : null,
      mask: null,
    },
    { T, B, I, H, ldy: H, reverse },
  );
  return { y, hn, cn };
}

/** [B, T, n] to [T, B, n]. */
const timeFirst = (values: number[], B: number, T: number, n: number) =>
  Array.from({ length: T * B * n }, (_, at) => {
    const [t, b, j] = [Math.floor(at / (B * n)), Math.floor(at / n) % B, at % n];
    return values[(b * T + t) * n + j];
  });

describe('published values', () => {
  test('one step of the plain network', () => {
    const { y } = forward('rnnTanh', {
      T: 1,
      B: 3,
      I: 10,
      H: 4,
      x: lin(-0.4, 0.7, 30),
      h0: lin(-0.2, 0.5, 12),
      weightIh: transpose(lin(-0.1, 0.9, 40), 10, 4),
      weightHh: transpose(lin(-0.3, 0.7, 16), 4, 4),
      biasIh: lin(-0.2, 0.4, 4),
    });
    expectNear(
      y,
      [
        [-0.58172089, -0.50182032, -0.41232771, -0.31410098],
        [0.66854692, 0.79562378, 0.87755553, 0.92795967],
        [0.97934501, 0.99144213, 0.99646691, 0.99854353],
      ].flat(),
    );
  });

  test('a sequence of the plain network', () => {
    const { y } = forward('rnnTanh', {
      T: 3,
      B: 2,
      I: 4,
      H: 5,
      x: timeFirst(lin(-0.1, 0.3, 24), 2, 3, 4),
      h0: lin(-0.3, 0.1, 10),
      weightIh: transpose(lin(-0.2, 0.4, 20), 4, 5),
      weightHh: transpose(lin(-0.4, 0.1, 25), 5, 5),
      biasHh: lin(-0.7, 0.1, 5),
    });
    expectNear(
      y,
      timeFirst(
        [
          [-0.42070749, -0.27279261, -0.11074945, 0.05740409, 0.22236251],
          [-0.39525808, -0.22554661, -0.0409454, 0.14649412, 0.32397316],
          [-0.42305111, -0.24223728, -0.04287027, 0.15997045, 0.35014525],
          [-0.55857474, -0.39065825, -0.19198182, 0.02378408, 0.23735671],
          [-0.27150199, -0.07088804, 0.13562939, 0.33099728, 0.50158768],
          [-0.51014825, -0.30524429, -0.06755202, 0.17806392, 0.40333043],
        ].flat(),
        2,
        3,
        5,
      ),
    );
  });

  const fromIfog = [0, 1, 3, 2]; // the source has the gates in the order i f o g

  test('one step of the LSTM', () => {
    const { hn, cn } = forward('lstm', {
      T: 1,
      B: 3,
      I: 4,
      H: 5,
      x: lin(-0.4, 1.2, 12),
      h0: lin(-0.3, 0.7, 15),
      c0: lin(-0.4, 0.9, 15),
      weightIh: transpose(lin(-2.1, 1.3, 80), 4, 20, fromIfog),
      weightHh: transpose(lin(-0.7, 2.2, 100), 5, 20, fromIfog),
      biasIh: transpose(lin(0.3, 0.7, 20), 1, 20, fromIfog),
    });
    expectNear(
      hn,
      [
        [0.24635157, 0.28610883, 0.32240467, 0.35525807, 0.38474904],
        [0.49223563, 0.55611431, 0.61507696, 0.66844003, 0.7159181],
        [0.56735664, 0.66310127, 0.74419266, 0.80889665, 0.858299],
      ].flat(),
    );
    expectNear(
      cn,
      [
        [0.32986176, 0.39145139, 0.451556, 0.51014116, 0.56717407],
        [0.66382255, 0.76674007, 0.87195994, 0.97902709, 1.08751345],
        [0.74192008, 0.90592151, 1.07717006, 1.25120233, 1.42395676],
      ].flat(),
    );
  });

  test('a sequence of the LSTM', () => {
    const { y } = forward('lstm', {
      T: 3,
      B: 2,
      I: 5,
      H: 4,
      x: timeFirst(lin(-0.4, 0.6, 30), 2, 3, 5),
      h0: lin(-0.4, 0.8, 8),
      weightIh: transpose(lin(-0.2, 0.9, 80), 5, 16, fromIfog),
      weightHh: transpose(lin(-0.3, 0.6, 64), 4, 16, fromIfog),
      biasIh: transpose(lin(0.2, 0.7, 16), 1, 16, fromIfog),
    });
    expectNear(
      y,
      timeFirst(
        [
          [0.01764008, 0.01823233, 0.01882671, 0.0194232],
          [0.11287491, 0.12146228, 0.13018446, 0.13902939],
          [0.31358768, 0.33338627, 0.35304453, 0.37250975],
          [0.45767879, 0.4761092, 0.4936887, 0.51041945],
          [0.6704845, 0.69350089, 0.71486014, 0.7346449],
          [0.81733511, 0.83677871, 0.85403753, 0.86935314],
        ].flat(),
        2,
        3,
        4,
      ),
    );
  });

  test.each([
    ['gru' as const, [-0.01889648, 0.05420153, 0.12850443, 0.20399862, 0.36161935, 0.4422298, 0.52213936, 0.60298929]],
    [
      'gruResetBefore' as const,
      [-0.00263438, 0.07272887, 0.14897839, 0.22611586, 0.38527043, 0.45879688, 0.5328131, 0.60926522],
    ],
  ])('one step of %s', (cell, expected) => {
    const { hn } = forward(cell, {
      T: 1,
      B: 2,
      I: 3,
      H: 4,
      x: lin(-0.4, 0.6, 6),
      h0: lin(-0.3, 0.5, 8),
      weightIh: transpose(lin(-0.8, 0.9, 36), 3, 12),
      weightHh: transpose(lin(-0.6, 0.7, 48), 4, 12),
      biasIh: lin(-0.2, 0.3, 12),
      biasHh: lin(-0.1, 0.2, 12),
    });
    expectNear(hn, expected);
  });
});

describe.each(fusedCells)('%s', (cell) => {
  const [T, B, I, H] = [5, 3, 2, 3];
  const G = gateCount[cell];
  const base: Run = {
    T,
    B,
    I,
    H,
    x: wave(1, T * B * I),
    weightIh: wave(2, G * H * I),
    weightHh: wave(3, G * H * H),
    biasIh: wave(4, G * H),
    biasHh: wave(5, G * H),
    h0: wave(6, B * H),
    c0: wave(7, B * H),
  };
  const steps = (run: number[], from: number, to: number) => run.slice(from * B * I, to * B * I);

  test('reading a sequence whole or in two parts gives the same bits, in float32 too', () => {
    for (const dtype of ['float32', 'float64'] as const) {
      const whole = forward(cell, { ...base, dtype, reserve: true });
      const first = forward(cell, { ...base, dtype, T: 2, x: steps(base.x, 0, 2) });
      const state = { h0: [...first.hn.array], c0: [...first.cn.array] };
      const second = forward(cell, { ...base, dtype, T: 3, x: steps(base.x, 2, 5), ...state });
      expect([...first.y.array, ...second.y.array]).toEqual([...whole.y.array]);
      expect(second.hn.array).toEqual(whole.hn.array);
      expect(second.cn.array).toEqual(whole.cn.array);
    }
  });

  test('a padded row is the row cut to its length, whatever the padding holds, in both directions', () => {
    const lengths = [3, 5, 0];
    for (const reverse of [false, true]) {
      const x = [...base.x];
      for (let t = 0; t < T; t++)
        for (let b = 0; b < B; b++) if (t >= lengths[b]) x.fill(Number.NaN, (t * B + b) * I, (t * B + b + 1) * I);
      const padded = forward(cell, { ...base, x, lengths, reverse });
      for (let b = 0; b < B; b++) {
        const rowX = Array.from({ length: lengths[b] }, (_, t) =>
          base.x.slice((t * B + b) * I, (t * B + b + 1) * I),
        ).flat();
        const [h0, c0] = [base.h0, base.c0].map((s) => s?.slice(b * H, (b + 1) * H));
        const alone = forward(cell, { ...base, T: lengths[b], B: 1, x: rowX, h0, c0, reverse });
        for (let t = 0; t < T; t++) {
          const y = [...padded.y.slice((t * B + b) * H, H).array];
          expect(y).toEqual(t < lengths[b] ? [...alone.y.slice(t * H, H).array] : [0, 0, 0]);
        }
        expect([...padded.hn.slice(b * H, H).array]).toEqual([...alone.hn.array]);
        expect([...padded.cn.slice(b * H, H).array]).toEqual([...alone.cn.array]);
      }
    }
  });

  test('a row of length 0 returns the state it was given', () => {
    const { hn, cn } = forward(cell, { ...base, T: 0, x: [] });
    expect([...hn.array]).toEqual(base.h0);
    if (cell === 'lstm') expect([...cn.array]).toEqual(base.c0);
  });

  test('reversed is forward over the reversed input', () => {
    const flip = (values: ArrayLike<number>, n: number) =>
      Array.from({ length: T }, (_, t) => Array.from(values).slice((T - 1 - t) * n, (T - t) * n)).flat();
    const backward = forward(cell, { ...base, reverse: true });
    const flipped = forward(cell, { ...base, x: flip(base.x, B * I) });
    expect([...backward.y.array]).toEqual(flip(flipped.y.array, B * H));
    expect(backward.hn.array).toEqual(flipped.hn.array);
  });

  test('no state is a state of zeros, and no bias is a bias of zeros', () => {
    const none = forward(cell, { ...base, h0: undefined, c0: undefined, biasIh: undefined, biasHh: undefined });
    const [state, bias] = [new Array(B * H).fill(0), new Array(G * H).fill(0)];
    const zeros = forward(cell, { ...base, h0: state, c0: state, biasIh: bias, biasHh: bias });
    expect(none.y.array).toEqual(zeros.y.array);
  });

  test('two directions can write side by side into one output', () => {
    const y = f64(new Array(T * B * 2 * H).fill(7));
    const hn = backend.allocate('float64', B * H);
    const inputs = {
      x: f64(base.x),
      weightIh: f64(base.weightIh),
      weightHh: f64(base.weightHh),
      biasIh: null,
      biasHh: null,
      h0: null,
      c0: null,
      lengths: null,
      mask: null,
    };
    const right = { y: y.slice(H, y.length - H), hn, cn: null, reserve: null };
    backend.sequenceForward(cell, right, inputs, { T, B, I, H, ldy: 2 * H, reverse: true });
    const alone = forward(cell, {
      ...base,
      reverse: true,
      h0: undefined,
      c0: undefined,
      biasIh: undefined,
      biasHh: undefined,
    });
    for (let r = 0; r < T * B; r++) {
      expect([...y.slice(r * 2 * H, H).array]).toEqual([7, 7, 7]);
      expect(y.slice(r * 2 * H + H, H).array).toEqual(alone.y.slice(r * H, H).array);
    }
  });
});
