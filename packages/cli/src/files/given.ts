// Where a path came from decides how it is opened. A name that was read in a data file, or found in a folder, is noted here with the
// folder that the user named: no link is followed on the way from there, and nothing leads out of it. Every other path the user gave.
//
//     noteFound('photos', 'photos/cats/3.jpg');
//     readGiven('photos/cats/3.jpg');              // an ordinary file, and neither cats nor 3.jpg a link
//     readGiven('photos.csv');                     // what the user named: links and pipes too

import fs from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { readNamed } from './named.ts';
import { mostBytes, type OpenFile, openPlain, readPlain, RefusedFile, readStart, wayFrom } from './plain.ts';

/** The folder that the user named, by the paths that were found below it. */
const folders = new Map<string, string>();

/** Notes that `path` was found below `folder`, and gives it back. What is found in a folder that was found belongs to the first. */
export function noteFound(folder: string, path: string): string {
  folders.set(path, folders.get(folder) ?? folder);
  return path;
}

/** The folder that the path was found below; null where the user named it. */
export function folderOf(path: string): string | null {
  return folders.get(path) ?? null;
}

/** All bytes of a file. Throws RefusedFile, or what the file system says. */
export function readGiven(path: string, limit = mostBytes): Uint8Array {
  const below = folderOf(path);
  return below === null ? readNamed(path, limit) : readPlain(path, { below, limit });
}

/** The first bytes of a file. */
export function startOfGiven(path: string, count: number): Uint8Array {
  return readStart(path, count, { below: folderOf(path) });
}

/** What a file is now; it is opened for that and closed again. */
export function statGiven(path: string): Omit<OpenFile, 'fd'> {
  const { fd, bytes, changed } = openPlain(path, { below: folderOf(path), limit: Infinity });
  fs.closeSync(fd);
  return { bytes, changed };
}

/** Whether there is a folder. Throws RefusedFile where it is one by a link below the folder that the user named. */
export function isFolderGiven(path: string): boolean {
  const below = folderOf(path);
  if (!fs.statSync(path).isDirectory()) return false;
  if (below !== null) checkLinks(below, path);
  return true;
}

/** Throws where a name on the way from `below` to `path` is a link. */
export function checkLinks(below: string, path: string): void {
  const way = wayFrom(below, path);
  if (way === null) throw new RefusedFile(path, 'outside', `leads out of ${below}`);
  let at = resolve(below);
  for (const name of way.split(sep).filter(Boolean)) {
    at = join(at, name);
    if (fs.lstatSync(at, { throwIfNoEntry: false })?.isSymbolicLink())
      throw new RefusedFile(path, 'link', `a link is on the way to it; links below ${below} are not followed`);
  }
}
