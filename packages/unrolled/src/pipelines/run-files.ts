// The source of a run: files by their paths in the run folder, `config.json`, `checkpoints/…/model.safetensors`.
// A folder, a URL, a dropped folder, a zip and a map in memory are sources; so is any object with these two functions.

import { requireKinds, shown } from '../checks.ts';
import { decodeStrict } from '../encoding.ts';
import type { StateDict } from '../nn/module.ts';
import { RunError } from './run-error.ts';

/** What a file must be. */
export interface FileRecord {
  readonly bytes?: number;
  readonly sha256: string;
}

/** The weights of a checkpoint, verified. */
export interface Weights {
  readonly state: StateDict;
  /** The SHA-256 of the weights' file: it names the model. */
  readonly hash: string;
  /** The step they are from; null where nothing says so. */
  readonly step: number | null;
  /** Set when a newer checkpoint was damaged and this one was taken. */
  readonly notice: string | null;
  /** The hashes of the run's other files, by path, that the weights were saved with. */
  readonly records: ReadonlyMap<string, FileRecord>;
}

/** Where a run's files come from: the one interface of folders, URLs, zips and maps. */
export interface RunFiles {
  /** Name for errors. */
  readonly name: string;
  /** The parsed JSON file at `path`. Rejects with a RunError of kind 'missing' where there is none. */
  json(path: string): Promise<unknown>;
  /** The bytes of the file at `path`; more than `most` are refused before they are read, where the source knows. */
  bytes(path: string, most?: number): Promise<Uint8Array>;
  /** Paths of all files. Sources that cannot list them have an `index.json` instead. */
  list?(): Promise<readonly string[]>;
  /** The weights, of a source that reads and verifies checkpoints itself. Default: they are looked for in the files. */
  weights?(which: 'best' | 'last'): Promise<Weights>;
}

export const mostJson = 256 * 2 ** 20; // bytes
export const mostWeights = 2 ** 32; // bytes: no heap holds more

/** A source that can read bytes. */
export function runFiles(name: string, bytes: RunFiles['bytes'], list?: () => Promise<readonly string[]>): RunFiles {
  return {
    name,
    bytes,
    json: async (path) => {
      const content = await bytes(path, mostJson); // refuses a path that is none
      return parseJson(content, `${name}/${path}`);
    },
    ...(list ? { list } : {}),
  };
}

export function parseJson(bytes: Uint8Array, source: string): unknown {
  try {
    return JSON.parse(decodeStrict(bytes));
  } catch (cause) {
    throw new RunError('corrupt', source, `is not valid JSON (${(cause as Error).message})`, { cause });
  }
}

/** Throws a RunError for a file that exceeds the limit, an OptionError for a limit that is none. */
export function checkSize(source: string, size: number, most: number): void {
  requireKinds('bytes', { most }, { most: 'number' });
  if (size > most) throw new RunError('large', source, `has ${size} bytes, expected at most ${most}`);
}

export function missing(source: string): RunError {
  return new RunError('missing', source, 'is not there');
}

/** `path` itself, if it stays inside of the run; throws a RunError for one that leads elsewhere. */
export function checkPath(name: string, path: string): string {
  const parts = typeof path === 'string' ? path.split('/') : [''];
  if (path !== '' && parts.every((part) => part !== '' && part !== '.' && part !== '..') && !/[\\\0:]/.test(path))
    return path;
  throw new RunError(
    'missing',
    `${name}/${typeof path === 'string' ? path : shown(path)}`,
    'is not a path inside of a run',
  );
}

/** The folder of `config.json`, where paths begin with the name of the folder that was zipped or dropped: '' or `reviews/`. */
export function rootOf(name: string, paths: Iterable<string>): string {
  const roots = [...paths]
    .filter((path) => typeof path === 'string' && (path === 'config.json' || path.endsWith('/config.json')))
    .map((path) => path.slice(0, -'config.json'.length));
  const least = Math.min(...roots.map((root) => root.split('/').length));
  const nearest = roots.filter((root) => root.split('/').length === least);
  if (nearest.length === 1) return nearest[0];
  throw new RunError(
    'missing',
    name,
    nearest.length === 0
      ? 'is not a run: there is no config.json in it'
      : `holds several runs (${nearest.slice(0, 3).join(', ')}); give one of them`,
  );
}
