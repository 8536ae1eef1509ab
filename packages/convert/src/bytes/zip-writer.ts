// Zip archives without compression, as PyTorch and NumPy write them: every entry can be mapped into memory.

import { encoded } from './text.ts';
import { crc32 } from 'unrolled/io';
import { ConvertError } from '../errors.ts';

const most = 0xffff_ffff; // without the extension for larger files

/** The bytes of an archive. Entries begin at multiples of 64 bytes. Throws a ConvertError above 4 GiB. */
export function zipBytes(source: string, entries: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  const push = (part: Uint8Array) => {
    parts.push(part);
    at += part.length;
  };
  for (const [path, bytes] of entries) {
    const name = encoded(path);
    const begin = at;
    const extra = (64 - ((at + 30 + name.length + 4) % 64)) % 64; // zeros in a field of their own, as PyTorch pads
    const header = [...u16(20), ...u16(0x800), ...u16(0), ...u16(0), ...u16(0x21), ...u32(crc32(bytes))];
    const sizes = [...u32(bytes.length), ...u32(bytes.length), ...u16(name.length)];
    push(Uint8Array.of(0x50, 0x4b, 3, 4, ...header, ...sizes, ...u16(extra + 4)));
    push(name);
    push(Uint8Array.of(...u16(0x4246), ...u16(extra)));
    push(new Uint8Array(extra));
    push(bytes);
    const rest = [...u16(0), ...u16(0), ...u16(0), ...u16(0), ...u32(0), ...u32(begin)];
    directory.push(Uint8Array.of(0x50, 0x4b, 1, 2, ...u16(20), ...header, ...sizes, ...rest), name);
    if (at > most) throw new ConvertError(source, { expected: 'at most 4 GiB', got: `${at} bytes` });
  }
  const begin = at;
  for (const part of directory) push(part);
  const [count, size] = [entries.size, at - begin];
  push(
    Uint8Array.of(0x50, 0x4b, 5, 6, ...u32(0), ...u16(count), ...u16(count), ...u32(size), ...u32(begin), ...u16(0)),
  );
  const all = new Uint8Array(at);
  let to = 0;
  for (const part of parts) {
    all.set(part, to);
    to += part.length;
  }
  return all;
}

const u16 = (n: number): number[] => [n & 255, (n >>> 8) & 255];
const u32 = (n: number): number[] => [...u16(n & 0xffff), ...u16(n >>> 16)];
