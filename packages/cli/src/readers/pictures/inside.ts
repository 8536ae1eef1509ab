// Data files name pictures and clips, and data come from anywhere: a name must not lead out of the folder that was given. `../../etc/passwd`,
// absolute names of elsewhere and links that point elsewhere are all refused.

import { realpathSync } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';

/** The path of `name` in `root`, or what is wrong with it: 'outside' or 'missing'. */
export function inside(
  root: string,
  name: string,
): { readonly path: string } | { readonly problem: 'outside' | 'missing' } {
  if (name === '' || name.includes('\0')) return { problem: 'missing' };
  const path = resolve(root, name.replaceAll('\\', sep));
  if (!within(resolve(root), path)) return { problem: 'outside' };
  try {
    return within(realpathSync(root), realpathSync(path)) ? { path } : { problem: 'outside' };
  } catch {
    return { problem: 'missing' };
  }
}

function within(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way) && join(root, way) === path;
}
