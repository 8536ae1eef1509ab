// Symbols as vectors: a trained embedding, or one-hot rows.

import { Embedding } from '../../nn/embedding.ts';
import { identity } from '../../nn/init.ts';
import { Module } from '../../nn/module.ts';
import { empty } from '../../tensor/create.ts';
import { embedding } from '../../tensor/ops/embedding.ts';
import type { Tensor } from '../../tensor/tensor.ts';

export class Symbols extends Module {
  readonly embedding: Embedding | null;
  readonly #oneHot: Tensor | null;

  constructor(vocabularySize: number, embeddingDim: number) {
    super();
    this.embedding = embeddingDim > 0 ? new Embedding(vocabularySize, embeddingDim) : null;
    this.#oneHot = embeddingDim > 0 ? null : identity(empty([vocabularySize, vocabularySize])).keep();
  }

  /** int32 [..] → [.., E] */
  forward(ids: Tensor): Tensor {
    return this.embedding ? this.embedding.forward(ids) : embedding(ids, this.#oneHot as Tensor);
  }
}
