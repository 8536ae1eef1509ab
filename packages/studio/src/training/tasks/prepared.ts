// What a task makes of settings and a text or a data set by name: model, data and the way it is looked at. One file a task, one line in index.ts.

import { type CellName, manualSeed, type Module, type Task } from 'unrolled';
import type { Settings } from '../../state/settings.ts';
import type { TextRead } from './text.ts';

export interface Prepared {
  readonly model: Module;
  readonly task: Task;
  /** How many examples or characters there are to learn from, and how many different symbols. */
  readonly examples: number;
  readonly symbols: number;
  /** What the model writes or answers as it is: always to the same questions, of the same random numbers. */
  readonly show: () => Promise<string>;
  /** What the inside of a language model is read from; null for other tasks. */
  readonly text: TextRead | null;
}

/** The part of the settings that all models have. */
export function layersOf({ cell, hiddenSize, numLayers }: Settings): {
  readonly cell: CellName;
  readonly hiddenSize: number;
  readonly numLayers: number;
} {
  return { cell, hiddenSize, numLayers };
}

/** A model whose weights are drawn from the seed. */
export function seeded<M>(settings: Settings, make: () => M): M {
  manualSeed(settings.seed);
  return make();
}

/** `right ? ✓ : ✗`, so that an answer is not told by its color. */
export const marked = (right: boolean, text: string): string => `${right ? '✓' : '✗'} ${text}`;

/** The last part of the examples validates; at least one, and at most half. */
export function divided<T>(all: readonly T[], { validation }: Settings): { train: readonly T[]; rest: readonly T[] } {
  const cut = Math.floor(all.length * (1 - Math.max(0.02, validation)));
  return { train: all.slice(0, cut), rest: all.slice(cut) };
}
