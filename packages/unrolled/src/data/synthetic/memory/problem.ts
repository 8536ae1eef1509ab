// What the tests of long memory have in common. Each has a target that depends on a symbol many steps ago, in a sequence that is otherwise noise:
// the loss of a network without memory is known exactly, and any improvement on it is memory.
//
//   relevant input                                                                 target
//      ↓                                                                               ↓
//   x₁ x₂ x₃ x₄ x₅ x₆ x₇ x₈ x₉ …                                                      x_T
//   h₁ ▶ h₂ ▶ h₃ ▶ h₄ ▶ …        the gradient has to come back through T steps       h_T ──▶ y

import { requireKinds, requireOneEach, requireWhole } from '../../../checks.ts';
import type { Random } from '../../../random.ts';

/** A batch of sequences, time first. */
export interface MemoryBatch {
  /** Steps T of the longest row, batch size B. */
  readonly steps: number;
  readonly rows: number;
  /** Inputs [T, B, inputSize]; zeros past a row's length. */
  readonly input: Float32Array;
  /** Length of each row; null where all have T. */
  readonly lengths: Int32Array | null;
  /** Targets: [B] for 'number' and 'class'; [T, B] for 'classes', where `ignored` means no target. */
  readonly target: Float32Array | Int32Array;
}

/** Target value of steps without a target. */
export const ignored = -100;

/** The size and difficulty of a batch that a memory problem is asked for. */
export interface BatchRequest {
  /** Batch size. */
  readonly rows: number;
  /** Curriculum level from 0, for problems that have one. */
  readonly level?: number;
  /** Whether to make test sequences, at the test's length. */
  readonly test?: boolean;
}

/** A problem: a source of batches, and its metrics. */
export interface MemoryProblem {
  readonly name: string;
  readonly inputSize: number;
  /** Output size: 1, or the number of classes. */
  readonly outputSize: number;
  /** Target: a number or a class after the last step, or a class at each step. */
  readonly asks: 'number' | 'class' | 'classes';
  /** Loss of the best predictor without memory: mean squared error, or nats per target. */
  readonly memoryless: number;
  /** Curriculum levels, each started when a batch of the last is mastered; 1 for none. */
  readonly levels: number;
  batch(random: Random, request: BatchRequest): MemoryBatch;
  /** Metrics of the model's outputs ([B, outputSize], or [T, B, outputSize] for 'classes'). */
  measure(output: ArrayLike<number>, batch: MemoryBatch): Record<string, number>;
}

/** Refuses a request for no batch. Every problem's `batch` begins with it. */
export function requireRequest(who: string, random: unknown, request: unknown): void {
  const kinds = { random: { integer: 'function', uniform: 'function' }, request: { level: 'number?', test: 'flag?' } };
  requireKinds(who, { random, request }, kinds);
  requireWhole(who, 'request.rows', (request as BatchRequest).rows, 0, 2 ** 24);
}

/** Refuses what is no output, or no batch of a problem with `classes` outputs. Every problem's `measure` begins with it. */
export function requireMeasurable(who: string, output: unknown, batch: unknown, classes: number): void {
  requireKinds(
    who,
    { output, batch },
    { output: 'numbers', batch: { rows: 'number', target: 'numbers', lengths: 'numbers|null' } },
  );
  const { target, lengths, rows } = batch as MemoryBatch;
  requireWhole(who, 'batch.rows', rows, 0, 2 ** 24);
  if (lengths) requireOneEach(who, 'batch.lengths', lengths, `${rows} rows`, rows);
  requireOneEach(
    who,
    'output',
    output as ArrayLike<number>,
    `${target.length} targets × ${classes}`,
    target.length * classes,
  );
}

/** Argmax of `count` values from `start`. */
export function argmaxAt(values: ArrayLike<number>, start: number, count: number): number {
  let best = 0;
  for (let k = 1; k < count; k++) if (values[start + k] > values[start + best]) best = k;
  return best;
}

/** Accuracy: the fraction of targets with the greatest output. */
export function accuracyOf(output: ArrayLike<number>, target: ArrayLike<number>, classes: number): number {
  let [right, count] = [0, 0];
  for (let i = 0; i < target.length; i++) {
    if (target[i] === ignored) continue;
    count++;
    if (argmaxAt(output, i * classes, classes) === target[i]) right++;
  }
  return count > 0 ? right / count : 1;
}

/** One-hot rows of symbols, [T, B, size]. A row of symbols may be shorter than T. */
export function oneHot(rows: readonly ArrayLike<number>[], steps: number, size: number): Float32Array {
  const input = new Float32Array(steps * rows.length * size);
  for (const [b, row] of rows.entries())
    for (let t = 0; t < row.length; t++) input[(t * rows.length + b) * size + row[t]] = 1;
  return input;
}
