// What a model file is, whatever its name.

import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readNamed } from './named.ts';

/** SHA-256 of a file; of a folder, of the files in it by their names. */
export function sha256Of(path: string): string {
  const hash = createHash('sha256');
  if (!statSync(path).isDirectory()) return hash.update(readNamed(path)).digest('hex');
  for (const entry of readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1)))
    if (entry.isFile()) hash.update(`${entry.name}\n`).update(readNamed(join(path, entry.name)));
  return hash.digest('hex');
}
