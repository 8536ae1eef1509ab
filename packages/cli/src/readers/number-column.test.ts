import { expect, test } from 'vitest';
import { describeGaps, NumberColumn } from './number-column.ts';

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

test.each([
  ['points', ['1.5', '1234', '1e3'], [1.5, 1234, 1000]],
  ['commas', ['1,5', '1234', '0,25'], [1.5, 1234, 0.25]],
  ['commas between thousands', ['1,234', '1,234,567', '1,234.5', '7'], [1234, 1234567, 1234.5, 7]],
  ['points between thousands', ['1.234', '1.234.567', '-1.234,5'], [1234, 1234567, -1234.5]],
  ['spaces between thousands', ['1 234', '12 345,6', '1\u00a0234'], [1234, 12345.6, 1234]],
  ['apostrophes between thousands', ["1'234.5", '12’345.25'], [1234.5, 12345.25]],
  ['percents', ['5 %', '7%', '', '7.5 %'], [5, 7, Number.NaN, 7.5]],
  ['percents with commas', ['5,5 %', '7%'], [5.5, 7]],
])('reads %s where every cell fits', (_name, cells, values) => {
  const made = column(...cells);
  made.check();
  expect(made.values).toEqual(values);
  expect(made.isNumeric).toBe(true);
});

test('names the cell that is written otherwise, or in doubt', () => {
  expect(() => column('1,5', '2,25', '3.5').check()).toThrow(
    'load.csv, row 3, column load: "3.5" is not written like the other numbers of its column, which have a decimal comma; write all of them alike',
  );
  expect(() => column('1.5', '2.25', '3,75').check()).toThrow('row 3, column load: "3,75" is not written like');
  expect(() => column('5 %', '7', '8 %').check()).toThrow('row 2, column load: "7" is written without %, and other');
  expect(() => column('5 %', '7').check()).toThrow('row 1, column load: "5 %" is written with %, and other');
  expect(() => column('5', '7', '8', '9 %').check()).toThrow('row 4, column load: "9 %" is written with %, and other');
  expect(() => column('7', '1,234').check()).toThrow(
    'row 2, column load: "1,234" may have a decimal comma or one between thousands; say which: --decimal comma or --decimal point',
  );
});

test('what other columns have, or was asked for, decides what is in doubt and nothing else', () => {
  const doubtful = column('7', '1,234');
  doubtful.hint('comma');
  doubtful.check();
  expect(doubtful.values).toEqual([7, 1.234]);
  doubtful.hint('point');
  expect(doubtful.values).toEqual([7, 1234]);
  const clear = column('1.5', '2.25');
  clear.hint('comma');
  clear.check();
  expect(clear.values).toEqual([1.5, 2.25]);
  expect([column('1', '2').decimal, column('1,5').decimal, column('0.5').decimal]).toEqual([null, 'comma', 'point']);
});
