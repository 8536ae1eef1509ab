import { describe, expect, test } from 'vitest';
import { ReferenceBackend } from '../../packages/unrolled/src/backend/reference/reference.ts';
import { BoundedBackend } from './bounded.ts';
import { Draw, put } from './builds.ts';
import { type Case, cases } from './cases.ts';
import { imageCases } from './image-cases.ts';
import { recurrentCases } from './recurrent-cases.ts';

/** Small sizes: what leaves an array leaves a small one too. */
class SmallDraw extends Draw {
  override size(most = 5): number {
    return this.whole(0, Math.min(most, 5));
  }
}

/** What every backend computes on the host, and so has no kernel. */
const hostCases: readonly [string, Case][] = [
  [
    'polar and its derivative',
    (draw) => {
      const H = draw.size();
      const [r, phase, dy] = [draw.floats(H, 0.1, 1), draw.floats(H), draw.floats(2 * H)];
      return (b) => {
        const [y, dr, dPhase] = [2 * H, H, H].map((n) => put(b, new Float32Array(n)));
        b.polar(y, put(b, r), put(b, phase));
        b.polarBackward(dr, dPhase, put(b, dy), y, put(b, phase));
        return [y.array.slice(), dr.array.slice(), dPhase.array.slice()];
      };
    },
  ],
  [
    'trackMoments',
    (draw) => {
      const C = draw.size();
      const momentum = draw.next() < 0.5 ? null : 0.1;
      const moments = Array.from({ length: 4 }, () => draw.floats(C, 0.1, 2));
      return (b) => {
        const [mean, variance, newMean, newVariance] = moments.map((values) => put(b, values));
        const count = put(b, Float32Array.of(2));
        b.trackMoments(mean, variance, count, newMean, newVariance, momentum, 5);
        return [mean.array.slice(), variance.array.slice(), count.array.slice()];
      };
    },
  ],
];

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

describe.each([...cases, ...imageCases, ...recurrentCases, ...hostCases])('%s', (name, draws) => {
  test('the reference reads and writes nothing beyond what it is given', () => {
    for (let seed = 1; seed <= 8; seed++) {
      const run = draws(new SmallDraw(seed * 7919 + name.length));
      for (const [k, array] of run(bounded).entries()) expect([...array]).toEqual([...run(reference)[k]]);
    }
  });
});
