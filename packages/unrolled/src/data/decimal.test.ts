import { expect, test } from 'vitest';
import { parseDecimal } from './decimal.ts';

test('reads what is written in decimal, with spaces around it', () => {
  const texts = ['3', ' -0.5 ', '+1e-3', '.5', '7.', '1E2'];
  expect(texts.map(parseDecimal)).toEqual([3, -0.5, 0.001, 0.5, 7, 100]);
});

test('takes nothing else for a number', () => {
  for (const text of ['', ' ', '0x10', '0b1', '0o7', 'Infinity', 'NaN', '1_000', '1,5', '1e', '.', '1 2'])
    expect([text, parseDecimal(text)]).toEqual([text, Number.NaN]);
});
