import { expect, test } from 'vitest';
import { cellStep } from './decode.ts';
import { trackMoments } from './norm.ts';
import { ReferenceBackend } from './reference.ts';
import { storageOf } from './storage.ts';

const backend = new ReferenceBackend();
const of = (...values: number[]) => storageOf(backend, 'float64', values);

/** What is tracked after batches of n = 4 values a channel, of these means and variances. */
function tracked(momentum: number | null, ...batches: { mean: number[]; variance: number[] }[]) {
  const [mean, variance, count] = [of(1, 2), of(3, 4), of(0)];
  for (const batch of batches)
    trackMoments(mean, variance, count, of(...batch.mean), of(...batch.variance), momentum, 4);
  return [mean, variance, count].map(({ array }) => Array.from(array, (v) => expect.closeTo(v, 12) as number));
}

test('running moments take their part of each batch, with the variance over n − 1', () => {
  const first = { mean: [5, 0], variance: [6, 3] };
  // 0.75 · 1 + 0.25 · 5; 0.75 · 2; 0.75 · 3 + 0.25 · 6 · 4/3; 0.75 · 4 + 0.25 · 3 · 4/3
  expect([[2, 1.5], [4.25, 4], [1]]).toEqual(tracked(0.25, first));
  const second = { mean: [-2, 8], variance: [0, 9] };
  expect([[1, 3.125], [3.1875, 6], [2]]).toEqual(tracked(0.25, first, second));
});

test('without a momentum they are plain means of all batches', () => {
  const batches = [
    { mean: [5, 0], variance: [6, 3] },
    { mean: [-2, 8], variance: [0, 9] },
    { mean: [3, 1], variance: [3, 0] },
  ];
  expect([[5, 0], [8, 4], [1]]).toEqual(tracked(null, batches[0]));
  expect([[2, 3], [4, 16 / 3], [3]]).toEqual(tracked(null, ...batches));
});

test('a batch that is not finite is not tracked, nor counted', () => {
  const good = { mean: [5, 0], variance: [6, 3] };
  for (const bad of [
    { mean: [Number.NaN, 0], variance: [1, 1] },
    { mean: [0, 0], variance: [1, Number.POSITIVE_INFINITY] },
  ])
    expect(tracked(0.25, bad, good, bad)).toEqual(tracked(0.25, good));
});

test('a step of an LSTM has to have a cell state', () => {
  const step = (c: ReturnType<typeof of> | null) => cellStep('lstm', of(0), c, of(1, 1, 1, 1), of(0, 0, 0, 0), 1);
  expect(() => step(null)).toThrow('cellStep: an LSTM needs c');
  step(of(0));
});
