// What defines a run of pairs of texts besides what defines every run.

import type { Seq2SeqConfig } from 'unrolled';
import type { RunConfig, RunData } from '../runs/config.ts';
import type { PairSource } from './data.ts';
import type { ForcingName } from './options.ts';

export interface TranslateSettings {
  readonly batch: number;
  readonly batchTokens: number | null;
  readonly maxLength: number;
  readonly teacherForcing: number;
  readonly forcingSchedule: ForcingName;
  readonly labelSmoothing: number;
  readonly translate: number;
  readonly best: string;
}

export interface TranslateData extends RunData {
  readonly rows: number;
  readonly read: PairSource;
  /** Number of tokens of the longest training example, source and target. */
  readonly longest: { readonly source: number; readonly target: number };
  readonly example: string;
}

export type TranslateConfig = RunConfig<Seq2SeqConfig, TranslateSettings, TranslateData>;
