import { expect, test } from 'vitest';
import { calibration, fitTemperature } from './calibration.ts';

// A model that always says class 0 with logits 4 and 0, and is right in 3 of 4: its probability should be 0.75, a logit of ln 3.
const logits = [4, 0, 4, 0, 4, 0, 4, 0];
const labels = [0, 0, 0, 1];

test('the temperature makes a model that is too sure as sure as it is right', () => {
  const T = fitTemperature(logits, labels);
  expect(T).toBeCloseTo(4 / Math.log(3), 4);
  const [before, after] = [calibration(logits, labels), calibration(logits, labels, T)];
  expect(before.error).toBeCloseTo(1 / (1 + Math.exp(-4)) - 0.75, 6);
  expect(after.error).toBeCloseTo(0, 5);
  expect(after.loss).toBeLessThan(before.loss);
  expect(after.bins[7]).toMatchObject({ count: 4, accuracy: 0.75 });
});

test('refuses logits that are not rows', () => {
  expect(() => calibration([1, 2, 3], [0, 1])).toThrow('expected a row for each of 2 labels, got 3 numbers');
});
