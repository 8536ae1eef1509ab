// A saved text run, ready to be used.

import { FormatError, LanguageModel, type SavedTensor, Vocabulary } from 'unrolled';
import { RunFolder } from '../run-folder.ts';
import type { TextConfig } from './config.ts';

export interface LoadedText {
  readonly model: LanguageModel;
  readonly vocabulary: Vocabulary;
  readonly config: TextConfig;
  /** The step its weights are from. */
  readonly step: number;
  /** Set when the newest checkpoint could not be used and an older one was. */
  readonly notice: string | null;
}

/** The model of a run folder, in evaluation mode: its best weights by validation, or its last. */
export async function loadText(path: string, which: 'best' | 'last' = 'best'): Promise<LoadedText> {
  const folder = await RunFolder.open(path);
  try {
    const config = folder.config as unknown as TextConfig;
    if (config.task !== 'text')
      throw new FormatError(path, `expected a run of the task text, got ${String(config.task)}`);
    const checkpoint = await folder.loadCheckpoint(which);
    if (!checkpoint)
      throw new FormatError(path, 'holds no checkpoint yet: the run was stopped before its first save; start it again');
    const vocabulary = Vocabulary.fromJSON(folder.vocabulary, `${path}/vocabulary.json`);
    const { vocabularySize, ...options } = config.model;
    const model = new LanguageModel(vocabularySize, options);
    model.loadStateDict(checkpoint.model as ReadonlyMap<string, SavedTensor>, path);
    return { model: model.eval(), vocabulary, config, step: checkpoint.step, notice: checkpoint.notice ?? null };
  } finally {
    await folder.close();
  }
}
