// What defines a run of number sequences besides what defines every run.

import type { SequenceClassifierConfig, SequenceTaggerConfig } from 'unrolled';
import type { RunConfig, RunData } from '../runs/config.ts';
import type { NumberSource } from './source.ts';

export interface SeriesSettings {
  readonly batch: number;
  readonly maxLength: number;
  readonly labelSmoothing: number;
  readonly balanced: boolean;
}

export type SeriesConfig = RunConfig<
  SequenceClassifierConfig | SequenceTaggerConfig,
  SeriesSettings,
  RunData & {
    /** Sequences. */
    readonly rows: number;
    readonly read: NumberSource;
    /** Number of steps of the longest training sequence. */
    readonly longest: number;
  }
>;
