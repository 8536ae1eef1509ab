// Which files a saved run may have read. Its config.json names those it was trained on, and a run may come from anybody: a folder of
// images, a table, a text that it names would be read, and shown, on a stranger's word. So they are read without a question only
//
//   · when this user trained the run here: the hash of its config.json is kept in the user's own state folder, or
//   · when they lie in the folder where the command is run, or in the run's own.
//
// Of everything else the user is asked; where nobody can be, the error says what to type.

import fs from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve, sep } from 'node:path';
import { OptionError } from 'unrolled';
import { isDemoText } from '../demo-text.ts';
import { wayFrom } from '../files/index.ts';
import type { RunConfig } from './config.ts';
import { t } from '../language/index.ts';

export interface TrustOptions {
  /** The run's own data are to be read: the user named none. Otherwise they are only taken along where nothing has to be asked. */
  readonly ownData: boolean;
  /** The user said so on the command line. */
  readonly trustPaths: boolean;
  /** Asks a person; null where there is none. */
  readonly ask: ((question: string) => Promise<boolean>) | null;
}

/** What says where data are, in `data` and in `data.read`. */
const pathFields = ['paths', 'files', 'images', 'clips', 'features', 'validation', 'validationFeatures'] as const;

type Fields = Readonly<Record<string, unknown>>;

/**
 * The configuration with the paths that may be read. Throws an OptionError where the run's own data are wanted and some of them lie elsewhere;
 * where the user named other data, those paths are left out.
 */
export async function trustedConfig(
  run: string,
  { config, sha256 }: { readonly config: RunConfig; readonly sha256: string },
  { ownData, trustPaths, ask }: TrustOptions,
): Promise<RunConfig> {
  const elsewhere = pathsOf(config).filter((path) => !isNear(path, run));
  if (elsewhere.length === 0 || trustPaths || isOwn(sha256)) return config;
  if (!ownData) return withoutPaths(config, elsewhere);
  const list =
    elsewhere
      .slice(0, 3)
      .map((path) => JSON.stringify(path))
      .join(', ') + (elsewhere.length > 3 ? ', …' : '');
  if (await ask?.(t`${run} was not trained here, and wants to read ${list}. Read it?`)) return config;
  throw new OptionError(
    'data',
    run,
    `was not trained here and names data outside of this folder: ${list}; name the data to use (--file …), or add --trust-paths to read what it names`,
  );
}

/**
 * Throws an OptionError where the plan in a sweep's folder is not one that this user began: its command names any files, and what is trained on them is left
 * in that folder.
 */
export async function requireTrustedPlan(
  folder: string,
  { command, sha256 }: { readonly command: string; readonly sha256: string },
  { trustPaths, ask }: Pick<TrustOptions, 'trustPaths' | 'ask'>,
): Promise<void> {
  if (trustPaths || isOwn(sha256)) return;
  if (await ask?.(t`${folder} was not begun here, and wants to run ${JSON.stringify(command)}. Run it?`)) return;
  throw new OptionError(
    'sweep',
    folder,
    `was not begun here, and its command may read any file: ${command}; start it with its sweep.json and --out, or add --trust-paths to run what it names`,
  );
}

/** Every path that the run would read. */
export function pathsOf(config: RunConfig): string[] {
  const data: Fields = { ...config.data };
  const read = (typeof data.read === 'object' && data.read !== null ? data.read : {}) as Fields;
  const named = [data, read].flatMap((fields) => pathFields.flatMap((key) => texts(fields[key])));
  const text = config.task === 'text' && !('paths' in data) && !('files' in data) ? texts(data.source) : [];
  return [...named, ...text.filter((source) => !isDemoText(source))];
}

function texts(value: unknown): string[] {
  return (Array.isArray(value) ? (value as unknown[]) : [value]).filter(
    (one): one is string => typeof one === 'string',
  );
}

/** Below the folder where the command is run, or the run's own, also when links are followed. A list in one text counts by its parts. */
function isNear(path: string, run: string): boolean {
  const folders = [real('.'), real(run)];
  return [path, ...path.split(/,\s*/)].every((one) => folders.some((folder) => wayFrom(folder, real(one)) !== null));
}

/** Where a path leads; of what is not there, where the folder above it does. */
function real(path: string): string {
  const whole = resolve(path);
  try {
    return fs.realpathSync(whole);
  } catch {
    return dirname(whole) === whole ? whole : join(real(dirname(whole)), whole.slice(whole.lastIndexOf(sep) + 1));
  }
}

function withoutPaths(config: RunConfig, elsewhere: readonly string[]): RunConfig {
  const without = (fields: Fields): Fields =>
    Object.fromEntries(
      Object.entries(fields).map(([key, value]) => {
        if (!(pathFields as readonly string[]).includes(key) || !texts(value).some((one) => elsewhere.includes(one)))
          return [key, value];
        return [key, Array.isArray(value) ? [] : null];
      }),
    );
  const data = without({ ...config.data });
  const read = typeof data.read === 'object' && data.read !== null ? { read: without(data.read as Fields) } : {};
  return { ...config, data: { ...config.data, ...data, ...read } };
}

/** `UNROLLED_STATE`, or where the system keeps what programs remember. */
export function stateFolder(): string {
  const { UNROLLED_STATE, XDG_STATE_HOME, LOCALAPPDATA } = process.env;
  return UNROLLED_STATE || join(XDG_STATE_HOME || LOCALAPPDATA || join(homedir(), '.local', 'state'), 'unrolled');
}

/** A file for every configuration that this user began a run with, named by its hash: two runs that begin at once cannot lose one. */
const ownFolder = () => join(stateFolder(), 'trained-here');

/** Remembers a run, or the plan of a sweep, that begins here. Where nothing can be kept the user is asked later. */
export function rememberRun(sha256: string): void {
  try {
    fs.mkdirSync(ownFolder(), { recursive: true, mode: 0o700 });
    fs.writeFileSync(join(ownFolder(), sha256), '');
  } catch {
    // a question more
  }
}

function isOwn(sha256: string): boolean {
  return /^[0-9a-f]{64}$/.test(sha256) && fs.existsSync(join(ownFolder(), sha256));
}
