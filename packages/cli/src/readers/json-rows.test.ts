import { FormatError, Random } from 'unrolled';
import { expect, test } from 'vitest';
import { elementsOf, jsonRow, rowTexts } from './json-rows.ts';

/** A value as JSON has it, with any white space wherever there may be some. */
function written(random: Random, value: unknown): string {
  const space = () => Array.from({ length: random.integer(3) }, () => ' \n\r\t'[random.integer(4)]).join('');
  const between = (parts: string[], open: string, close: string) =>
    `${open}${space()}${parts.map((part) => `${space()}${part}${space()}`).join(',')}${space()}${close}`;
  const write = (one: unknown): string => {
    if (Array.isArray(one)) return between(one.map(write), '[', ']');
    if (typeof one !== 'object' || one === null) return JSON.stringify(one);
    const members = Object.entries(one).map(
      ([key, inner]) => `${JSON.stringify(key)}${space()}:${space()}${write(inner)}`,
    );
    return between(members, '{', '}');
  };
  return space() + write(value) + space();
}

const cells = ['a', '', 'with "quotes" \\ and \n', '한', '}', ']', ',', ':', 0, -1.5e-7, true, false, null];
const values = [...cells, [], {}, [1, [2, '}']], { a: { b: ['{', null] } }];

test('a row is what JSON.parse makes of it, whatever white space is in it', () => {
  const random = new Random(3);
  for (let round = 0; round < 300; round++) {
    const row = Object.fromEntries(
      Array.from({ length: random.integer(5) }, (_, k) => [
        `${cells[random.integer(8)]}${k}`,
        values[random.integer(values.length)],
      ]),
    );
    const read = jsonRow(written(random, row));
    if (typeof read === 'string') throw new Error(read);
    const parsed = [...read].map(([key, cell]) => {
      const value: unknown = row[key];
      return [key, typeof value === 'string' || cell === null ? cell : JSON.parse(cell)];
    });
    expect(Object.fromEntries(parsed)).toEqual(row);
  }
});

test('the elements of a list are what JSON.parse makes of them', () => {
  const random = new Random(4);
  for (let round = 0; round < 300; round++) {
    const list = Array.from({ length: random.integer(5) }, () => values[random.integer(values.length)]);
    const text = written(random, list);
    expect(elementsOf(text).map((element) => JSON.parse(element) as unknown)).toEqual(list);
    expect(rowTexts(text, 'a.json')).toEqual(elementsOf(text));
  }
});

test('numbers stay as they are written; of a key that comes twice the last counts', () => {
  const row = jsonRow('{"a": 1.50, "b": 12345678901234567890, "a": 1e3, "c": "1.50"}');
  expect(typeof row === 'string' ? row : [...row]).toEqual([
    ['a', '1e3'],
    ['b', '12345678901234567890'],
    ['c', '1.50'],
  ]);
});

test('a file is a list, one object, or lines of objects, and nothing else', () => {
  expect(rowTexts('{"a": 1}', 'a.json')).toEqual(['{"a": 1}']);
  expect(rowTexts('{"a": 1}\n\n{"a": 2}\n', 'a.json')).toEqual(['{"a": 1}', '{"a": 2}']);
  for (const text of ['3', '"a"', 'null', 'true'])
    expect(() => rowTexts(text, 'a.json')).toThrow('a.json: is no table: expected a list of objects');
  for (const text of ['{"a": 1', '[1]\n[2]', '{"a": 1}}', ''])
    expect(() => rowTexts(text, 'a.json')).toThrow(FormatError);
  for (const text of ['[1]', 'null', '3', '"a"']) expect(jsonRow(text)).toBe('without a JSON object');
  for (const text of ['{', '', '{"a"}', "{'a': 1}"]) expect(jsonRow(text)).toBe('not in JSON');
});
