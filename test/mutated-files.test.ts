// Damaged files of every kind that is read: an error of the library's own, soon, or something that can be used. `npm run torture -- parsers` does
// the same a million times.

import { describe, expect, test } from 'vitest';
import { parsers } from './mutated/parsers.ts';
import { damaged, readDamaged } from './mutated/run.ts';

describe.each(parsers)('damaged: $name', (parser) => {
  test('only errors with a type, none slow', async () => {
    const { untyped, refused, tried, slowest } = await readDamaged(parser, 1, Math.ceil(1500 * Math.max(0.01, parser.share)));
    expect(untyped.slice(0, 3)).toEqual([]);
    expect(refused).toBeGreaterThan(0); // some are damaged so that it shows
    expect(refused).toBeLessThanOrEqual(tried);
    expect(slowest[0]).toBeLessThan(5000); // a second on a machine with nothing else to do
  });
});

test('a case is the same when it is made again', () => {
  for (const parser of parsers) expect(damaged(parser, 77).input).toEqual(damaged(parser, 77).input);
});
