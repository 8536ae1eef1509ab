// A saved tagger: its model, its tokens, its tags.

import { SequenceTagger } from 'unrolled';
import type { SavedRun } from '../runs/kind.ts';
import type { TagConfig } from './config.ts';
import { TokenVocabulary } from './vocabulary.ts';

export interface LoadedTagger {
  readonly model: SequenceTagger;
  readonly vocabulary: TokenVocabulary;
  readonly tags: readonly string[];
  readonly config: TagConfig;
}

export function restoreTagger(saved: SavedRun<TagConfig>): LoadedTagger {
  const { path } = saved;
  const { config } = saved;
  const model = new SequenceTagger(config.model);
  model.loadStateDict(saved.weights, path);
  return {
    model: model.eval(),
    vocabulary: TokenVocabulary.fromJSON(saved.readJSON('tokens'), `${path}/tokens.json`),
    tags: saved.readJSON('tags') as string[],
    config,
  };
}
