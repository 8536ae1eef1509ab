// Opens a file: the given one and nothing else. An ordinary file, of a known and bounded size; below the folder that the user
// named, no link. The opened file is checked again through its descriptor, so that nobody can exchange it in between.
//
//     readPlain('data/3.txt', { below: 'data' })        a name that came from data: nothing on the way from data/ may be a link
//     readPlain('corpus.txt')                           a name that the user gave: links lead where the user wants

import fs from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';

/** Why a file is not opened. */
export type Refusal =
  | 'missing'
  | 'folder'
  | 'link' // on the way from the folder that was named, or at its end
  | 'outside' // not below that folder
  | 'special' // a device, a pipe, a socket
  | 'shared' // it has a second name, and was to be written
  | 'large'
  | 'moved'; // it was exchanged while it was opened

/** Thrown when a file is not opened; `problem` says why, for a person. Readers convert it to their own error. */
export class RefusedFile extends Error {
  override name = 'RefusedFile';
  readonly path: string;
  readonly refusal: Refusal;
  readonly problem: string;

  constructor(path: string, refusal: Refusal, problem: string) {
    super(`${path}: ${problem}`);
    this.path = path;
    this.refusal = refusal;
    this.problem = problem;
  }
}

export interface Opening {
  /** The folder that the user named, where `path` was found in it. */
  readonly below?: string | null;
  /** Maximum size in bytes. Default 1 GiB. */
  readonly limit?: number;
}

export interface OpenFile {
  readonly fd: number;
  readonly bytes: number;
  /** ms */
  readonly changed: number;
}

export const mostBytes = 2 ** 30;

/** Opens a file for reading. Throws RefusedFile, or the file system's error. The caller closes it. */
export function openPlain(path: string, { below = null, limit = mostBytes }: Opening = {}): OpenFile {
  const seen = look(path, below !== null); // a device may do something when it is opened
  if (below !== null) checkWay(below, path, seen);
  return opened(path, 'r', { follow: below === null, check: (stat) => checkOpened(path, stat, { below, limit }) });
}

/** All bytes of a file that `openPlain` opens, as many as it had then. */
export function readPlain(path: string, opening: Opening = {}): Uint8Array {
  const { fd, bytes } = openPlain(path, opening);
  try {
    return readBytes(fd, bytes);
  } finally {
    fs.closeSync(fd);
  }
}

/** The first `count` bytes, or fewer. */
export function readStart(path: string, count: number, opening: Opening = {}): Uint8Array {
  const { fd, bytes } = openPlain(path, { limit: Infinity, ...opening });
  try {
    return readBytes(fd, Math.min(count, bytes));
  } finally {
    fs.closeSync(fd);
  }
}

/**
 * Opens for writing in place ('r+') or anew ('w', 'w+', 'wx'), never through a link. An existing file is truncated only when it is
 * known to be an ordinary one without a second name.
 */
export function openForWriting(path: string, flags: 'r+' | 'w' | 'w+' | 'wx'): number {
  if (flags !== 'wx') checkReplaced(path);
  const { fd } = opened(path, flags, { follow: false, check: (now) => checkWritten(path, now) });
  if (flags === 'w' || flags === 'w+') fs.ftruncateSync(fd, 0);
  return fd;
}

/** Throws where a file of this name is not to be replaced: a link, a file with a second name, anything but an ordinary file. */
export function checkReplaced(path: string): void {
  const stat = fs.lstatSync(path, { throwIfNoEntry: false });
  if (stat) checkWritten(path, stat);
}

/** Throws unless no name on the way from `below` to `path` is a link, and the file there is the one that was `opened`. */
export function checkWay(below: string, path: string, opened: { readonly dev: number; readonly ino: number }): void {
  const way = wayFrom(below, path);
  if (way === null) throw new RefusedFile(path, 'outside', `leads out of ${below}`);
  const plain = join(fs.realpathSync(below), way);
  let real: string;
  try {
    real = fs.realpathSync(plain);
  } catch {
    throw new RefusedFile(path, 'missing', 'is not there');
  }
  if (real !== plain)
    throw new RefusedFile(path, 'link', `a link is on the way to it; links below ${below} are not followed`);
  const now = fs.lstatSync(plain);
  if (now.ino !== opened.ino || now.dev !== opened.dev)
    throw new RefusedFile(path, 'moved', 'was exchanged while it was opened');
}

/** The path components from a folder to a path below it; null where the path is not below. */
export function wayFrom(below: string, path: string): string | null {
  const way = relative(resolve(below), resolve(path));
  return way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way) ? null : way;
}

/** Describes a stat that is no ordinary file. */
export function kindOf(stat: fs.Stats): string {
  if (stat.isDirectory()) return 'a folder';
  if (stat.isSymbolicLink()) return 'a link';
  if (stat.isFIFO()) return 'a pipe';
  if (stat.isSocket()) return 'a socket';
  return 'a device';
}

/** Reads exactly `bytes` bytes from the start, or fewer where the file became shorter. */
function readBytes(fd: number, bytes: number): Uint8Array {
  const all = new Uint8Array(bytes);
  let filled = 0;
  while (filled < bytes) {
    const read = fs.readSync(fd, all, filled, Math.min(bytes - filled, 2 ** 30), filled);
    if (read === 0) break;
    filled += read;
  }
  return all.subarray(0, filled);
}

function look(path: string, strict: boolean): fs.Stats {
  if (path.includes('\0')) throw new RefusedFile(path, 'missing', 'is not there');
  const stat = (strict ? fs.lstatSync : fs.statSync)(path, { throwIfNoEntry: false });
  if (!stat) throw new RefusedFile(path, 'missing', 'is not there');
  checkOrdinary(path, stat);
  return stat;
}

function checkOrdinary(path: string, stat: fs.Stats): void {
  if (stat.isFile()) return;
  const refusal = stat.isDirectory() ? 'folder' : stat.isSymbolicLink() ? 'link' : 'special';
  throw new RefusedFile(path, refusal, `is ${kindOf(stat)}, expected an ordinary file`);
}

function checkOpened(path: string, stat: fs.Stats, { below, limit }: Required<Opening>): void {
  checkOrdinary(path, stat);
  if (stat.size > limit) throw new RefusedFile(path, 'large', `has ${stat.size} bytes, expected at most ${limit}`);
  if (below !== null) checkWay(below, path, stat);
}

function checkWritten(path: string, stat: fs.Stats): void {
  checkOrdinary(path, stat);
  if (stat.nlink > 1)
    throw new RefusedFile(path, 'shared', 'has a second name (a hard link); writing would change that file too');
}

interface OpenOptions {
  readonly follow: boolean;
  readonly check: (stat: fs.Stats) => void;
}

function opened(path: string, flags: 'r' | 'r+' | 'w' | 'w+' | 'wx', { follow, check }: OpenOptions): OpenFile {
  const { O_RDONLY, O_RDWR, O_CREAT, O_EXCL, O_NONBLOCK, O_NOFOLLOW } = fs.constants; // the last two are undefined on Windows, which is 0 in a sum of bits
  const way = { r: O_RDONLY, 'r+': O_RDWR, w: O_RDWR | O_CREAT, 'w+': O_RDWR | O_CREAT, wx: O_RDWR | O_CREAT | O_EXCL };
  let fd: number;
  try {
    // Not blocking: a pipe that was put there in this moment must not make us wait for ever.
    fd = fs.openSync(path, way[flags] | O_NONBLOCK | (follow ? 0 : O_NOFOLLOW), 0o666);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ELOOP' || code === 'EMLINK')
      throw new RefusedFile(path, 'link', 'is a link, expected an ordinary file');
    if (code === 'ENXIO') throw new RefusedFile(path, 'special', 'is a socket or a pipe, expected an ordinary file');
    throw error;
  }
  try {
    const stat = fs.fstatSync(fd);
    check(stat);
    return { fd, bytes: stat.size, changed: stat.mtimeMs };
  } catch (error) {
    fs.closeSync(fd);
    throw error;
  }
}
