// What a task makes of settings and data: model, task, and the way it is looked at. One file a task, one line in index.ts.

import { type CellName, manualSeed, type Module, type Task } from 'unrolled';
import type { RawImage } from 'unrolled/data';
import type { InputContract } from 'unrolled/pipelines';
import type { Settings } from '../../settings/settings.ts';
import type { SampleChart } from '../history.ts';
import { trainedOf } from '../../data/divided.ts';

export interface Prepared {
  readonly model: Module;
  readonly task: Task;
  /** How many examples or characters there are to learn from, and how many different symbols. */
  readonly examples: number;
  readonly symbols: number;
  /** What the model writes or answers as it is: always to the same questions, of the same random numbers. */
  readonly show: () => Promise<Shown>;
  /** Pictures that `show` answers about, a line each. */
  readonly pictures: readonly RawImage[];
  /** What a run folder has of it besides its weights. */
  readonly parts: RunParts;
  /** What validates, for files that others measure on. Null for data that are made as they are needed. */
  readonly heldOut: () => HeldOut | null;
}

export interface Shown {
  readonly text: string;
  readonly chart?: SampleChart;
}

/** What a run folder has besides weights: the task by the command's name, the model's options and its input contract, and more files. */
export interface RunParts {
  readonly task: 'text' | 'classify' | 'tag' | 'translate' | 'forecast' | 'caption' | 'vqa' | 'video' | 'memory';
  /** The options of the model, its type among them. */
  readonly config: object;
  /** Null for a memory problem, which nothing can be asked. */
  readonly input: InputContract | null;
  /** Files by their names without `.json`: vocabulary, labels, … */
  readonly contents: Readonly<Record<string, unknown>>;
}

/** What validates: a text, or rows of a table; images stand in it by their numbers. */
export type HeldOut =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'table';
      readonly head: readonly string[];
      readonly rows: readonly (readonly string[])[];
      readonly images: readonly RawImage[];
      /** Whether the images are frames of clips, which lie in folders. */
      readonly clips: boolean;
    };

/** A table without images. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): HeldOut => ({
  kind: 'table',
  head,
  rows,
  images: [],
  clips: false,
});

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

/** The last part of the examples validates. */
export function divided<T>(all: readonly T[], { validation }: Settings): { train: readonly T[]; rest: readonly T[] } {
  const cut = trainedOf(all.length, validation);
  return { train: all.slice(0, cut), rest: all.slice(cut) };
}

/** The longest of some lengths. */
export const longestOf = (all: readonly { readonly length: number }[]): number =>
  all.reduce((most, { length }) => Math.max(most, length), 0);
