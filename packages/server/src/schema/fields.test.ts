import * as v from 'valibot';
import { expect, test } from 'vitest';
import { checked } from './check.ts';
import { list, record } from './fields.ts';

/** A schema of texts, and how many values it has looked at. */
function watched() {
  const seen = { values: 0 };
  const schema = v.pipe(
    v.string(),
    v.check(() => ++seen.values > 0),
  );
  return { seen, schema };
}

test('a list, or values by names, of more than its limit is refused before a value is looked at', () => {
  const { seen, schema } = watched();
  const body = v.object({ x: v.union([list(schema, 3), list(list(schema, 2), 3)]), y: record(schema, 2, 'columns') });
  const y = { a: 'a', b: 'b' };
  expect(checked(body, { x: ['a', 'b', 'c'], y })).toEqual({ x: ['a', 'b', 'c'], y });
  expect(seen.values).toBe(5);
  expect(() => checked(body, { x: ['a', 'b', 'c', 'd'], y })).toThrow('x: expected at most 3, got 4');
  expect(() => checked(body, { x: [['a'], ['b'], ['c'], ['d']], y })).toThrow('x: expected at most 3, got 4');
  expect(seen.values).toBe(5);
  expect(() => checked(body, { x: [['a', 'b', 'c']], y })).toThrow('x.0: expected at most 2, got 3');
  expect(seen.values).toBe(5);
  expect(() => checked(body, { x: [], y: { ...y, c: 'c' } })).toThrow('y: expected at most 2 columns');
  expect(seen.values).toBe(5);
});
