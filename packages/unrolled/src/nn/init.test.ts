import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Backend, currentBackend, useBackend } from '../backend/index.ts';
import { ReferenceBackend } from '../backend/reference/reference.ts';
import { makeLayer } from '../models/cells.ts';
import { setDefaultDtype, zeros } from '../tensor/create.ts';
import { manualSeed, randomState } from '../tensor/random-state.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { init, LSTM } from './index.ts';
import { skippingInit } from './init.ts';

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
