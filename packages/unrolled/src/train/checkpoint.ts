// A run at one moment, as plain data, and the check of what comes back from a file.

import { shown } from '../checks.ts';
import { FormatError } from '../errors.ts';
import type { StateDict } from '../nn/module.ts';
import type { GlobalRandomState } from '../tensor/random-state.ts';
import type { Json } from './task.ts';

/** A run at one moment: plain data, ready to be saved. */
export interface Checkpoint {
  readonly step: number;
  readonly model: StateDict;
  /** The optimizer state and the task's carried states. */
  readonly training: StateDict;
  readonly state: TrainingState;
}

/** The part of a checkpoint that is JSON. */
export interface TrainingState {
  readonly version: 1;
  readonly step: number;
  readonly smoothLoss: number | null;
  /** The loss at the best validation. */
  readonly bestLoss: number | null;
  /** Score by which it is the best, where the task has one of its own; else the loss. */
  readonly bestScore?: number | null;
  readonly bestMetrics?: Readonly<Record<string, number>> | null;
  readonly withoutImprovement: number;
  /** Batches left out in a row just before. */
  readonly skipped?: number;
  readonly random: GlobalRandomState;
  readonly optimizer: Json;
  readonly schedule: Json;
  readonly task: Json;
}

/** Throws a FormatError that names the field which is not what a trainer saves. Optimizer, schedule and task check their own. */
export function checkTrainingState(state: unknown): asserts state is TrainingState {
  const fields = Object(state) as Record<keyof TrainingState, unknown>;
  if (fields.version !== 1)
    throw new FormatError('checkpoint', `expected version 1, got ${shown(fields.version)}; update unrolled`);
  const count = (n: unknown) => Number.isSafeInteger(n) && (n as number) >= 0;
  const numberOrNull = (n: unknown) => n === null || Number.isFinite(n);
  const numbers = (of: unknown) => typeof of === 'object' && of !== null && Object.values(of).every(Number.isFinite);
  const rules: [keyof TrainingState, expected: string, fits: (value: unknown) => boolean][] = [
    ['step', 'a whole number from 0', count],
    ['withoutImprovement', 'a whole number from 0', count],
    ['skipped', 'a whole number from 0', (n) => n === undefined || count(n)],
    ['smoothLoss', 'a number or null', numberOrNull],
    ['bestLoss', 'a number or null', numberOrNull],
    ['bestScore', 'a number or null', (n) => n === undefined || numberOrNull(n)],
    ['bestMetrics', 'numbers by name, or null', (of) => of === undefined || of === null || numbers(of)],
  ];
  for (const [name, expected, fits] of rules) {
    if (!fits(fields[name]))
      throw new FormatError('checkpoint', `${name}: expected ${expected}, got ${shown(fields[name])}`);
  }
}

/** The tensors whose names start with `prefix`, without it. */
export function partOf(tensors: StateDict, prefix: string): StateDict {
  return new Map(
    Array.from(tensors).flatMap(([name, t]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), t] as const] : [],
    ),
  );
}
