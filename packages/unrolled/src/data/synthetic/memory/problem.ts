// What the tests of long memory have in common. Each asks for something that was said many steps ago, in a sequence that is otherwise noise:
// what a network without memory can reach is known exactly, and what lies between is what it remembers.
//
//   said here                                                                      asked here
//      ↓                                                                               ↓
//   x₁ x₂ x₃ x₄ x₅ x₆ x₇ x₈ x₉ …                                                      x_T
//   h₁ ▶ h₂ ▶ h₃ ▶ h₄ ▶ …        the gradient has to come back through T steps       h_T ──▶ y

import type { Random } from '../../../random.ts';

/** A batch of sequences, time first. */
export interface MemoryBatch {
  /** Steps T of the longest row, rows B. */
  readonly steps: number;
  readonly rows: number;
  /** [T, B, inputSize]; zeros past a row's length. */
  readonly input: Float32Array;
  /** Steps of each row; null where all have T. */
  readonly lengths: Int32Array | null;
  /** For 'number' [B]; for 'class' [B]; for 'classes' [T, B], where `ignored` stands for no target. */
  readonly target: Float32Array | Int32Array;
}

/** Where nothing is asked. */
export const ignored = -100;

/** The size and difficulty of a batch that a memory problem is asked for. */
export interface BatchRequest {
  /** Rows. */
  readonly rows: number;
  /** For problems that become harder: how hard, from 0. Others don't heed it. */
  readonly level?: number;
  /** For the test: as long as the test is to be. */
  readonly test?: boolean;
}

/** A problem: a source of batches, and how its answers are judged. */
export interface MemoryProblem {
  readonly name: string;
  readonly inputSize: number;
  /** Numbers the model puts out: 1, or as many as there are classes. */
  readonly outputSize: number;
  /** What is asked: a number or a class after the last step, or a class at each step. */
  readonly asks: 'number' | 'class' | 'classes';
  /** The loss of the best answers without a memory: mean square error, or nats per target. */
  readonly memoryless: number;
  /** Levels that training climbs, one whenever a batch is mastered; 1 for none. */
  readonly levels: number;
  batch(random: Random, request: BatchRequest): MemoryBatch;
  /** What the model's outputs ([B, outputSize], or [T, B, outputSize] for 'classes') are worth. */
  measure(output: ArrayLike<number>, batch: MemoryBatch): Record<string, number>;
}

/** The number of the greatest of `count` values from `start`. */
export function argmaxAt(values: ArrayLike<number>, start: number, count: number): number {
  let best = 0;
  for (let k = 1; k < count; k++) if (values[start + k] > values[start + best]) best = k;
  return best;
}

/** The part of the targets that the greatest output names. */
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
