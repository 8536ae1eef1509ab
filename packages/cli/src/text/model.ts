// The model of a text run: made anew from its configuration, or with the weights that were saved.

import { FormatError, LanguageModel, Vocabulary } from 'unrolled';
import type { SavedRun } from '../runs/kind.ts';
import type { TextConfig } from './config.ts';

export function modelOf(config: Pick<TextConfig, 'model'>): LanguageModel {
  const { vocabularySize, ...options } = config.model;
  return new LanguageModel(vocabularySize, options);
}

export interface LoadedText extends Pick<SavedRun, 'step' | 'notice'> {
  readonly model: LanguageModel;
  readonly vocabulary: Vocabulary;
  readonly config: TextConfig;
}

/** The model of a saved text run, in evaluation mode. */
export function restoreText(saved: SavedRun<TextConfig>): LoadedText {
  const { path, step, notice } = saved;
  const config = saved.config as TextConfig;
  if (config.task !== 'text') throw new FormatError(path, `expected a run of the task text, got ${config.task}`);
  const vocabulary = Vocabulary.fromJSON(saved.readJSON('vocabulary'), `${path}/vocabulary.json`);
  const model = modelOf(config);
  model.loadStateDict(saved.weights, path);
  return { model: model.eval(), vocabulary, config, step, notice };
}
