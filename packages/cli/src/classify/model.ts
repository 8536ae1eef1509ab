// A saved classifier: its model, its tokens, its labels.

import { SequenceClassifier, type SequenceClassifierConfig } from 'unrolled';
import { Tokenizer } from 'unrolled/data';
import type { SavedRun } from '../runs/kind.ts';
import type { ClassifyConfig } from './kind.ts';

export interface LoadedClassifier {
  readonly model: SequenceClassifier;
  readonly tokenizer: Tokenizer;
  readonly labels: readonly string[];
  readonly config: ClassifyConfig;
}

export function restoreClassifier(saved: SavedRun): LoadedClassifier {
  const { path } = saved;
  const config = saved.config as unknown as ClassifyConfig;
  const model = new SequenceClassifier(config.model as SequenceClassifierConfig);
  model.loadStateDict(saved.weights, path);
  return {
    model: model.eval(),
    tokenizer: Tokenizer.fromJSON(saved.readJSON('tokenizer'), `${path}/tokenizer.json`),
    labels: saved.readJSON('labels') as string[],
    config,
  };
}
