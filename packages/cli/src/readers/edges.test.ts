// What is empty, cut short or of one, and what a pipe brings: the cases in which a reader has nothing to go on.

import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { FormatError } from 'unrolled';
import { writeSafetensors } from 'unrolled/io';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { textsOf } from '../examples/text-input.ts';
import { forgetPipes } from '../files/index.ts';
import { readCaptions } from './captions.ts';
import { duckError } from './duckdb.ts';
import { readFeatures } from './features.ts';
import { headOf, inputFile } from './files.ts';
import { imageSettings } from './images/index.ts';
import { listIn } from './lists.ts';
import { readLabeledFolder, readWholeText } from './lines.ts';
import { piecesOf } from './pieces.ts';
import { readQuestions } from './questions.ts';
import { type Layout, longestRecord, RecordReader, recordsIn } from './records.ts';
import { Skipped } from './skipped.ts';
import { Table } from './table.ts';
import { readClips } from './video/index.ts';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'unrolled-edges-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

async function read(path: string): Promise<(string | null)[][]> {
  const table = await Table.open([path]);
  const rows = [];
  for await (const chunk of table.read(table.columns, new Skipped('stop'))) rows.push(...chunk);
  return rows.map(({ cells }) => [...cells]);
}

describe('nothing in it', () => {
  test.each<[string, () => unknown, string]>([
    ['a text', () => readWholeText(file('empty.txt', '')), 'empty.txt: the file is empty'],
    ['a table', () => read(file('empty.csv', '')), 'the file is empty'],
    ['the header of a table', () => read(file('unnamed.csv', ' ,,\n1,2,3\n')), 'its first line is empty'],
    ['a table of captions', () => readCaptions([file('none.csv', 'image,caption\n')]), 'there are no captions in it'],
    ['a table of questions', () => readQuestions([file('ask.csv', 'image,question,answer\n')]), 'no questions in it'],
    ['a table of clips', () => readClips([file('clips.csv', 'video,label\n')]), 'there are no clips in it'],
    ['features', () => readFeatures(file('empty.npy', ''), ['a']), 'empty.npy: the file is empty'],
    ['a list of objects', () => read(file('list.json', '[]')), 'holds no rows: expected objects with keys'],
    ['JSON that is no table', () => read(file('seven.json', '7')), 'is no table: expected a list of objects'],
    [
      'a table to predict',
      () =>
        textsOf([], { file: file('p.csv', 'text\n'), where: null }, { column: null, guesses: ['text'], header: true }),
      'holds no texts',
    ],
    [
      'the folders of labels',
      () => {
        for (const label of ['neg', 'pos']) mkdirSync(join(folder, 'labels', label), { recursive: true });
        return readLabeledFolder(join(folder, 'labels'));
      },
      'its folders (neg, pos) hold no files',
    ],
  ])('%s', async (_name, run, message) => {
    await expect((async () => run())()).rejects.toThrow(message);
  });

  test('of a list in a cell is a list', () => {
    expect(['[]', ' [ ] ', 'array([], dtype=object)', 'np.array([ ])'].map(listIn)).toEqual([[], [], [], []]);
    expect(['', '[', '()', 'array()'].map(listIn)).toEqual([null, null, null, null]);
  });
});

test('one object in a .json is a table of one row', async () => {
  expect(await read(file('one.json', '{"a": 1, "b": "x"}'))).toEqual([['1', 'x']]);
});

test('a caption that is none is counted, and the others are read', async () => {
  file('a.jpg', 'x');
  const { examples, skipped } = await readCaptions([
    file('odd.json', '[{ "image": "a.jpg", "captions": [7, null, ["x"], "a dog"] }]'),
  ]);
  expect(examples.map(({ captions }) => captions)).toEqual([['a dog']]);
  expect(skipped.all.map(({ row, why }) => `${row} ${why}`)).toEqual(new Array(3).fill('1 with an empty caption'));
});

test('features of different shapes are refused', () => {
  const data = new Float32Array(6);
  const tensors = new Map([
    ['a.jpg', { shape: [2], data: data.subarray(0, 2) }],
    ['b.jpg', { shape: [3], data: data.subarray(0, 3) }],
  ]);
  const path = file('shapes.safetensors', writeSafetensors(tensors));
  expect(() => readFeatures(path, ['a.jpg', 'b.jpg'])).toThrow('the features of b.jpg are [3], those of a.jpg [2]');
});

describe.skipIf(process.platform === 'win32')('a pipe has no name, and what it brings shows what it is', () => {
  const rows = [
    ['x', '1'],
    ['y', '2'],
  ];
  const csv = 'a,b\nx,1\ny,2\n';
  const json = rows.map(([a, b]) => JSON.stringify({ a, b: Number(b) })).join('\n');
  let fd: number;
  // What came through a pipe is remembered by its number for the length of a command.
  beforeEach(forgetPipes);
  afterEach(() => closeSync(fd));

  test.each<[string, string | Uint8Array]>([
    ['a table', csv],
    ['JSON lines', json],
    ['JSON lines after an empty one', `\n ${json}`],
    ['a packed table', gzipSync(csv)],
    ['packed JSON lines', gzipSync(json)],
    ['one character', 'a'],
  ])('%s', async (name, content) => {
    fd = openSync(file(`pipe ${name}`, content), 'r');
    const path = `/dev/fd/${fd}`;
    if (name === 'one character') expect((await Table.open([path])).columns).toEqual(['a']);
    else expect(await read(path)).toEqual(rows);
  });
});

describe('the head of a file', () => {
  const text = '한국어 텍스트 '.repeat(20);

  test('of UTF-16 ends with a whole character', () => {
    const path = file('wide.txt', Buffer.from(`\ufeff${text}`, 'utf16le'));
    for (const bytes of [40, 41]) expect(headOf(inputFile(path), bytes)).toBe(text.slice(0, 18)); // a mark, and two for what may be cut
  });

  test('of UTF-8 ends with a whole line, or where there is none with a whole character', () => {
    const one = file('one-line.txt', text);
    for (const bytes of [30, 31, 32, 33]) {
      const head = headOf(inputFile(one), bytes);
      expect(text.startsWith(head)).toBe(true);
      expect(Buffer.from(head).length).toBeGreaterThan(bytes - 6);
    }
    expect(headOf(inputFile(file('lines.txt', 'ab\ncd\nef\n')), 8)).toBe('ab\ncd\n');
    expect(headOf(inputFile(file('whole.txt', 'ab\ncd')), 8)).toBe('ab\ncd');
  });
});

test('a packed file that is cut off is told from one that ends', async () => {
  const packed = gzipSync(Array.from({ length: 5000 }, (_, n) => `line ${n * 7919}`).join('\n'));
  const all = async (path: string) => {
    let length = 0;
    for await (const piece of piecesOf(inputFile(path))) length += piece.length;
    return length;
  };
  expect(await all(file('whole.csv.gz', packed))).toBeGreaterThan(50_000);
  await expect(all(file('cut.csv.gz', packed.subarray(0, 9000)))).rejects.toThrow('is cut off or damaged');
});

describe('records', () => {
  const layout: Layout = { delimiter: ',', quote: '"', lineEnd: '\n', width: null };
  const cells = (records: ReturnType<typeof recordsIn>) =>
    records.map((record) => ('cells' in record ? record.cells : record.problem));

  test('a line that is longer than any row is none, and one of that length is', () => {
    const line = 'x'.repeat(longestRecord - 1);
    expect(cells(recordsIn(`${line}\na\n`, layout)).map((record) => record.length)).toEqual([1, 1]);
    expect(cells(recordsIn(`${line}x\na\n`, layout))).toEqual(['longer than 32 MB', ['a']]);
  });

  test('a quote that ends where the piece does', () => {
    expect(cells(recordsIn('a,"b"\r', layout))).toEqual([['a', 'b']]);
    expect(cells(recordsIn('"b"', layout))).toEqual([['b']]);
    const reader = new RecordReader(layout);
    const found = ['x\n"b"', '\r', '\n"c', '"', '"d"\n'].flatMap((piece) => reader.push(piece));
    expect(cells([...found, ...reader.finish()])).toEqual([['x'], ['b'], ['c"d']]);
  });
});

test('what the database says is told of the file, and any other error stays what it is', () => {
  const own = new FormatError('a', 'b');
  for (const error of [own, 'text', new RangeError('Invalid length')]) expect(duckError('x', error)).toBe(error);
  const said = (message: string, where?: string) => (duckError('x', new Error(message), where) as Error).message;
  expect(said('Binder Error: no such thing\nLINE 1')).toBe('x: cannot be read: no such thing');
  expect(said('Conversion Error: bad', 'a > 1')).toBe('x: --where "a > 1" does not work: bad');
  expect(said(`IO Error: ${'y'.repeat(300)}`)).toBe(`x: cannot be read: ${'y'.repeat(300)}`);
  expect(said(`IO Error: ${'y'.repeat(301)}`)).toBe(`x: cannot be read: ${'y'.repeat(300)}…`);
});

test('settings of images have bounds', () => {
  expect(imageSettings({ height: 1, width: 4096, maxPixels: 2 ** 31 })).toMatchObject({ height: 1, fit: 'cover' });
  for (const [option, value] of [
    ['height', 0],
    ['height', 1.5],
    ['width', 4097],
    ['maxPixels', 2 ** 31 + 1],
  ] as const)
    expect(() => imageSettings({ [option]: value })).toThrow(`images: ${option}: expected a whole number from 1 to`);
  expect(() => imageSettings({ fit: 'fill' as 'cover' })).toThrow('fit: expected cover, contain, squash, got fill');
});
