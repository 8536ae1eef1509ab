// What defines a text run: saved in its config.json, so that it can be resumed, sampled and repeated from the folder alone.

import type { CellName, LanguageModelConfig } from 'unrolled';

export type OptimizerName = 'sgd' | 'adagrad' | 'rmsprop' | 'adam' | 'adamw';
export type ScheduleName = 'constant' | 'step' | 'exponential' | 'cosine' | 'plateau';

export interface TextTraining {
  readonly steps: number;
  readonly batch: number;
  readonly seqLength: number;
  readonly optimizer: OptimizerName;
  readonly lr: number;
  readonly momentum: number;
  readonly weightDecay: number;
  readonly schedule: ScheduleName;
  readonly warmup: number;
  /** Of 'step': steps between decays; of 'step', 'exponential' (over the whole run) and 'plateau': what remains of the rate. */
  readonly decayEvery: number;
  readonly decay: number;
  /** Of the global norm; 0 for none. */
  readonly clip: number;
  /** Of each element; 0 for none. */
  readonly clipValue: number;
  readonly reduction: 'mean' | 'sum';
  readonly valFrac: number;
  readonly evalEvery: number;
  readonly sampleEvery: number;
  readonly patience: number;
  readonly seed: number;
}

export interface TextData {
  /** Where it came from, for a person. */
  readonly source: string;
  readonly characters: number;
  /** Of the text as it was trained on: resuming on another text is refused. */
  readonly sha256: string;
}

export interface TextConfig {
  readonly format: 'unrolled run';
  readonly version: 1;
  readonly task: 'text';
  readonly model: LanguageModelConfig;
  readonly training: TextTraining;
  readonly data: TextData;
}

/** What the flags set, after defaults. Minutes or epochs, where given, decide the steps. */
export interface TextOptions extends Omit<TextTraining, 'steps' | 'evalEvery' | 'sampleEvery'> {
  readonly cell: CellName;
  readonly hidden: number;
  readonly layers: number;
  readonly embedding: number | null;
  readonly dropout: number;
  readonly recurrentDropout: number;
  readonly tieWeights: boolean;
  readonly unit: 'character' | 'codepoint';
  readonly steps: number | null;
  readonly epochs: number | null;
  readonly minutes: number | null;
  readonly evalEvery: number | null;
  readonly sampleEvery: number | null;
}

/** The first setting in which two configurations differ, as `model.hiddenSize: 128 in the run, 256 asked for`; null when they agree. */
export function firstDifference(saved: unknown, asked: unknown, path = ''): string | null {
  if (typeof saved === 'object' && saved !== null && typeof asked === 'object' && asked !== null) {
    for (const key of new Set([...Object.keys(saved), ...Object.keys(asked)])) {
      const difference = firstDifference(
        (saved as Record<string, unknown>)[key],
        (asked as Record<string, unknown>)[key],
        path ? `${path}.${key}` : key,
      );
      if (difference) return difference;
    }
    return null;
  }
  return Object.is(saved, asked) ? null : `${path}: ${String(saved)} in the run, ${String(asked)} asked for`;
}
