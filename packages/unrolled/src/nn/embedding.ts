import { requireSizes, shown } from '../checks.ts';
import { checkOptions, OptionError } from '../errors.ts';
import { empty } from '../tensor/create.ts';
import { embedding } from '../tensor/ops/embedding.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { normal } from './init.ts';
import { Module, Parameter } from './module.ts';

/** Options of `Embedding`. */
export interface EmbeddingOptions {
  /** This row stays at zero and gets no gradient: padding. */
  readonly paddingIdx?: number;
}

/** A row of `embeddingDim` trained numbers for each of `numEmbeddings` symbols: int32 [..] → [.., E]. Normal(0, 1), as in PyTorch. */
export class Embedding extends Module {
  readonly numEmbeddings: number;
  readonly embeddingDim: number;
  readonly paddingIdx: number;
  readonly weight: Parameter; // [V, E]

  constructor(numEmbeddings: number, embeddingDim: number, options: EmbeddingOptions = {}) {
    super();
    requireSizes('Embedding', { numEmbeddings, embeddingDim }, true);
    checkOptions('Embedding', options, ['paddingIdx']);
    const { paddingIdx = -1 } = options;
    if (
      options.paddingIdx !== undefined &&
      !(Number.isInteger(paddingIdx) && paddingIdx >= 0 && paddingIdx < numEmbeddings)
    ) {
      throw new OptionError(
        'Embedding',
        'paddingIdx',
        `expected a row from 0 to ${numEmbeddings - 1}, got ${shown(paddingIdx)}`,
      );
    }
    this.numEmbeddings = numEmbeddings;
    this.embeddingDim = embeddingDim;
    this.paddingIdx = paddingIdx;
    this.weight = normal(Parameter.of(empty([numEmbeddings, embeddingDim])));
    if (paddingIdx >= 0) this.weight.storage.array.fill(0, paddingIdx * embeddingDim, (paddingIdx + 1) * embeddingDim);
  }

  forward(index: Tensor): Tensor {
    return embedding(index, this.weight, this.paddingIdx);
  }

  protected override describe(): string {
    return `${this.numEmbeddings}, ${this.embeddingDim}${this.paddingIdx >= 0 ? `, paddingIdx=${this.paddingIdx}` : ''}`;
  }
}
