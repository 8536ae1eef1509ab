import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { currentBackend, useBackend } from '../backend/load.ts';
import type { Backend } from '../backend/backend.ts';
import { ReferenceBackend } from '../backend/reference/reference.ts';
import { LanguageModel } from '../models/language-model.ts';
import { init, LSTM, Module, Recurrent, RNN, type Tensor } from '../index.ts';
import { indices, manualSeed, randomState, setDefaultDtype, tensor } from '../tensor/index.ts';
import { describeGradientFlow, gradientFlow, gradientFlowMap } from './gradient-flow.ts';
import { growthOf, describeGrowth } from './growth.ts';
import { LinearCell } from '../nn/recurrent/linear-cell.ts';

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

  constructor(recurrent: Recurrent<unknown>) {
    super();
    this.recurrent = recurrent;
  }
  /** The sum of the last step's outputs. */
  loss(x: Tensor): Tensor {
    const [y] = this.recurrent.forward(x);
    return y.select(0, y.shape[0] - 1).sum();
  }
}

const input = (T: number, B: number, I: number) =>
  tensor(
    Array.from({ length: T * B * I }, (_, i) => Math.sin(1 + 1.3 * i)),
    [T, B, I],
  );

describe('gradientFlow', () => {
  test.each([0.9, 1.1])('a linear network with W_hh = %f · Q multiplies the gradient by it at every step', (rho) => {
    manualSeed(1);
    const cell = new LinearCell(2, 6);
    init.orthogonal(cell.weightHh, rho);
    const net = new Net(new Recurrent(cell) as Recurrent<unknown>);
    for (const from of ['loss', 'last'] as const) {
      const { rows, steps } = gradientFlow(net, () => net.loss(input(30, 2, 2)), { from });
      expect([steps, rows.length, rows[0].layer, rows[0].of]).toEqual([30, 1, 'l0', 'h']);
      const { norms, growth } = rows[0];
      for (const [t, n] of norms.entries()) expect(Math.abs(n / (norms[29] * rho ** (29 - t)) - 1)).toBeLessThan(1e-12);
      expect(growth.factor).toBeCloseTo(rho, 12);
      expect(growth.fit).toBeCloseTo(1, 12);
    }
  });

  test('∂L/∂h_t is what a nudge of h_t changes the loss by', () => {
    manualSeed(2);
    const net = new Net(new RNN(2, 3) as Recurrent<unknown>);
    const x = input(5, 1, 2);
    const { norms } = gradientFlow(net, () => net.loss(x)).rows[0];
    const { cells } = net.recurrent;
    const steps = x.unbind(0);
    for (let t = 0; t < 5; t++) {
      let square = 0;
      for (let j = 0; j < 3; j++) {
        const lossWith = (nudge: number) => {
          let h = cells[0].initialState(1) as Tensor;
          for (let s = 0; s < 5; s++) {
            h = cells[0].step(steps[s], h)[1] as Tensor;
            if (s === t) h = h.add(tensor([[0, 1, 2].map((k) => (k === j ? nudge : 0))]));
          }
          return h.sum().itemSync();
        };
        square += ((lossWith(1e-5) - lossWith(-1e-5)) / 2e-5) ** 2;
      }
      expect(norms[t]).toBeCloseTo(Math.sqrt(square), 8);
    }
  });

  test('shows c and the four gates of an LSTM, of both directions and layers', () => {
    const net = new Net(new LSTM(2, 3, { numLayers: 2, bidirectional: true }) as Recurrent<unknown>);
    const { rows } = gradientFlow(net, () => net.loss(input(4, 2, 2)));
    expect(rows.map(({ layer, of }) => `${layer} ${of}`).filter((n) => n.startsWith('l1_'))).toEqual(
      ['h', 'c', 'i', 'f', 'g', 'o'].map((n) => `l1_reverse ${n}`),
    );
    expect(rows.length).toBe(24);
    // Only the forward direction's last step is asked for: the backward direction has read one step by then.
    expect(rows.find((r) => r.layer === 'l1_reverse' && r.of === 'h')?.norms.map((n) => n > 0)).toEqual([
      false,
      false,
      false,
      true,
    ]);
  });

  test('leaves gradients, random state and mode as they were', () => {
    manualSeed(4);
    const model = new LanguageModel(7, { hiddenSize: 4, dropout: 0.5 });
    const [x, y] = [indices([[1], [2], [3]]), indices([[2], [3], [4]])];
    model.loss(x, y).loss.backward();
    const state = () => [randomState(), model.training, model.parameters().map((p) => p.grad?.toArray())];
    const was = JSON.stringify(state());
    const flow = gradientFlow(model, () => model.loss(x, y).loss);
    expect(JSON.stringify(state())).toBe(was);
    expect(flow.rows.length).toBe(12);
    expect(JSON.parse(JSON.stringify(flow))).toEqual(flow);
  });

  test('says what it found, in two languages, and draws it', () => {
    const cell = new LinearCell(2, 4);
    init.orthogonal(cell.weightHh, 0.83);
    const net = new Net(new Recurrent(cell) as Recurrent<unknown>);
    const flow = gradientFlow(net, () => net.loss(input(20, 1, 2)), { from: 'last' });
    expect(describeGradientFlow(flow)[0]).toMatch(
      /^l0 h: 1 at the last step, 0\.029 at the first; vanishing by 0\.830 a step, half-life 3\.7 steps$/,
    );
    expect(describeGradientFlow(flow, 'ko')[0]).toContain('한 단계에 0.830배로 소실, 반감기 3.7단계');
    expect(gradientFlowMap(flow).match(/<title>/g)?.length).toBe(20);
  });

  test('refuses a model that steps through nothing', () => {
    const net = new Net(new RNN(2, 3) as Recurrent<unknown>);
    expect(() => gradientFlow(net, () => input(2, 2, 2).sum())).toThrow(
      'no recurrent layer of this Net was stepped through',
    );
  });
});

test('a growth is fitted through what there is, and said', () => {
  expect(growthOf([1, 2, 0, 8]).factor).toBeCloseTo(2, 12);
  expect(growthOf([0, 0, 1]).factor).toBeNaN();
  expect(describeGrowth(growthOf([1, 2, 4]))).toBe('exploding by 2.00 a step, doubling every 1 steps');
  expect(describeGrowth(growthOf([1, 1, 1]))).toBe('kept (1.00 a step)');
  expect(describeGrowth(growthOf([]), 'ko')).toBe('잴 수 있는 기울기가 없음');
});
