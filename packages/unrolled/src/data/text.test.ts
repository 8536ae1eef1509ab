import { describe, expect, test } from 'vitest';
import { FormatError } from '../errors.ts';
import { Random } from '../random.ts';
import { decodeText } from './text.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);
const bytes = (...values: number[]) => Uint8Array.from(values);
const join = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));

function utf16(text: string, bigEndian = false): Uint8Array {
  const view = new DataView(new ArrayBuffer(text.length * 2));
  for (let i = 0; i < text.length; i++) view.setUint16(2 * i, text.charCodeAt(i), !bigEndian);
  return new Uint8Array(view.buffer);
}

const text = 'hello, 안녕 👩‍👩‍👧\r\n';

describe('decodeText', () => {
  test('reads UTF-8, with a byte order mark or without', () => {
    expect(decodeText(utf8(text))).toBe(text);
    expect(decodeText(join(bytes(0xef, 0xbb, 0xbf), utf8(text)))).toBe(text);
  });

  test('reads UTF-16 by its byte order mark', () => {
    expect(decodeText(join(bytes(0xff, 0xfe), utf16(text)))).toBe(text);
    expect(decodeText(join(bytes(0xfe, 0xff), utf16(text, true)))).toBe(text);
  });

  test.each<[string, Uint8Array, RegExp]>([
    ['an empty file', bytes(), /^book\.txt: the file is empty$/],
    ['nothing but a byte order mark', bytes(0xef, 0xbb, 0xbf), /the file is empty/],
    // 안녕하세요 세계
    [
      'EUC-KR',
      join(
        utf8('Hello '),
        bytes(0xbe, 0xc8, 0xb3, 0xe7, 0xc7, 0xcf, 0xbc, 0xbc, 0xbf, 0xe4, 0x20, 0xbc, 0xbc, 0xb0, 0xe8),
      ),
      /byte 0xbe at 6 is not UTF-8; it looks like EUC-KR \(CP949\), Korean; convert it first: iconv -f CP949 -t UTF-8/,
    ],
    [
      'Latin-1',
      join(utf8('caf'), bytes(0xe9), utf8(' au lait, d'), bytes(0xe9), utf8('j'), bytes(0xe0)),
      /byte 0xe9 at 3 is not UTF-8; it looks like Latin-1 .* iconv -f WINDOWS-1252/,
    ],
    [
      'Shift-JIS',
      bytes(0x82, 0xb1, 0x82, 0xf1, 0x82, 0xc9, 0x82, 0xbf, 0x82, 0xcd),
      /looks like Shift-JIS.*iconv -f SHIFT-JIS/,
    ],
    [
      'UTF-16 without a mark',
      utf16('plain English text'),
      /looks like UTF-16 without a byte order mark.*iconv -f UTF-16LE/,
    ],
    ['UTF-16 of the other order', utf16('plain English text', true), /iconv -f UTF-16BE/],
    ['UTF-16 cut off', join(bytes(0xff, 0xfe), utf16('abc').subarray(1)), /even number of bytes/],
    ['UTF-16 with half a character', join(bytes(0xff, 0xfe), utf16('a\ud800b')), /half of a character/],
    ['UTF-32', bytes(0xff, 0xfe, 0, 0, 0x61, 0, 0, 0), /this is UTF-32; .*iconv -f UTF-32/],
    [
      'a file cut off inside a character',
      utf8('한글').subarray(0, 5),
      /byte 0xea at 3 is not UTF-8: the file is cut off inside a character/,
    ],
    ['an overlong form', join(utf8('a'), bytes(0xc0, 0xaf), utf8('b')), /byte 0xc0 at 1/],
    ['a surrogate in UTF-8', join(utf8('ab'), bytes(0xed, 0xa0, 0x80), utf8('b')), /byte 0xed at 2/],
    ['beyond Unicode', join(utf8('ab'), bytes(0xf4, 0x90, 0x80, 0x80)), /byte 0xf4 at 2/],
    ['a wrong byte after a byte order mark', join(bytes(0xef, 0xbb, 0xbf, 0x61, 0xff, 0x61)), /byte 0xff at 4/],
    ['zeros', bytes(0x61, 0x62, 0x63, 0x64, 0, 0x65, 0x66), /byte 0 at 4: this is not text/],
    ['gzip', bytes(0x1f, 0x8b, 8, 0), /a gzip archive, not text/],
    ['a zip', bytes(0x50, 0x4b, 3, 4, 0), /a zip archive/],
    ['a PDF', utf8('%PDF-1.7\n'), /a PDF document/],
  ])('refuses %s, and says what it is', (_name, data, message) => {
    expect(() => decodeText(data, 'book.txt')).toThrow(FormatError);
    expect(() => decodeText(data, 'book.txt')).toThrow(message);
  });

  test('refuses exactly what a strict decoder refuses', () => {
    const random = new Random(6);
    const base = utf8('a é 한 👍 z'.repeat(3));
    for (let n = 0; n < 20_000; n++) {
      const mutated = base.slice(0, 1 + random.integer(base.length));
      for (let k = random.integer(3); k > 0; k--) mutated[random.integer(mutated.length)] = 1 + random.integer(255);
      let expected: string | null = null;
      try {
        expected = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(mutated);
      } catch {
        // not UTF-8
      }
      try {
        expect(decodeText(mutated)).toBe(expected);
      } catch (error) {
        if (!(error instanceof FormatError) || expected !== null) throw error;
        const at = Number(/ at (\d+) is not/.exec(error.message)?.[1] ?? 0);
        if (at > 0) new TextDecoder('utf-8', { fatal: true }).decode(mutated.subarray(0, at)); // all before it is valid
      }
    }
  });
});
