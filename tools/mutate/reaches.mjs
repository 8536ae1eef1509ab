// Which tests a source file can be noticed by: those that import it, themselves or through what they import. The others need not run.

import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

const imported = /(?:\bfrom|\bimport|\bimport\(|\bnew URL\(|\bmock\()\s*['"]([^'"\n]+)['"]/g;

/**
 * Whether a test file (absolute) reaches a source file of the tree at `root`. Counts what is imported for its types as well, and takes it that a test
 * which names a folder reaches all that there is: too many tests run rather than too few.
 *
 * @param {string} root
 * @returns {(test: string, source: string) => boolean}
 */
export function reachesOf(root) {
  /** @type {Map<string, Set<string> | null>} What a file reaches, itself included; null: everything. */
  const reached = new Map();
  return (test, source) => {
    if (!reached.has(test)) reached.set(test, closure(test));
    return reached.get(test)?.has(source) ?? true;
  };

  /** @param {string} test */
  function closure(test) {
    const files = new Set([test]);
    for (const file of files) {
      for (const [, name] of readFileSync(file, 'utf8').matchAll(imported)) {
        const path = resolve(file, name);
        if (path === null || !existsSync(path)) continue;
        if (statSync(path).isDirectory()) return null;
        if (/\.(ts|mjs|js)$/.test(path)) files.add(path);
      }
    }
    return files;
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
