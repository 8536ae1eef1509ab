import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { coloredText } from './colored-text.ts';

const options = { width: 10, lines: 5, colors: true };

describe('coloredText', () => {
  test('puts each symbol on a red or blue ground, the stronger the further from 0', () => {
    const [line] = coloredText(['a', 'b', 'c', 'd'], [1, -1, 0.4, 0], options);
    expect(line).toBe('\x1b[48;5;196m\x1b[97ma\x1b[0m\x1b[48;5;21m\x1b[97mb\x1b[0m\x1b[48;5;88m\x1b[97mc\x1b[0md');
  });

  test('breaks where the text does, and where the terminal ends', () => {
    const symbols = Array.from('hello\nkorean 안녕하세요');
    expect(
      coloredText(symbols, new Array(symbols.length).fill(0), options).map((line) => stripVTControlCharacters(line)),
    ).toEqual(['hello⏎', 'korean 안', '녕하세요']);
    const still = (text: string) => coloredText(Array.from(text), new Array(text.length).fill(0), options);
    expect(still('0123456789')).toEqual(['0123456789']); // exactly as wide
    expect(still('0123456789a\tb\n')).toEqual(['0123456789', 'a b⏎']);
  });

  test('shows no more lines than asked for, and none without colors', () => {
    const symbols = Array.from('a\nb\nc\nd\n');
    expect(coloredText(symbols, new Array(8).fill(0), { ...options, lines: 2 })).toEqual(['a⏎', 'b⏎']);
    expect(coloredText(['a', '\n', 'b'], [0, 0, 0], { ...options, lines: 1 })).toEqual(['a⏎']);
    expect(coloredText(['a', '\n', 'b'], [0, 0, 0], { ...options, lines: 2 })).toEqual(['a⏎', 'b']);
    expect(coloredText(symbols, new Array(8).fill(0), { ...options, colors: false })).toEqual([]);
  });
});
