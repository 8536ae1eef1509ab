// A saved classifier: its model, its tokens, its labels.

import type { ClassifyConfig } from './config.ts';
import { SequenceClassifier, Tokenizer } from 'unrolled';
import type { SavedRun } from '../runs/kind.ts';

export interface LoadedClassifier {
  readonly model: SequenceClassifier;
  readonly tokenizer: Tokenizer;
  readonly labels: readonly string[];
  readonly config: ClassifyConfig;
}

export function restoreClassifier(saved: SavedRun<ClassifyConfig>): LoadedClassifier {
  const { path } = saved;
  const { config } = saved;
  const model = new SequenceClassifier(config.model);
  model.loadStateDict(saved.weights, path);
  return {
    model: model.eval(),
    tokenizer: Tokenizer.fromJSON(saved.readJSON('tokenizer'), `${path}/tokenizer.json`),
    labels: saved.readJSON('labels') as string[],
    config,
  };
}
