// The short form of `npm run torture -- training`.

import { expect, test } from 'vitest';
import { tryCases } from '../benchmarks/torture/parts/training.ts';

test('a number that is not finite, anywhere in a run, is refused, named and leaves no trace', async () => {
  const results = await tryCases(50, 1);
  expect(results.flatMap(({ failure }) => failure ?? [])).toEqual([]);
});
