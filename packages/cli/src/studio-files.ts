// The studio's static build, as it lies in its package.

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { UnrolledError } from 'unrolled';

/** Files of the studio by path; null where the package has no build. */
export function studioFiles(): { read(path: string): Promise<Uint8Array | null> } | null {
  const folder = join(dirname(createRequire(import.meta.url).resolve('@unrolled/studio/package.json')), 'dist');
  if (!existsSync(join(folder, 'index.html'))) return null;
  return { read: (path) => readFile(join(folder, path)).catch(() => null) };
}

/** The same. Throws an UnrolledError that says how to build it where there is none. */
export function requireStudio(): NonNullable<ReturnType<typeof studioFiles>> {
  const files = studioFiles();
  if (!files) throw new UnrolledError('studio', 'studio: the page is not built; in a clone, run `npm run build`');
  return files;
}
