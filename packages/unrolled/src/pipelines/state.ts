// The state of a session as bytes: a safetensors file whose metadata name its format, its model and its position. It is bound to the model's
// hash: the state of another model would load without complaint and mean nothing.

import { shown } from '../checks.ts';
import { FormatError, OptionError } from '../errors.ts';
import { readSafetensors, writeSafetensors } from '../io/safetensors.ts';
import { RunError } from './run-error.ts';
import type { RunInfo } from './run.ts';

const format = 'unrolled state';
const version = '1';

export interface SessionState {
  readonly tensors: readonly Float32Array[];
  /** Plain JSON. */
  readonly at: Readonly<Record<string, unknown>>;
}

/** Throws an OptionError for a session of a model that is in no run. */
export function writeState(task: string, { hash, name }: RunInfo, { tensors, at }: SessionState): Uint8Array {
  if (hash === '')
    throw new OptionError(task, 'state', `is handed out by models of saved runs, and this is ${name}; save it first`);
  const named = tensors.map((data, k) => [String(k).padStart(4, '0'), { shape: [data.length], data }] as const);
  return writeSafetensors(new Map(named), { format, version, task, model: hash, at: JSON.stringify(at) });
}

/** Throws a RunError for bytes that are no state, of a later version, of another task or of another model. */
export function readState(task: string, { hash, name }: RunInfo, bytes: Uint8Array): SessionState {
  const source = 'session state';
  try {
    if (!(bytes instanceof Uint8Array)) throw new FormatError(source, `expected bytes, got ${shown(bytes)}`);
    const { tensors, metadata } = readSafetensors(bytes, source);
    if (metadata.format !== format) throw new FormatError(source, 'is not the state of a session');
    if (metadata.version !== version)
      throw new RunError('newer', source, `has version ${metadata.version}, known here is ${version}; update unrolled`);
    if (metadata.task !== task) throw new RunError('mismatch', source, `is of the task ${metadata.task}, not ${task}`);
    if (metadata.model !== hash)
      throw new RunError('mismatch', source, `is of another model than ${name}: the weights have another SHA-256`);
    const at = JSON.parse(metadata.at) as unknown;
    if (typeof at !== 'object' || at === null) throw new FormatError(source, 'does not say where it stands');
    const names = [...tensors.keys()].sort();
    return { tensors: names.map((key) => floats(tensors.get(key)?.data, source)), at: at as Record<string, unknown> };
  } catch (cause) {
    if (cause instanceof RunError) throw cause;
    const problem = cause instanceof FormatError ? cause.message : `${source}: ${(cause as Error).message}`;
    throw new RunError('corrupt', source, problem, { cause });
  }
}

function floats(data: unknown, source: string): Float32Array {
  if (data instanceof Float32Array && data.every(Number.isFinite)) return data;
  throw new FormatError(source, 'holds numbers that a state cannot have');
}
