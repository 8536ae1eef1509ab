// What defines a run of video besides what defines every run.

import type { VideoClassifierConfig, VideoTaggerConfig } from 'unrolled';
import type { ImageChanges } from '../images/augmentation.ts';
import type { RunConfig, RunData } from '../runs/config.ts';
import type { ClipSource } from './data.ts';

export interface VideoSettings extends ImageChanges {
  readonly batch: number;
  /** Default 0. */
  readonly labelSmoothing?: number;
  /** Learning rate of a pretrained CNN that is fine-tuned, as a multiple of the others'. */
  readonly cnnRate?: number;
}

/** A classifier's where `data.read.perFrame` is false, a tagger's where it is true. */
export type VideoConfig = RunConfig<
  VideoClassifierConfig | VideoTaggerConfig,
  VideoSettings,
  RunData & { readonly clips: number; readonly read: ClipSource; readonly example: string | null }
>;
