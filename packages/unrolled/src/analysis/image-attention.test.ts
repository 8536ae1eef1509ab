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
  test('shows the image once as it is and once for each word', () => {
    const svg = imageAttention(of, { size: 40 });
    expect(svg.match(/<use /g)).toHaveLength(3);
    expect(svg.match(/data:image\/png;base64,/g)).toHaveLength(3); // the image once, and the shade of each word
    expect(svg).toContain('&lt;dog&gt;: at most 1.00');
  });

  test('leaves the most attended region bright, and interpolates between the centers of the regions', () => {
    const [first, second] = shadesOf(imageAttention(of));
    // 2 × 2 regions of 4 × 4 samples: the corners are beyond the centers, so they have the weights of their regions.
    expect([second[0][0], second[0][7], second[7][0], second[7][7]]).toEqual([0, 209, 209, 209]); // 209 = 0.82 · 255
    expect(first[7]).toEqual([52, 52, 46, 33, 20, 7, 0, 0]); // from weight 0.3 to 0.4, of at most 0.4
    expect(first.map((row) => row[0])).toEqual([157, 157, 144, 118, 91, 65, 52, 52]); // from 0.1 to 0.3
  });

  test('draws without filters and clips: renderers on the CPU take seconds for them', () => {
    expect(imageAttention(of)).not.toMatch(/filter|clip/);
  });

  test('refuses weights that do not fit', () => {
    expect(() => imageAttention({ ...of, weights: [[1]] })).toThrow('one for each of 2 words, got 1');
    expect(() => imageAttention({ ...of, map: [3, 3] })).toThrow('each of 3 × 3 regions, got 4');
    expect(() => imageAttention(of, { columns: 0 })).toThrow('columns: expected a whole number from 1, got 0');
  });
});

/** The opacities of the shades of a drawing with 2 × 2 regions, [8][8] each. */
function shadesOf(svg: string): number[][][] {
  return [...svg.matchAll(/<image width[^>]*base64,([^"]+)/g)].map(([, text]) => {
    const png = Buffer.from(text, 'base64');
    expect([...png.subarray(16, 26)]).toEqual([0, 0, 0, 8, 0, 0, 0, 8, 8, 4]); // 8 × 8, 8 bits, gray and opacity
    const rows = png.subarray(48, 48 + 8 * 17); // each row is a 0 and 8 pairs
    return Array.from({ length: 8 }, (_, y) => Array.from({ length: 8 }, (_, x) => rows[17 * y + 2 + 2 * x]));
  });
}
