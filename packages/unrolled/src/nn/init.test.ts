import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Backend, currentBackend, useBackend } from '../backend/index.ts';
import { ReferenceBackend } from '../backend/reference/reference.ts';
import { makeLayer } from '../models/cells.ts';
import { setDefaultDtype, zeros } from '../tensor/create.ts';
import { globalRandom, manualSeed, randomState } from '../tensor/random-state.ts';
import type { Tensor } from '../tensor/tensor.ts';
import {
  GRUCell,
  init,
  LRUCell,
  LSTM,
  LSTMCell,
  MinGRUCell,
  MinLSTMCell,
  type Module,
  ProjectedLSTMCell,
  RNNCell,
  SLSTMCell,
} from './index.ts';
import { inverseSqrt, skippingInit } from './init.ts';

let before: Backend;
beforeAll(async () => {
  before = currentBackend();
  await useBackend(new ReferenceBackend());
  setDefaultDtype('float64');
  manualSeed(2);
});
afterAll(async () => {
  setDefaultDtype('float32');
  await useBackend(before);
});

const rows = (x: Tensor) => x.toArray() as number[][];
const values = (x: Tensor) => [...x.dataSync()];

/** The largest entry of |A Aᵀ − gain² I|. */
function fromOrthonormal(a: number[][], gain = 1): number {
  let worst = 0;
  for (const [i, p] of a.entries()) {
    for (const [j, q] of a.entries())
      worst = Math.max(worst, Math.abs(p.reduce((s, v, k) => s + v * q[k], 0) - (i === j ? gain * gain : 0)));
  }
  return worst;
}

describe('init', () => {
  test('orthogonal: every block of a recurrent weight has singular values of gain alone', () => {
    const weight = rows(init.orthogonal(zeros([3 * 8, 8]), 1.5));
    for (let g = 0; g < 3; g++) expect(fromOrthonormal(weight.slice(8 * g, 8 * g + 8), 1.5)).toBeLessThan(1e-12);
    expect(fromOrthonormal(rows(init.orthogonal(zeros([5, 9]))))).toBeLessThan(1e-12);
    const tall = rows(init.orthogonal(zeros([9, 5])));
    expect(fromOrthonormal(tall[0].map((_, k) => tall.map((r) => r[k])))).toBeLessThan(1e-12);
  });

  test('identity: one on the diagonal of every block', () => {
    expect(rows(init.identity(zeros([4, 2]), 2))).toEqual([[2, 0], [0, 2], [2, 0], [0, 2]]); // biome-ignore format: a matrix
  });

  test('Xavier: the bound and the deviation of its papers', () => {
    const uniform = values(init.xavierUniform(zeros([50, 100])));
    expect(Math.max(...uniform.map(Math.abs))).toBeLessThanOrEqual(Math.sqrt(6 / 150));
    expect(Math.max(...uniform)).toBeGreaterThan(0.95 * Math.sqrt(6 / 150));
    const normal = values(init.xavierNormal(zeros([50, 100])));
    expect(Math.sqrt(normal.reduce((s, v) => s + v * v, 0) / normal.length)).toBeCloseTo(Math.sqrt(2 / 150), 2);
  });

  test('the default of a recurrent layer is uniform in ±1/√H', () => {
    const bound = 1 / Math.sqrt(16);
    for (const p of new LSTM(5, 16).parameters()) {
      expect(Math.max(...values(p).map(Math.abs))).toBeLessThanOrEqual(bound);
      expect(Math.max(...values(p))).toBeGreaterThan(0.8 * bound);
    }
  });

  test.each<[string, number, () => Module, readonly string[]]>([
    ['RNN', 16, () => new RNNCell(5, 16), ['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh']],
    ['GRU', 16, () => new GRUCell(5, 16), ['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh']],
    ['LSTM', 16, () => new LSTMCell(5, 16), ['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh']],
    ['projected LSTM', 16, () => new ProjectedLSTMCell(5, 16, 7), ['weight_ih', 'weight_hh', 'weight_hr', 'bias_ih']],
    ['minGRU', 5, () => new MinGRUCell(5, 16), ['weight_ih', 'bias_ih']],
    ['minLSTM', 5, () => new MinLSTMCell(5, 16), ['weight_ih', 'bias_ih']],
    ['sLSTM', 16, () => new SLSTMCell(5, 16), ['weight_ih', 'weight_hh']],
  ])('%s: uniform in ±1/√%i', (_, n, make, names) => {
    const parameters = new Map(make().namedParameters());
    for (const name of names) {
      const weights = values(parameters.get(name) as Tensor);
      expect(weights.length).toBeGreaterThanOrEqual(16);
      expect(Math.max(...weights.map(Math.abs))).toBeLessThanOrEqual(1 / Math.sqrt(n));
      expect(Math.max(...weights)).toBeGreaterThan(0.7 / Math.sqrt(n));
      expect(Math.min(...weights)).toBeLessThan(-0.7 / Math.sqrt(n));
    }
  });

  test('sLSTM: forget biases from 3 to 6, the others 0', () => {
    const zero = [0, 0, 0, 0];
    expect(values(new SLSTMCell(2, 4).biasIh)).toEqual([...zero, 3, 4, 5, 6, ...zero, ...zero]); // i f z o
    expect(values(new SLSTMCell(2, 1).biasIh)).toEqual([0, 3, 0, 0]);
  });

  test('LRU: λ on its ring, evenly distributed in area and phase; γ = √(1 − |λ|²)', () => {
    const [minRadius, maxRadius, maxPhase] = [0.5, 0.9, 1];
    const cell = new LRUCell(4, 2000, { minRadius, maxRadius, maxPhase });
    const modulus = values(cell.nu).map((nu) => Math.exp(-Math.exp(nu)));
    const phase = values(cell.theta).map(Math.exp);
    const mean = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0) / numbers.length;
    expect(Math.min(...modulus)).toBeGreaterThanOrEqual(minRadius - 1e-12);
    expect(Math.max(...modulus)).toBeLessThanOrEqual(maxRadius + 1e-12);
    expect(mean(modulus.map((r) => r * r))).toBeCloseTo((minRadius ** 2 + maxRadius ** 2) / 2, 1.5); // of [0.25, 0.81]
    expect(Math.max(...phase)).toBeLessThanOrEqual(maxPhase);
    expect(mean(phase)).toBeCloseTo(maxPhase / 2, 1.5);
    for (const [k, gamma] of values(cell.gamma).entries())
      expect(Math.exp(gamma)).toBeCloseTo(Math.sqrt(1 - modulus[k] ** 2), 9);
    const deviation = (x: Tensor) => Math.sqrt(mean(values(x).map((v) => v * v)));
    expect(deviation(cell.weightIh)).toBeCloseTo(1 / Math.sqrt(2 * 4), 1.5); // B
    expect(deviation(new LRUCell(4, 50).weightHo)).toBeCloseTo(1 / Math.sqrt(50), 1.5); // C
    expect(deviation(cell.weightIo)).toBeCloseTo(1 / Math.sqrt(4), 1.5); // D
  });

  test.each<[string, number, number, number, number]>([
    ['the border', 1 - 1e-9, 1, 1 - 1e-6, 1e-6],
    ['the middle', 0, 1e-4, 1e-6, 1 - 1e-6],
  ])('LRU: at %s of the disk |λ|² stays 1e-6 away', (_name, minRadius, maxRadius, square, rest) => {
    const cell = new LRUCell(1, 20, { minRadius, maxRadius });
    for (const nu of values(cell.nu)) expect(Math.exp(-2 * Math.exp(nu))).toBeCloseTo(square, 12);
    for (const gamma of values(cell.gamma)) expect(Math.exp(2 * gamma)).toBeCloseTo(rest, 12);
    expect([...values(cell.theta), ...values(cell.nu)].every(Number.isFinite)).toBe(true);
  });

  test('what is drawn is what the generator gives, in its order', () => {
    const drawn = (n: number, draw: 'uniform' | 'normal') => {
      manualSeed(23);
      return Array.from({ length: n }, () => globalRandom()[draw]());
    };
    const made = (make: () => Tensor) => {
      manualSeed(23);
      return values(make());
    };
    const near = (numbers: number[]) => numbers.map((n) => expect.closeTo(n, 12) as number);
    expect(made(() => init.uniform(zeros([5]), 2, 6))).toEqual(near(drawn(5, 'uniform').map((u) => 2 + 4 * u)));
    expect(made(() => init.normal(zeros([5]), 1, 3))).toEqual(near(drawn(5, 'normal').map((z) => 1 + 3 * z)));
    // Square: the first row is the first draws at length 1, the second what is left of the next ones without it.
    const [a, b, c, d] = drawn(4, 'normal');
    const [p, q] = [a / Math.hypot(a, b), b / Math.hypot(a, b)];
    const [r, s] = [c - (c * p + d * q) * p, d - (c * p + d * q) * q];
    const square = [p, q, r / Math.hypot(r, s), s / Math.hypot(r, s)];
    expect(made(() => init.orthogonal(zeros([2, 2]), 3))).toEqual(near(square.map((v) => 3 * v)));
    // An LRU draws a radius and a phase for each unit, then B.
    manualSeed(23);
    for (let k = 0; k < 6; k++) globalRandom().uniform();
    const z = globalRandom().normal();
    expect(made(() => new LRUCell(2, 3).weightIh)[0]).toBeCloseTo(z / Math.sqrt(4), 12);
  });

  test('matrices without rows or columns are left as they are', () => {
    for (const shape of [[0, 3], [3, 0], [0, 0]]) expect(values(init.orthogonal(zeros(shape)))).toEqual([]); // biome-ignore format: a list
  });

  test('1/√n, and 0 for nothing', () => {
    expect([4, 1, 0.25, 0].map(inverseSqrt)).toEqual([0.5, 1, 2, 0]);
  });

  test('forgetGateBias sets the second block and nothing else', () => {
    expect(values(init.forgetGateBias(zeros([8]), 1))).toEqual([0, 0, 1, 1, 0, 0, 0, 0]);
  });

  test('chrono: forget biases ln u of time constants up to tMax, input biases their opposite', () => {
    const bias = values(init.chrono(zeros([4 * 500]), 100));
    const [input, forget, rest] = [bias.slice(0, 500), bias.slice(500, 1000), bias.slice(1000)];
    expect(input.map((v) => v + 0)).toEqual(forget.map((v) => 0 - v));
    expect(Math.min(...forget)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...forget)).toBeLessThanOrEqual(Math.log(99));
    expect(Math.max(...forget)).toBeGreaterThan(Math.log(90));
    expect(rest.every((v) => v === 0)).toBe(true);
  });

  test('an IRNN without input keeps its state', () => {
    const layer = makeLayer('test', 'irnn', 3, 4, {});
    const h = zeros([1, 2, 4]);
    h.set(Float64Array.from({ length: 8 }, (_, i) => i + 1));
    const [, after] = layer.forward(zeros([50, 2, 3]), h);
    expect(values(after as Tensor)).toEqual(values(h));
  });

  test('the same seed gives the same weights', () => {
    const draw = (seed: number) => (manualSeed(seed), values(init.normal(zeros([20]))));
    expect(draw(3)).toEqual(draw(3));
    expect(draw(3)).not.toEqual(draw(4));
  });

  test('where weights are loaded at once nothing is drawn, and what is no chance is set all the same', () => {
    const state = JSON.stringify(randomState());
    const fives = () => init.constant(zeros([4, 4]), 5);
    const [skipped, identity] = skippingInit(() => {
      for (const fill of [init.normal, init.orthogonal, init.xavierUniform])
        expect(values(fill(fives()))).toEqual(values(fives()));
      return [values(init.uniform(fives(), -1, 1)), values(init.identity(fives()))];
    });
    expect(skipped).toEqual(values(fives()));
    expect(identity).toEqual(values(init.identity(zeros([4, 4]))));
    expect(JSON.stringify(randomState())).toBe(state);
    expect(values(init.normal(fives()))).not.toEqual(values(fives()));
  });
});
