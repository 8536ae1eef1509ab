// The rules by which `npm run bench:scaling` judges its own numbers.

import { describe, expect, test } from 'vitest';
import { chart } from '../benchmarks/scaling/chart.ts';
import { complaints, type Curve, exponent } from '../benchmarks/scaling/check.ts';

/** Times over sizes 32, 64, … of work that grows as size^power. */
function curve(times: number[], power = 1): Curve {
  const points = times.map((ms, i) => {
    const size = 32 * 2 ** i;
    return { size, ms, tokens: size, gflop: size ** power };
  });
  return { id: 'ours', label: 'ours', points };
}

describe('the check of growing work', () => {
  test('finds the exponent of a power law', () => {
    expect(exponent(curve([1, 2 ** 1.2, 4 ** 1.2, 8 ** 1.2]).points)).toBeCloseTo(1.2, 10);
  });

  test('time in proportion to T is well, time that grows faster or slower is not', () => {
    expect(complaints('T', curve([1, 2, 4, 8]))).toEqual([]);
    expect(complaints('T', curve([1, 2.2, 4.8, 10.6]))).toEqual([
      'ours: time grows as T^1.134, not within 0.95 and 1.05',
    ]);
    expect(complaints('T', curve([1, 1.8, 3.2, 5.8]))).toHaveLength(1);
    expect(complaints('B', curve([1, 1.8, 3.2, 5.8]))).toEqual([]); // a larger batch may be cheaper
  });

  test('a neighbor that costs more than 1.5 times as much per unit of work is a cliff', () => {
    expect(complaints('B', curve([1, 2, 6.2, 12]))).toEqual([
      'ours: from B = 64 to 128 a unit of work costs 1.55× as much',
    ]);
    expect(complaints('H', curve([1, 4, 16, 64], 2))).toEqual([]);
    expect(complaints('H', curve([1, 4, 25, 100], 2))).toHaveLength(1);
  });
});

test('the chart has a line and a point for each time', () => {
  const lines = [
    {
      label: 'a < b',
      points: [
        [1, 3],
        [2, 5],
        [4, 40],
      ] as const,
    },
  ];
  const svg = chart([{ title: 'one', note: 'n', lines }], 'µs');
  expect(svg.match(/<circle/g)).toHaveLength(3);
  expect(svg.match(/<polyline/g)).toHaveLength(1);
  expect(svg).toContain('a &lt; b');
  expect(svg).not.toContain('NaN');
});
