import { describe, expect, test } from 'vitest';
import { ReferenceBackend } from '../../packages/unrolled/src/backend/reference/reference.ts';
import { BoundedBackend } from './bounded.ts';
import { Draw } from './builds.ts';
import { cases } from './cases.ts';
import { imageCases } from './image-cases.ts';
import { recurrentCases } from './recurrent-cases.ts';

/** Small sizes: what leaves an array leaves a small one too. */
class SmallDraw extends Draw {
  override size(most = 5): number {
    return this.whole(0, Math.min(most, 5));
  }
}

const [bounded, reference] = [new BoundedBackend(), new ReferenceBackend()];

test('a bounded array throws beyond its ends, and is otherwise an array', () => {
  const { array } = bounded.allocate('float32', 6);
  array.set([1, 2, 3, 4, 5, 6]);
  expect([array.length, array[5], array instanceof Float32Array, [...array.subarray(2, 4)]]).toEqual([
    6,
    6,
    true,
    [3, 4],
  ]);
  for (const index of [6, -1, 0.5, Number.NaN, Infinity]) {
    expect(() => array[index]).toThrow(RangeError);
    expect(() => (array[index] = 0)).toThrow(RangeError);
  }
  const window = bounded.allocate('int32', 6).slice(1, 3);
  expect(() => window.array[3]).toThrow('element 3 of 3');
});

describe.each([...cases, ...imageCases, ...recurrentCases])('%s', (name, draws) => {
  test('the reference reads and writes nothing beyond what it is given', () => {
    for (let seed = 1; seed <= 8; seed++) {
      const run = draws(new SmallDraw(seed * 7919 + name.length));
      for (const [k, array] of run(bounded).entries()) expect([...array]).toEqual([...run(reference)[k]]);
    }
  });
});
