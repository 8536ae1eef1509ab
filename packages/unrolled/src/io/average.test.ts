import { expect, test } from 'vitest';
import type { SavedTensor } from '../nn/module.ts';
import { averageStateDicts } from './average.ts';

const floats = (...values: number[]): SavedTensor => ({
  dtype: 'float32',
  shape: [values.length],
  data: Float32Array.from(values),
});
const counter = (n: number): SavedTensor => ({ dtype: 'int32', shape: [1], data: Int32Array.of(n) });

test('each weight is the mean of all, a counter that of the last', () => {
  const mean = averageStateDicts([
    new Map([
      ['w', floats(1, -2)],
      ['steps', counter(3)],
    ]),
    new Map([
      ['w', floats(2, 4)],
      ['steps', counter(5)],
    ]),
    new Map([
      ['w', floats(6, 1)],
      ['steps', counter(9)],
    ]),
  ]);
  expect([...(mean.get('w')?.data ?? [])]).toEqual([3, 1]);
  expect([...(mean.get('steps')?.data ?? [])]).toEqual([9]);
});

test('sums are float64: three times the largest float32 has a mean', () => {
  const most = 3.4e38;
  const state = () => new Map([['w', floats(most)]]);
  expect(averageStateDicts([state(), state(), state()]).get('w')?.data[0]).toBe(Math.fround(most));
});

test('states that are not of one model are refused by name', () => {
  const one = new Map([['w', floats(1)]]);
  expect(() => averageStateDicts([])).toThrow('expected at least one');
  expect(() => averageStateDicts([new Map(), one])).toThrow('state 0: lacks w');
  expect(() => averageStateDicts([new Map([...one, ['b', floats(1)]]), one])).toThrow(
    'state 0: has b, which the last one has not',
  );
  expect(() => averageStateDicts([new Map([['w', floats(1, 2)]]), one])).toThrow(
    'w is float32 [2], that of the last one float32 [1]',
  );
});
