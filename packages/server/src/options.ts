// Options of a server, their defaults and their checks.

import { OptionError } from 'unrolled';
import { filesOf, type RunFiles, type RunSource } from 'unrolled/pipelines';
import type { Engine } from './engine/engine.ts';
import { namedRuns } from './engine/runs.ts';
import { checkHosts, checkOrigins } from './http/hosts.ts';
import type { Log } from './http/log.ts';
import { limitsOf, type ServerLimits } from './limits.ts';
import type { ChatFormat } from './routes/route.ts';
import type { StaticFiles } from './routes/static-files.ts';

/** Options of `createServer`, and of `listen` in Node. */
export interface ServerOptions {
  /** Runs: folders, `name=folder`, or sources by the names that requests give them. */
  readonly runs?: readonly string[] | Readonly<Record<string, RunSource>>;
  /** An engine that is there, in place of `runs`. It is the caller's to close. */
  readonly engine?: Engine;
  /** Worker threads; 0 computes in this one. Default: one per model, at most one for two processors. */
  readonly workers?: number;
  /** Sequences that a model computes at the same time in one thread. Default 256. */
  readonly maxRows?: number;
  /** Requests of a model that wait; more are refused with 429. Default 256. */
  readonly maxQueue?: number;
  /** Whether new checkpoints of the runs are opened when they appear. Default false. */
  readonly watch?: boolean;
  readonly backend?: 'native' | 'wasm' | 'reference';
  /** Threads of the kernels in each worker. */
  readonly threads?: number;
  /** Keys that requests need, as `Authorization: Bearer`. Default: none. */
  readonly apiKey?: string | readonly string[];
  /** Host names under which it answers, besides those of this machine and addresses; `*` for all. Default: none; all where there is a key. */
  readonly allowedHosts?: readonly string[];
  /** Origins whose pages may use it: `https://example.com`. Default: none but its own. */
  readonly allowedOrigins?: readonly string[];
  /** Hosts from which images may be fetched: `images.example.com`. Default: none. */
  readonly imageHosts?: readonly string[];
  readonly limits?: Partial<ServerLimits>;
  /** How messages become text: line after line, or a dialog with the names of the roles. Default 'text'. */
  readonly chat?: ChatFormat;
  /** Secret of at least 32 characters that signs state tokens; copies of a server share one. Default: a random one. */
  readonly stateKey?: string;
  /** Seconds for which a state token is good. Default 604 800, a week. */
  readonly stateSeconds?: number;
  /** Path under which it is mounted in another application: `/models`. Default: none. */
  readonly basePath?: string;
  /** The static build of `@unrolled/studio`, which is then at /studio/. Default: none. */
  readonly studio?: StaticFiles | null;
  /** Runs that the studio opens, as `runs`: whoever may ask the server may read their files. Default: none. */
  readonly studioRuns?: readonly string[] | Readonly<Record<string, RunSource>>;
  /** Is told of every request at its end. Default: nobody. */
  readonly log?: Log;
}

const known: readonly (keyof ServerOptions)[] = [
  'runs',
  'engine',
  'workers',
  'maxRows',
  'maxQueue',
  'watch',
  'backend',
  'threads',
  'apiKey',
  'allowedHosts',
  'allowedOrigins',
  'imageHosts',
  'limits',
  'chat',
  'stateKey',
  'stateSeconds',
  'basePath',
  'studio',
  'studioRuns',
  'log',
];

const longestState = 1e10; // seconds

/** The options with their defaults. Throws an OptionError for what cannot be used. */
export function checkedOptions(options: ServerOptions) {
  const who = 'createServer';
  if (typeof options !== 'object' || options === null)
    throw new OptionError(who, 'options', "expected an object such as { runs: ['runs/my'] }");
  for (const key of Object.keys(options))
    if (!(known as readonly string[]).includes(key))
      throw new OptionError(who, key, `unknown option; known are ${known.join(', ')}`);
  const { runs, engine, apiKey = [], chat = 'text', stateKey, stateSeconds = 7 * 86_400, basePath = '' } = options;
  if ((runs === undefined) === (engine === undefined) && !(runs === undefined && options.studio))
    throw new OptionError(who, 'runs', 'expected either runs or an engine');
  const keys = typeof apiKey === 'string' ? [apiKey] : apiKey;
  const { allowedHosts = keys.length > 0 ? ['*'] : [], allowedOrigins = [], imageHosts = [] } = options;
  checkHosts(allowedHosts);
  checkOrigins(allowedOrigins);
  if (chat !== 'text' && chat !== 'roles')
    throw new OptionError(who, 'chat', `expected text or roles, got ${String(chat)}`);
  if (stateKey !== undefined && !(typeof stateKey === 'string' && stateKey.length >= 32))
    throw new OptionError(who, 'stateKey', 'expected a secret of at least 32 characters');
  if (!(typeof stateSeconds === 'number' && stateSeconds > 0 && stateSeconds <= longestState))
    throw new OptionError(
      who,
      'stateSeconds',
      `expected a number above 0, at most ${longestState}, got ${String(stateSeconds)}`,
    );
  if (!/^(?:\/[\w.-]+)*$/.test(basePath)) throw new OptionError(who, 'basePath', 'expected a path such as /models');
  return {
    keys,
    allowedHosts,
    allowedOrigins,
    imageHosts,
    limits: limitsOf(options.limits),
    chat: chat as ChatFormat,
    stateKey,
    stateSeconds,
    basePath,
    studio: options.studio ?? null,
    studioRuns: filesByName(options.studioRuns ?? []),
    log: options.log ?? (() => {}),
  };
}

/** Where the files of runs are, by the names of the runs. What cannot be opened is told to whoever asks for it. */
function filesByName(runs: NonNullable<ServerOptions['studioRuns']>): ReadonlyMap<string, () => Promise<RunFiles>> {
  const some = Array.isArray(runs) ? runs.length > 0 : Object.keys(runs).length > 0;
  const named = some ? namedRuns(runs) : new Map<string, RunSource>();
  return new Map(Array.from(named, ([name, source]) => [name, () => filesOf(source)]));
}
