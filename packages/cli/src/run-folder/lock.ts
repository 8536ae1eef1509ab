// One writer at a time. The lock is a file that says who holds it. A holder that was killed leaves it behind; whether it is still
// alive is seen from its process id and the time that process began, since ids are used again.

import fs from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { RunFolderError } from './error.ts';
import { type FileLayer, guard, readWhole, unfinished, writeAll } from './files.ts';

export interface Owner {
  readonly pid: number;
  /** When the process began, in the system's own terms; null where that cannot be known. */
  readonly started: string | null;
  readonly host: string;
}

/** This process. */
export function self(): Owner {
  return { pid: process.pid, started: startOf(process.pid), host: hostname() };
}

/** Takes the lock of `folder`; throws RunFolderError 'run-locked' while another process has it. */
export function takeLock(files: FileLayer, folder: string, owner: Owner = self()): void {
  const path = join(folder, 'lock');
  for (let attempt = 0; attempt < 3; attempt++) {
    if (tryLock(files, path, owner)) return;
    const holder = readOwner(files, path);
    if (holder === 'gone') continue;
    if (holder === 'unreadable') {
      // Written by no one for as long as it takes to write it: what a crash or a full disk left.
      if (ageOf(path) < 5_000)
        throw new RunFolderError('run-locked', folder, 'another process is just opening it; try again');
    } else if (isAlive(holder)) {
      const who =
        holder.pid === owner.pid && holder.host === owner.host
          ? 'this process itself'
          : `process ${holder.pid} on ${holder.host}`;
      const advice =
        holder.host === owner.host ? 'wait for it or stop it' : `if it is no longer running there, remove ${path}`;
      throw new RunFolderError('run-locked', folder, `is being written by ${who}; ${advice}`);
    }
    clearStale(files, path, holder);
  }
  throw new RunFolderError('run-locked', folder, 'another process keeps taking its lock');
}

/** Gives the lock back, if it is still this owner's. */
export function releaseLock(files: FileLayer, folder: string, owner: Owner = self()): void {
  const path = join(folder, 'lock');
  const holder = readOwner(files, path);
  if (typeof holder === 'object' && same(holder, owner)) guard(path, 'remove', () => files.unlink(path));
}

function tryLock(files: FileLayer, path: string, owner: Owner): boolean {
  let fd: number;
  try {
    fd = files.open(path, 'wx'); // fails where it exists: the system lets only one process make it
  } catch (cause) {
    if ((cause as { code?: string }).code === 'EEXIST') return false;
    throw RunFolderError.io(path, 'write', cause);
  }
  guard(path, 'write', () => {
    try {
      writeAll(files, fd, new TextEncoder().encode(`${JSON.stringify(owner)}\n`));
    } catch (error) {
      files.unlink(path);
      throw error;
    } finally {
      files.close(fd);
    }
  });
  return true;
}

function readOwner(files: FileLayer, path: string): Owner | 'gone' | 'unreadable' {
  try {
    const { pid, started, host } = JSON.parse(new TextDecoder().decode(readWhole(files, path, 4096))) as Partial<Owner>;
    if (typeof pid !== 'number' || typeof host !== 'string') return 'unreadable';
    return { pid, started: typeof started === 'string' ? started : null, host };
  } catch (error) {
    if (error instanceof RunFolderError && error.code === 'run-missing') return 'gone';
    if ((Object(error) as RunFolderError).code === 'run-io') {
      if (((error as RunFolderError).cause as { code?: string } | undefined)?.code === 'ENOENT') return 'gone';
      throw error;
    }
    return 'unreadable';
  }
}

/** Moves a dead owner's lock away. Should another process have taken it over in the meantime, its lock is put back. */
function clearStale(files: FileLayer, path: string, dead: Owner | 'unreadable'): void {
  const aside = `${path}.${process.pid}${unfinished}`;
  guard(path, 'remove', () => {
    try {
      files.rename(path, aside);
    } catch (error) {
      if ((error as { code?: string }).code === 'ENOENT') return;
      throw error;
    }
    const taken = readOwner(files, aside);
    const mistaken = typeof taken === 'object' && !(typeof dead === 'object' && same(taken, dead));
    if (mistaken) files.rename(aside, path);
    else files.unlink(aside);
  });
}

function same(a: Owner, b: Owner): boolean {
  return a.pid === b.pid && a.started === b.started && a.host === b.host;
}

/** Whether the owner still runs. On another machine that cannot be known, so it counts as running. */
export function isAlive(owner: Owner): boolean {
  if (owner.host !== hostname()) return true;
  try {
    process.kill(owner.pid, 0); // asks, and sends nothing
  } catch (error) {
    if ((error as { code?: string }).code === 'ESRCH') return false;
  }
  const started = startOf(owner.pid);
  return started === null || owner.started === null || started === owner.started;
}

/** On Linux: the boot, and the clock ticks from it to the start of the process. A process that is dead but not yet reaped has none. */
function startOf(pid: number): string | null {
  try {
    const boot = fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // the name before it may hold spaces
    return fields[0] === 'Z' ? 'ended' : `${boot} ${fields[19]}`;
  } catch {
    return null;
  }
}

function ageOf(path: string): number {
  const stat = fs.statSync(path, { throwIfNoEntry: false });
  return stat ? Date.now() - stat.mtimeMs : 0;
}
