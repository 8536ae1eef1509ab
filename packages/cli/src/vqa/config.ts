// What defines a run of questions about images besides what defines every run.

import type { VisualQAConfig } from 'unrolled';
import type { RunConfig, RunData } from '../runs/config.ts';
import type { QuestionSource } from './data.ts';

export interface VqaSettings {
  readonly batch: number;
  readonly maxLength: number;
}

/** A question to try the run on. */
export interface ExampleQuestion {
  /** Its file; null for images that are in none. */
  readonly image: string | null;
  readonly question: string;
}

export type VqaConfig = RunConfig<
  VisualQAConfig,
  VqaSettings,
  RunData & { readonly rows: number; readonly read: QuestionSource; readonly example: ExampleQuestion }
>;
