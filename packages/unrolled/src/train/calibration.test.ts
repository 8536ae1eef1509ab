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
  for (const label of [2, -1, 0.5])
    expect(() => calibration([1, 2, 3, 4], [0, label])).toThrow('calibration: labels[1]: expected a whole number');
});

test('the loss, the confidence and the accuracy of three classes, by hand', () => {
  // Rows (0, ln 2, 0) and (ln 3, 0, 0): probabilities ¼ ½ ¼ and ⅗ ⅕ ⅕; of a tie the first is taken.
  const rows = [0, Math.log(2), 0, Math.log(3), 0, 0, 1, 1, 0];
  const { loss, bins } = calibration(rows.slice(0, 6), [1, 2]);
  expect(loss).toBeCloseTo(-(Math.log(1 / 2) + Math.log(1 / 5)) / 2, 12);
  const filled = bins.filter(({ count }) => count > 0);
  expect(filled.map(({ accuracy }) => accuracy)).toEqual([1, 0]);
  filled.forEach(({ confidence }, k) => expect(confidence).toBeCloseTo([1 / 2, 3 / 5][k], 12));
  expect(calibration(rows, [1, 0, 0]).bins.reduce((sum, { count, accuracy }) => sum + count * (accuracy ?? 0), 0)).toBeCloseTo(3, 12); // biome-ignore format: one line
  // At half the temperature the logits count twice: probabilities 1 : 4 : 1.
  expect(calibration(rows.slice(0, 3), [1], 0.5).loss).toBeCloseTo(-Math.log(4 / 6), 12);
  expect(calibration([5], [0]).loss).toBeCloseTo(0, 12); // one class is always right
});

test.each([0, -1, Number.NaN])('a temperature of %d is refused', (temperature) => {
  expect(() => calibration(logits, labels, temperature)).toThrow('temperature: expected a number above 0');
});
