import { describe, expect, test } from 'vitest';
import { decodeText } from './text.ts';

// The oracle is the host's decoder: its replacement character stands where the first byte is wrong, and a stream of it waits for what is cut off.

const utf8 = (text: string) => new TextEncoder().encode(text);
const join = (...parts: ArrayLike<number>[]) => Uint8Array.from(parts.flatMap((part) => Array.from(part)));

function messageOf(data: Uint8Array): string {
  try {
    decodeText(data, 'a');
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}

/** Bytes around each bound that RFC 3629 has for the second, third and fourth byte. */
const seconds = [0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0];
const others = [0x7f, 0x80, 0xbf, 0xc0];
const leads = [0x7f, 0x80, 0xbf, ...Array.from({ length: 64 }, (_, k) => 0xc0 + k)];

describe('UTF-8', () => {
  test('every lead byte with the bounds of what follows: the first wrong byte is where the decoder has it', () => {
    const loose = new TextDecoder('utf-8', { ignoreBOM: true });
    const wrong: unknown[] = [];
    let valid = 0;
    for (const first of leads)
      for (const second of seconds)
        for (const third of others)
          for (const fourth of first >= 0xf0 ? others : [0x61]) {
            const data = join([0x61, 0x62], [first, second, third, fourth], [0xff, 0x61]);
            const before = loose.decode(data).split('\ufffd', 1)[0];
            const at = utf8(before).length;
            if (at === 6) valid++;
            const said = Number(/ at (\d+) is not UTF-8/.exec(messageOf(data))?.[1]);
            if (said !== at) wrong.push([first, second, third, fourth, said, at]);
          }
    expect(wrong).toEqual([]);
    expect(valid).toBeGreaterThan(300); // so that there were right ones among them
  });

  test('a file is cut off where a decoder of a stream would wait for more', () => {
    for (const first of leads.filter((byte) => byte >= 0x80))
      for (const rest of [
        [],
        ...seconds.flatMap((a) => [
          [a],
          ...others.flatMap((b) => [
            [a, b],
            [a, b, 0x80],
          ]),
        ]),
      ]) {
        const data = join([0x61], [first, ...rest]);
        let waits = true;
        try {
          new TextDecoder('utf-8', { fatal: true }).decode(data, { stream: true });
        } catch {
          waits = false;
        }
        const message = messageOf(data);
        if (message === '') continue; // all of it is UTF-8
        const lastAlone = / at (\d+) /.exec(message)?.[1]; // what is wrong may begin after a whole character
        expect([[...data], lastAlone, message.includes('is cut off inside')]).toEqual([[...data], lastAlone, waits]);
      }
  });

  test('a file of nothing but half a character is not a text that was cut off', () => {
    for (const data of [[0xc3], [0xe2, 0x82], [0xf0, 0x9f, 0x98]])
      expect(messageOf(Uint8Array.from(data))).toMatch(/^a: byte 0x\w\w at 0 is not UTF-8[,;]/);
  });

  test('the text before is UTF-8 where three characters of three or four bytes are in it, of two bytes none count', () => {
    const wrong = [0xff, 0x0a];
    const corrected = (text: string) => messageOf(join(utf8(text), wrong)).includes('though the text before it is');
    expect(['한국어', 'a한b국😀', '😀😀😀', 'é한é국é어'].map(corrected)).toEqual([true, true, true, true]);
    expect(['한국', '', 'éééé', 'é한é국', '한😀'].map(corrected)).toEqual([false, false, false, false, false]);
  });

  test('the guess is of the wrong line, from a kilobyte before the wrong byte', () => {
    const latin = join(utf8('caf'), [0xe9], utf8(' au lait, d'), [0xe9], utf8('j'), [0xe0]);
    const above = utf8(`${'Привет мир '.repeat(20)}\n`);
    expect(messageOf(join(above, latin))).toMatch(/ at 404 is not UTF-8; it looks like Latin-1/);
    const farBefore = join(utf8(`${'Привет мир '.repeat(20)}${'x'.repeat(1100)}`), latin);
    expect(messageOf(farBefore)).toMatch(/ is not UTF-8; it looks like Latin-1/);
  });
});

describe('bytes that begin like a mark', () => {
  test.each<[number[], string]>([
    [[0xef, 0x80, 0x80], '\uf000'],
    [[0xef, 0xbb, 0x80], '\ufec0'],
    [[0xef, 0xb8, 0xbf], '\ufe3f'],
    [[0xc3, 0xbb, 0x61], 'ûa'],
    [[0xe2, 0xbb, 0xbf], '\u2eff'],
    [[0xff, 0xfe, 0, 1], 'Ā'],
    [[0xff, 0xfe, 0x61, 0], 'a'],
    [[0xff, 0xfe, 1, 0, 0, 1], '\u0001Ā'],
    [[0xfe, 0xff, 0, 0x61], 'a'],
    [[0x1f, 0x61], '\x1fa'],
    [[0x50, 0x4b, 0x33, 0x34], 'PK34'],
  ])('%j is text', (data, text) => {
    expect(decodeText(Uint8Array.from(data))).toBe(text);
  });

  test.each<[number[], string]>([
    [[0xff, 0x61], 'byte 0xff at 0 is not UTF-8'],
    [[0x61, 0xfe], 'byte 0xfe at 1 is not UTF-8'],
    [[0xfe, 0x61], 'byte 0xfe at 0 is not UTF-8'],
    [[0x61, 0xff], 'byte 0xff at 1 is not UTF-8'],
    [[0x61, 0xfe, 0, 0], 'byte 0 at 2: this is not text'],
    [[0xff, 0x61, 0, 0], 'byte 0 at 2: this is not text'],
    [[0xff, 0xfe, 0, 0], 'this is UTF-32'],
    [[0xff, 0xfe, 0x61], 'the file is cut off: UTF-16 has an even number of bytes'],
    [[0xff, 0xfe], 'the file is empty'],
  ])('%j is none', (data, message) => {
    expect(messageOf(Uint8Array.from(data))).toContain(message);
  });
});

describe('zero bytes', () => {
  /** `length` bytes a, with zeros at the first so many even and odd places. */
  const zeros = (length: number, even: number, odd: number) => {
    const data = new Uint8Array(length).fill(0x61);
    for (let k = 0; k < even; k++) data[2 * k] = 0;
    for (let k = 0; k < odd; k++) data[2 * k + 1] = 0;
    return data;
  };
  const little = /without a byte order mark; .*-f UTF-16LE/;
  const big = /without a byte order mark; .*-f UTF-16BE/;
  const neither = /: this is not text/;

  test.each<[length: number, even: number, odd: number, RegExp]>([
    [20, 0, 4, neither], // a fifth of them, and not more
    [20, 0, 5, little],
    [20, 1, 5, neither], // a twentieth of them, and not less
    [20, 4, 0, neither],
    [20, 5, 0, big],
    [20, 5, 1, neither],
    [20, 10, 10, neither],
    [0x1000, 0, 820, little],
    [0x1000, 0, 819, neither],
    [0x1000, 204, 820, little],
    [0x1000, 205, 820, neither],
    [0x1000, 820, 204, big],
    [0x1000, 820, 205, neither],
  ])('of %i bytes %i and %i', (length, even, odd, message) => {
    expect(messageOf(zeros(length, even, odd))).toMatch(message);
  });

  test('only the first 4096 bytes count', () => {
    expect(messageOf(join(zeros(0x1000, 204, 820), [0, 0x61]))).toMatch(little);
    expect(messageOf(join(zeros(0x1000, 0, 820), new Uint8Array(0x5000).fill(0x61)))).toMatch(little);
    expect(messageOf(join(new Uint8Array(0x1000).fill(0x61), zeros(0x1000, 0, 0x800)))).toMatch(neither);
  });

  test('as many bytes as one text can have are looked at, and one more are not', () => {
    const data = new Uint8Array(2 ** 29 - 23); // never touched: no memory
    expect(messageOf(data.subarray(1))).toBe('a: byte 0 at 0: this is not text');
    expect(messageOf(data)).toContain('536870889 bytes are more than can be held as one text (536870888)');
  });
});
