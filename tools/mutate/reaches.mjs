// Which tests a source file can be noticed by: those that import it, themselves or through what they import. The others need not run.

import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

const imported = /(?:\bfrom|\bimport|\bimport\(|\bnew URL\(|\bmock\()\s*['"]([^'"\n]+)['"]/g;

/**
 * Over how many imports a test file (absolute) reaches a source file of the tree at `root`; Infinity where it does not. Counts what is imported for its
 * types as well, and takes it that a test which names a folder reaches all that there is: too many tests run rather than too few.
 *
 * @param {string} root
 * @returns {(test: string, source: string) => number}
 */
export function distancesOf(root) {
  /** @type {Map<string, { readonly files: ReadonlyMap<string, number>; readonly all: boolean }>} */
  const reached = new Map();
  return (test, source) => {
    const { files, all } = reached.get(test) ?? closure(test);
    return files.get(source) ?? (all ? 99 : Infinity);
  };

  /** @param {string} test */
  function closure(test) {
    const files = new Map([[test, 0]]);
    let all = false;
    for (const [file, distance] of files) {
      for (const [, name] of readFileSync(file, 'utf8').matchAll(imported)) {
        const path = resolve(file, name);
        if (path === null || !existsSync(path)) continue;
        if (statSync(path).isDirectory()) all = true;
        else if (/\.(ts|mjs|js)$/.test(path) && !files.has(path)) files.set(path, distance + 1);
      }
    }
    const found = { files, all };
    reached.set(test, found);
    return found;
  }

  /**
   * As in vitest.config.ts.
   *
   * @param {string} from
   * @param {string} name
   */
  function resolve(from, name) {
    if (name.startsWith('.')) return join(dirname(from), name);
    if (name === '@unrolled/convert') return join(root, 'packages/convert/src/index.ts');
    const part = /^unrolled(?:\/(\w+))?$/.exec(name);
    return part && join(root, 'packages/unrolled/src', part[1] ?? '', 'index.ts');
  }
}
