// Data files name images and clips, and data are untrusted: a name must not lead out of the given folder. `../../etc/passwd`,
// absolute paths elsewhere and links are all refused, here and once more when the file is opened.

import { existsSync } from 'node:fs';
import { isAbsolute, resolve, sep } from 'node:path';
import { checkLinks, noteFound, wayFrom } from '../../files/index.ts';

/** The path of `name` in `root`, or what is wrong with it: 'outside' or 'missing'. */
export function inside(
  root: string,
  name: string,
): { readonly path: string } | { readonly problem: 'outside' | 'missing' } {
  if (name === '' || name.includes('\0')) return { problem: 'missing' };
  const path = resolve(root, name.replaceAll('\\', sep));
  if (wayFrom(root, path) === null || /^[a-z]:/i.test(name) || (isAbsolute(name) && sep === '\\'))
    return { problem: 'outside' };
  try {
    checkLinks(root, path);
    return existsSync(path) ? { path: noteFound(root, path) } : { problem: 'missing' };
  } catch {
    return { problem: 'outside' };
  }
}
