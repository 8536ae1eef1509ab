// The tests of damaged models, in as many files as share them, so that several processes run them at once.

import { describe, expect, test } from 'vitest';
import { modelParsers } from './model-files.ts';
import { readDamaged } from './run.ts';

const parts = 3;
const inputs = 20_000; // of each format

/** The tests of every third reader, from `part` (0 to 2) on. */
export function damagedModels(part: 0 | 1 | 2): void {
  describe.each(modelParsers.filter((_, i) => i % parts === part))('damaged models: $name', (parser) => {
    test('only errors with a type, none slow', async () => {
      await parser.undamaged(); // so that it is the damage that is refused
      const names = Reflect.ownKeys(Object.prototype);
      const { untyped, refused, tried, slowest, grown } = await readDamaged(
        parser,
        1,
        Math.ceil(inputs * parser.share),
      );
      expect(untyped.slice(0, 3)).toEqual([]);
      expect(Reflect.ownKeys(Object.prototype)).toEqual(names); // a key is only a key
      expect(refused).toBeGreaterThan(tried / 10);
      expect(refused).toBeLessThan(tried);
      expect(slowest[0]).toBeLessThan(1000);
      expect(grown).toBeLessThan(256);
    }, 120_000);
  });
}
