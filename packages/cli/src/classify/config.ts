// What defines a run of labeled texts besides what defines every run.

import type { SequenceClassifierConfig } from 'unrolled';
import type { RunConfig, RunData } from '../runs/config.ts';
import type { LabeledSource } from './data.ts';

export interface ClassifySettings {
  readonly batch: number;
  readonly maxLength: number;
  readonly labelSmoothing: number;
  readonly balanced: boolean;
  /** SHA-256 of the word vectors that the embedding began with. Default: random numbers. */
  readonly vectors?: string;
}

export type ClassifyConfig = RunConfig<
  SequenceClassifierConfig,
  ClassifySettings,
  RunData & {
    readonly rows: number;
    readonly read: LabeledSource;
    /** Number of tokens of the longest training example. */
    readonly longest: number;
    readonly example: string;
  }
>;
