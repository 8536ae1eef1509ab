// From files to examples, and from a run's own files to texts that it is asked about.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readLabeled, readOther, textNames } from '../classify/data.ts';
import { readTagged } from '../tag/data.ts';
import { readOtherPairs, readTranslations } from '../translate/data.ts';
import { ownText } from '../text/evaluate.ts';
import { sha256 } from '../text/data.ts';
import { screenOf } from '../terminal/index.ts';
import { InputNotices } from './notices.ts';
import { warningsOf } from './read.ts';
import { answerAll, textsOf } from './text-input.ts';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'unrolled-examples-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

const read = {
  demo: null,
  group: null,
  where: null,
  header: true,
  badRows: 'skip',
  validation: null,
  valFrac: 0,
  seed: 1,
};
const labeled = (path: string, more = {}) => readLabeled({ ...read, paths: [path], text: null, label: null, ...more });
const pairs = (path: string, more = {}) =>
  readTranslations({ ...read, paths: [path], source: null, target: null, ...more });
const tagged = (path: string, more = {}) => readTagged({ ...read, paths: [path], tokens: null, tags: null, ...more });

describe('labels that look the same are one class', () => {
  const e = ['caf\u00e9', 'cafe\u0301'];
  test('in a table', async () => {
    const path = file('labels.csv', `text,label\na,${e[0]}\nb,${e[1]} \nc, x\nd,x\n`);
    const data = await labeled(path);
    expect(data.labels).toEqual([e[0], 'x']);
    expect(data.train.map(({ cells }) => cells.label)).toEqual([e[0], e[0], 'x', 'x']);
    expect(data.warnings.join()).toContain(`2 labels are written in more than one way`);
  });

  test('in another file, and without a notice where nothing was joined', async () => {
    const path = file('other.csv', `text,label\na, x\nb,x \nc,y\n`);
    const source = { ...read, paths: [], text: null, label: null };
    const other = await readOther(path, source, ['x', 'y']);
    expect(other.rows.map(({ cells }) => cells.label)).toEqual(['x', 'x', 'y']);
    expect((await labeled(file('same.csv', 'text,label\na, x\nb, x\nc,y\nd,y\n'))).warnings).toEqual([]);
  });

  test('in folders', async () => {
    for (const name of e) {
      mkdirSync(join(folder, 'named', name), { recursive: true });
      for (const n of [1, 2]) file(`named/${name}/${n}.txt`, `text ${n}`);
    }
    mkdirSync(join(folder, 'named', 'x'));
    for (const n of [1, 2]) file(`named/x/${n}.txt`, 'text');
    expect((await labeled(join(folder, 'named'))).labels).toEqual([e[0], 'x']);
  });

  test('as tags', async () => {
    const data = await tagged(
      file('tags.jsonl', `{"tokens":["a","b"],"tags":["${e[0]}","${e[1]}"]}\n{"tokens":["c","d"],"tags":["x"," x"]}\n`),
    );
    expect(data.train.map(({ cells }) => JSON.parse(cells.tags) as unknown)).toEqual([
      [e[0], e[0]],
      ['x', 'x'],
    ]);
    expect(data.warnings).toHaveLength(1);
  });
});

describe('tags', () => {
  test.each<[what: string, name: string, content: string, tokens: string[], tags: string[]]>([
    [
      'lists as Python writes them',
      'p.csv',
      `tokens,tags\n"['Mina', 'sees']","['B', 'O']"\n`,
      ['Mina', 'sees'],
      ['B', 'O'],
    ],
    ['lists as numpy writes them', 'n.csv', `tokens,tags\n"['Mina' 'sees']",[3 0]\n`, ['Mina', 'sees'], ['3', '0']],
    ['CoNLL that is called .tsv', 'c.tsv', 'Mina\tB\nsees\tO\n\nit\tO\nB\tB\n', ['Mina', 'sees'], ['B', 'O']],
    ['a table that is called .tsv', 't.tsv', 'tokens\ttags\nMina sees\tB O\n', ['Mina', 'sees'], ['B', 'O']],
  ])('%s', async (_what, name, content, tokens, tags) => {
    const [first] = (await tagged(file(name, content))).train;
    const list = (cell: string) =>
      cell.startsWith('["') ? (JSON.parse(cell) as string[]) : cell.match(/[A-Za-z0-9]+/g);
    expect([list(first.cells.tokens), list(first.cells.tags)]).toEqual([tokens, tags]);
  });

  test('a list that was cut short is left out, with the reason', async () => {
    const content = `tokens,tags\n"['a' 'b' ... 'c']",A B C\n"['a', 'b']",A B\n`;
    const data = await tagged(file('cut.csv', content));
    expect(data.warnings.join().replaceAll(folder, '')).toBe(
      '1 of 2 rows were left out: 1 with a list that cannot be read (/cut.csv, row 1)',
    );
  });
});

describe('how a table was read is remembered', () => {
  test('columns that were found', async () => {
    expect((await labeled(file('r1.csv', 'Review,opinion\na,x\nb,x\nc,y\nd,y\n'))).columns).toEqual({
      text: 'Review',
      label: 'opinion',
      group: null,
    });
    expect((await pairs(file('r2.csv', 'german,english\na,b\n'), { source: 'GERMAN' })).columns).toEqual({
      source: 'german',
      target: 'english',
      group: null,
    });
    expect(
      (await tagged(file('r3.jsonl', '{"words":["a"],"ner":["x"]}\n{"words":["b"],"ner":["y"]}'))).columns,
    ).toEqual({
      tokens: 'words',
      tags: 'ner',
      group: null,
    });
  });

  test('another file may call its columns otherwise', async () => {
    const source = { ...read, paths: [], source: 'german', target: 'english', remembered: true };
    const other = async (name: string, header: string) =>
      (await readOtherPairs(file(name, `${header}\na,b\n`), source)).rows[0].cells;
    expect(await other('o1.csv', 'english,german')).toMatchObject({ source: 'b', target: 'a' });
    expect(await other('o2.csv', 'target,source')).toMatchObject({ source: 'b', target: 'a' });
  });
});

describe('the texts that a run is asked about', () => {
  const ask = (path: string, more: { column?: string | null; header?: boolean; where?: string } = {}) =>
    textsOf(
      [],
      { file: path, where: more.where ?? null },
      { column: more.column ?? null, guesses: textNames, header: more.header ?? true },
    );

  test('are in the column that was trained on', async () => {
    const path = file('own.csv', 'text,opinion\na,b\nc,d\n');
    expect(await ask(path, { column: 'opinion' })).toEqual([
      { row: 1, text: 'b', problem: null },
      { row: 2, text: 'd', problem: null },
    ]);
    expect((await ask(path)).map(({ text }) => text)).toEqual(['a', 'c']);
    expect(
      (await ask(file('bare.tsv', 'a\tb\nc\td\n'), { column: '2', header: false })).map(({ text }) => text),
    ).toEqual(['b', 'd']);
    expect((await ask(file('only.csv', 'whatever\na, b\n'), { column: 'text' })).map(({ text }) => text)).toEqual([
      'a, b',
    ]);
    await expect(ask(file('no.csv', 'a,b\n1,2\n'), { column: 'review' })).rejects.toThrow(
      /which column has the texts\? There are a, b, and the run looks for one that is called review/,
    );
  });

  test('are lines of a .txt, or the rows of one that is a table as the run knows it', async () => {
    const path = file('t.txt', 'text,label\na,b\n');
    expect((await ask(path)).map(({ text }) => text)).toEqual(['text,label', 'a,b']);
    expect((await ask(path, { column: 'text' })).map(({ text }) => text)).toEqual(['a']);
    expect((await ask(path, { column: 'review' })).map(({ text }) => text)).toEqual(['text,label', 'a,b']);
    const other = file('t.md', 'text,label\na,b\n'); // of no table's name: lines, whatever the run knows
    expect((await ask(other, { column: 'text' })).map(({ text }) => text)).toEqual(['text,label', 'a,b']);
    await expect(ask(path, { where: 'a = 1' })).rejects.toThrow(/--where: is for tables/);
  });

  test('every row has an answer or a reason, in its place and under its number', async () => {
    const path = file('four.csv', 'text,label\na,x\nb\n,y\nc,z\n');
    const texts = await ask(path);
    const predicted: string[] = [];
    const notices = new InputNotices((text) => predicted.push(text));
    const answered = [];
    const answer = async (some: readonly { row: number; text: string }[]) =>
      some.map(({ row, text }) => ({ result: { row, text }, lines: () => [text.toUpperCase()] }));
    for await (const one of answerAll(texts, 2, notices, answer))
      answered.push({ result: one.result, lines: one.lines(screenOf({ write: () => true })) });
    expect(answered).toEqual([
      { result: { row: 1, text: 'a' }, lines: ['A'] },
      { result: { row: 2, error: 'with 1 column where 2 are expected' }, lines: [''] },
      { result: { row: 3, text: '' }, lines: [''] },
      { result: { row: 4, text: 'c' }, lines: ['C'] },
    ]);
    expect(predicted).toEqual(['row 2 has no answer: with 1 column where 2 are expected']);
    expect((await ask(path, { where: "label <> 'x'" })).map(({ row }) => row)).toEqual([2, 3, 4]);
  });
});

describe('lists of files', () => {
  test('two texts with commas in their names', async () => {
    const [de, en] = [file('a,b.de', 'eins\n'), file('c,d.en', 'one\n')];
    const source = { ...read, paths: [], source: null, target: null };
    const { rows } = await readOtherPairs(`${de},${en}`, source);
    expect(rows.map(({ cells }) => [cells.source, cells.target])).toEqual([['eins', 'one']]);
  });

  test('the text of a run is read from where it was, whatever the name', () => {
    const path = file('a, b.txt', 'text');
    const own = (source: string, text: string, paths?: string[]) => ownText({ source, paths, sha256: sha256(text) });
    expect(own(path, 'text', [path]).text).toBe('text');
    expect(own(path, 'text').text).toBe('text');
    expect(() => own(path, 'other')).toThrow(
      'is not what this run was trained on any more; name other data with --text',
    );
    const two = [path, file('c.txt', 'more')];
    expect(own(two.join(', '), 'text\nmore', two).text).toBe('text\nmore');
    for (const paths of [undefined, ['-']])
      expect(() => own('-', '', paths)).toThrow(
        /standard input: is what this run was trained on, and that is gone; name the text/,
      );
  });
});

test('rows are counted with those that were left out', async () => {
  const examples = await readOther(
    file('count.csv', 'text,label\na,x\nb\n,x\nc,\nd,z\ne,x\n'),
    { ...read, paths: [], text: null, label: null },
    ['x'],
  );
  expect(examples.rows.map(({ row }) => row)).toEqual([1, 6]);
  expect(warningsOf(examples)[0].replaceAll(`${folder}/`, '')).toBe(
    '4 of 6 rows were left out: 1 with 1 column where 2 are expected (count.csv, row 2), 1 without a text (count.csv, row 3), 1 without a label (count.csv, row 4), 1 with a label that training does not have (count.csv, row 5)',
  );
});
