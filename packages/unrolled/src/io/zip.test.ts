// Archives are put together here as the published layout has them (PKWARE's appnote), with Node's own deflate and checksum.

import { crc32 as checksum, deflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { FormatError } from '../errors.ts';
import { crc32, inflate, openZip } from './zip.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);

interface Entry {
  readonly path: string | Uint8Array;
  readonly data?: Uint8Array;
  readonly method?: number;
  /** What the directory says, where it is something else. */
  readonly flags?: number;
  readonly crc?: number;
  readonly packed?: number;
  readonly size?: number;
  readonly at?: number;
  /** The name in the entry's own header, and that header's first four bytes. */
  readonly own?: string;
  readonly signature?: number;
  readonly extra?: number;
}

interface End {
  readonly comment?: string;
  readonly count?: number;
  readonly start?: number;
  readonly length?: number;
}

function zip(entries: readonly Entry[], { comment = '', ...end }: End = {}): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  for (const entry of entries) {
    const { path, data = bytesOf('hello'), method = 0, flags = 0, extra = 0, signature = 0x04034b50 } = entry;
    const name = typeof path === 'string' ? bytesOf(path) : path;
    const own = entry.own === undefined ? name : bytesOf(entry.own);
    const content = method === 8 ? deflateRawSync(data) : data;
    const { crc = checksum(data), packed = content.length, size = data.length } = entry;
    const common = [2, 20, 2, flags, 2, method, 4, 0, 4, crc, 4, packed, 4, size]; // width and value in turn
    const local = fields([4, signature, ...common, 2, own.length, 2, extra]);
    parts.push(local, own, new Uint8Array(extra), content);
    directory.push(
      fields([4, 0x02014b50, 2, 20, ...common, 2, name.length, 2, extra, 2, 3, 2, 0, 2, 0, 4, 0, 4, entry.at ?? at]),
      name,
      new Uint8Array(extra + 3),
    );
    at += local.length + own.length + extra + content.length;
  }
  const length = directory.reduce((sum, part) => sum + part.length, 0);
  const { count = entries.length, start = at } = end;
  const tail = fields([4, 0x06054b50, 4, 0, 2, count, 2, count, 4, end.length ?? length, 4, start, 2, comment.length]);
  return Uint8Array.from([...parts, ...directory, tail, bytesOf(comment)].flatMap((part) => [...part]));
}

function fields(widthsAndValues: readonly number[]): Uint8Array {
  const out: number[] = [];
  for (let k = 0; k < widthsAndValues.length; k += 2)
    for (let b = 0; b < widthsAndValues[k]; b++) out.push(Math.floor(widthsAndValues[k + 1] / 256 ** b) % 256);
  return Uint8Array.from(out);
}

const text = bytesOf('the quick brown fox, '.repeat(40));

describe('openZip', () => {
  const whole = zip(
    [
      { path: 'a/', data: new Uint8Array(0) },
      { path: 'a/stored.txt', data: text, extra: 7 },
      { path: 'a/packed 한.txt', data: text, method: 8 },
      { path: '..a/b..c', data: new Uint8Array(0) }, // no path that leads out
    ],
    { comment: 'a comment' },
  );

  test.each([
    ['bytes', whole],
    ['a window of bytes', Uint8Array.from([1, 2, 3, ...whole, 4]).subarray(3, 3 + whole.length)],
    ['a Blob', new Blob([whole])],
  ])('reads %s: stored and deflated files, their sizes, and no folders', async (_, given) => {
    const archive = await openZip(given, 'x.zip');
    expect([...archive.files]).toEqual([
      ['a/stored.txt', text.length],
      ['a/packed 한.txt', text.length],
      ['..a/b..c', 0],
    ]);
    for (const path of ['a/stored.txt', 'a/packed 한.txt'])
      expect(Array.from(await archive.bytes(path))).toEqual([...text]);
    await expect(archive.bytes('a/')).rejects.toThrow('x.zip/a/: is not there');
    await expect(archive.bytes('b')).rejects.toThrow('x.zip/b: is not there');
  });

  test('reads an archive of nothing, and one with the longest comment', async () => {
    expect((await openZip(zip([]))).files.size).toBe(0);
    expect((await openZip(zip([{ path: 'a' }], { comment: 'c'.repeat(0xffff) }))).files.size).toBe(1);
  });

  const one = zip([{ path: 'a' }]);
  test.each<[string, Uint8Array, string]>([
    ['nothing', new Uint8Array(0), 'x.zip: is not a zip file, or is cut off'],
    ['something else', bytesOf('PK and then something else entirely'), 'x.zip: is not a zip file'],
    ['one cut off', one.subarray(0, one.length - 1), 'x.zip: is not a zip file, or is cut off'],
    ['one without its beginning', one.subarray(1), 'x.zip: is damaged: its directory lies outside of it'],
    ['a directory that ends too late', zip([{ path: 'a' }], { length: 200 }), 'its directory lies outside of it'],
    ['a directory of another place', zip([{ path: 'a' }], { start: 0, length: 60 }), 'its directory is cut off'],
    ['more entries than there are', zip([{ path: 'a' }], { count: 2 }), 'its directory is cut off'],
    ['the large format by its count', zip([{ path: 'a' }], { count: 0xffff }), 'has 65535 entries or is larger'],
    ['the large format by its start', zip([{ path: 'a' }], { start: 0xffffffff }), 'entries or is larger than 4 GB'],
    ['a name that is no text', zip([{ path: Uint8Array.of(0xff, 0xfe) }]), 'has a name that is not UTF-8'],
    ['one file twice', zip([{ path: 'a' }, { path: 'b' }, { path: 'a' }]), 'entry "a" is there twice'],
    ['an encrypted file', zip([{ path: 'a', flags: 1 }]), 'entry "a" is encrypted'],
    ['another method', zip([{ path: 'a', method: 12 }]), 'entry "a" is packed by method 12; stored and deflated are'],
    ['two sizes of a stored file', zip([{ path: 'a', size: 6 }]), 'entry "a" declares two sizes, though it is stored'],
    [
      'a bomb',
      zip([{ path: 'a', method: 8, packed: 7, size: 1100 * 71 + 1 }]),
      'entry "a" declares 78101 bytes packed in 7',
    ],
    ['a file that ends outside', zip([{ path: 'a', at: one.length - 34 }]), 'entry "a" lies outside of the zip'],
    ...['/a', '../a', 'a/..', 'a/./b', '.', '..', 'a\\b', 'C:a', 'a\0b'].map((path): [string, Uint8Array, string] => [
      `the path ${JSON.stringify(path)}`,
      zip([{ path }]),
      `entry ${JSON.stringify(path)} has a path that leads out of the zip`,
    ]),
  ])('refuses %s', async (_, given, message) => {
    const run = openZip(given, 'x.zip');
    await expect(run).rejects.toThrow(FormatError);
    await expect(run).rejects.toThrow(message);
  });

  test('as many files and bytes as the options allow, and not one more', async () => {
    const three = zip([{ path: 'a' }, { path: 'b' }, { path: 'c' }]); // of 5 bytes each
    expect((await openZip(three, 'x.zip', { mostFiles: 3, mostBytes: 15 })).files.size).toBe(3);
    await expect(openZip(three, 'x.zip', { mostFiles: 2 })).rejects.toThrow('x.zip: has 3 entries');
    await expect(openZip(three, 'x.zip', { mostBytes: 14 })).rejects.toThrow('x.zip: declares more than 14 bytes');
  });

  test('as small as deflate makes it, and as late as it may lie', async () => {
    const zeros = new Uint8Array(1e5);
    const archive = await openZip(zip([{ path: 'a', data: zeros, method: 8 }]));
    expect((await archive.bytes('a')).length).toBe(1e5);
    expect((await openZip(zip([{ path: 'a', method: 8, packed: 7, size: 1100 * 71 }]))).files.get('a')).toBe(78100);
    expect((await openZip(zip([{ path: 'a', at: one.length - 35 }]))).files.size).toBe(1); // 30 + 5 bytes to its end
  });

  test.each<[string, Entry, string]>([
    [
      'without its header',
      { path: 'a', signature: 0x04034b51 },
      'is damaged: its header is not where the directory says',
    ],
    ['at another place', { path: 'a', at: 1 }, 'is damaged: its header is not where the directory says'],
    ['of another name', { path: 'a', own: 'b' }, 'is damaged: it has one name in the directory and another'],
    ['of a longer name', { path: 'a', own: 'ab' }, 'is damaged: it has one name in the directory and another'],
    ['with another checksum', { path: 'a', crc: 1 }, 'is damaged: its checksum is another'],
    ['deflated, with another checksum', { path: 'a', method: 8, crc: 1 }, 'is damaged: its checksum is another'],
    ['that unpacks to more', { path: 'a', method: 8, size: 4 }, 'unpacks to more than the 4 bytes it declares'],
    ['that unpacks to less', { path: 'a', method: 8, size: 6 }, 'unpacks to 5 bytes, and declares 6'],
    ['that is cut off', { path: 'a', method: 8, packed: 4 }, 'is damaged: it cannot be inflated'],
  ])('refuses a file %s, when it is read', async (_, entry, message) => {
    const archive = await openZip(zip([entry]), 'x.zip');
    await expect(archive.bytes('a')).rejects.toThrow(FormatError);
    await expect(archive.bytes('a')).rejects.toThrow(`x.zip/a: ${message}`);
  });

  test('a file that became shorter after it was opened is cut off', async () => {
    const bytes = zip([{ path: 'a', data: text }]);
    let size = bytes.length;
    const shrinking = {
      size: bytes.length,
      slice: (from: number, to: number) => new Blob([bytes.slice(from, Math.min(to, size))]),
      arrayBuffer: async () => bytes.buffer,
    };
    const archive = await openZip(shrinking, 'x.zip');
    size = 100;
    await expect(archive.bytes('a')).rejects.toThrow('x.zip/a: is cut off');
    size = 20;
    await expect(archive.bytes('a')).rejects.toThrow('x.zip/a: is damaged: its header is not where');
  });
});

test("inflate and crc32 give what Node's give", async () => {
  for (const data of [new Uint8Array(0), bytesOf('a'), text, new Uint8Array(200_000).map((_, k) => (k * k) >> 3)]) {
    expect(await inflate(deflateRawSync(data), data.length)).toEqual(data);
    expect(crc32(data)).toBe(checksum(data));
  }
});
