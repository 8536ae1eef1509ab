import { crossEntropy, logSoftmax, softmax } from '../../packages/unrolled/src/tensor/index.ts';
import type { Sample } from '../ops.ts';
import { ints, wave } from './inputs.ts';

/** ln Σ exp of a row. */
const logSumExp = (row: readonly number[]): number => Math.log(row.reduce((s, v) => s + Math.exp(v), 0));

const rows = (x: readonly number[], n: number): number[][] =>
  Array.from({ length: x.length / n }, (_, r) => x.slice(r * n, (r + 1) * n));

const target = [4, 0, 2, 1];
const ignoring = [4, -1, 2, -1];
const losses = (x: readonly number[], t: readonly number[]): number[] =>
  rows(x, 5).map((row, r) => (t[r] < 0 ? 0 : logSumExp(row) - row[t[r]]));
const weights = [0.5, 2, 1.25, 1, 3];
/** (1 − ε) w_y (−ln p_y) + ε/V Σ_v w_v (−ln p_v), and 0 for what is ignored. */
const smoothedLosses = (x: readonly number[], t: readonly number[], epsilon: number, w = [1, 1, 1, 1, 1]): number[] =>
  rows(x, 5).map((row, r) => {
    if (t[r] < 0) return 0;
    const costs = row.map((v, k) => w[k] * (logSumExp(row) - v));
    return (1 - epsilon) * costs[t[r]] + (epsilon / 5) * total(costs);
  });
const total = (x: readonly number[]): number => x.reduce((a, b) => a + b, 0);

export const softmaxOps: Record<string, Record<string, Sample>> = {
  softmax: {
    'the last axis': {
      inputs: [wave([2, 5], 0, 2)],
      run: (x) => softmax(x),
      plain: (x) => rows(x, 5).flatMap((row) => row.map((v) => Math.exp(v - logSumExp(row)))),
    },
    'another axis': { inputs: [wave([2, 3, 2])], run: (x) => x.softmax(1) },
    'a row longer than a vector register': { inputs: [wave([1, 37], 0, 3)], run: (x) => x.softmax() },
    'no rows': { inputs: [wave([0, 4])], run: (x) => x.softmax(), plain: () => [] },
  },
  logSoftmax: {
    'the last axis': {
      inputs: [wave([2, 5], 0, 2)],
      run: (x) => logSoftmax(x),
      plain: (x) => rows(x, 5).flatMap((row) => row.map((v) => v - logSumExp(row))),
    },
    'another axis': { inputs: [wave([2, 3, 2])], run: (x) => x.logSoftmax(0) },
    'no rows': { inputs: [wave([0, 4])], run: (x) => x.logSoftmax(), plain: () => [] },
  },
  crossEntropy: {
    mean: {
      inputs: [wave([4, 5], 0, 2)],
      run: (x) => crossEntropy(x, ints(x, target)),
      plain: (x) => [total(losses(x, target)) / 4],
    },
    sum: {
      inputs: [wave([4, 5], 0, 2)],
      run: (x) => crossEntropy(x, ints(x, target), { reduction: 'sum' }),
      plain: (x) => [total(losses(x, target))],
    },
    'one loss a target': {
      inputs: [wave([2, 2, 5], 0, 2)],
      run: (x) => crossEntropy(x, ints(x, target, [2, 2]), { reduction: 'none' }),
      plain: (x) => losses(x, target),
    },
    'mean over those that count': {
      inputs: [wave([4, 5], 0, 2)],
      run: (x) => crossEntropy(x, ints(x, ignoring), { ignoreIndex: -1 }),
      plain: (x) => [total(losses(x, ignoring)) / 2],
    },
    'one loss a target, some ignored': {
      inputs: [wave([4, 5], 0, 2)],
      run: (x) => crossEntropy(x, ints(x, ignoring), { ignoreIndex: -1, reduction: 'none' }),
      plain: (x) => losses(x, ignoring),
    },
    'none that counts': {
      inputs: [wave([2, 5])],
      run: (x) => crossEntropy(x, ints(x, [-100, -100])),
      plain: () => [0],
    },
    'labels smoothed': {
      inputs: [wave([4, 5], 0, 2)],
      run: (x) => crossEntropy(x, ints(x, target), { labelSmoothing: 0.1 }),
      plain: (x) => [total(smoothedLosses(x, target, 0.1)) / 4],
    },
    'labels smoothed, one loss a target, some ignored': {
      inputs: [wave([4, 5], 0, 2)],
      run: (x) => crossEntropy(x, ints(x, ignoring), { labelSmoothing: 0.3, ignoreIndex: -1, reduction: 'none' }),
      plain: (x) => smoothedLosses(x, ignoring, 0.3),
    },
    'classes weighted, mean over the weights': {
      inputs: [wave([4, 5], 0, 2)],
      run: (x) => crossEntropy(x, ints(x, ignoring), { weight: weights, ignoreIndex: -1 }),
      plain: (x) => [total(smoothedLosses(x, ignoring, 0, weights)) / (weights[4] + weights[2])],
    },
    'labels smoothed and classes weighted': {
      inputs: [wave([4, 5], 0, 2)],
      run: (x) => crossEntropy(x, ints(x, target), { weight: weights, labelSmoothing: 0.2 }),
      plain: (x) => [total(smoothedLosses(x, target, 0.2, weights)) / total(target.map((y) => weights[y]))],
    },
    'no targets, smoothed and weighted': {
      inputs: [wave([0, 5])],
      run: (x) => crossEntropy(x, ints(x, []), { weight: weights, labelSmoothing: 0.2 }),
      plain: () => [0],
    },
    'no targets': {
      inputs: [wave([0, 5])],
      run: (x) => crossEntropy(x, ints(x, []), { reduction: 'sum' }),
      plain: () => [0],
    },
  },
};
