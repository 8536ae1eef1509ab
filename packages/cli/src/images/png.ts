// An image as a PNG, for pages that show what a model saw: RGB, no filter, deflated.

import { crc32, deflateSync } from 'node:zlib';

/** Bytes [height, width, 3], or [height, width] of grays. */
export function encodePng({ height, width, data }: { height: number; width: number; data: Uint8Array }): Buffer {
  const channels = data.length / (height * width);
  const rows = Buffer.alloc(height * (1 + width * channels)); // each row begins with its filter: 0, none
  for (let y = 0; y < height; y++)
    rows.set(data.subarray(y * width * channels, (y + 1) * width * channels), y * (1 + width * channels) + 1);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, channels === 1 ? 0 : 2, 0, 0, 0], 8); // 8 bits; gray or RGB
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** For the `src` of an <img>. */
export function dataUri(image: { height: number; width: number; data: Uint8Array }): string {
  return `data:image/png;base64,${encodePng(image).toString('base64')}`;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}
