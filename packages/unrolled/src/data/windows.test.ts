import { describe, expect, test } from 'vitest';
import type { Series } from './series.ts';
import { interpolateGaps } from './gaps.ts';
import { momentsOf } from './moments.ts';
import { splitByTime, Windows } from './windows.ts';

/** Row t of channel c is 10·t + c. */
const series = (T: number): Series => ({
  names: ['a', 'b'],
  values: Float32Array.from({ length: 2 * T }, (_, i) => 10 * Math.floor(i / 2) + (i % 2)),
});
const withHole = (T: number, row: number, column: number): Series => {
  const s = series(T);
  s.values[2 * row + column] = Number.NaN;
  return s;
};

describe('Windows', () => {
  test('a window is the rows it reads and those that come after', () => {
    const windows = new Windows(series(8), { length: 3, horizon: 2, known: series(8) });
    expect(windows.count).toBe(4);
    const { input, target, known, rows } = windows.batch([0, 3]);
    expect([...input]).toEqual([0, 1, 30, 31, 10, 11, 40, 41, 20, 21, 50, 51]);
    expect([...target]).toEqual([30, 31, 60, 61, 40, 41, 70, 71]);
    expect([...(known as Float64Array).subarray(0, 8)]).toEqual([0, 1, 30, 31, 10, 11, 40, 41]);
    expect((known as Float64Array).length).toBe(5 * 2 * 2);
    expect(rows).toBe(2);
    expect(windows.origin(3)).toBe(6);
    expect(windows.batch([]).input.length).toBe(0);
  });

  test('a stride leaves out what lies between', () => {
    const windows = new Windows(series(20), { length: 3, horizon: 2, stride: 4 });
    expect(Array.from({ length: windows.count }, (_, n) => windows.origin(n))).toEqual([3, 7, 11, 15]);
  });

  test('no row is forecast in both parts of a split, and none of the validation is read in training', () => {
    const T = 100;
    const { train, validation } = splitByTime(T, { validation: 0.3 });
    const shape = { length: 12, horizon: 5 };
    const rowsOf = (w: Windows, part: 'input' | 'target') => {
      const all = Array.from({ length: w.count }, (_, n) => n);
      return new Set(Array.from(w.batch(all)[part], (v) => Math.floor(v / 10)));
    };
    const [a, b] = [train, validation].map((range) => new Windows(series(T), { ...shape, ...range }));
    expect(Math.max(...rowsOf(a, 'target'), ...rowsOf(a, 'input'))).toBe(69);
    expect(rowsOf(b, 'target')).toEqual(new Set(Array.from({ length: 30 }, (_, k) => 70 + k)));
    expect(Math.min(...rowsOf(b, 'input'))).toBe(58); // known at that time
    expect([a.count, b.count]).toEqual([70 - 17 + 1, 30 - 5 + 1]);
  });

  test('a number that is missing is named by row and column, or its windows are left out', () => {
    const broken = withHole(20, 9, 1);
    expect(() => new Windows(broken, { length: 3, horizon: 2 })).toThrow(
      "Windows: row 9, column b: not a finite number; fill it (missing: 'fill'), or leave out such windows with missing: 'skip'",
    );
    const windows = new Windows(broken, { length: 3, horizon: 2, missing: 'skip' });
    expect([windows.count, windows.skipped]).toEqual([11, 5]);
    const all = windows.batch(Array.from({ length: windows.count }, (_, n) => n));
    expect([...all.input, ...all.target].every(Number.isFinite)).toBe(true);
    expect(new Windows(broken, { length: 3, horizon: 2, to: 9 }).count).toBe(5);
    expect(() => new Windows(series(20), { length: 3, horizon: 2, known: withHole(20, 4, 0) })).toThrow(
      'row 4, column a',
    );
    expect(() => new Windows(withHole(5, 2, 0), { length: 3, horizon: 2, missing: 'skip' })).toThrow(
      'each of the 1 windows lacks a number',
    );
  });

  test.each([
    [{ length: 0, horizon: 2 }, 'Windows: length: expected a whole number from 1, got 0'],
    [
      { length: 6, horizon: 5 },
      'Windows: length, horizon: a window has 6 + 5 rows, and there are 10 from row 0 to row 10',
    ],
    [{ length: 3, horizon: 2, to: 11 }, 'Windows: to: expected a whole number from 0 to 10, got 11'],
    [{ length: 3, horizon: 2, known: series(9) }, 'Windows: known: has 9 rows, and the series has 10'],
    [{ length: 3, horizn: 2 }, 'Windows: horizn: unknown option; did you mean horizon?'],
  ])('refuses %o', (options, message) => {
    expect(() => new Windows(series(10), options as unknown as { length: number; horizon: number })).toThrow(message);
  });
});

describe('Windows of series with gaps', () => {
  const { NaN: gap } = Number;
  const column = (...values: number[]): Series => ({ names: ['x'], values: Float64Array.from(values) });

  test("'fill' uses nothing but the past: lines between values before the origin, then the last one again", () => {
    const windows = new Windows(column(3, gap, gap, 6, gap, gap, 9, gap), {
      length: 6,
      horizon: 2,
      missing: 'fill',
    });
    const { input, target } = windows.batch([0]);
    expect([...input]).toEqual([3, 4, 5, 6, 6, 6]);
    expect([...target]).toEqual([9, gap]);
  });

  test('a window whose gap began before it is filled from the rows before it', () => {
    const windows = new Windows(column(2, gap, gap, gap, 6, 7), { length: 2, horizon: 1, missing: 'fill' });
    // Windows with a missing target are left out: those at rows 2 and 3.
    expect(Array.from({ length: windows.count }, (_, n) => windows.origin(n))).toEqual([4, 5]);
    expect([...windows.batch([0]).input]).toEqual([2, 2]);
    expect([...windows.batch([1]).input]).toEqual([5, 6]);
    expect(windows.skipped).toBe(2);
  });

  test('without a value in the past there is no window', () => {
    const windows = new Windows(column(gap, gap, gap, 1, 2, 3), { length: 2, horizon: 1, missing: 'fill' });
    expect(windows.origin(0)).toBe(4);
    expect([...windows.batch([0]).input]).toEqual([1, 1]);
    const known = column(1, 2, gap, 4, 5, 6);
    expect(() => new Windows(column(1, 2, 3, 4, 5, 6), { length: 2, horizon: 1, missing: 'fill', known })).toThrow(
      'row 2, column x: not a finite number; what is known in advance is not filled from the past',
    );
  });

  test('no window crosses from one joined series into the next', () => {
    const [a, b] = [column(1, 2, 3, 4), column(10, 20, gap, 40, 50, 60)].map(
      (s) => new Windows(s, { length: 2, horizon: 1, missing: 'skip' }),
    );
    const joined = Windows.join([a, b, a]);
    const all = Array.from({ length: joined.count }, (_, n) => n);
    const { input, target } = joined.batch(all);
    expect([...input]).toEqual([1, 2, 40, 1, 2, 2, 3, 50, 2, 3]);
    expect([...target]).toEqual([3, 4, 60, 3, 4]);
    expect(all.map((n) => joined.part(n))).toEqual([0, 0, 1, 2, 2]);
    expect(all.map((n) => joined.origin(n))).toEqual([2, 3, 5, 2, 3]);
    expect(joined.skipped).toBe(3);
    expect(() => Windows.join([a, new Windows(series(9), { length: 2, horizon: 1 })])).toThrow('different lengths');
  });
});

test('splitByTime cuts at shares of the rows, in the order of time', () => {
  expect(splitByTime(1000, { validation: 0.2, test: 0.1 })).toEqual({
    train: { from: 0, to: 700 },
    validation: { from: 700, to: 900 },
    test: { from: 900, to: 1000 },
  });
  expect(() => splitByTime(10, { validation: 0.5, test: 0.5 })).toThrow('0.5 + 0.5 leave nothing to train on');
});

describe('interpolateGaps', () => {
  const column = (...values: number[]): Series => ({ names: ['x'], values: Float64Array.from(values) });
  const { NaN: gap } = Number;

  test('draws straight lines, repeats the nearest at the ends, and counts', () => {
    const { series: filled, filled: count } = interpolateGaps(column(gap, 1, gap, gap, 4, gap));
    expect([...filled.values]).toEqual([1, 1, 2, 3, 4, 4]);
    expect(count).toBe(4);
  });

  test('leaves longer gaps, and what has no number at all', () => {
    expect([...interpolateGaps(column(1, gap, gap, 4, gap, 6), 1).series.values]).toEqual([1, gap, gap, 4, 5, 6]);
    expect([...interpolateGaps(column(gap, gap)).series.values]).toEqual([gap, gap]);
  });
});

test('momentsOf looks at the rows asked for alone, leaves out what is missing, and gives a constant deviation 1', () => {
  const s: Series = { names: ['a', 'b'], values: Float32Array.of(1, 5, Number.NaN, 5, 3, 5, 1e6, 7) };
  const { mean, deviation } = momentsOf(s, { to: 3 });
  expect([...mean]).toEqual([2, 5]);
  expect([...deviation]).toEqual([1, 1]);
  expect(() => momentsOf(s, { from: 1, to: 2 })).toThrow('momentsOf: column a has no number in rows 1 to 2');
});

test('momentsOf: constant is what does not change beyond rounding, at any level', () => {
  const moments = (...values: number[]) => {
    const { mean, deviation } = momentsOf({ names: ['x'], values: Float64Array.from(values) });
    return [mean[0], deviation[0]];
  };
  expect(moments(...Array<number>(1000).fill(21.1))).toEqual([21.1, 1]);
  expect(moments(0.1 + 0.2, 0.3, 0.3)[1]).toBe(1);
  expect(moments(0, 0)).toEqual([0, 1]);
  expect(moments(37.5 - 1e-6, 37.5 + 1e-6)[1]).toBeCloseTo(1e-6, 12);
  expect(moments(1.7e9, 1.7e9 + 2)).toEqual([1.7e9 + 1, 1]);
  const [mean, deviation] = moments(-1e-200, 3e-200);
  expect([mean * 1e200, deviation * 1e200]).toEqual([expect.closeTo(1, 9), expect.closeTo(2, 9)]);
  expect(moments(-1e200, 3e200)[1] / 1e200).toBeCloseTo(2, 9);
});
