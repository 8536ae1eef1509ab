import { describe, expect, test } from 'vitest';
import { heatmap } from './heatmap.ts';
import { stringWidth } from './width.ts';

describe('heatmap', () => {
  test('stands the source upright above its columns and shades by weight', () => {
    expect(heatmap(['ein', 'Hund'], ['a', 'dog', '</s>'], [[0.9, 0.1], [0.02, 0.5], [0.3, 0.7]])).toEqual([
      '       H',
      '     e u',
      '     i n',
      '     n d',
      '   a ██░░',
      ' dog  ·▓▓',
      '</s> ▒▒██',
    ]); // biome-ignore format: an image
  });

  test('a Korean letter fills its two columns', () => {
    const lines = heatmap(
      ['안녕', 'hi'],
      ['개', 'dog'],
      [
        [1, 0],
        [0, 1],
      ],
    );
    expect(lines).toEqual(['    안h', '    녕i', ' 개 ██ ·', 'dog  ·██']); // biome-ignore format: an image
    expect(new Set(lines.slice(2).map((line) => stringWidth(line)))).toEqual(new Set([8]));
  });

  test('a source too long for the terminal is continued below, and none of its lines is wider', () => {
    const source = Array.from('abcdefghijklmnopqrstuvwxyz');
    const lines = heatmap(source, ['word'], [source.map((_, s) => s / 25)], { width: 30 });
    expect(lines.filter((line) => line.includes('word'))).toHaveLength(3);
    for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(30);
  });

  test('long labels are cut, and what cannot be seen is shown', () => {
    expect(heatmap(['extraordinary', ' '], ['x'.repeat(40)], [[1, 0]], { label: 5 })).toEqual([
      '      e', '      x', '      t', '      r', '      … ␣', 'xxxx… ██ ·',
    ]); // biome-ignore format: an image
  });
});
