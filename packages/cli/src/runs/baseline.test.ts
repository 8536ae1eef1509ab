import { expect, test } from 'vitest';
import { baselineRow, baselineWarning, majorityBaseline } from './baseline.ts';

const baseline = majorityBaseline(['b', 'a', 'b', 'a', 'b'], ['b', 'a', 'b', 'c'], 'look at the columns');

test('the most frequent training label is what is predicted for the validation labels', () => {
  expect(baseline).toEqual({
    metric: 'accuracy',
    value: 0.5,
    what: 'always "b", the most frequent label',
    hint: 'look at the columns',
  });
  expect(baselineRow(baseline)).toEqual([
    ['baseline', '0.500 accuracy of predicting always "b", the most frequent label'],
  ]);
  expect(majorityBaseline(['x', 'y'], ['y'], '')?.value).toBe(0); // the first of two equally frequent ones
});

test('without labels there is none', () => {
  expect(majorityBaseline([], ['a'], '')).toBe(null);
  expect(majorityBaseline(['a'], [], '')).toBe(null);
  expect(baselineRow(null)).toEqual([]);
  expect(baselineWarning(null, { accuracy: 0 })).toBe(null);
});

test('a model that is no better is warned about, one that is better is not', () => {
  expect(baselineWarning(baseline, { accuracy: 0.51 })).toBe(null);
  expect(baselineWarning(baseline, { macroF1: 0.1 })).toBe(null);
  expect(baselineWarning(baseline, { accuracy: 0.5 })).toBe(
    'the model has learned nothing from its inputs: accuracy 0.500, where predicting always "b", the most frequent label has 0.500; look at the columns',
  );
});
