import { describe, expect, test } from 'vitest';
import { attentionMap } from './attention-map.ts';

const map = {
  source: ['ein', 'Hund', '.'],
  target: ['a', '<dog>'],
  weights: [[0.9, 0.1, 0], Float32Array.of(0.05, 0.95, 0)],
};

describe('attentionMap', () => {
  test('has a cell for every pair, as deep as its weight, and names it', () => {
    const svg = attentionMap(map);
    expect(svg.startsWith('<svg xmlns="http://www.w3.org/2000/svg"')).toBe(true);
    expect(svg.match(/<title>/g)?.length).toBe(6);
    expect(svg).toContain('fill-opacity="0.9"><title>ein → a: 0.900</title>');
    expect(svg).toContain('fill-opacity="0.95"><title>Hund → &lt;dog&gt;: 0.950</title>');
    expect(svg).not.toContain('<dog>');
  });

  test('writes numbers and a title when asked to', () => {
    const svg = attentionMap(map, { numbers: true, title: 'de → en & back' });
    expect(svg).toContain('>90</text>');
    expect(svg).toContain('de → en &amp; back');
  });

  test('has room for labels of any width, and shows what cannot be seen', () => {
    const width = (source: string[]) =>
      Number(
        /width="(\d+)"/.exec(
          attentionMap({ source, target: ['안녕하세요 여러분'], weights: [source.map(() => 1)] }),
        )?.[1],
      );
    expect(width(['a'.repeat(30)])).toBeGreaterThan(width(['a']));
    expect(attentionMap({ source: [' ', ''], target: ['\n'], weights: [[1, 0]] })).toMatch(/␣[^]*∅[^]*⏎/);
  });

  test('of nothing is an image too', () => {
    expect(attentionMap({ source: [], target: [], weights: [] })).toContain('</svg>');
  });

  test('refuses weights that do not fit', () => {
    expect(() => attentionMap({ ...map, weights: [[1, 0, 0]] })).toThrow(
      'expected one for each of 2 target tokens, got 1',
    );
    expect(() =>
      attentionMap({
        ...map,
        weights: [
          [1, 0],
          [1, 0, 0],
        ],
      }),
    ).toThrow('row 0: expected one for each of 3 source');
  });
});
