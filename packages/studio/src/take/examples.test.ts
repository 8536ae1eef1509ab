import { expect, test } from 'vitest';
import { beginningsIn } from './examples.ts';

test('a text that begins in the middle of a word has examples of whole words', () => {
  expect(beginningsIn('ook up.\n"Come with me!" says Ada.\nThen she goes home.')[0]).toBe('"Come with');
  expect(beginningsIn('ummer day is long and warm and green')).toEqual(['day is']);
  const lines = Array.from({ length: 8 }, (_, k) => `line ${k} of a text`).join('\n');
  expect(beginningsIn(`ain\n${lines}`)).toEqual(['line 0', 'line 2', 'line 4', 'line 6']);
});

test('a text without spaces begins where it begins', () => {
  expect(beginningsIn('([]{})(())')).toEqual(['([]{})(())']);
  expect(beginningsIn('')).toEqual([]);
});
