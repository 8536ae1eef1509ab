// A path's origin decides how it is opened. A name from a data file, or found in a folder, is registered here with the
// folder that the user named: no link is followed on the way from there, and nothing leads out of it. Every other path comes from the user.
//
//     noteFound('photos', 'photos/cats/3.jpg');
//     readGiven('photos/cats/3.jpg');              // an ordinary file, and neither cats nor 3.jpg a link
//     readGiven('photos.csv');                     // what the user named: links and pipes too

import fs from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { readNamed } from './named.ts';
import { mostBytes, type OpenFile, openPlain, readPlain, RefusedFile, readStart, wayFrom } from './plain.ts';

/** The folders that the user named, by the paths found below them. */
const folders = new Map<string, string>();

/** Registers that `path` was found below `folder`, and returns it. A path found in a found folder belongs to the first. */
export function noteFound(folder: string, path: string): string {
  folders.set(path, folders.get(folder) ?? folder);
  return path;
}

/** Forgets all of them: what one command finds, the user may name in the next. */
export function forgetFound(): void {
  folders.clear();
}

/** The folder that the path was found below; null where the user named it. */
export function folderOf(path: string): string | null {
  return folders.get(path) ?? null;
}

/** Reads all bytes of a file. Throws RefusedFile, or the file system's error. */
export function readGiven(path: string, limit = mostBytes): Uint8Array {
  const below = folderOf(path);
  return below === null ? readNamed(path, limit) : readPlain(path, { below, limit });
}

/** Reads the first bytes of a file. */
export function startOfGiven(path: string, count: number): Uint8Array {
  return readStart(path, count, { below: folderOf(path) });
}

/** Stat of a file, by opening and closing it. */
export function statGiven(path: string): Omit<OpenFile, 'fd'> {
  const { fd, bytes, changed } = openPlain(path, { below: folderOf(path), limit: Infinity });
  fs.closeSync(fd);
  return { bytes, changed };
}

/** Whether it is a folder. Throws RefusedFile where it is reached by a link below the folder that the user named. */
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
