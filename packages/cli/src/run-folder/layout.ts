// The files of a run folder besides its checkpoints, and how a place for a new one is made.

import { basename, dirname, join, resolve } from 'node:path';
import { sumOf } from './checkpoint.ts';
import { RunFolderError } from './error.ts';
import { type FileLayer, guard, readWhole, remove, unfinished } from './files.ts';
import { isAlive, type Owner, takeLock } from './lock.ts';

const version = 2;
export const mostJson = 256 * 2 ** 20; // bytes
export const mostMetrics = 2 ** 29 - 2 ** 20; // bytes: what a text can hold

/** config.json, and the SHA-256 of the bytes it was read from. */
export interface ReadConfig {
  readonly config: Readonly<Record<string, unknown>>;
  readonly sha256: string;
}

/** config.json of a folder that is a run of a known version. */
export function readConfig(files: FileLayer, path: string): ReadConfig {
  const stat = guard(path, 'read', () => files.stat(resolve(path, '.')));
  if (!stat) throw new RunFolderError('run-missing', path, 'there is no such folder');
  if (stat.isFile) throw new RunFolderError('run-missing', path, 'is a file; a run is the folder that train writes');
  const file = join(path, 'config.json');
  if (!guard(path, 'read', () => files.stat(file))) {
    throw new RunFolderError('run-missing', path, 'is not a run folder: there is no config.json in it');
  }
  const bytes = readWhole(files, file, mostJson);
  const config = decodeJSON(bytes, file);
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    throw new RunFolderError('run-corrupt', file, 'is not a configuration');
  }
  const found = (config as { version?: unknown }).version;
  if (typeof found === 'number' && found > version) {
    throw new RunFolderError(
      'run-newer',
      path,
      `is a run of version ${found}, known here is ${version}; update unrolled`,
    );
  }
  return { config: config as Record<string, unknown>, sha256: sumOf(bytes).sha256 };
}

export function parseJSON(files: FileLayer, path: string): unknown {
  return decodeJSON(readWhole(files, path, mostJson), path);
}

function decodeJSON(bytes: Uint8Array, path: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new RunFolderError('run-corrupt', path, 'is not valid JSON', { cause }); // V8 would quote it
  }
}

/** Lines of JSON objects; other lines are skipped. */
export function parseLines(bytes: Uint8Array): Record<string, unknown>[] {
  return new TextDecoder()
    .decode(bytes)
    .split('\n')
    .flatMap((line) => {
      try {
        const value: unknown = JSON.parse(line);
        return typeof value === 'object' && value !== null && !Array.isArray(value)
          ? [value as Record<string, unknown>]
          : [];
      } catch {
        return [];
      }
    });
}

export function toJSONBytes(content: unknown): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(content, null, 2)}\n`);
}

export function checkName(name: string): string {
  if (/^[a-z][a-z0-9-]{0,40}$/.test(name) && name !== 'index') return name; // index.json is the folder's own
  throw new RunFolderError(
    'run-missing',
    name,
    'cannot be the name of a file of a run: lower-case letters, digits and - only',
  );
}

/** Decides whether a folder can be made at `path`; true when an existing run is to be replaced, which is locked then. */
export function makeRoom(files: FileLayer, path: string, replace: boolean, owner: Owner): boolean {
  const stat = guard(path, 'read', () => files.stat(path));
  if (!stat) return false;
  if (stat.isDirectory && guard(path, 'read', () => files.readdir(path)).length === 0) {
    guard(path, 'remove', () => files.rmdir(path));
    return false;
  }
  if (!stat.isDirectory || !files.stat(join(path, 'config.json')) || !files.stat(join(path, 'metrics.jsonl'))) {
    throw new RunFolderError('run-exists', path, 'is there already and is not a run; choose another name');
  }
  if (!replace) throw new RunFolderError('run-exists', path, 'holds a run already; resume it, or choose another name');
  takeLock(files, path, owner);
  return true;
}

/** Name of the folder while this process makes it. */
export function temporaryName(path: string, { pid, space }: Owner): string {
  return `.${basename(resolve(path))}.${pid}${space ? `-${space}` : ''}${unfinished}`;
}

/** Removes what a killed process left next to it while making this folder. Those of other containers are not known to be dead. */
export function sweepBeside(files: FileLayer, path: string, owner: Owner): void {
  const parent = dirname(resolve(path));
  const prefix = `.${basename(resolve(path))}.`;
  for (const name of guard(parent, 'read', () => files.readdir(parent))) {
    if (!name.startsWith(prefix)) continue;
    const [, id, space = null] = /^(\d{1,10})(?:-(\d+))?(?:\.old)?\.tmp$/.exec(name.slice(prefix.length)) ?? [];
    if (id === undefined || (space !== null && space !== (owner.space ?? null))) continue;
    if (Number(id) === owner.pid || !isAlive({ ...owner, pid: Number(id), started: null }))
      remove(files, join(parent, name));
  }
}
