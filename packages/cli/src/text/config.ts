// What defines a text run besides what defines every run.

import { LanguageModel, type LanguageModelConfig } from 'unrolled';
import type { RunConfig, RunData } from '../runs/config.ts';

export interface TextSettings {
  readonly batch: number;
  readonly seqLength: number;
  readonly reduction: 'mean' | 'sum';
  readonly valFrac: number;
}

export interface TextData extends RunData {
  /** Symbols: characters, or tokens. */
  readonly characters: number;
  /** The files that were read; older runs have their names in `source` alone. */
  readonly paths?: readonly string[];
}

export type TextConfig = RunConfig<LanguageModelConfig, TextSettings, TextData>;

/** The model at its first step. */
export function languageModelOf({ vocabularySize, ...options }: LanguageModelConfig): LanguageModel {
  return new LanguageModel(vocabularySize, options);
}
