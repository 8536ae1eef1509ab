import { expect, test } from 'vitest';
import { precisionRecallAtK } from './ranking.ts';

// Worked by hand. Example 0: order 0, 1, 2, labels 0 and 1. Example 1: order 1, 2, 0, label 2. Example 2: order 2, 0, 1, no label.
const scores = [0.5, 0.3, 0.2, 0.1, 0.7, 0.2, 0.3, 0.1, 0.6];
const labels = [[0, 1], [2], []];

test('precision is over what was taken, recall over what there is', () => {
  expect(precisionRecallAtK(scores, labels, 1)).toEqual({ precision: 1 / 3, recall: 1 / 3 });
  expect(precisionRecallAtK(scores, labels, 2)).toEqual({ precision: 3 / 6, recall: 3 / 3 });
  expect(precisionRecallAtK(scores, labels, 3)).toEqual({ precision: 3 / 9, recall: 1 });
  expect(precisionRecallAtK(scores, labels, 9)).toEqual({ precision: 3 / 9, recall: 1 }); // three labels are all there are
});

test('with one label per example recall at k is top-k accuracy, as scikit-learn has it', () => {
  // sklearn.metrics.top_k_accuracy_score([0, 1, 2, 2], [[.5, .2, .2], [.3, .4, .2], [.2, .4, .3], [.7, .2, .1]], k=2) == 0.75, its documented example
  const p = [0.5, 0.2, 0.2, 0.3, 0.4, 0.2, 0.2, 0.4, 0.3, 0.7, 0.2, 0.1];
  expect(precisionRecallAtK(p, [[0], [1], [2], [2]], 2).recall).toBe(0.75);
  expect(precisionRecallAtK(p, [[0], [1], [2], [2]], 1).precision).toBe(0.5);
});

test('ties go to the first label; what does not fit is refused', () => {
  expect(precisionRecallAtK([1, 1, 1], [[0]], 1).precision).toBe(1);
  expect(precisionRecallAtK([1, 1, 1], [[2]], 1).precision).toBe(0);
  expect(precisionRecallAtK([1, 2], [[]], 1)).toEqual({ precision: 0, recall: 0 });
  expect(() => precisionRecallAtK([1, 2, 3], [[0], [1]], 1)).toThrow('scores');
  expect(() => precisionRecallAtK([1, 2], [[2]], 1)).toThrow('example 0: expected a label from 0 to 1, got 2');
  expect(() => precisionRecallAtK([1, 2], [[1]], 0)).toThrow('expected a whole number from 1');
});
