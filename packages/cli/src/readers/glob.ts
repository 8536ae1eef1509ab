// Expands patterns like data/*.csv. A path that exists is that path, whatever characters it has.

import { type Dirent, existsSync, readdirSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { FormatError } from 'unrolled';

/** The files that match paths and patterns, those of a pattern in order. */
export function expand(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    if (!/[*?[]/.test(path) || existsSync(path)) return [path];
    const found = matching(path).sort();
    if (found.length > 0) return found;
    throw new FormatError(
      path,
      isAbsolute(path) ? 'no file is called like that' : `no file is called like that (looked in ${process.cwd()})`,
    );
  });
}

function matching(pattern: string): string[] {
  const root = pattern.startsWith('/') ? '/' : '';
  let found = [root];
  const parts = pattern.split('/').filter((part) => part !== '');
  for (const [n, part] of parts.entries()) {
    const last = n === parts.length - 1;
    if (part === '**') found = found.flatMap((folder) => [folder, ...foldersBelow(folder)]);
    else if (!/[*?[]/.test(part)) found = found.map((folder) => join(folder, part)).filter((path) => existsSync(path));
    else {
      const fits = asRegExp(part);
      found = found.flatMap((folder) =>
        entries(folder)
          .filter((entry) => fits.test(entry.name) && entry.name.startsWith('.') === part.startsWith('.'))
          .filter((entry) => !last || !entry.isDirectory())
          .map(({ name }) => join(folder, name)),
      );
    }
  }
  return [...new Set(found)];
}

function foldersBelow(folder: string): string[] {
  return entries(folder)
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .flatMap(({ name }) => [join(folder, name), ...foldersBelow(join(folder, name))]);
}

function entries(folder: string): Dirent[] {
  try {
    return readdirSync(folder === '' ? '.' : folder, { withFileTypes: true });
  } catch {
    return []; // a file, or a folder that may not be read: nothing in it is called like that
  }
}

/** `*` any characters, `?` one, `[a-z]` one of these, `[!a]` none of these. */
function asRegExp(part: string): RegExp {
  const source = part.replace(/\[([!^]?)([^\]]+)\]|[*?]|[^*?[]|\[/g, (piece, not?: string, set?: string) => {
    if (set !== undefined) return `[${not ? '^' : ''}${set.replace(/[\\^\]]/g, '\\$&')}]`;
    return piece === '*' ? '.*' : piece === '?' ? '.' : piece.replace(/[.*+?^${}()|[\]\\/]/, '\\$&');
  });
  try {
    return new RegExp(`^${source.replace(/(\.\*)+/g, '.*')}$`, 'su');
  } catch {
    return /^$/; // [z-a] holds nothing
  }
}
