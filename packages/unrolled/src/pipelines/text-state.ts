// The state of a text in progress as bytes: of the recurrent layers, of the sampling, and the scores of the next symbol.

import { FormatError } from '../errors.ts';
import { Random, type RandomState } from '../random.ts';
import { RunError } from './run-error.ts';
import type { RunInfo } from './run.ts';
import { readState, writeState } from './state.ts';

const who = 'text-generation';

/** Where a text stands. */
export interface TextState {
  /** The state of the model, as its stepper gives it. */
  readonly tensors: readonly Float32Array[];
  /** Logits of the next symbol; null before the first was read. */
  readonly scores: Float32Array | null;
  readonly random: Random;
  /** Number of symbols read and generated. */
  readonly position: number;
  /** The last symbols that were read or generated, at most 16. */
  readonly recent: readonly number[];
}

export function writeTextState(info: RunInfo, { tensors, scores, random, position, recent }: TextState): Uint8Array {
  const at = { position, read: scores !== null, random: random.state, recent };
  return writeState(who, info, { tensors: scores ? [...tensors, scores] : tensors, at });
}

/** Throws a RunError for bytes that are not a state of this model; `restore` is called with its tensors, and may throw. */
export function readTextState(
  info: RunInfo,
  bytes: Uint8Array,
  vocabularySize: number,
  restore: (tensors: readonly Float32Array[]) => void,
): TextState {
  const { tensors, at } = readState(who, info, bytes);
  const random = new Random(0);
  const read = at.read === true;
  try {
    random.setState(at.random as RandomState);
    const scores = read ? tensors.at(-1) : undefined;
    if (read && scores?.length !== vocabularySize) throw new FormatError('session state', 'has no scores');
    const own = read ? tensors.slice(0, -1) : tensors;
    restore(own);
    const position = Number.isSafeInteger(at.position) ? (at.position as number) : 0;
    return { tensors: own, scores: scores ?? null, random, position, recent: recentIn(at.recent, vocabularySize) };
  } catch (cause) {
    if (cause instanceof RunError) throw cause;
    throw new RunError('corrupt', 'session state', (cause as Error).message, { cause });
  }
}

/** Those of a saved state; none in states of earlier versions. */
function recentIn(value: unknown, size: number): readonly number[] {
  const isId = (id: unknown) => Number.isInteger(id) && Number(id) >= 0 && Number(id) < size;
  return Array.isArray(value) && value.length <= 16 && value.every(isId) ? (value as number[]) : [];
}
