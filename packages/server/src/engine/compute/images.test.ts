// Which files of images a server decodes.

import { expect, test } from 'vitest';
import sharp from 'sharp';
import { boundedDecoder } from './images.ts';

const contract = { height: 2, width: 2, fit: 'squash', background: [0, 0, 0] } as never;
const red = () => sharp({ create: { width: 4, height: 4, channels: 3, background: '#ff0000' } });

test.each(['png', 'jpeg', 'webp', 'gif'] as const)('%s is read', async (format) => {
  const bytes = new Uint8Array(await red().toFormat(format).toBuffer());
  const pixels = await boundedDecoder(100)(bytes, contract, 'image');
  expect(Array.from(pixels, (x) => Math.round(x / 16))).toEqual([16, 0, 0, 16, 0, 0, 16, 0, 0, 16, 0, 0]);
});

test('what is drawn by a program, or is of another format, is refused before sharp sees it', async () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"><rect width="4" height="4"/></svg>';
  const tiff = await red().tiff().toBuffer();
  for (const bytes of [new TextEncoder().encode(svg), new Uint8Array(tiff), new Uint8Array(3)])
    await expect(boundedDecoder(100)(bytes, contract, 'image')).rejects.toMatchObject({
      name: 'FormatError',
      message: 'image: is not an image that can be used: expected a PNG, JPEG, WebP or GIF file',
    });
});
