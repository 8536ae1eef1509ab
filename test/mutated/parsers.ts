// Every reader of a stranger's file, with small files to damage. `read` reads what was damaged, and uses what could be read.

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Random } from 'unrolled';
import { readNpy, readSafetensors, writeSafetensors } from 'unrolled/io';
import { decodeText, readIdx, Tokenizer, TokenVocabulary, Vocabulary } from 'unrolled/data';
import { readConll } from '../../packages/cli/src/readers/conll.ts';
import { Skipped } from '../../packages/cli/src/readers/skipped.ts';
import { Table } from '../../packages/cli/src/readers/table.ts';
import { mutateBytes, mutateJson } from './mutate.ts';
import { tokenizerFiles } from './tokenizer-files.ts';

export interface Parser {
  readonly name: string;
  /** How often it is tried, of a million: 1 but for readers that go through a file and a database. */
  readonly share: number;
  /** Reads the files as they are. */
  undamaged(): Promise<void>;
  /** A damaged input, in the words of a report, and what reads it. */
  make(random: Random): { readonly input: unknown; read(): unknown };
}

const utf8 = (text: string) => new TextEncoder().encode(text);

function ofBytes(name: string, files: readonly Uint8Array[], read: (bytes: Uint8Array) => unknown, share = 1): Parser {
  return {
    name,
    share,
    async undamaged() {
      for (const file of files) await read(file);
    },
    make(random) {
      const input = mutateBytes(files[random.integer(files.length)], files, random);
      return { input, read: () => read(input) };
    },
  };
}

function ofJson(name: string, files: readonly unknown[], read: (json: unknown) => unknown): Parser {
  return {
    name,
    share: 1,
    async undamaged() {
      for (const file of files) await read(file);
    },
    make(random) {
      const input = mutateJson(files[random.integer(files.length)], random);
      return { input, read: () => read(input) };
    },
  };
}

/** A reader of files by their path: damaged ones are written to one place. */
function ofFile(
  name: string,
  extension: string,
  files: readonly string[],
  share: number,
  read: (path: string) => unknown,
): Parser {
  let path: string | null = null;
  return ofBytes(
    name,
    files.map(utf8),
    (bytes) => {
      path ??= join(mkdtempSync(join(tmpdir(), 'unrolled-mutated-')), `x.${extension}`);
      writeFileSync(path, bytes);
      return read(path);
    },
    share,
  );
}

const text = "The café isn't 한국 a1 👩‍👩‍👧 aaaa";

function useTokenizer(tokenizer: Tokenizer): void {
  tokenizer.decode(tokenizer.encode(text));
  tokenizer.normalize(text);
  JSON.stringify(tokenizer);
}

function npy(descr: string, shape: string, body: ArrayBufferView, version = 1): Uint8Array {
  const header = utf8(`{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape}), }\n`);
  const length = [header.length, 0, ...(version === 1 ? [] : [0, 0])];
  const bytes = new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
  return Uint8Array.from([0x93, ...utf8('NUMPY'), version, 0, ...length, ...header, ...bytes]);
}

const own = (unit: 'character' | 'word' | 'jamo' | 'bpe') =>
  JSON.parse(
    JSON.stringify(Tokenizer.train([text, 'the cat sat on the mat'], { unit, size: unit === 'bpe' ? 270 : 40 })),
  ) as unknown;

const table = async (path: string) => {
  const opened = await Table.open([path]);
  const skipped = new Skipped('skip');
  for await (const rows of opened.read(opened.columns, skipped)) for (const row of rows) String(row.cells);
};

export const parsers: readonly Parser[] = [
  ofBytes(
    'safetensors',
    [
      writeSafetensors(
        new Map([
          ['w', { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) }],
          ['b', { shape: [1], data: Int32Array.of(7) }],
        ]),
        { step: '5' },
      ),
      writeSafetensors(
        new Map([
          ['a', { shape: [], data: Float64Array.of(1) }],
          ['', { shape: [0, 4], data: new Float32Array(0) }],
        ]),
      ),
    ],
    (bytes) => readSafetensors(bytes),
  ),
  ofBytes(
    'npy',
    [
      npy('<f4', '2, 3', new Float32Array(6)),
      npy('<i8', '2,', BigInt64Array.of(1n, -1n)),
      npy('|u1', '', Uint8Array.of(1), 2),
      npy('<f2', '3, 1', Uint16Array.of(1, 2, 3)),
    ],
    (bytes) => readNpy(bytes),
  ),
  ofBytes(
    'idx',
    [
      Uint8Array.from([0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4]),
      Uint8Array.from([0, 0, 8, 1, 0, 0, 0, 2, 5, 6]),
    ],
    (bytes) => readIdx(bytes),
  ),
  ofBytes(
    'text',
    [utf8(text), Uint8Array.from([0xff, 0xfe, 0x61, 0, 0x3d, 0xd8, 0x42, 0xde]), utf8('\ufeffa\r\nb')],
    (bytes) => decodeText(bytes),
  ),
  ofJson(
    'vocabulary.json',
    [Vocabulary.fromText(text).toJSON(), Vocabulary.fromText('abc', { unit: 'codepoint' }).toJSON()],
    (json) => {
      const vocabulary = Vocabulary.fromJSON(json);
      vocabulary.decode(vocabulary.encode(vocabulary.symbols.join('').slice(0, 0)));
    },
  ),
  ofJson('tokenizer.json, own', (['character', 'word', 'jamo', 'bpe'] as const).map(own), (json) =>
    useTokenizer(Tokenizer.fromJSON(json)),
  ),
  ofJson('tokenizer.json, Hugging Face', tokenizerFiles, (json) => useTokenizer(Tokenizer.fromHuggingFace(json))),
  ofJson('tokens.json', [{ format: 'unrolled tokens', version: 1, lowercase: true, tokens: ['a', 'b'] }], (json) =>
    TokenVocabulary.fromJSON(json, 'tokens.json').encode(['a', 'c']),
  ),
  ofFile(
    'CoNLL',
    'conll',
    ['Ada\tNN\tB-PER\nsat\tV\tO\n\n# c\n1-2\ta\tO\n', 'Ada B-PER\nsat O\n\n-DOCSTART- O\nOslo B-LOC\n'],
    0.1,
    (path) => readConll(path, { tokens: null, tags: null }),
  ),
  ofFile('CSV', 'csv', ['id,text,label\n1,"a, ""b""",x\n2,c,y\n', 'a;b\r\n1,5;x\r\n', 'ä\tb\n1\t2\n'], 0.003, table),
  ofFile(
    'JSON lines',
    'jsonl',
    ['{"text":"a","label":1}\n{"text":"b","label":2}\n', '{"a":[1,"2"],"b":{"c":null}}\n'],
    0.003,
    table,
  ),
];
