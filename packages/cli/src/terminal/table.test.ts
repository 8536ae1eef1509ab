import { expect, test } from 'vitest';
import { table } from './table.ts';

test('words stand on the left, numbers on the right, wide characters keep the columns straight', () => {
  const lines = table(
    [
      ['lstm', 1.8],
      ['한국어', 12],
    ],
    { header: ['name', 'loss'] },
  );
  expect(lines).toEqual(['name    loss', '──────  ────', 'lstm     1.8', '한국어    12']);
});

test('the last column gives way on a narrow terminal', () => {
  expect(table([['a', 'a long explanation']], { width: 10 })).toEqual(['a  a long…']);
});

test('no rows are no lines, and a short row leaves its end empty', () => {
  expect(table([])).toEqual([]);
  expect(table([], { width: 9 })).toEqual([]);
  expect(table([], { header: ['a', 'b'] })).toEqual(['a  b', '─  ─']);
  expect(table([[1], ['b']])).toEqual(['1', 'b']); // no column of numbers
  expect(table([['a\r\nb', 1]], { width: 1 })).toEqual(['a⏎b  1']); // at least a column for the last one
  expect(table([['a', 'b'], ['c']])).toEqual(['a  b', 'c']);
});
