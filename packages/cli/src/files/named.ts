// Files that the user names on the command line. Such a name may be a link, or a pipe (`/dev/stdin`, `<(sort data.tsv)`, `-`): a pipe is
// read to its end once, up to a limit, and where its reader needs a file, into a temporary one that is removed with the process. What was read is forgotten at the end of a command: the next one
// has a standard input of its own.

import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isatty } from 'node:tty';
import { kindOf, mostBytes, RefusedFile, readPlain } from './plain.ts';

/** Reads a file or a pipe that the user named; `-` is standard input. */
export function readNamed(path: string, limit = mostBytes): Uint8Array {
  return piped(path, limit) ?? readPlain(path, { limit });
}

/** The path of an ordinary file with the content of `path`: itself, or a copy of a pipe's content. `ending` gets the first bytes. */
export function namedFile(path: string, ending: (bytes: Uint8Array) => string, limit = mostBytes): string {
  const bytes = piped(path, limit);
  if (!bytes) return path;
  const known = copies.get(path);
  if (known) return known;
  if (copies.size === 0) {
    copyFolder = fs.mkdtempSync(join(tmpdir(), 'unrolled-input-')); // of this user only
    process.once('exit', removeCopies);
  }
  const copy = join(copyFolder, `${path.replace(/.*[\\/]/, '').replace(/^-$/, 'stdin')}${ending(bytes)}`);
  fs.writeFileSync(copy, bytes, { flag: 'wx', mode: 0o600 });
  copies.set(path, copy);
  return copy;
}

const copies = new Map<string, string>();
let copyFolder = '';
/** Contents of pipes: they cannot be read twice, and more than one reader may ask. */
const contents = new Map<string, Uint8Array>();

/** Forgets the contents of pipes, and removes the copies of them. */
export function forgetPipes(): void {
  contents.clear();
  if (copies.size === 0) return;
  copies.clear();
  process.off('exit', removeCopies);
  removeCopies();
}

const removeCopies = () => fs.rmSync(copyFolder, { recursive: true, force: true });

/** The content of a pipe; null where `path` is none. */
function piped(path: string, limit: number): Uint8Array | null {
  const known = contents.get(path);
  if (known) return known;
  const own = descriptorOf(path);
  if (own === null && !fs.existsSync(path)) return null;
  const stat = statOf(path);
  if (stat.isDirectory() || (stat.isFile() && own === null)) return null;
  const open = own !== null && (stat.isFile() || stat.isSocket() || isatty(own)); // `< file` is what is left of the file
  if (!open && !stat.isFIFO() && !isNull(stat))
    throw new RefusedFile(path, 'special', `is ${kindOf(stat)}, expected a file or a pipe`);
  const fd = own ?? fs.openSync(path, fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0));
  try {
    const bytes = drain(path, fd, limit);
    contents.set(path, bytes);
    return bytes;
  } finally {
    if (own === null) fs.closeSync(fd);
  }
}

/** The number of an inherited descriptor: opening it by name fails for sockets, and starts a file anew. */
function descriptorOf(path: string): number | null {
  if (path === '-' || path === '/dev/stdin') return 0;
  const match = /^(?:\/dev|\/proc\/self)\/fd\/(\d{1,6})$/.exec(path);
  return match ? Number(match[1]) : null;
}

function statOf(path: string): fs.Stats {
  const own = descriptorOf(path);
  return own === null ? fs.statSync(path) : fs.fstatSync(own);
}

function isNull(stat: fs.Stats): boolean {
  return fs.statSync('/dev/null', { throwIfNoEntry: false })?.rdev === stat.rdev;
}

function drain(path: string, fd: number, limit: number): Uint8Array {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for (;;) {
    const chunk = new Uint8Array(1 << 16);
    let read: number;
    try {
      read = fs.readSync(fd, chunk, 0, chunk.length, null);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EOF') break; // Windows
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(pause, 0, 0, 5); // nothing there yet
      continue;
    }
    if (read === 0) break;
    chunks.push(chunk.subarray(0, read));
    total += read;
    if (total > limit) {
      throw new RefusedFile(
        path,
        'large',
        `gave more than ${limit.toLocaleString('en-US')} bytes, the most that is read of a pipe; write it to a file, or to several`,
      );
    }
  }
  return Buffer.concat(chunks);
}

const pause = new Int32Array(new SharedArrayBuffer(4));
