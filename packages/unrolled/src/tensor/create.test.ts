import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Backend, currentBackend, useBackend } from '../backend/index.ts';
import { ReferenceBackend } from '../backend/reference/reference.ts';
import { UnrolledError } from '../errors.ts';
import { arange, empty, full, indices, linspace, ones, rand, randn, tensor, zeros } from './create.ts';
import { dropout, dropRows } from './ops/dropout.ts';
import { manualSeed, randomState } from './random-state.ts';
import type { Tensor } from './tensor.ts';

let before: Backend;
beforeAll(async () => {
  before = currentBackend();
  await useBackend(new ReferenceBackend());
});
afterAll(() => useBackend(before));

const odd = (value: unknown) => value as never;
const values = (x: Tensor) => [...x.dataSync()];

test('arange counts by ones from its start to before its end', () => {
  expect(values(arange(2, 5))).toEqual([2, 3, 4]);
  expect(values(arange(-2, 1))).toEqual([-2, -1, 0]);
  expect(values(arange(0.5, 2.6))).toEqual([0.5, 1.5, 2.5]);
  expect(values(arange(0.5, 2.5))).toEqual([0.5, 1.5]);
  for (const [start, end] of [[3, 3], [5, 2], [-1, -4]]) expect(arange(start, end).shape).toEqual([0]); // biome-ignore format: one line
  expect(arange(0, 3, { dtype: 'int32' }).dtype).toBe('int32');
});

test('linspace has both its ends', () => {
  expect(values(linspace(-1, 2, 4))).toEqual([-1, 0, 1, 2]);
  expect(values(linspace(2, 1, 3))).toEqual([2, 1.5, 1]);
  expect(values(linspace(3, 9, 1))).toEqual([3]);
  expect(linspace(3, 9, 0).shape).toEqual([0]);
});

test('filled tensors, of any shape', () => {
  expect(values(full([2, 2], -1.5))).toEqual([-1.5, -1.5, -1.5, -1.5]);
  expect([values(zeros([3])), values(ones([])), ones([0, 4]).size]).toEqual([[0, 0, 0], [1], 0]);
});

test('random tensors: the range, or the mean and the deviation, that were asked for', () => {
  manualSeed(4);
  const uniform = values(rand([4000], 2, 5));
  expect(Math.min(...uniform)).toBeGreaterThanOrEqual(2);
  expect(Math.min(...uniform)).toBeLessThan(2.01);
  expect(Math.max(...uniform)).toBeLessThan(5);
  expect(Math.max(...uniform)).toBeGreaterThan(4.99);
  const normal = values(randn([4000], 3, 0.5));
  const mean = normal.reduce((a, b) => a + b) / normal.length;
  expect(mean).toBeCloseTo(3, 1);
  expect(Math.sqrt(normal.reduce((sum, v) => sum + (v - mean) ** 2, 0) / normal.length)).toBeCloseTo(0.5, 1);
  expect(Math.abs(values(randn([4000])).reduce((a, b) => a + b) / 4000)).toBeLessThan(0.1);
});

test('a dropout of 0 is its input, and takes no random number', () => {
  manualSeed(1);
  const [x, state] = [ones([3, 2]), JSON.stringify(randomState())];
  expect(dropout(x, 0)).toBe(x);
  expect(dropRows(x, 0)).toBe(x);
  expect(JSON.stringify(randomState())).toBe(state);
  dropout(x, 0.5);
  expect(JSON.stringify(randomState())).not.toBe(state);
});

describe('refused', () => {
  const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);
  test.each<[string, () => unknown, string]>([
    ['a start that is a text', () => arange(odd('1'), 3), 'arange: start: expected a finite number'],
    ['an end that is none', () => linspace(0, odd(undefined), 3), 'linspace: b: expected a finite number'],
    ['half a value', () => linspace(0, 1, 2.5), 'linspace: count: expected a whole number'],
    ['a value that is none', () => full([2], odd('1')), 'full: value: expected a number, got "1"'],
    ['a type', () => empty([2], { dtype: odd('float16') }), 'empty: dtype: expected one of'],
    ['texts', () => tensor(odd(['a'])), 'tensor: values: expected numbers, or lists of them, got "a"'],
    ['an object', () => tensor(odd([{}])), 'tensor: values: expected numbers, or lists of them'],
    ['large integers', () => tensor(odd(new BigInt64Array(2))), 'tensor: values: expected numbers, got'],
    ['lists without end', () => tensor(odd(nested(66))), 'tensor: values: expected numbers, or lists of them'],
    ['half an index', () => indices([0, 1.5]), 'expected whole numbers of 32 bits for int32, got 1.5 at 1'],
    ['an index of 33 bits', () => indices([2 ** 31]), 'expected whole numbers of 32 bits for int32, got 2147483648'],
    [
      'an index that is not finite',
      () => indices([Number.NaN]),
      'expected whole numbers of 32 bits for int32, got NaN',
    ],
    ['a seed that is none', () => ones([2], {}).backward(odd(1)), 'backward: expected a tensor as the seed, got 1'],
    ['a vector without a seed', () => ones([2]).backward(), 'backward: expected a scalar, or a seed'],
    ['a seed of another shape', () => ones([2]).backward(ones([1, 2])), 'backward: expected a seed of shape [2]'],
  ])('%s', (_, run, message) => {
    expect(run).toThrow(UnrolledError);
    expect(run).toThrow(message);
  });

  test('but not the largest whole numbers', () => {
    expect(values(indices([2 ** 31 - 1, -(2 ** 31), -0]))).toEqual([2 ** 31 - 1, -(2 ** 31), 0]);
  });

  test('float64 where no kernel has it', async () => {
    await useBackend('wasm');
    expect(() => empty([2], { dtype: 'float64' })).toThrow(
      "float64 is the reference backend's alone, and this is wasm",
    );
    expect(() => ones([2]).cast('float64')).toThrow("cast: float64 is the reference backend's alone, and this is wasm");
    await useBackend(new ReferenceBackend());
    expect(values(ones([2]).cast('float64'))).toEqual([1, 1]);
  });
});

test('sizes that stand in no list are refused by the function that was called', () => {
  for (const [name, make] of Object.entries({ zeros, ones, rand, randn, empty }))
    expect(() => make(odd(2), odd(3))).toThrow(`${name}: shape: expected a list, got 2; sizes stand in one: [2, …]`);
  expect(() => full(odd(2), 3)).toThrow('full: shape: expected a list, got 2');
  expect(() => zeros([2, -3])).toThrow('zeros: shape: expected whole numbers from 0, got -3 for axis 1');
});
