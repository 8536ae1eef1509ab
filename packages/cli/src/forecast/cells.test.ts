import { expect, test } from 'vitest';
import { describeGaps, NumberColumn } from './cells.ts';

function column(...cells: (string | null)[]): NumberColumn {
  const made = new NumberColumn('load');
  for (const [t, cell] of cells.entries()) made.add(cell, 'load.csv', t + 1);
  return made;
}

test('reads numbers, and true and false as 1 and 0', () => {
  expect(column(' 1.5', '-2e3', '.5', 'true', 'FALSE').values).toEqual([1.5, -2000, 0.5, 1, 0]);
});

test('names every cell without a number by row, column and what stands there', () => {
  const { gaps, values } = column('1', null, 'NaN', 'about 7', 'inf', '1e999', '0x10');
  expect(values.slice(1).every(Number.isNaN)).toBe(true);
  expect(gaps.map(({ row, what }) => `${row} ${what}`)).toEqual([
    '2 empty',
    '3 NaN',
    '4 "about 7"',
    '5 inf',
    '6 1e999',
    '7 "0x10"',
  ]);
  expect(describeGaps(gaps)).toBe(
    'row 2, column load (empty); row 3, column load (NaN); row 4, column load ("about 7"); …',
  );
});

test('a column is one of numbers when few of its cells are texts, empty ones not counted', () => {
  const numbers = Array.from({ length: 18 }, (_, k) => `${k}`);
  expect(column(...numbers, 'x', 'y').isNumeric).toBe(true);
  expect(column(...numbers.slice(0, 17), 'x', 'y').isNumeric).toBe(false);
  expect(column('3', '', '', '', '').isNumeric).toBe(true);
  expect(column('', 'nan').isNumeric).toBe(false);
});
