import { expect, test } from 'vitest';
import { styleFor } from '../terminal/index.ts';
import { InputNotices } from './notices.ts';
import { labelTable, scoreBars } from './label-table.ts';

test('bars are in the order that they are given, ten at most', () => {
  const scored = Array.from({ length: 20 }, (_, k) => ({ label: String(20 - k), score: 0.5 / (k + 1) }));
  const bars = scoreBars(scored, styleFor({ write: () => true }, {}));
  expect(bars).toHaveLength(10);
  expect(bars[0]).toMatch(/^20 .*0\.500$/);
});

test('tables keep the order that they are given', () => {
  const one = { precision: 1, recall: 1, f1: 1, count: 2 };
  const rows = labelTable('label', [
    { label: '10', ...one },
    { label: '2', ...one },
  ]);
  expect(rows.slice(2).map((row) => row.split(' ')[0])).toEqual(['10', '2']);
});

test('a text that was read in part is reported, with the number of tokens that were read', () => {
  const predicted: string[] = [];
  const notices = new InputNotices((text) => predicted.push(text));
  const ids = (length: number) => Int32Array.from({ length }, () => 5);
  const limits = { longest: 300, most: 400 };
  expect(notices.look(1, ids(1250), { unknown: 1 }, limits)).toMatchObject({ tokensInAll: 1250, tokensRead: 400 });
  expect(notices.look(2, ids(350), { unknown: 1 }, limits)).toMatchObject({ tokensRead: 350, longerThanSeen: true });
  for (let row = 3; row < 8; row++) notices.look(row, ids(401), { unknown: 1 }, limits);
  notices.finish();
  expect(predicted[0]).toBe('text 1: the model read the first 400 of 1,250 tokens, its maximum length');
  expect(predicted[1]).toContain('text 2 has 350 tokens, more than the 300');
  expect(predicted.at(-1)).toBe('6 texts in all were truncated');
});
