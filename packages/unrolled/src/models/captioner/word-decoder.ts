// The interface of every captioner's decoder: from image features to a memory and an initial state, and from there word by word.
// `step` is the definition; `forward` gives the same for all words of a known caption, in as large pieces as the form allows.

import type { Dropout } from '../../nn/dropout.ts';
import { Module } from '../../nn/module.ts';
import { mapState } from '../../nn/recurrent/state.ts';
import type { Recurrent } from '../../nn/recurrent/recurrent.ts';
import { dropoutMask } from '../../tensor/ops/dropout.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { takeRows } from '../rows.ts';
import type { ImageFeatures } from './image-features.ts';

/** What is constant from word to word. */
export interface Memory {
  /** v of each caption's image [B, D], where every step reads it. */
  readonly whole: Tensor | null;
  /** With attention: the regions a [B, R, D], and their keys W_k a [B, R, A]. */
  readonly regions: Tensor | null;
  readonly keys: Tensor | null;
  /** W a: what each region adds to the gates [B, R, G·H], where a whole sequence is one op. */
  readonly gates: Tensor | null;
}

export interface WordState {
  /** State of the cell, tensors [B, H]. */
  readonly cell: unknown;
  /** Words read so far. */
  readonly length: number;
  /** In training with recurrent dropout: the mask for all steps, [B, H]. */
  readonly mask: Tensor | null;
}

export interface WordOutput {
  readonly output: Tensor; // [B, R] or [T, B, R]: what the output product reads
  /** Attention α [B, R] or [T, B, R], where there is any. */
  readonly weights: Tensor | null;
  /** For hard attention: ln α of the selected regions, 0 for a caption that used their mean; [B] or [T, B]. */
  readonly chosen?: Tensor | null;
}

/** How hard attention selects its region: sampled, the most probable, the mean of all, or given, a list of B for each step. */
export type HardAttentionChoice = 'sample' | 'argmax' | 'mean' | readonly ArrayLike<number>[];

export abstract class WordDecoder extends Module {
  abstract readonly layer: Recurrent<unknown>;
  /** Width of `output`. */
  abstract readonly outputSize: number;
  abstract readonly dropout: Dropout;

  /** The mask of a batch's recurrent dropout, in training. */
  protected mask(like: Tensor): Tensor | null {
    const { recurrentDropout: p, outputSize } = this.layer;
    return this.training && p > 0 ? dropoutMask([like.shape[0], outputSize], p, like) : null;
  }

  /** `whole`: keep what a whole sequence needs, not only single steps. */
  abstract remember(features: ImageFeatures, options: { readonly whole: boolean }): Memory;
  /** The state before the first word. */
  abstract start(features: ImageFeatures): WordState;
  /** x [B, E] is the embedding of the word before. */
  abstract step(
    x: Tensor,
    state: WordState,
    memory: Memory,
    choice: HardAttentionChoice,
  ): WordOutput & { state: WordState };
  /** x [T, B, E] → output [T, B, R]. */
  abstract forward(x: Tensor, state: WordState, memory: Memory, choice: HardAttentionChoice): WordOutput;
}

/** The same for rows by number: of captions that go on, or of the images that captions are of. */
export function takeMemory({ whole, regions, keys, gates }: Memory, rows: Int32Array): Memory {
  const take = (t: Tensor | null) => t && takeRows(t, rows);
  return { whole: take(whole), regions: take(regions), keys: take(keys), gates: take(gates) };
}

export function takeState({ cell, length, mask }: WordState, rows: Int32Array): WordState {
  return { cell: mapState(cell, (t) => takeRows(t, rows)), length, mask: mask && takeRows(mask, rows) };
}
