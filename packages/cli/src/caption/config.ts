// What defines a run of captions besides what defines every run.

import type { CaptionerConfig } from 'unrolled';
import type { RunConfig, RunData } from '../runs/config.ts';
import type { ImageChanges } from '../images/augmentation.ts';
import type { CaptionSource } from './data.ts';

export interface CaptionSettings extends ImageChanges {
  readonly batch: number;
  readonly maxLength: number;
  readonly captionsPerImage: number | null;
  readonly flip: boolean;
  readonly crop: number;
  readonly color: number;
  readonly frozen: boolean;
  readonly fineTuneAfter: number;
  readonly cnnRate: number;
  /** Default 0. */
  readonly labelSmoothing?: number;
}

export type CaptionConfig = RunConfig<
  CaptionerConfig,
  CaptionSettings,
  RunData & { readonly read: CaptionSource; readonly images: number }
>;
