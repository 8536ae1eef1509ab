// What defines a run of tagged sequences besides what defines every run.

import type { SequenceTaggerConfig } from 'unrolled';
import type { RunConfig, RunData } from '../runs/config.ts';
import type { TaggedSource } from './data.ts';

export interface TagSettings {
  readonly batch: number;
  readonly maxLength: number;
  readonly labelSmoothing: number;
  readonly balanced: boolean;
  readonly best: string;
  /** SHA-256 of the word vectors that the embedding began with. Default: random numbers. */
  readonly vectors?: string;
}

export interface TagData extends RunData {
  readonly rows: number;
  readonly read: TaggedSource;
  /** Number of tokens of the longest training example. */
  readonly longest: number;
  /** Whether every token was one character: a text is then its characters. */
  readonly characters: boolean;
  readonly example: string;
}

export type TagConfig = RunConfig<SequenceTaggerConfig, TagSettings, TagData>;
