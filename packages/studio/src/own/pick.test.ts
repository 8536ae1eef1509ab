import { expect, test } from 'vitest';
import { type Picked, problemOf } from './given.ts';
import { guessOf, prepared } from './pick.ts';
import { readTable } from './table.ts';

const csv = (...lines: string[]) => lines.join('\n');
const reviews = (count: number) =>
  csv(
    'id,review,stars',
    ...Array.from({ length: count }, (_, k) => `${k},"it was ${k % 2 ? 'good' : 'bad'}, ${k}",${k % 2}`),
  );

/** What is thrown. */
function problem(body: () => unknown) {
  try {
    body();
  } catch (error) {
    return problemOf(error as Error);
  }
  return null;
}

test('what a table is for follows from the names of its columns, or from what stands in them', () => {
  const guess = (text: string) => guessOf(readTable('t.csv', text));
  expect(guess(reviews(20))).toEqual({ kind: 'labeled', columns: [1, 2] });
  expect(guess(csv('Tokens\tTags', 'a b\tX Y'))).toEqual({ kind: 'tagged', columns: [0, 1] });
  expect(guess(csv('en,ko', 'one,하나', 'two,둘'))).toEqual({ kind: 'pairs', columns: [0, 1] });
  expect(guess(csv('time,load,price', '2026-01-01,3,1.5', '2026-01-02,5,'))).toEqual({
    kind: 'series',
    columns: [1, 2],
  });
  expect(guess(csv('step,y', '1,0.5', '2,0.7', '3,0.1'))).toEqual({ kind: 'series', columns: [1] });
  expect(guess(csv('No,year,hour,pm2.5,wind', '1,2010,0,NA,NW', '2,2010,1,129,NW', '3,2010,2,148,SE'))).toEqual({
    kind: 'series',
    columns: [3],
  });
  expect(guess(csv('year,month', '2010,1', '2010,2')).columns).not.toEqual([]); // what else is there
  const lines = Array.from({ length: 40 }, (_, k) =>
    JSON.stringify({ kind: k % 3 ? 'spam' : 'mail', body: `text ${k}` }),
  );
  expect(guess(lines.join('\n'))).toEqual({ kind: 'labeled', columns: [1, 0] });
});

test('rows that cannot be used are left out, with their numbers in the file', () => {
  const text = csv(
    'text,label',
    ...Array.from({ length: 10 }, (_, k) => `a${k},${k % 2}`),
    'short',
    '',
    ',1',
    'b,',
    '"open,1',
  );
  const { data, leftOut, leftOutCount } = prepared(readTable('t.csv', text), { kind: 'labeled', columns: [0, 1] });
  expect(data).toMatchObject({ kind: 'labeled', rows: { length: 10 } });
  expect(leftOutCount).toBe(4);
  expect(leftOut).toEqual([
    { what: 'cells', row: 12, expected: 2, got: 1 },
    { what: 'empty', row: 14, column: 'text' },
    { what: 'empty', row: 15, column: 'label' },
    { what: 'quote', row: 16 },
  ]);
});

test('every kind of table becomes what its task learns from', () => {
  const of = (text: string, picked: Picked) => prepared(readTable('t.csv', text), picked).data;
  const many = <T>(row: (k: number) => T) => Array.from({ length: 9 }, (_, k) => row(k));
  const tagged = csv('w,t', ...many((k) => `ab${k},X Y ${k % 2 ? 'X' : 'Y'}`));
  expect(of(tagged, { kind: 'tagged', columns: [0, 1] })).toMatchObject({ split: 'characters' });
  const words = csv('w,t', ...many((k) => `"[""the"",""cat ${k}""]","[""D"",""N""]"`));
  const found = of(words, { kind: 'tagged', columns: [0, 1] });
  expect(found).toMatchObject({ split: 'spaces' });
  expect(found.kind === 'tagged' && found.rows.some(({ tokens }) => tokens[1] === 'cat 4')).toBe(true);
  const numbers = csv('a,b', ...many((k) => `${k},${k === 3 ? '' : 2 * k}`));
  const series = of(numbers, { kind: 'series', columns: [1, 0] });
  expect(series.kind === 'series' && Array.from(series.series.values.slice(4, 10))).toEqual([
    4,
    2,
    Number.NaN,
    3,
    8,
    4,
  ]);
});

test('what nothing can be learned from says why', () => {
  const labeled: Picked = { kind: 'labeled', columns: [0, 1] };
  const same = csv('text,label', ...Array.from({ length: 9 }, (_, k) => `a${k},yes`));
  expect(problem(() => prepared(readTable('t.csv', same), labeled))).toEqual({ what: 'one-label', label: 'yes' });
  const few = csv('text,label', 'a,x', 'b,y');
  expect(problem(() => prepared(readTable('t.csv', few), labeled))).toMatchObject({ what: 'few', usable: 2, least: 8 });
  const words = csv('a', ...Array.from({ length: 9 }, (_, k) => (k === 4 ? 'n/a' : String(k))));
  expect(prepared(readTable('t.csv', words), { kind: 'series', columns: [0] }).leftOut).toEqual([
    { what: 'number', row: 6, column: 'a', got: 'n/a' },
  ]);
  const hexadecimal = csv('a', ...Array.from({ length: 9 }, (_, k) => (k === 2 ? '0x10' : String(k))));
  expect(prepared(readTable('t.csv', hexadecimal), { kind: 'series', columns: [0] }).leftOut).toEqual([
    { what: 'number', row: 4, column: 'a', got: '0x10' },
  ]);
  expect(problem(() => readTable('t.jsonl', ''))).toEqual({ what: 'empty', name: 't.jsonl' });
});

test('the end of the data, which validates, has rows from all over a sorted file', () => {
  const sorted = csv('text,label', ...Array.from({ length: 100 }, (_, k) => `a${k},${k < 50 ? 'x' : 'y'}`));
  const { data } = prepared(readTable('t.csv', sorted), { kind: 'labeled', columns: [0, 1] });
  const held = data.kind === 'labeled' ? data.rows.slice(90).map(({ label }) => label) : [];
  expect(held.filter((label) => label === 'x').length).toBe(5);
});

test('a table of objects has no more cells than a page can hold, whatever keys and rows a short file has', () => {
  const wide = (k: number) => `{${Array.from({ length: 100 }, (_, n) => `"k${100 * k + n}":1`).join()}}`;
  const head = Array.from({ length: 100 }, (_, k) => wide(k)).join('\n'); // 10,000 keys
  const { columns, rows } = readTable('t.jsonl', `${head}\n${'{}\n'.repeat(1000)}`);
  expect([columns.length, columns.at(-1), rows.length]).toEqual([256, 'k255', 1100]);
  expect([rows[2].cells[255], rows[2].cells[0], rows[500].cells.length]).toEqual(['1', '', 256]);
  expect(problem(() => readTable('t.jsonl', `${head}\n${'{}\n'.repeat(200_000)}`))).toMatchObject({
    what: 'many',
    count: 200_100,
    most: 200_000,
  });
});
