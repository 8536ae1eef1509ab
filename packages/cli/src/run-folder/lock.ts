// One writer at a time. The lock is a file that names its holder. A killed holder leaves it behind; whether it is still
// alive is known from its process id and the time that process began, since ids are reused. Ids are valid only where
// they were assigned: on this machine, in this boot of it, in this container. A holder from elsewhere shows that it lives: see heartbeat.ts.

import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { RunFolderError } from './error.ts';
import { attempt, cannotLink, type FileLayer, guard, readWhole, unfinished, writeAll, writeWhole } from './files.ts';

export interface Owner {
  readonly pid: number;
  /** When the process began, in the system's own terms; null where that cannot be known. */
  readonly started: string | null;
  readonly host: string;
  /** Its namespace of process ids, as `4026531836`, and its machine. Null or absent where that cannot be known. */
  readonly space?: string | null;
  readonly machine?: string | null;
  /** Whether it sets the time of its lock every few seconds. Those of earlier versions do not. */
  readonly beats?: boolean;
}

let own: Owner | undefined;

/** This process, of which nothing changes while it runs. */
export function self(): Owner {
  own ??= {
    pid: process.pid,
    started: startOf(process.pid),
    host: hostname(),
    space: /\d+/.exec(tryRead(() => fs.readlinkSync('/proc/self/ns/pid')) ?? '')?.[0] ?? null,
    machine: tryRead(() => fs.readFileSync('/etc/machine-id', 'utf8').trim()) || null,
    beats: true,
  };
  return own;
}

function tryRead(read: () => string): string | null {
  try {
    return read();
  } catch {
    return null;
  }
}

/** Acquires the lock of `folder`; throws a RunFolderError 'run-locked' while another process has it. */
export function takeLock(files: FileLayer, folder: string, owner: Owner = self()): void {
  const path = join(folder, 'lock');
  for (let attempt = 0; attempt < 3; attempt++) {
    if (tryLock(files, path, owner)) return;
    const holder = readOwner(files, path);
    if (holder === 'gone') continue;
    if (holder !== 'unreadable' && isAlive(holder)) {
      const advice = isHere(holder) ? 'wait for it or stop it' : `if it is no longer running there, remove ${path}`;
      throw new RunFolderError('run-locked', folder, `is being written by ${describe(holder, owner)}; ${advice}`);
    }
    clearStale(files, path, holder);
  }
  throw new RunFolderError('run-locked', folder, 'another process keeps taking its lock');
}

/** Throws where the lock is no longer this owner's: two processes must not write to the same run. */
export function checkLock(files: FileLayer, folder: string, owner: Owner): void {
  const holder = readOwner(files, join(folder, 'lock'));
  if (typeof holder === 'object' && same(holder, owner)) return;
  if (holder === 'gone') {
    const what = guard(folder, 'read', () => files.stat(folder)) ? 'its lock' : 'the folder';
    throw new RunFolderError('run-lost', folder, `${what} was removed while the run was written; this process stops`);
  }
  const who = holder === 'unreadable' ? 'something else' : describe(holder, owner);
  throw new RunFolderError('run-lost', folder, `was taken over by ${who}; this process stops and changes nothing more`);
}

/** Who has the lock of `folder` and is not known to be dead; null where nobody is. */
export function holderOf(files: FileLayer, folder: string): Owner | null {
  const holder = readOwner(files, join(folder, 'lock'));
  return typeof holder === 'object' && isAlive(holder) ? holder : null;
}

/** Removes the lock of a holder that turned out to be dead, unless another process has it by now. */
export function breakLock(files: FileLayer, folder: string, holder: Owner): void {
  const path = join(folder, 'lock');
  const now = readOwner(files, path);
  if (typeof now === 'object' && same(now, holder)) clearStale(files, path, holder);
}

function describe(holder: Owner, owner: Owner): string {
  if (same(holder, owner)) return 'this process itself';
  const elsewhere = holder.host === owner.host && !isHere(holder) ? ', in another container or boot of it' : '';
  return `process ${holder.pid} on ${holder.host}${elsewhere}`;
}

/** Releases the lock, if it is still this owner's. */
export function releaseLock(files: FileLayer, folder: string, owner: Owner = self()): void {
  const path = join(folder, 'lock');
  const holder = readOwner(files, path);
  if (typeof holder === 'object' && same(holder, owner)) guard(path, 'remove', () => files.unlink(path));
}

/**
 * Makes the lock file, unless it exists. It gets its name when it is complete, by a second link to a file of another name: the
 * system lets only one process do that, and nobody ever sees half a lock, whenever this process is killed.
 */
function tryLock(files: FileLayer, path: string, owner: Owner): boolean {
  const content = new TextEncoder().encode(`${JSON.stringify(owner)}\n`);
  const temporary = `${path}.${randomUUID()}${unfinished}`; // ids of processes are not unique across containers
  writeWhole(files, temporary, content);
  try {
    files.link(temporary, path);
    return true;
  } catch (cause) {
    const { code = '' } = Object(cause) as { code?: string };
    if (code === 'EEXIST' || code === 'ENOENT') return false; // ENOENT: the one who has the lock swept our file away
    if (!cannotLink.has(code)) throw RunFolderError.io(path, 'write', cause);
    return tryExclusive(files, path, content);
  } finally {
    attempt(() => files.unlink(temporary));
  }
}

/** The next best way, where the file system has no links. */
function tryExclusive(files: FileLayer, path: string, content: Uint8Array): boolean {
  return guard(path, 'write', () => {
    let fd: number;
    try {
      fd = files.open(path, 'wx');
    } catch (error) {
      if ((error as { code?: string }).code === 'EEXIST') return false;
      throw error;
    }
    try {
      writeAll(files, fd, content);
    } catch (error) {
      attempt(() => files.unlink(path));
      throw error;
    } finally {
      files.close(fd);
    }
    return true;
  });
}

function readOwner(files: FileLayer, path: string): Owner | 'gone' | 'unreadable' {
  try {
    const value = JSON.parse(new TextDecoder().decode(readWhole(files, path, 4096))) as Partial<Owner> | null;
    const { pid, started, host, space, machine, beats } = value ?? {};
    if (!Number.isInteger(pid) || (pid as number) < 1 || (pid as number) >= 2 ** 31) return 'unreadable'; // none has such an id
    if (typeof host !== 'string') return 'unreadable';
    const text = (part: unknown) => (typeof part === 'string' ? part : null);
    const place = { host, space: text(space), machine: text(machine) };
    return { pid: pid as number, started: text(started), ...place, beats: beats === true };
  } catch (error) {
    if (error instanceof RunFolderError && error.code === 'run-missing') return 'gone';
    if ((Object(error) as RunFolderError).code === 'run-io') {
      if (((error as RunFolderError).cause as { code?: string } | undefined)?.code === 'ENOENT') return 'gone';
      throw error;
    }
    return 'unreadable';
  }
}

/** Removes a dead owner's lock. Should another process have taken it over in the meantime, its lock is put back. */
function clearStale(files: FileLayer, path: string, dead: Owner | 'unreadable'): void {
  const aside = `${path}.${randomUUID()}${unfinished}`;
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

export function same(a: Owner, b: Owner): boolean {
  const key = ({ pid, started, host, space = null, machine = null }: Owner) =>
    JSON.stringify([pid, started, host, space, machine]);
  return key(a) === key(b);
}

/** Whether the owner's process id means a process here. */
export function isHere(owner: Owner): boolean {
  const here = self();
  const differ = (a?: string | null, b?: string | null) => a != null && b != null && a !== b;
  return owner.host === here.host && !differ(owner.machine, here.machine) && !differ(owner.space, here.space);
}

/** Whether the owner still runs. On another machine or in another container that cannot be known, so it counts as running. */
export function isAlive(owner: Owner): boolean {
  const bootOf = ({ started }: Owner) => started?.split(' ')[0];
  const here = self();
  const rebooted = owner.started && here.started && bootOf(owner) !== bootOf(here);
  if (rebooted && owner.machine && owner.host === here.host && owner.machine === here.machine) return false;
  if (!isHere(owner)) return true;
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
