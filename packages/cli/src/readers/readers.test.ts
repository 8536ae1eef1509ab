// Real files, good and bad: what is read, what is left out and counted, and the messages.

import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chooseColumns, readLabeledFolder, readPairs, readWholeText, type Row, Skipped, Table } from './index.ts';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'unrolled-readers-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

async function read(paths: string | string[], columns?: string[], options: { where?: string; header?: boolean } = {}) {
  const skipped = new Skipped('skip');
  const list = Array.isArray(paths) ? paths : [paths];
  const table = await Table.open(list, options);
  const rows: Row[] = [];
  for await (const chunk of table.read(columns ?? table.columns, skipped)) rows.push(...chunk);
  const report = skipped.report('data', rows.length + skipped.count).map((line) => line.replaceAll(folder, ''));
  return { columns: table.columns, cells: rows.map((r) => r.cells), rows: rows.map((r) => r.row), report };
}

async function writeParquet(select: string, path: string): Promise<void> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(`COPY (${select}) TO '${path}' (FORMAT parquet)`);
  connection.closeSync();
}

const csv = 'text,label,stars\n"good, video",pos,5\n"two\nlines",neg,1\n한국어,pos,4\n';
const cells = [
  ['good, video', 'pos'],
  ['two\nlines', 'neg'],
  ['한국어', 'pos'],
];

describe('formats', () => {
  test.each([
    ['a.csv', csv],
    ['a.csv.gz', gzipSync(csv)],
    ['crlf.csv', csv.replaceAll(/(?<=\d|stars)\n/g, '\r\n')],
    ['semicolons.csv', csv.replaceAll(/(?<=label|pos|neg),|(?<=text),|(?<=["어]),/g, ';')],
    ['bom.csv', `\ufeff${csv}`],
    ['wide.csv', Buffer.from(`\ufeff${csv}`, 'utf16le')],
    [
      'a.jsonl',
      '{"text":"good, video","label":"pos"}\n{"text":"two\\nlines","label":"neg"}\n{"text":"한국어","label":"pos"}\n',
    ],
    ['a.json', JSON.stringify(cells.map(([text, label]) => ({ text, label })))],
  ])('%s', async (name, content) => {
    expect((await read(file(name, content), ['text', 'label'])).cells).toEqual(cells);
  });

  test('Parquet', async () => {
    const path = join(folder, 'a.parquet');
    await writeParquet(`SELECT 'good' AS text, ['A', 'B'] AS tags, 1.5 AS x`, path);
    expect(await read(path)).toMatchObject({
      columns: ['text', 'tags', 'x'],
      cells: [['good', '["A","B"]', '1.5']],
    });
  });

  test('between tabs a quote is a quote', async () => {
    expect((await read(file('a.tsv', 'text\tlabel\n"good\tpos\nsay "hi"\tneg\n'))).cells).toEqual([
      ['"good', 'pos'],
      ['say "hi"', 'neg'],
    ]);
  });

  test('without a header the columns have numbers', async () => {
    expect(await read(file('bare.tsv', 'good\t1\nbad\t0\n'), ['1', '2'], { header: false })).toMatchObject({
      columns: ['1', '2'],
      cells: [
        ['good', '1'],
        ['bad', '0'],
      ],
    });
  });

  test('several files and patterns are one table', async () => {
    file('part1.csv', 'a,b\n1,2\n');
    file('part2.csv', 'b,a\n4,3\n');
    expect((await read(join(folder, 'part*.csv'), ['a', 'b'])).cells).toEqual([
      ['1', '2'],
      ['3', '4'],
    ]);
  });
});

test('a filter in SQL sees numbers as numbers, and rows keep their numbers', async () => {
  const path = file('filter.csv', csv);
  expect(await read(path, ['text'], { where: "stars > 3 AND label = 'pos'" })).toMatchObject({
    cells: [['good, video'], ['한국어']],
    rows: [1, 3],
  });
  await expect(read(path, ['text'], { where: 'star > 3' })).rejects.toThrow(/in --where "star > 3": .*star/);
});

test('a file of many chunks is read to its end', async () => {
  const path = file('many.csv', `n\n${Array.from({ length: 10_000 }, (_, i) => i).join('\n')}\n`);
  const { cells: all, rows } = await read(path);
  expect([all.length, all[9999][0], rows[9999]]).toEqual([10_000, '9999', 10_000]);
});

describe('rows that are no rows are left out, counted and named', () => {
  test('ragged', async () => {
    expect(await read(file('ragged.csv', 'text,label\ngood,pos\na,b,c\nonly\nbad,neg\n'))).toMatchObject({
      cells: [
        ['good', 'pos'],
        ['bad', 'neg'],
      ],
      report: [
        '2 of 4 rows were left out: 1 with 3 columns where 2 are expected (/ragged.csv, row 2), 1 with 1 column where 2 are expected (/ragged.csv, row 3)',
      ],
    });
  });

  test('a row further down that is not UTF-8', async () => {
    const good = Buffer.from(`text,label\n${'good,pos\n'.repeat(40_000)}`);
    const path = file('later.csv', Buffer.concat([good, Buffer.from([0xb0, 0xed]), Buffer.from(',neg\nfine,neg\n')]));
    expect((await read(path)).report).toEqual([
      '1 of 40,002 rows were left out: 1 not in UTF-8 (/later.csv, row 40001)',
    ]);
  });

  test('a line of 10 MB, and one of 60', async () => {
    const lines = [
      'text,label',
      'good,pos',
      `${'x'.repeat(10_000_000)},neg`,
      `${'y'.repeat(60_000_000)},neg`,
      'fine,neg',
    ];
    expect(await read(file('long.csv', lines.join('\n')))).toMatchObject({
      cells: [
        ['good', 'pos'],
        ['fine', 'neg'],
      ],
      report: [
        '2 of 4 rows were left out: 1 longer than 32 MB (/long.csv, row 3), 1 with more than 100,000 characters (/long.csv, row 2)',
      ],
    });
  });

  test('a quote that is not closed', async () => {
    const { report } = await read(file('quote.csv', `text,label\ngood,pos\n${'x,y\n'.repeat(5)}"bad,neg\nfine,neg\n`));
    expect(report[0]).toContain('with a quote that is not closed (/quote.csv, row 7)');
  });

  test('a broken line of JSON', async () => {
    const found = await read(file('broken.jsonl', '{"text":"good"}\n{"text": bro\n\n7\n{"text":"bad"}\n'));
    expect(found).toMatchObject({ cells: [['good'], ['bad']], rows: [1, 4] });
    expect(found.report).toEqual([
      '2 of 4 rows were left out: 1 not in JSON (/broken.jsonl, row 2), 1 without a JSON object (/broken.jsonl, row 3)',
    ]);
  });
});

describe('a file that cannot be used is refused, with what to do', () => {
  test.each<[string, string, string | Uint8Array, RegExp]>([
    ['an empty file', 'empty.csv', '', /empty\.csv: the file is empty/],
    [
      'a wrong encoding',
      'euc.csv',
      Buffer.from('text,label\n\xb0\xed\xbe\xe7,neg\n', 'latin1'),
      /looks like EUC-KR.*iconv/,
    ],
    ['something that is no text', 'image.csv', Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10]), /this is a PNG image/],
    ['an unknown format', 'a.xlsx', 'x', /a\.xlsx: is no table that can be read; files end in csv, tsv/],
    ['no Parquet', 'no.parquet', 'PAR1 but not really', /no\.parquet: cannot be read/],
    ['two columns of one name', 'twice.csv', 'a,a\n1,2\n', /two columns are called "a".*--no-header/],
    [
      'an archive that is cut off',
      'cut.csv.gz',
      gzipSync('a,b\n1,2\n'.repeat(1e4)).subarray(0, 80),
      /is cut off or damaged/,
    ],
  ])('%s', async (_what, name, content, message) => {
    await expect(read(file(name, content))).rejects.toThrow(message);
  });

  test('a path that is not there, a folder, a pattern of nothing', async () => {
    await expect(read(join(folder, 'nowhere.csv'))).rejects.toThrow(/nowhere\.csv: there is no such file/);
    await expect(read(folder)).rejects.toThrow(/is a folder; name the files in it/);
    await expect(read(join(folder, '*.nothing'))).rejects.toThrow(/no file is called like that/);
  });

  test('files with different columns', async () => {
    const paths = [file('one.csv', 'a,b\n1,2\n'), file('other.csv', 'a,c\n1,2\n')];
    await expect(read(paths)).rejects.toThrow(/other\.csv: has no column b, which .*one\.csv has; it has a, c/);
  });

  test('a file that changes while it is read', async () => {
    const path = file('growing.csv', `n\n${'1\n'.repeat(9000)}`);
    const table = await Table.open([path]);
    const reading = async () => {
      let chunks = 0;
      for await (const _ of table.read(['n'], new Skipped('skip'))) if (chunks++ === 0) appendFileSync(path, '2\n');
    };
    await expect(reading()).rejects.toThrow(/growing\.csv: was changed while it was read; start again/);
  });
});

describe('columns', () => {
  const wishes = {
    text: { flag: '--text', given: null, guesses: ['text', 'review'] },
    label: { flag: '--label', given: null, guesses: ['label'] },
    group: { flag: '--group', given: null, guesses: [], optional: true },
  };

  test('are found by name, by how they are usually called, and where only one is left', () => {
    expect(chooseColumns(wishes, ['id', 'Review', 'label'], 'f')).toEqual({
      text: 'Review',
      label: 'label',
      group: null,
    });
    expect(chooseColumns(wishes, ['text', 'opinion'], 'f')).toMatchObject({ text: 'text', label: 'opinion' });
  });

  test('are found by how Korean tables call them', () => {
    expect(chooseColumns(wishes, ['번호', '리뷰', '라벨'], 'f')).toMatchObject({ text: '리뷰', label: '라벨' });
    expect(chooseColumns(wishes, ['내용', 'review', 'label'], 'f')).toMatchObject({ text: 'review' });
  });

  test('one that is not there is refused, with those that are', () => {
    const given = (name: string) => ({ ...wishes, text: { ...wishes.text, given: name } });
    expect(() => chooseColumns(given('tekst'), ['id', 'text', 'label'], 'f.csv')).toThrow(
      'f.csv: --text: there is no column tekst; did you mean text?; there are id, text, label',
    );
    expect(() => chooseColumns(given('body'), ['id', 'label'], 'f.csv')).toThrow(
      'f.csv: --text: there is no column body; there are id, label',
    );
  });

  test('one that cannot be guessed is asked for', () => {
    expect(() => chooseColumns(wishes, ['a', 'b', 'c'], 'f.csv')).toThrow(
      'f.csv: which column is the text? There are a, b, c; name it: --text a',
    );
    expect(() => chooseColumns(wishes, ['글 내용', 'b', 'c'], 'f.csv')).toThrow('name it: --text "글 내용"');
  });
});

describe('plain text', () => {
  test('two files are pairs, line by line, and of one length', () => {
    const [de, en] = [file('a.de', 'ein Hund\r\neine Katze'), file('a.en.gz', gzipSync('a dog\na cat\n'))];
    expect(readPairs(de, en).map((row) => row.cells)).toEqual([
      ['ein Hund', 'a dog'],
      ['eine Katze', 'a cat'],
    ]);
    expect(() => readPairs(de, file('b.en', 'a dog\n'))).toThrow(/b\.en: has 1 lines, .*a\.de has 2/);
  });

  test('a folder of folders is labeled texts', () => {
    for (const label of ['neg', 'pos']) mkdirSync(join(folder, 'reviews', label), { recursive: true });
    file('reviews/pos/1.txt', 'good');
    file('reviews/neg/1.txt', 'bad');
    file('reviews/neg/2.txt', '');
    expect(readLabeledFolder(join(folder, 'reviews')).map((row) => row.cells)).toEqual([
      ['bad', 'neg'],
      ['', 'neg'],
      ['good', 'pos'],
    ]);
    expect(() => readLabeledFolder(join(folder, 'reviews/pos'))).toThrow(/expected one for each label/);
  });

  test('a compressed text that is cut off is refused', () => {
    expect(() => readWholeText(file('cut.gz', gzipSync('text '.repeat(999)).subarray(0, 40)))).toThrow(
      /cut off or damaged/,
    );
  });
});

describe('rows that cannot be used', () => {
  const bad = (policy: 'few' | 'skip' | 'stop', count: number, total: number) => () => {
    const skipped = new Skipped(policy);
    for (let row = 1; row <= count; row++) skipped.add({ file: 'a.csv', row }, 'without a label');
    return skipped.report('a.csv', total);
  };

  test('a few are left out and said, many stop the run before it starts', () => {
    expect(bad('few', 0, 10)()).toEqual([]);
    expect(bad('few', 4, 100)()).toEqual([
      '4 of 100 rows were left out: 4 without a label (a.csv, row 1; a.csv, row 2; a.csv, row 3; …)',
    ]);
    expect(bad('few', 40, 100)).toThrow('40 of 100 rows cannot be used: 40 without a label');
    expect(bad('skip', 40, 100)()[0]).toContain('40 of 100 rows were left out');
    expect(bad('skip', 10, 10)).toThrow('no row can be used');
    expect(bad('stop', 1, 100)).toThrow('a.csv, row 1: without a label');
  });
});
