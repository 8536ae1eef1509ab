import { expect, test } from 'vitest';
import { confusionOf, explainedOf } from './outcomes.ts';

const passage = (target: string | null, output: string) => ({ from: 0, to: 1, target, output });

test('labels are counted by the correct one and the given one; what has none is left out', () => {
  const passages = [passage('no', 'no'), passage('no', 'yes'), passage('yes', 'yes'), passage(null, 'yes')];
  expect(confusionOf({ kind: 'labels', passages })).toEqual({
    labels: ['no', 'yes'],
    counts: [
      [1, 1],
      [0, 1],
    ],
    all: 3,
  });
  expect(confusionOf({ kind: 'translation', passages })).toBe(null);
  expect(confusionOf({ kind: 'labels', passages: passages.slice(2) })).toBe(null); // one label alone
});

test('R² is 1 for what came, 0 for its mean, and of the steps alone of which both are known', () => {
  const forecast = (values: number[]) => ({ values, low: values, high: values });
  const series = (came: number[], values: number[]) => ({
    series: { names: ['x'], columns: [came], known: 0, forecast: forecast(values) },
  });
  expect(explainedOf(series([5, 1, 2, 3], [Number.NaN, 1, 2, 3]))).toBe(1);
  expect(explainedOf(series([5, 1, 2, 3], [Number.NaN, 2, 2, 2]))).toBe(0);
  expect(explainedOf(series([5, 1, 2, 3], [Number.NaN, 3, 2, 1]))).toBe(-3); // 1 − (4 + 0 + 4) / 2
  expect(explainedOf(series([5, Number.NaN], [Number.NaN, 3]))).toBe(null);
  expect(explainedOf({ series: null })).toBe(null);
});
