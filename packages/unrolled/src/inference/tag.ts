// Labels every step of many sequences.

import { requireKinds } from '../checks.ts';
import type { SequenceTagger, Tagging } from '../models/sequence-tagger.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type ReadOptions, readOnce, type SequenceReader, type Sequences } from './sequences.ts';

/** A model that labels every step of a sequence: `SequenceTagger`, `VideoTagger`, or one of your own. */
export type Tagger = SequenceReader &
  Pick<SequenceTagger, 'forward' | 'loss' | 'predict'> & {
    readonly config: { readonly classes: number };
  };

/** Labels and scores of every sequence, in order. */
export async function tag(model: Tagger, sequences: Sequences, options: ReadOptions = {}): Promise<Tagging[]> {
  requireKinds('tag', { model, sequences }, { model: 'module', sequences: 'lists' });
  const taggings = new Array<Tagging>(sequences.length);
  const take = (rows: Int32Array, input: Tensor, lengths: Tensor) => {
    const batch = model.predict(input, { lengths });
    for (const [b, n] of rows.entries()) taggings[n] = batch[b];
  };
  await readOnce('tag', model, sequences, take, options);
  return taggings;
}
