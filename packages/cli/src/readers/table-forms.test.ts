// How a table is written, and what stands in it all the same: records, JSON, Parquet, and filters over them.

import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { elementsOf, jsonRow } from './json-rows.ts';
import { RecordReader, recordsIn } from './records.ts';
import { Skipped } from './skipped.ts';
import { Table } from './table.ts';
import { processorTime } from '../../../../test/processor-time.ts';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'unrolled-tables-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
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

describe('records', () => {
  const text = 'a,"b ""c"", d"\r\n\r\n"x\ny",é\n"open,1\n1,2,3\n"",\n"z",""\n4,5';
  const records = [
    { cells: ['a', 'b "c", d'] },
    { cells: ['x\ny', 'é'] },
    { problem: 'with a quote that is not closed' },
    { problem: 'with 3 columns where 2 are expected' },
    { cells: ['', ''] },
    { cells: ['z', ''] },
    { cells: ['4', '5'] },
  ];
  const layout = { delimiter: ',', quote: '"', lineEnd: '\n', width: 2 } as const;

  test('are the same however the text is cut into pieces', () => {
    expect(recordsIn(text, layout)).toEqual(records);
    for (let size = 1; size <= text.length; size++) {
      const reader = new RecordReader(layout);
      const found = [];
      for (let i = 0; i < text.length; i += size) found.push(...reader.push(text.slice(i, i + size)));
      expect([size, ...found, ...reader.finish()]).toEqual([size, ...records]);
    }
  });

  test('come as soon as they are whole, behind empty lines too', () => {
    const reader = new RecordReader(layout);
    expect(reader.push('\n1,2\n\n3,')).toEqual([{ cells: ['1', '2'] }]);
    expect(reader.push('4\n')).toEqual([{ cells: ['3', '4'] }]);
    expect(reader.push('\n')).toEqual([]);
    expect(reader.push('\n5,"6\n')).toEqual([]);
    expect(reader.push('"\n7,8')).toEqual([{ cells: ['5', '6\n'] }]);
    expect(reader.finish()).toEqual([{ cells: ['7', '8'] }]);
  });

  test('a line that is longer than can be is left out once, and reading goes on', () => {
    const reader = new RecordReader(layout);
    const piece = 'x'.repeat(2 ** 23);
    const pieces = ['1,2\n"open,', ...Array<string>(15).fill(piece), ',3\n4,5\n'];
    const found = [...pieces.flatMap((p) => reader.push(p)), ...reader.finish()];
    expect(found).toEqual([{ cells: ['1', '2'] }, { problem: 'longer than 32 MB' }, { cells: ['4', '5'] }]);
  });

  test('a hundred thousand open quotes take no more than a moment', async () => {
    const took = await processorTime(() => expect(recordsIn('"a""b\n'.repeat(100_000), layout)).toHaveLength(100_000));
    expect(took).toBeLessThan(3000);
  });
});

describe('JSON', () => {
  test('spans of values', () => {
    expect(elementsOf(' [1, "a]\\"", [2,[3]] ,{"x":"}"},null]')).toEqual([
      '1',
      '"a]\\""',
      '[2,[3]]',
      '{"x":"}"}',
      'null',
    ]);
    expect(elementsOf('[]')).toEqual([]);
    expect([...(jsonRow('{"a":1,"a":"2","__proto__":[]}') as Map<string, string>)]).toEqual([
      ['a', '2'],
      ['__proto__', '[]'],
    ]);
    expect([...(jsonRow('{}') as Map<string, string>)]).toEqual([]);
  });

  test('what is no row', () => {
    expect(['[1]', '7', 'null', '{"a":', '{"a":1} x', '"t"'].map((text) => jsonRow(text))).toEqual([
      'without a JSON object',
      'without a JSON object',
      'without a JSON object',
      'not in JSON',
      'not in JSON',
      'without a JSON object',
    ]);
  });

  test.each([
    ['no objects', 'none.jsonl', '1\n2\n', /holds no rows: .*2 without a JSON object/],
    ['objects without keys', 'bare.jsonl', '{}\n{}\n', /holds no rows: expected objects with keys$/],
    ['broken', 'half.json', '[{"a":1},', /half\.json: is not JSON/],
    ['a number', 'number.json', '7', /is no table: expected a list of objects/],
  ])('%s is refused', async (_what, name, content, message) => {
    await expect(read(file(name, content))).rejects.toThrow(message);
  });
});

describe('a filter is a filter and no more', () => {
  const rows = 'n,lang,text,ok\n1,en,a%b,true\n2,de,x,false\n3,,abc,true\n10,fr,,false\n';
  test.each<[where: string, rows: number[]]>([
    ['n > 2', [3, 4]],
    ['n between 2 and 3', [2, 3]],
    ["lang in ('en', 'fr') and not n = 10", [1]],
    ['lang is null or text is null', [3, 4]],
    ["lang <> 'en'", [2, 4]],
    ["text like 'a%'", [1, 3]],
    ["text like 'a!%b' escape '!'", [1]],
    ['ok', [1, 3]],
    ['n % 2 = 0 and n / 2 >= 1 and n + 1 < 100', [2, 4]],
    ["lower(upper(lang)) = 'de'", [2]],
    ['length(text) = 3', [1, 3]],
    ["regexp_matches(text, '^a.c$')", [3]],
    ["coalesce(lang, 'none') = 'none'", [3]],
    ["case when n > 5 then lang = 'fr' else n = 1 end", [1, 4]],
    ['cast(n as integer) = 10 -- that one', [4]],
    ['"n" = 1', [1]],
    ['N = 1', [1]],
    ["text = 'it''s' or n = 2", [2]],
    ['n > 1) and (n < 4', [2, 3]],
    ["starts_with(lang, 'e')", [1]],
  ])('%s', async (where, expected) => {
    expect((await read(file('filter.csv', rows), { where })).rows).toEqual(expected);
  });

  test('lists of JSON are lists', async () => {
    const path = file('lists.jsonl', '{"tags":["a","b"]}\n{"tags":["c"]}\n{"tags":null}\n');
    expect((await read(path, { where: "len(tags) > 1 or list_contains(tags, 'c')" })).rows).toEqual([1, 2]);
    expect((await read(path, { where: "tags[1] = 'c'" })).rows).toEqual([2]);
  });

  test('numbers of eighteen digits are exact', async () => {
    const path = file('big.jsonl', '{"id":"123456789012345678"}\n{"id":"x:123456789012345679"}\n');
    expect((await read(path, { where: "id = '123456789012345678' or id = 'x:123456789012345679'" })).rows).toEqual([
      1, 2,
    ]);
    expect((await read(path, { where: 'try_cast(id as bigint) = 123456789012345679' })).rows).toEqual([]);
    expect((await read(path, { where: 'try_cast(id as bigint) = 123456789012345678' })).rows).toEqual([1]);
  });

  test('each chunk of a long file is filtered', async () => {
    const path = file('chunks.csv', `n\n${Array.from({ length: 5000 }, (_, i) => i).join('\n')}\n`);
    expect((await read(path, { where: 'n % 1000 = 999' })).rows).toEqual([1000, 2000, 3000, 4000, 5000]);
  });

  test.each<[where: string, why: RegExp]>([
    ["1=1); COPY (SELECT 1) TO 'COPY' (FORMAT csv); SELECT 1 WHERE (1=1", /more than one statement/],
    ['1=1); SELECT 1 WHERE (1=1', /more than one statement/],
    ['1=1) UNION SELECT 1 WHERE (1=1', /more than one condition/],
    ['1=1) GROUP BY (n', /more than one condition/],
    ['1=1) ORDER BY (n', /more than one condition/],
    ['1=1) LIMIT (1', /more than one condition/],
    ['1=1) QUALIFY (1=1', /more than one condition/],
    ["n in (SELECT 1 FROM read_csv('/etc/passwd'))", /a query of its own/],
    ["exists (SELECT 1 FROM '/etc/passwd')", /a query of its own/],
    ["(SELECT count(*) FROM read_text('/etc/passwd')) > 0", /a query of its own/],
    ["getenv('HOME') <> ''", /calls getenv/],
    ["read_text('/etc/passwd') is null", /calls read_text/],
    ["length(repeat('x', 1000000000)) > 1", /calls repeat/],
    ["replace(text, 'a', 'aaaa') = ''", /calls replace/],
    ['random() < 0.5', /calls random/],
    ['row_number() over () = 1', /a part of the kind window/],
    ['count(*) > 1', /calls count_star/],
    ['columns(*) = 1', /a part of the kind star/],
    ['list_filter([1], lambda x: x = 1) = [1]', /calls list_filter|kind lambda/],
    ['n = ?', /a part of the kind parameter/],
    ['n = $1', /a part of the kind parameter/],
    ['other.len(text) > 1', /calls len/],
    ["n = 'a'::regclass", /./],
    ['cast(n as bit) is null', /casts to BIT, which is not allowed/],
    ['n >', /cannot be read: syntax error/],
    ['', /cannot be read/],
    ['n > 1 /*', /cannot be read/],
    [`${'not '.repeat(2400)} ok`, /./],
    [`n in (${'1,'.repeat(6000)}1)`, /has 12\d{3} characters, and a filter has at most 10000/],
    ['star > 3', /there is no column star/],
    ['lang = "en"', /there is no column en; .*texts stand between single quotes/],
    ['cast(lang as integer) = 1', /--where "cast\(lang as integer\) = 1" does not work: Could not convert/],
  ])('%.40s is refused', async (where, why) => {
    const path = file('refused.csv', rows);
    const target = join(folder, 'written');
    const error = await read(path, { where: where.replace("'COPY'", `'${target}'`) }).then(
      () => null,
      (e: unknown) => e as Error,
    );
    expect(error).toMatchObject({ name: 'FormatError' });
    expect(error?.message).toMatch(why);
    expect(existsSync(target)).toBe(false);
  });
});
