// What defines a run of questions about images besides what defines every run.

import type { VisualQAConfig } from 'unrolled';
import type { ImageChanges } from '../images/augmentation.ts';
import type { RunConfig, RunData } from '../runs/config.ts';
import type { QuestionSource } from './data.ts';

export interface VqaSettings extends ImageChanges {
  readonly batch: number;
  readonly maxLength: number;
  /** Default 0. */
  readonly labelSmoothing?: number;
  /** Learning rate of a pretrained CNN that is fine-tuned, as a multiple of the others'. */
  readonly cnnRate?: number;
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
