// Backward through time against float64 central differences: random gradients of every output, every input and parameter,
// every cell, in both directions, with and without lengths (one of them 0), recurrent dropout, and initial states.

import { describe, expect, test } from 'vitest';
import { fusedCells, gateCount, reserveSize, type Storage } from '../../backend.ts';
import { ReferenceBackend } from '../reference.ts';
import { storageOf } from '../storage.ts';

const backend = new ReferenceBackend();
const eps = 1e-6;
const tolerance = 1e-8; // differences of float64 at this eps are good to about 2e-9
const wave = (k: number, n: number) => Array.from({ length: n }, (_, i) => Math.sin(k + 1.3 * i + 0.1 * i * i));
const f64 = (values: number[]) => storageOf(backend, 'float64', values);
const empty = (n: number) => backend.allocate('float64', n);
const dot = (a: Storage, b: Storage) => Array.from(a.array).reduce((sum, value, i) => sum + value * b.array[i], 0);

const [T, B, I, H] = [4, 3, 2, 3];
const yes = [false, true];
const combinations = yes.flatMap((reverse) =>
  yes.flatMap((padded) => yes.flatMap((dropout) => yes.map((state) => ({ reverse, padded, dropout, state })))),
);

describe.each(fusedCells)('%s', (cell) => {
  const G = gateCount[cell];
  const isLstm = cell === 'lstm';

  test.each(combinations)(
    'reverse $reverse, lengths $padded, mask $dropout, state $state',
    ({ reverse, padded, dropout, state }) => {
      const ldy = reverse ? 2 * H : H; // as if both directions shared y
      const sizes = { T, B, I, H, ldy, reverse };
      const inputs = {
        x: f64(wave(1, T * B * I)),
        weightIh: f64(wave(2, G * H * I)),
        weightHh: f64(wave(3, G * H * H)),
        biasIh: f64(wave(4, G * H)),
        biasHh: f64(wave(5, G * H)),
        h0: state ? f64(wave(6, B * H)) : null,
        c0: state && isLstm ? f64(wave(7, B * H)) : null,
        lengths: padded ? storageOf(backend, 'int32', [2, 0, T]) : null,
        mask: dropout ? f64(wave(8, B * H).map((m) => (m > 0 ? 1.6 : 0))) : null,
      };
      const outputs = {
        y: f64(new Array(T * B * ldy).fill(0)),
        hn: empty(B * H),
        cn: isLstm ? empty(B * H) : null,
        reserve: empty(reserveSize(cell, T, B, H)),
      };
      const dy = f64(wave(9, T * B * ldy));
      const outputGradients = { dy, dhn: f64(wave(10, B * H)), dcn: isLstm ? f64(wave(11, B * H)) : null };
      const gradients = {
        dx: empty(T * B * I),
        dWeightIh: empty(G * H * I),
        dWeightHh: empty(G * H * H),
        dBiasIh: empty(G * H),
        dBiasHh: empty(G * H),
        dh0: empty(B * H),
        dc0: isLstm ? empty(B * H) : null,
      };

      const loss = () => {
        backend.sequenceForward(cell, outputs, inputs, sizes);
        const { hn, cn, y } = outputs;
        const { dhn, dcn } = outputGradients;
        return dot(y, dy) + dot(hn, dhn) + (cn && dcn ? dot(cn, dcn) : 0);
      };
      loss();
      const dyWithPadding = f64([...dy.array]);
      if (padded) for (let t = 2; t < T; t++) dyWithPadding.slice(t * B * ldy, H).array.fill(Number.NaN); // row 0 ends at 2
      backend.sequenceBackward(cell, gradients, { ...outputGradients, dy: dyWithPadding }, outputs, inputs, sizes);

      expectGradient(gradients.dx, inputs.x, loss);
      expectGradient(gradients.dWeightIh, inputs.weightIh, loss);
      expectGradient(gradients.dWeightHh, inputs.weightHh, loss);
      expectGradient(gradients.dBiasIh, inputs.biasIh, loss);
      expectGradient(gradients.dBiasHh, inputs.biasHh, loss);
      if (inputs.h0) expectGradient(gradients.dh0, inputs.h0, loss);
      if (inputs.c0 && gradients.dc0) expectGradient(gradients.dc0, inputs.c0, loss);
    },
  );

  test('gradients that are not given are zeros, and gradients that are not wanted are not computed', () => {
    const sizes = { T, B, I, H, ldy: H, reverse: false };
    const inputs = {
      x: f64(wave(1, T * B * I)),
      weightIh: f64(wave(2, G * H * I)),
      weightHh: f64(wave(3, G * H * H)),
      biasIh: null,
      biasHh: null,
      h0: null,
      c0: null,
      lengths: null,
      mask: null,
    };
    const reserve = empty(reserveSize(cell, T, B, H));
    const outputs = { y: empty(T * B * H), hn: empty(B * H), cn: isLstm ? empty(B * H) : null, reserve };
    backend.sequenceForward(cell, outputs, inputs, sizes);

    const unwanted = { dx: null, dBiasIh: null, dBiasHh: null, dh0: null, dc0: null };
    const run = (dy: Storage | null, dhn: Storage | null, dcn: Storage | null) => {
      const gradients = { ...unwanted, dWeightIh: empty(G * H * I), dWeightHh: empty(G * H * H) };
      backend.sequenceBackward(cell, gradients, { dy, dhn, dcn }, outputs, inputs, sizes);
      return [...gradients.dWeightIh.array, ...gradients.dWeightHh.array];
    };
    const [dy, dhn, zeros] = [f64(wave(4, T * B * H)), f64(wave(5, B * H)), f64(new Array(B * H).fill(0))];
    expect(run(dy, null, null)).toEqual(run(dy, zeros, zeros));
    expect(run(null, dhn, null)).toEqual(run(f64(new Array(T * B * H).fill(0)), dhn, zeros));
    expect(run(null, dhn, null).some((g) => g !== 0)).toBe(true);
  });
});

/** Compares `gradient` with the slopes of `loss` in every element of `x`. */
function expectGradient(gradient: Storage, x: Storage, loss: () => number): void {
  for (let i = 0; i < x.length; i++) {
    const value = x.array[i];
    x.array[i] = value + eps;
    const above = loss();
    x.array[i] = value - eps;
    const below = loss();
    x.array[i] = value;
    const error = Math.abs(gradient.array[i] - (above - below) / (2 * eps));
    expect(error).toBeLessThan(tolerance * (1 + Math.abs(gradient.array[i])));
  }
}
