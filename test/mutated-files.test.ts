// Damaged files of every kind that is read: an error of the library's own, soon, or something that can be used. `npm run torture -- parsers` does
// the same a million times, and with --short 20,000 times. Models of other systems are in mutated-models-1 to -3.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { modelParsers } from './mutated/model-files.ts';
import { parsers } from './mutated/parsers.ts';
import { damaged, readDamaged } from './mutated/run.ts';

describe.each(parsers)('damaged: $name', (parser) => {
  test('only errors with a type, none slow', async () => {
    await parser.undamaged(); // so that it is the damage that is refused
    const names = Reflect.ownKeys(Object.prototype);
    const { untyped, refused, tried, slowest } = await readDamaged(
      parser,
      1,
      Math.ceil(700 * Math.max(0.01, parser.share)),
    );
    expect(untyped.slice(0, 3)).toEqual([]);
    expect(Reflect.ownKeys(Object.prototype)).toEqual(names); // a key is only a key
    expect(refused).toBeGreaterThan(0); // some are damaged so that it shows
    expect(refused).toBeLessThanOrEqual(tried);
    expect(slowest[0]).toBeLessThan(2000); // twice the bar: the first one compiles what it runs
  });
});

test('a case is the same when it is made again', () => {
  for (const parser of [...parsers, ...modelParsers])
    expect(damaged(parser, 77).input).toEqual(damaged(parser, 77).input);
});

test('reading makes no code of text', () => {
  const script = fileURLToPath(new URL('./mutated/without-code.ts', import.meta.url));
  const loader = new URL('../tools/ts.mjs', import.meta.url).href;
  const args = ['--disallow-code-generation-from-strings', '--import', loader, script];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect([stdout, stderr]).toEqual(['nothing became code\n', '']);
});
