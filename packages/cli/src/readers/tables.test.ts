// What stands in a table and what is read of it, side by side: every case has its rows written by hand.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectToParquet, query } from './duckdb.ts';
import { inputFile } from './files.ts';
import { expand } from './glob.ts';
import { lineEndOf } from './pieces.ts';
import { Skipped } from './skipped.ts';
import { Table } from './table.ts';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'unrolled-tables-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

async function writeParquet(select: string, path: string): Promise<void> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(`COPY (${select}) TO '${path}' (FORMAT parquet)`);
  connection.closeSync();
}

interface Options {
  readonly where?: string;
  readonly header?: boolean;
  readonly columns?: readonly string[];
}

/** Columns, cells, numbers of the rows, and `number: why` of those that were left out. */
async function read(path: string | readonly string[], { columns, ...options }: Options = {}) {
  const table = await Table.open(typeof path === 'string' ? [path] : path, options);
  const out: string[] = [];
  const skipped = new Skipped('skip');
  const add = skipped.add.bind(skipped);
  skipped.add = (place, why) => {
    out.push(`${place.row}: ${why}`);
    add(place, why);
  };
  const rows = [];
  for await (const chunk of table.read(columns ?? table.columns, skipped)) rows.push(...chunk);
  return { columns: table.columns, cells: rows.map((r) => r.cells), rows: rows.map((r) => r.row), out };
}

describe('the text that stands in the file is the text', () => {
  const lines = [
    '{"id": 12345678901234567890, "when": "21-11-2007", "at": "2024-05-01T10:17:00Z", "key": "6F9619FF-8B86-D011-B42D-00CF4FC964FF"}',
    '{"id": 1.50, "when": "2007-11-21", "at": "2024-05-01 10:17:00+09:00", "key": null, "late": ["a", {"b": "]"}]}',
    '{"id": -0.0, "when": "", "at": "x\\u00e9\\n\\"y\\"", "key": true, "at2": 1}',
  ];
  const cells = [
    ['12345678901234567890', '21-11-2007', '2024-05-01T10:17:00Z', '6F9619FF-8B86-D011-B42D-00CF4FC964FF', null, null],
    ['1.50', '2007-11-21', '2024-05-01 10:17:00+09:00', null, '["a", {"b": "]"}]', null],
    ['-0.0', '', 'xé\n"y"', 'true', null, '1'],
  ];
  const columns = ['id', 'when', 'at', 'key', 'late', 'at2'];
  test.each([
    ['text.jsonl', lines.join('\n')],
    ['text.ndjson', `\ufeff${lines.join('\r\n')}\r\n`],
    ['text.json', `[\n${lines.join(',\n')} ]`],
    ['text-lines.json', lines.join('\n\n')],
    ['text.jsonl.gz', gzipSync(lines.join('\n'))],
  ])('in %s', async (name, content) => {
    expect(await read(file(name, content))).toEqual({ columns, cells, rows: [1, 2, 3], out: [] });
  });

  test('in JSON lines after the first twenty thousand', async () => {
    const whole = Array.from({ length: 21_000 }, (_, n) => `{"label":${n % 3}}`);
    const path = file('long.jsonl', [...whole, '{"label":1.5}', '{"label":"none"}'].join('\n'));
    const { cells: all } = await read(path);
    expect(all.slice(-3)).toEqual([['2'], ['1.5'], ['none']]);
  });

  test('in CSV', async () => {
    const path = file('text.csv', 'a,b\n007,"1,50"\n 1 ,TRUE\n2007-11-21,null\n');
    expect((await read(path)).cells).toEqual([
      ['007', '1,50'],
      [' 1 ', 'TRUE'],
      ['2007-11-21', 'null'],
    ]);
  });

  test('keys and columns that differ in capitals are different', async () => {
    const json = await read(file('case.jsonl', '{"text":"a","Text":"b"}\n{"Text":"c"}'), { where: `"Text" = 'c'` });
    expect(json).toMatchObject({ columns: ['text', 'Text'], cells: [[null, 'c']], rows: [2] });
    expect((await read(file('case.csv', 'text,Text\na,b\n'), { columns: ['Text'] })).cells).toEqual([['b']]);
    await expect(read(file('case2.csv', 'text,Text\na,b\n'), { where: `TEXT = 'b'` })).rejects.toThrow(
      'there is no column TEXT; there are text and Text',
    );
  });
});

describe('a path that is there is that file', () => {
  test('whatever characters it has', async () => {
    file('br1.csv', 'a,b\nwrong,1\n');
    expect((await read(file('br[1].csv', 'a,b\nright,1\n'))).cells).toEqual([['right', '1']]);
    expect((await read(file('what?.csv', 'a,b\nright,1\n'))).cells).toEqual([['right', '1']]);
  });

  test('Parquet too, and files next to it are not read', async () => {
    await writeParquet(`SELECT 'wrong' AS a, 1 AS b`, join(folder, 'br1.parquet'));
    await writeParquet(`SELECT 'right' AS a, unnest([1, 2, 3]) AS b`, join(folder, 'br[1].parquet'));
    expect(await read(join(folder, 'br[1].parquet'), { where: 'b >= 2' })).toMatchObject({
      cells: [
        ['right', '2'],
        ['right', '3'],
      ],
      rows: [2, 3],
    });
    const connection = await connectToParquet(join(folder, 'br[1].parquet'));
    const other = query(connection, `SELECT * FROM read_parquet('${join(folder, 'br1.parquet')}')`);
    await expect(other).rejects.toThrow(/Permission Error/);
    await expect(query(connection, `COPY (SELECT 1) TO '${join(folder, 'out.csv')}'`)).rejects.toThrow(/Permission/);
    await expect(query(connection, 'SET enable_external_access = true')).rejects.toThrow(/locked/);
    connection.closeSync();
  });

  test('and a pattern names files in order', () => {
    for (const name of ['p2.csv', 'p1.csv', 'p10.csv', 'q.csv', '.p3.csv']) file(name, 'x');
    const names = (pattern: string) => expand([join(folder, pattern)]).map((path) => path.slice(folder.length + 1));
    expect(names('p*.csv')).toEqual(['p1.csv', 'p10.csv', 'p2.csv']);
    expect(names('p?.csv')).toEqual(['p1.csv', 'p2.csv']);
    expect(names('p[2-9].csv')).toEqual(['p2.csv']);
    expect(names('p[!2].csv')).toEqual(['p1.csv']);
    expect(names('**/q.csv')).toEqual(['q.csv']);
  });
});

describe('many lines decide how a table is written', () => {
  test.each<[what: string, name: string, content: string, columns: string[], cells: (string | null)[][]]>([
    [
      'a comma in the header of a table of semicolons',
      'd1.csv',
      'Datum;Temperatur, °C\n1.1.2020;3,5\n2.1.2020;-0,25\n',
      ['Datum', 'Temperatur, °C'],
      [
        ['1.1.2020', '3,5'],
        ['2.1.2020', '-0,25'],
      ],
    ],
    [
      'more commas than semicolons',
      'd2.csv',
      'a, m;b, m\n1,5;2,5\n1,6;2,6\n',
      ['a, m', 'b, m'],
      [
        ['1,5', '2,5'],
        ['1,6', '2,6'],
      ],
    ],
    [
      'a semicolon in a text',
      'd3.csv',
      'text,label\n"a;b",pos\nc;d,neg\n',
      ['text', 'label'],
      [
        ['a;b', 'pos'],
        ['c;d', 'neg'],
      ],
    ],
    [
      'one column with commas',
      'd4.csv',
      'text\nhello, world\nbye, all, of you\n',
      ['text'],
      [['hello, world'], ['bye, all, of you']],
    ],
    [
      'lists between bars',
      'd5.csv',
      'id,genres\n1,a|b\n2,c|d\n',
      ['id', 'genres'],
      [
        ['1', 'a|b'],
        ['2', 'c|d'],
      ],
    ],
    [
      'a semicolon in the header of a table of commas',
      'd14.csv',
      'when; where,label\nx,pos\ny,neg\n',
      ['when; where', 'label'],
      [
        ['x', 'pos'],
        ['y', 'neg'],
      ],
    ],
    ['quotes between tabs that nothing needs', 'd15.tsv', 'a\tb\n"x"\t1\n', ['a', 'b'], [['"x"', '1']]],
    ['sep=;', 'd6.csv', 'sep=;\na;b\n1,5;x\n', ['a', 'b'], [['1,5', 'x']]],
    ['sep=, before semicolons', 'd7.csv', 'sep=,\r\na,b\r\n1;5,x\r\n', ['a', 'b'], [['1;5', 'x']]],
    [
      'tabs where quotes are quotes',
      'd8.tsv',
      'a\tb\n"x\ty"\n5" pipe\tz\n',
      ['a', 'b'],
      [
        ['"x', 'y"'],
        ['5" pipe', 'z'],
      ],
    ],
    [
      'tabs with cells that only quotes hold together',
      'd9.tsv',
      'a\tb\n"x\ny"\t1\nz\t2\n',
      ['a', 'b'],
      [
        ['x\ny', '1'],
        ['z', '2'],
      ],
    ],
    [
      'tabs with doubled quotes',
      'd10.tsv',
      'a\tb\n"say ""hi"""\t1\nz\t2\n',
      ['a', 'b'],
      [
        ['say "hi"', '1'],
        ['z', '2'],
      ],
    ],
    [
      'a column without a name',
      'd11.csv',
      ',a\n0,x\n1,y\n',
      ['1', 'a'],
      [
        ['0', 'x'],
        ['1', 'y'],
      ],
    ],
    ['empty lines', 'd12.csv', '\n\na,b\n\n1,2\n\n', ['a', 'b'], [['1', '2']]],
    ['an empty line above one column', 'd13.csv', '\na\n1\n\n2\n', ['a'], [['1'], [null], ['2']]],
  ])('%s', async (_what, name, content, columns, cells) => {
    expect(await read(file(name, content))).toMatchObject({ columns, cells, out: [] });
  });
});

describe('line ends', () => {
  test.each<[what: string, content: string, cells: (string | null)[][]]>([
    [
      'all mixtures',
      'a,b\r\n1,2\n3,4\r\n5,6\n',
      [
        ['1', '2'],
        ['3', '4'],
        ['5', '6'],
      ],
    ],
    [
      '\\r alone, in a file without \\n',
      'a,b\r1,2\r"x\ry",4',
      [
        ['1', '2'],
        ['x\ry', '4'],
      ],
    ],
    [
      '\\r alone after quotes',
      'a,b\r1,"2"\r3,"4"\r',
      [
        ['1', '2'],
        ['3', '4'],
      ],
    ],
    [
      '\\r as a character',
      'a,b\n1\r2,3\n"4\r5",6\r\n',
      [
        ['1\r2', '3'],
        ['4\r5', '6'],
      ],
    ],
    [
      '\\r twice',
      'a,b\r\r\n1,2\r\r\n"3",4\r\r\n',
      [
        ['1', '2'],
        ['3', '4'],
      ],
    ],
    ['quoted cells keep theirs', 'a,b\r\n"1\r\n2",3\r\n', [['1\r\n2', '3']]],
    ['none at the end', 'a,b\n1,"2"', [['1', '2']]],
    ['none at the end, an empty cell', 'a,b\n1,', [['1', null]]],
  ])('%s', async (what, content, cells) => {
    expect(await read(file(`ends ${what.replace(/\W/g, '')}.csv`, content))).toMatchObject({ cells, out: [] });
  });

  test('a \\n far down makes \\r a character', async () => {
    const lines = `a,b\r1,${'x'.repeat(300_000)}`;
    const end = (name: string, text: string) => lineEndOf(inputFile(file(name, text)), text.slice(0, 1000));
    expect(await end('far.csv', `${lines}\n1,2\n`)).toBe('\n');
    expect(await end('near.csv', `${lines}\r1,2\r`)).toBe('\r');
    await expect(read(file('far.csv', `${lines}\n1,2\n`))).rejects.toThrow(
      /its first line has more than 2\d+ characters/,
    );
  });
});

describe('every row is read or left out under its own number', () => {
  const good = (n: number) => Array.from({ length: n }, (_, i) => `text ${i + 1},pos`);

  test('a quote that is never closed costs one row', async () => {
    const lines = ['text,label', ...good(20), '"never closed,pos', ...good(179)];
    const { cells, rows, out } = await read(file('open.csv', lines.join('\n')));
    expect([cells.length, rows.at(-1), out]).toEqual([199, 200, ['21: with a quote that is not closed']]);
  });

  test.each<[what: string, line: string]>([
    ['closed by the next quoted cell', '"open,pos\n"x",pos'],
    ['closed where no cell ends', '"open" and more,pos\nx,pos'],
    ['closed at the end of a line further down', '"open,pos\nx,pos\n5 inches"'],
  ])('a quote that is %s', async (what, line) => {
    const lines = ['text,label', 'a,pos', ...line.split('\n'), 'b,neg'];
    const { rows, out } = await read(file(`${what}.csv`, lines.join('\n')));
    expect(out[0]).toBe('2: with a quote that is not closed');
    expect(rows.at(-1)).toBe(lines.length - 1);
  });

  test('a cell with twenty rows of the table in it is a quote that was not closed; one with nineteen is a cell', async () => {
    const cell = (n: number) => ['text,label', 'a,pos', '"open,pos', ...good(n), 'x",neg'].join('\n');
    expect((await read(file('nineteen.csv', cell(19)))).cells.length).toBe(2);
    expect(await read(file('twenty.csv', cell(20)))).toMatchObject({ out: ['2: with a quote that is not closed'] });
  });

  test('numbers count the rows that were left out before', async () => {
    const path = file('numbers.csv', 'text,label,n\na,pos,1\nonly\n"two\nlines",neg,2\na,b,c,d\nb,neg,3\n');
    const out = ['2: with 1 column where 3 are expected', '4: with 4 columns where 3 are expected'];
    expect(await read(path)).toMatchObject({ rows: [1, 3, 5], out });
    expect(await read(path, { where: 'n > 1', columns: ['text'] })).toMatchObject({
      cells: [['two\nlines'], ['b']],
      rows: [3, 5],
      out,
    });
  });

  test('several files count for themselves', async () => {
    const paths = [file('s1.csv', 'a,b\n1,2\nx\n3,4\n'), file('s2.csv', 'b;a\n5;6\n')];
    expect(await read(paths)).toMatchObject({
      cells: [
        ['1', '2'],
        ['3', '4'],
        ['6', '5'],
      ],
      rows: [1, 3, 1],
    });
  });

  test('a row of 100,000 characters is read, one of 100,001 is not', async () => {
    const path = file('long.csv', `a,b\n${'x'.repeat(100_000)},1\n${'x'.repeat(100_001)},2\n`);
    expect(await read(path, { columns: ['b', 'a'] })).toMatchObject({
      rows: [1],
      out: ['2: with more than 100,000 characters'],
    });
  });
});
