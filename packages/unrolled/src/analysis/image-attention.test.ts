import { describe, expect, test } from 'vitest';
import { imageAttention } from './image-attention.ts';
import { encodePng, imageUrl } from './png.ts';

const image = { width: 3, height: 2, data: Uint8Array.from({ length: 18 }, (_, k) => 10 * k) };
const of = { image, words: ['a', '<dog>'], weights: [[0.1, 0.2, 0.3, 0.4], Float32Array.of(1, 0, 0, 0)] };

test('a PNG has its signature, its size, its rows and right sums', () => {
  const png = encodePng(image);
  const view = new DataView(png.buffer);
  expect([...png.subarray(1, 4)].map((c) => String.fromCharCode(c)).join('')).toBe('PNG');
  expect([view.getUint32(16), view.getUint32(20)]).toEqual([3, 2]);
  // After signature 8 and IHDR 25: length, name, zlib's 2 bytes, a block's 5, and each row behind a 0.
  expect([...png.subarray(48, 58)]).toEqual([0, 0, 10, 20, 30, 40, 50, 60, 70, 80]);
  expect([...png.subarray(-4)]).toEqual([0xae, 0x42, 0x60, 0x82]); // of an empty IEND, as every PNG ends
  const [, text] = imageUrl(image).split('base64,');
  expect([...Buffer.from(text, 'base64')]).toEqual([...png]);
});

describe('imageAttention', () => {
  test('shows the image once whole and once a word, the regions it looked at brightest', () => {
    const svg = imageAttention(of, { size: 40 });
    expect(svg.match(/<use /g)).toHaveLength(3);
    expect(svg.match(/data:image\/png;base64,/g)).toHaveLength(1);
    expect(svg).toContain('&lt;dog&gt;');
    const second = svg.slice(svg.indexOf('&lt;dog&gt;: at most 1.00'));
    expect([...second.matchAll(/fill-opacity="([\d.]+)"/g)].map(([, v]) => Number(v))).toEqual([0, 0.82, 0.82, 0.82]);
  });

  test('refuses weights that do not fit', () => {
    expect(() => imageAttention({ ...of, weights: [[1]] })).toThrow('one for each of 2 words, got 1');
    expect(() => imageAttention({ ...of, map: [3, 3] })).toThrow('each of 3 × 3 regions, got 4');
    expect(() => imageAttention(of, { columns: 0 })).toThrow('columns: expected a whole number from 1, got 0');
  });
});
