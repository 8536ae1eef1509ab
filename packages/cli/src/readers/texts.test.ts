// Lines, CoNLL files and lists in cells, and what is read of them: every case has its result written by hand.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { looksLikeConll, readConll } from './conll.ts';
import { chooseColumns, isBrokenList, linesOf, listIn, readPairs, tidyLabel } from './index.ts';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'unrolled-texts-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

test.each<[text: string, lines: string[]]>([
  ['a\nb\n', ['a', 'b']],
  ['a\r\nb', ['a', 'b']],
  ['a\rb\nc\r\n', ['a\rb', 'c']],
  ['a\rb\rc', ['a', 'b', 'c']],
  ['a\rb\r', ['a', 'b']],
  ['a\r\r\nb\r\r\n', ['a', 'b']],
  ['a\n\nb', ['a', '', 'b']],
  ['', []],
  ['\n', ['']],
  ['a\u2028b\u0085c\vd\n', ['a\u2028b\u0085c\vd']],
])('lines of %j', (text, lines) => {
  expect(linesOf(text)).toEqual(lines);
});

test('a \\r within a line shifts no pair', () => {
  const [source, target] = [file('a.de', 'eins\rzwei\ndrei\n'), file('a.en', 'one two\nthree\n')];
  expect(readPairs(source, target).map(({ cells }) => cells)).toEqual([
    ['eins\rzwei', 'one two'],
    ['drei', 'three'],
  ]);
});

describe('CoNLL', () => {
  type Sequence = [tokens: string, tags: string];
  const read = (content: string, columns: { tokens?: string; tags?: string } = {}) =>
    readConll(file('x.conll', content), { tokens: columns.tokens ?? null, tags: columns.tags ?? null });
  const sequences = (...args: Parameters<typeof read>): Sequence[] =>
    read(...args).map(
      ({ cells }) => cells.map((cell) => (JSON.parse(cell as string) as string[]).join(' ')) as Sequence,
    );

  test.each<[what: string, content: string, expected: Sequence[]]>([
    [
      'between tabs',
      'Mina\tB\nsees\tO\n\nit\tO\n',
      [
        ['Mina sees', 'B O'],
        ['it', 'O'],
      ],
    ],
    ['between spaces', 'Mina NNP B\nsees VBZ O\n', [['Mina sees', 'B O']]],
    ['between spaces of any number, and at the ends', 'Mina   B \nsees  O   \n x O\n', [['Mina sees x', 'B O O']]],
    ['a tab at the end', 'Mina\tB\t\nsees\tO\t\n', [['Mina sees', 'B O']]],
    ['tabs and spaces', 'Mina\tB\nsees O\nit\tO\n', [['Mina sees it', 'B O O']]],
    ['a tab in one of many lines of spaces', 'a\tx B\nb y O\nc z O\nd z O\n', [['a b c d', 'B O O O']]],
    ['a token with # between tabs', '#Oslo2024\tB\n#\tO\nwins\tO\n', [['#Oslo2024 # wins', 'B O O']]],
    [
      'a token with # between spaces',
      'in O\n#Oslo2024 B\n\n#Rio B\nx O\n',
      [
        ['in #Oslo2024', 'O B'],
        ['#Rio x', 'B O'],
      ],
    ],
    ['comments between tabs', '# newdoc\n# text = a b\na\tB\nb\tO\n', [['a b', 'B O']]],
    [
      'comments between spaces',
      '# newdoc\n# sent_id = 1\na B\nb O\n\n# newpar\nc O\n',
      [
        ['a b', 'B O'],
        ['c', 'O'],
      ],
    ],
    ['documents', '-DOCSTART- -X- O\n\na X B\nb X O\n', [['a b', 'B O']]],
    [
      'Windows line ends',
      'a\tB\r\nb\tO\r\n\r\nc\tO\r\n',
      [
        ['a b', 'B O'],
        ['c', 'O'],
      ],
    ],
    ['empty cells between tabs', 'a\t\tB\nb\tx\tO\n', [['a b', 'B O']]],
    [
      'a token without a tag',
      'a B\nb\nc O\n\nd O\n',
      [
        ['a b c', 'B O'],
        ['d', 'O'],
      ],
    ],
  ])('%s', (_what, content, expected) => {
    expect(sequences(content)).toEqual(expected);
  });

  test('CoNLL-U, with columns by number', () => {
    const line = (...cells: string[]) => [...cells, ...Array<string>(10 - cells.length).fill('_')].join('\t');
    const content = [
      line('1-2', "don't"),
      line('1', 'do', 'do', 'AUX'),
      line('2', 'not', 'not', 'PART'),
      line('2.1', 'x'),
    ];
    expect(sequences(`# text = don't\n${content.join('\n')}\n`, { tokens: '2', tags: '4' })).toEqual([
      ['do not', 'AUX PART'],
    ]);
    expect(read(`\n\n# a = 1\n${content.join('\n')}\n`)[0]).toMatchObject({ row: 5, unit: 'line' });
  });

  test('columns from the first to the last', () => {
    const content = 'B x a\nO y b\n';
    expect(sequences(content, { tokens: '3', tags: '1' })).toEqual([['a b', 'B O']]);
    expect(sequences(content, { tokens: '2', tags: '3' })).toEqual([['x y', 'a b']]);
    for (const tokens of ['1.5', 'x', '-1', '4'])
      expect(() => read(content, { tokens })).toThrow(`expected a column from 1 to 3, got ${tokens}`);
  });

  test('a column that is not there, and a file with one column', () => {
    expect(() => read('a B\nb O\n', { tags: '3' })).toThrow(
      /--tags: of a CoNLL file: expected a column from 1 to 2, got 3/,
    );
    expect(() => read('a B\nb O\n', { tokens: '0' })).toThrow(/expected a column from 1 to 2, got 0/);
    expect(() => read('a\nb\n')).toThrow(/has one column/);
  });

  test.each([
    [true, 'a\tB\nb\tO\n\nc\tO\n'],
    [true, '-DOCSTART-\tO\na\tB\nb\tO\n'],
    [false, 'tokens\ttags\na b\tB O\nc\tO\n'],
    [false, 'tokens\ttags\na b\tB O\n\n\n'],
    [false, 'one\n\ntwo words here\nthree, four\n'],
  ])('%s: %j looks like it', (expected, text) => {
    expect(looksLikeConll(text)).toBe(expected);
  });
});

describe('lists in a cell', () => {
  test.each<[cell: string, list: string[] | null]>([
    ['["Mina", "sees"]', ['Mina', 'sees']],
    ['[0, 3, null, "a"]', ['0', '3', 'null', 'a']],
    [`['Mina', 'sees']`, ['Mina', 'sees']],
    [`['it', "it's", 'a "b"', 'c\\'d', 'e\\\\f', '\\xe9\\u00e9\\n']`, ['it', "it's", 'a "b"', "c'd", 'e\\f', 'éé\n']],
    [`['Mina' 'sees'\n 'her']`, ['Mina', 'sees', 'her']],
    ['[0 3 0]', ['0', '3', '0']],
    [`array(['a', 'b'], dtype=object)`, ['a', 'b']],
    ['array([0, 3])', null],
    [`('a', 'b')`, ['a', 'b']],
    [`['a',]`, ['a']],
    [`['a', 1, None]`, ['a', '1', 'None']],
    ['[]', []],
    ['[ ]', []],
    ['[ a ]', null],
    ['[ 1 2 ]', null],
    ['[Mina, sees]', null],
    [`['a' 'b' ... 'c']`, null],
    [`['a''b']`, null],
    [`['a', 'b'`, null],
    [`['a'] ['b']`, null],
    ['( : ) [ ]', null],
    ['Mina sees', null],
  ])('%s', (cell, list) => {
    expect(listIn(cell)).toEqual(list);
  });

  test('one that numpy cut short is no text', () => {
    expect([`['a' 'b' ... 'c']`, `["a", "b"`, `['a']`, `[ 'a ]`, 'text'].map(isBrokenList)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});

test('labels that look the same are the same', () => {
  expect([' pos', 'pos ', 'very  good', 'cafe\u0301', '한국어'.normalize('NFD')].map(tidyLabel)).toEqual([
    'pos',
    'pos',
    'very good',
    'caf\u00e9',
    '한국어',
  ]);
});

test('columns that are data are no header', () => {
  const wishes = {
    text: { flag: '--text', given: null, guesses: ['text'] },
    label: { flag: '--label', given: null, guesses: [] },
  };
  const ask =
    (...columns: string[]) =>
    () =>
      chooseColumns(wishes, columns, 'f');
  expect(ask('a', 'b', 'c')).toThrow(/^f: which column is the text\? There are a, b, c; name it: --text a$/);
  expect(ask('I liked this one.', 'pos', '5')).toThrow(/; if the first line is data and no header, add --no-header$/);
  expect(ask('1', '2', '3')).toThrow(/--text 1$/);
});
