// The ops of decoders against the plain ops that they stand for.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Backend, currentBackend, useBackend } from '../../backend/index.ts';
import { ReferenceBackend } from '../../backend/reference/reference.ts';
import { GRUCell } from '../../nn/recurrent/gru-cell.ts';
import { LSTMCell } from '../../nn/recurrent/lstm-cell.ts';
import { RNNCell } from '../../nn/recurrent/rnn-cell.ts';
import { setDefaultDtype } from '../create.ts';
import { crossEntropyInBlocks } from './linear-cross-entropy.ts';
import {
  attention,
  attentiveSequence,
  crossEntropy,
  indices,
  linear,
  linearCrossEntropy,
  manualSeed,
  randn,
  recurrentStep,
  stack,
  type Tensor,
} from '../index.ts';

let before: Backend;
beforeAll(async () => {
  before = currentBackend();
  await useBackend(new ReferenceBackend());
  setDefaultDtype('float64');
  manualSeed(3);
});
afterAll(async () => {
  setDefaultDtype('float32');
  await useBackend(before);
});

function close(a: Tensor, b: Tensor): void {
  expect(a.shape).toEqual(b.shape);
  const [x, y] = [a.dataSync(), b.dataSync()];
  // One expectation for all: a million of them take half a minute.
  const far = Array.from(x.entries()).filter(([i, v]) => !(Math.abs(v - y[i]) < 1e-12 * Math.max(1, Math.abs(y[i]))));
  expect(far.map(([i, v]) => `${i}: ${v}, not ${y[i]}`).slice(0, 5)).toEqual([]);
}

describe('recurrentStep', () => {
  const cells = { rnnTanh: RNNCell, lstm: LSTMCell, gru: GRUCell };
  test.each(Object.entries(cells))('is the cell %s', (name, Cell) => {
    const cell = new Cell(3, 5);
    const [x, h, c] = [randn([2, 3]), randn([2, 5]), randn([2, 5])];
    const gates = [linear(x, cell.weightIh, cell.biasIh), linear(h, cell.weightHh, cell.biasHh)] as const;
    const isLstm = cell instanceof LSTMCell;
    const next = recurrentStep(name as 'lstm', ...gates, h, isLstm ? c : null);
    const [output, state] = isLstm ? cell.step(x, { h, c }) : cell.step(x, h);
    close(next.h, output);
    if (isLstm) close(next.c as Tensor, (state as { c: Tensor }).c);
  });

  test('an LSTM without its cell state is refused', () => {
    expect(() => recurrentStep('lstm', randn([1, 8]), randn([1, 8]), randn([1, 2]))).toThrow('expected the cell state');
  });
});

test.each(['gru', 'lstm'] as const)('attentiveSequence, %s, is attention and a cell, step by step', (cell) => {
  const [T, B, S, H, A] = [4, 3, 5, 6, 2];
  const G = cell === 'gru' ? 3 : 4;
  const [gates, weightHh, h0, weightQuery] = [randn([T, B, G * H]), randn([G * H, H]), randn([B, H]), randn([A, H])];
  const [keys, values, v] = [randn([B, S, A]), randn([B, S, G * H]), randn([A])];
  const c0 = cell === 'lstm' ? randn([B, H]) : null;
  const lengths = indices([5, 2, 4]);
  const inputs = { gates, weightHh, biasHh: null, h0, c0, weightQuery, keys, values, v, lengths };
  const { y, weights } = attentiveSequence(cell, inputs);
  let [h, c]: [Tensor, Tensor | null] = [h0, c0];
  const [ys, ws]: [Tensor[], Tensor[]] = [[], []];
  for (const gate of gates.unbind(0)) {
    const look = attention(linear(h, weightQuery), keys, values, { v, lengths });
    ({ h, c } = recurrentStep(cell, gate.add(look.context), linear(h, weightHh), h, c));
    ys.push(h);
    ws.push(look.weights);
  }
  close(y, stack(ys));
  close(weights, stack(ws));
});

describe.each([{ labelSmoothing: 0 }, { labelSmoothing: 0.1 }, { labelSmoothing: 0.3, reduction: 'sum' }] as const)(
  'linearCrossEntropy in several blocks is crossEntropy of linear, gradients included: %o',
  (options) => {
    /** Compares `fused` with the plain ops on 40 rows, of which 34 count. */
    function compare(V: number, fused: typeof linearCrossEntropy): void {
      const [rows, I] = [40, 2];
      const parameters = () => {
        manualSeed(5);
        return [randn([rows, I]), randn([V, I]), randn([V])].map((t) => {
          t.requiresGrad = true;
          return t;
        });
      };
      const target = indices(Int32Array.from({ length: rows }, (_, r) => (r % 7 === 0 ? -100 : (r * 997) % V)));
      const [a, b] = [parameters(), parameters()];
      const loss = fused(a[0], a[1], a[2], target, options);
      const composed = crossEntropy(linear(b[0], b[1], b[2]), target, options);
      close(loss, composed);
      loss.backward();
      composed.backward();
      for (const [k, p] of a.entries()) close(p.grad as Tensor, b[k].grad as Tensor);
    }

    test('three blocks of at most 16 rows', () =>
      compare(4999, (x, weight, bias, target) => crossEntropyInBlocks(x, weight, bias, target, options, 16 * 4999)));

    // Two blocks of the size that a model gets, where a run of ten million logits is worth its while.
    test.runIf(options.labelSmoothing === 0)('a vocabulary of 250,000', () => compare(250_000, linearCrossEntropy));
  },
);
