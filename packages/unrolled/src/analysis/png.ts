// An image's bytes as a PNG, for pages and drawings that hold all they need. Nothing is compressed unless the host brings a compressor: a small
// image is small anyway, and what packs and unpacks would be a hundred times this file.

import { OptionError } from '../errors.ts';
import { requireKinds, requireWhole } from '../checks.ts';
import type { RawImage } from '../data/images.ts';

/** zlib's compression of bytes: `deflateSync` in Node. */
export type Deflate = (bytes: Uint8Array) => Uint8Array;

/** RGB bytes [h, w, 3] → the bytes of a PNG file, packed by `deflate` where one is given. */
export function encodePng(given: RawImage, deflate: Deflate = stored): Uint8Array {
  requireKinds(
    'encodePng',
    { given, deflate },
    { given: { height: 'number', width: 'number', data: 'bytes' }, deflate: 'function' },
  );
  const { width, height, data } = given;
  for (const [name, n] of Object.entries({ width, height })) requireWhole('encodePng', name, n, 1, 2 ** 20);
  if (data.length !== 3 * width * height)
    throw new OptionError(
      'encodePng',
      'data',
      `expected ${3 * width * height} bytes for ${width}×${height} pixels, got ${data.length}`,
    );
  return file(given, 3, deflate);
}

/** Gray levels and opacities [h, w, 2] → an address that holds the PNG of them. */
export function grayAlphaUrl(image: RawImage): string {
  return dataUrl(file(image, 2, stored));
}

/** An image as an address that holds it. */
export function imageUrl(image: RawImage, deflate: Deflate = stored): string {
  requireKinds(
    'imageUrl',
    { image, deflate },
    { image: { height: 'number', width: 'number', data: 'bytes' }, deflate: 'function' },
  );
  return dataUrl(encodePng(image, deflate));
}

const colorType = { 2: 4, 3: 2 }; // gray with alpha, RGB

/** A PNG file of bytes [h, w, C]. */
function file({ width, height, data }: RawImage, C: 2 | 3, deflate: Deflate): Uint8Array {
  const row = 1 + C * width;
  const lines = new Uint8Array(height * row); // each row after a 0: as it is
  for (let y = 0; y < height; y++) lines.set(data.subarray(y * C * width, (y + 1) * C * width), y * row + 1);
  const packed = deflate(lines);
  requireKinds('encodePng', { packed }, { packed: 'bytes' });
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, colorType[C], 0, 0, 0], 8); // 8 bits
  const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  return join([signature, chunk('IHDR', header), chunk('IDAT', packed), chunk('IEND', new Uint8Array(0))]);
}

function dataUrl(bytes: Uint8Array): string {
  const text: string[] = [];
  for (let i = 0; i < bytes.length; i += 3) {
    const three = (bytes[i] << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const letters = [18, 12, 6, 0].map((by) => base64[(three >> by) & 63]);
    text.push(...letters.slice(0, Math.min(3, bytes.length - i) + 1), '='.repeat(Math.max(0, i + 3 - bytes.length)));
  }
  return `data:image/png;base64,${text.join('')}`;
}

const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const mostStored = 65_535;

/** zlib's format, in blocks that are not compressed. */
function stored(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.of(0x78, 0x01)];
  for (let at = 0; at === 0 || at < bytes.length; at += mostStored) {
    const n = Math.min(mostStored, bytes.length - at);
    const last = at + n >= bytes.length ? 1 : 0;
    parts.push(Uint8Array.of(last, n & 255, n >> 8, ~n & 255, (~n >> 8) & 255), bytes.subarray(at, at + n));
  }
  let [a, b] = [1, 0];
  for (const byte of bytes) {
    a = (a + byte) % 65_521;
    b = (b + a) % 65_521;
  }
  parts.push(Uint8Array.of(b >> 8, b & 255, a >> 8, a & 255));
  return join(parts);
}

function chunk(name: string, content: Uint8Array): Uint8Array {
  const body = join([Uint8Array.from(name, (c) => c.charCodeAt(0)), content]);
  const ends = new Uint8Array(8);
  const view = new DataView(ends.buffer);
  view.setUint32(0, content.length);
  view.setUint32(4, crc32(body));
  return join([ends.subarray(0, 4), body, ends.subarray(4)]);
}

function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let k = 0; k < 8; k++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
