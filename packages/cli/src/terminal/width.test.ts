import { describe, expect, test } from 'vitest';
import { padEnd, padStart, stringWidth, truncate, wrap } from './width.ts';

describe('stringWidth', () => {
  test.each([
    ['', 0],
    ['loss 1.83', 9],
    ['한국어', 6],
    ['日本', 4],
    ['café', 4],
    ['cafe\u0301', 4],
    ['🙂', 2],
    ['👩‍👩‍👧', 2],
    ['🇰🇷', 2],
    ['❤️', 2],
    ['▁▂█ ⣿', 5],
    ['\x1b[1mbold\x1b[22m', 4],
    ['\u200b', 6],
    ['a\u00adb', 2], // a soft hyphen
    ['\u0301', 0],
    ['\u1100', 2],
    ['\u2e80\u303e\u303f', 5], // the first and the last of a wide block, and what is behind it
    ['\x1b]0;t\x07', 12],
  ])('%j takes %i columns', (text, columns) => {
    expect(stringWidth(text)).toBe(columns);
  });
});

test('a text is cut where the next character would not fit, wide ones whole', () => {
  expect(truncate('한국어', 6)).toBe('한국어');
  expect(truncate('한국어', 5)).toBe('한국…');
  expect(truncate('한국어', 4)).toBe('한…');
  expect(truncate('abc', 0)).toBe('');
});

test('padding counts columns, not characters', () => {
  expect(padEnd('한', 4)).toBe('한  ');
  expect(padStart('🙂', 3)).toBe(' 🙂');
  expect(padEnd('long', 2)).toBe('long');
});

test('lines break between words and keep the breaks that are there', () => {
  expect(wrap('one two three\nfour', 8)).toEqual(['one two', 'three', 'four']);
  expect(wrap('incomprehensible it is', 5)).toEqual(['incomprehensible', 'it is']);
});
