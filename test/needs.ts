// What tests need of the machine besides the repository: data that lie beside it, other programs. Where something is missing, a test is skipped with
// the reason; the summary of `npm test` prints it.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, test } from 'vitest';

const folders = [process.env.UNROLLED_DATA, fileURLToPath(new URL('../../shared/data', import.meta.url))];

/** The folder of a data set beside the repository; null where it is not there. */
export function sharedData(name: string): string | null {
  const found = folders.find((folder) => folder !== undefined && existsSync(join(folder, name)));
  return found === undefined ? null : join(found, name);
}

/** Why tests of a data set are skipped; null where it is there. */
export function withoutData(...names: readonly string[]): string | null {
  const missing = names.find((name) => sharedData(name) === null);
  return missing === undefined ? null : `needs shared/data/${missing} beside the repository, or in $UNROLLED_DATA`;
}

/** The Python whose modules tests use: Debian's. */
export const python = '/usr/bin/python3';

/** Why tests with a module of Python are skipped; null where it is installed. */
export function withoutPython(module: string): string | null {
  const find = `import importlib.util, sys; sys.exit(importlib.util.find_spec(${JSON.stringify(module)}) is None)`;
  const { status } = spawnSync(python, ['-c', find]);
  return status === 0 ? null : `needs the module ${module} of ${python}`;
}

/** A group of tests; where `missing` says that something is not there, one test that is skipped with this reason. */
export function describeUnless(missing: string | null, title: string, tests: () => void): void {
  const define = missing === null ? tests : () => skipped(missing);
  describe(`${title}`, () => {
    define();
  });
}

function skipped(missing: string): void {
  test('is not tested here', ({ skip }) => skip(missing));
}
