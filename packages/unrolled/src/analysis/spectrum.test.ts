// The bars of the lecture's chapter on gradients, exact ones exactly, in float64.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Backend } from '../backend/backend.ts';
import { currentBackend, useBackend } from '../backend/load.ts';
import { ReferenceBackend } from '../backend/reference/reference.ts';
import { LanguageModel } from '../models/language-model.ts';
import { type Cell, GRUCell, init, LinearCell, LSTMCell, Module, Recurrent, RNNCell } from '../nn/index.ts';
import { SkipRNNCell } from '../nn/recurrent/skip-rnn-cell.ts';
import { indices, manualSeed, setDefaultDtype, tensor, type Tensor } from '../tensor/index.ts';
import { stepJacobian } from './jacobian.ts';
import { singularValues } from './linear-algebra.ts';
import { namedTensors } from './observed-layers.ts';
import { spectrum } from './spectrum.ts';
import { describeSpectrum, eigenvaluePlot, spectrumPlot } from './spectrum-report.ts';

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

class Net extends Module {
  readonly recurrent: Recurrent<unknown>;

  constructor(cell: object) {
    super();
    this.recurrent = new Recurrent(cell as Cell<unknown>);
  }
}

const input = (T: number, B: number, I: number, scale = 1) =>
  tensor(
    Array.from({ length: T * B * I }, (_, i) => scale * Math.sin(1 + 1.3 * i)),
    [T, B, I],
  );

const along = (cell: object, x: Tensor, steps = 50) => {
  const net = new Net(cell);
  return spectrum(net, () => net.recurrent.forward(x), { steps }).layers[0];
};

describe('stepJacobian', () => {
  test.each([
    ['a tanh network', () => new RNNCell(2, 4)],
    ['a GRU', () => new GRUCell(2, 4)],
    ['an LSTM', () => new LSTMCell(2, 3)],
  ])('of %s is what central differences find', (_name, make) => {
    manualSeed(5);
    const cell = make() as Cell<unknown>;
    const x = tensor([[0.4, -1.1]]);
    const zero = namedTensors(cell.initialState(1));
    const values = zero.flatMap(([, t], k) => Array.from({ length: t.size }, (_, j) => Math.cos(1 + j + 3 * k) / 2));
    const stateOf = (v: readonly number[]) => {
      let at = 0;
      const parts = zero.map(([name, t]) => [name, tensor([v.slice(at, (at += t.size))])] as const);
      return parts.length > 1 ? Object.fromEntries(parts) : parts[0][1];
    };
    const flat = (v: readonly number[]) =>
      namedTensors(cell.step(x, stateOf(v))[1]).flatMap(([, t]) => Array.from(t.dataSync()));
    const { size, values: jacobian } = stepJacobian(cell, x, stateOf(values));
    expect(size).toBe(values.length);
    for (let j = 0; j < size; j++) {
      const [up, down] = [1e-5, -1e-5].map((e) => flat(values.map((v, k) => (k === j ? v + e : v))));
      for (let i = 0; i < size; i++) expect(jacobian[i * size + j]).toBeCloseTo((up[i] - down[i]) / 2e-5, 8);
    }
  });
});

describe('spectrum', () => {
  test.each([0.9, 1.1])('a linear network with W_hh = %f · Q: ‖∂h_T/∂h_0‖₂ = ρ^T to 1e-9, T = 50', (rho) => {
    manualSeed(1);
    const cell = new LinearCell(3, 12);
    init.orthogonal(cell.weightHh, rho);
    const { product, bound, growth, weights } = along(cell, input(50, 2, 3));
    expect(product.length).toBe(50);
    expect(Math.abs(product[49] - rho ** 50)).toBeLessThanOrEqual(1e-9);
    expect(Math.abs(product[49] / rho ** 50 - 1)).toBeLessThanOrEqual(1e-9);
    for (const [k, b] of (bound ?? []).entries()) expect(b).toBeCloseTo(rho ** (k + 1), 9);
    expect(growth.factor).toBeCloseTo(rho, 10);
    expect(weights[0].singular.every((s) => Math.abs(s - rho) < 1e-12)).toBe(true);
    expect(weights[0].eigen.every(({ re, im }) => Math.abs(Math.hypot(re, im) - rho) < 1e-9)).toBe(true);
  });

  /** A tanh network whose W_hh is random, with this largest singular value. */
  const tanhNet = (seed: number, sigma: number) => {
    manualSeed(seed);
    const cell = new RNNCell(2, 8, { bias: false });
    const scale = sigma / singularValues(cell.weightHh.dataSync(), 8, 8)[0];
    cell.weightHh.set(cell.weightHh.dataSync().map((w) => w * scale));
    // Small inputs leave tanh steep: where it could explode, it may.
    return along(cell, input(40, 1, 2, 0.01), 40);
  };
  const seeds = Array.from({ length: 20 }, (_, k) => k + 1);

  test('tanh, σ_max = 0.9, 20 random W_hh: the measured growth is never above the bound', () => {
    for (const seed of seeds) {
      const { product } = tanhNet(seed, 0.9);
      for (const [k, p] of product.entries()) expect(Math.log(p)).toBeLessThanOrEqual((k + 1) * Math.log(0.9) + 1e-12);
    }
  });

  test('tanh, σ_max = 1.5, 20 random W_hh: the bound holds, and at least one of them grows', () => {
    let growing = 0;
    for (const seed of seeds) {
      const { product, bound } = tanhNet(seed, 1.5);
      for (const [k, p] of product.entries()) expect(p).toBeLessThanOrEqual((bound as number[])[k] * (1 + 1e-12));
      if (product[product.length - 1] > 1) growing++;
    }
    expect(growing).toBeGreaterThanOrEqual(1);
  });

  test('an LSTM whose forget gate is held at 1 and that has no other path: ∂c_T/∂c_0 = I exactly', () => {
    const H = 4;
    const cell = new LSTMCell(2, H);
    init.constant(cell.weightHh, 0);
    init.constant(cell.biasHh as Tensor, 0);
    init.constant(cell.biasIh as Tensor, 0.3);
    init.forgetGateBias(cell.biasIh as Tensor, 60);
    const x = input(50, 1, 2).unbind(0);
    let state = cell.initialState(1);
    let product: number[] = Array.from({ length: H * H }, (_, i) => (i % (H + 1) === 0 ? 1 : 0));
    for (const step of x) {
      const { size, values } = stepJacobian(cell, step, state);
      // (h, c) × (h, c): the lower right quarter is ∂c_t/∂c_{t−1}, the lower left ∂c_t/∂h_{t−1}.
      const block = (r: number, s: number) => values[(H + r) * size + H + s];
      for (let r = 0; r < H; r++) for (let s = 0; s < H; s++) expect(values[(H + r) * size + s]).toBe(0);
      product = product.map((_, i) => {
        let sum = 0;
        for (let k = 0; k < H; k++) sum += block(Math.floor(i / H), k) * product[k * H + (i % H)];
        return sum;
      });
      [, state] = cell.step(step, state);
    }
    expect(product).toEqual(Array.from({ length: H * H }, (_, i) => (i % (H + 1) === 0 ? 1 : 0)));
  });

  test('names the gates of W_hh, counts (h, c) as one state, and has no bound for gates', () => {
    manualSeed(7);
    const { weights, stateSize, bound, product, jacobianNorms } = along(new LSTMCell(2, 3), input(6, 1, 2));
    expect(weights.map(({ gate }) => gate)).toEqual(['i', 'f', 'g', 'o']);
    expect([stateSize, bound, product.length, jacobianNorms.length]).toEqual([6, null, 6, 6]);
    // A product's norm is at most the product of the norms.
    let most = 1;
    for (const [k, p] of product.entries()) expect(p).toBeLessThanOrEqual((most *= jacobianNorms[k]) * (1 + 1e-12));
  });

  test('a skip connection over time is no gate', () => {
    manualSeed(7);
    const layer = along(new SkipRNNCell(2, 3, { skip: 2 }), input(6, 1, 2));
    expect([layer.weights.map(({ gate }) => gate), layer.bound]).toEqual([[''], null]);
    const sentences = (language: 'en' | 'ko') => describeSpectrum({ layers: [layer] }, language).join('\n');
    expect(sentences('en')).toContain('a cell whose state is more than the last h has no bound from W_hh alone');
    expect(sentences('ko')).not.toContain('게이트');
    const lstm = along(new LSTMCell(2, 3), input(6, 1, 2));
    expect(describeSpectrum({ layers: [lstm] }).join()).toContain('a cell with gates has no bound');
  });

  test('padding at the end of a row is not counted', () => {
    manualSeed(8);
    const net = new Net(new GRUCell(2, 3));
    const x = input(9, 2, 2);
    const of = (steps: Tensor, lengths: number[]) =>
      spectrum(net, () => net.recurrent.forward(steps, null, { lengths })).layers[0].product;
    expect(of(x, [5, 9])).toEqual(of(x.slice(0, 0, 5), [5, 5]));
  });

  test('a large product, computed by the backend, is the same', () => {
    manualSeed(9);
    const cell = new LinearCell(2, 100);
    init.orthogonal(cell.weightHh, 0.5);
    expect(along(cell, input(4, 1, 2)).product[3]).toBeCloseTo(0.0625, 9);
  });

  test('finds every layer of a language model, and measures what else could be', () => {
    manualSeed(10);
    const model = new LanguageModel(5, { cell: 'rnn', hiddenSize: 4, numLayers: 2 });
    const x = indices(Array.from({ length: 12 }, (_, i) => [i % 5]));
    const found = spectrum(model, () => model.forward(x), { alternatives: true });
    expect(found.layers.map(({ layer }) => layer)).toEqual(['l0', 'l1']);
    expect(found.layers[0].alternatives.map(({ name }) => name)).toEqual([
      'tanh',
      'orthogonal',
      'lstm',
      'chrono',
      'gru',
    ]);
    expect(JSON.parse(JSON.stringify(found))).toEqual(found);
    const [first, second, third] = describeSpectrum(found);
    expect(first).toMatch(
      /^l0: vanishing by 0\.\d+ a step, half-life [\d.]+ steps; along the data ‖∂s_T\/∂s_\{T−12\}‖ = /,
    );
    expect(second).toMatch(/^l0: W_hh σ_max [\d.]+, largest \|eigenvalue\| [\d.]+$/);
    expect(third).toMatch(/^l0: bound \(γ·σ_max\)\^12 = /);
    expect(describeSpectrum(found, 'ko')[0]).toMatch(/^l0: 한 단계에 0\.\d+배로 소실, 반감기/);
    expect(spectrumPlot(found.layers[0]).match(/<path d/g)?.length).toBe(7);
    expect(eigenvaluePlot(found.layers[0]).match(/<circle class="f/g)?.length).toBe(10);
  });

  test('refuses a row that is not there', () => {
    const net = new Net(new GRUCell(2, 3));
    expect(() => spectrum(net, () => net.recurrent.forward(input(2, 2, 2)), { row: 2 })).toThrow(
      'spectrum: row: expected a row from 0 to 1, got 2',
    );
  });
});
