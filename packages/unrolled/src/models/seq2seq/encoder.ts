// The half that reads: h_s = recurrent(embedding of symbol s, h_(s−1)), in one direction or in both, and what the other half gets of it.

import { Dropout } from '../../nn/dropout.ts';
import { Module } from '../../nn/module.ts';
import type { Recurrent } from '../../nn/recurrent/recurrent.ts';
import { tensorsOf } from '../../nn/recurrent/state.ts';
import { indices } from '../../tensor/create.ts';
import { cat } from '../../tensor/ops/shaping.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { completeRecurrentDropout, makeLayer } from '../cells.ts';
import type { Seq2SeqConfig } from './options.ts';
import { Symbols } from './symbols.ts';
import { hostValues } from '../../tensor/host-values.ts';

/** An encoded source. */
export interface Encoded {
  readonly output: Tensor; // [S, B, D·H], 0 past each row's length
  /** The state at each row's end, as the recurrent layers give it: tensors [L·D, B, H]. */
  readonly state: unknown;
  /** The last layer's final output, both directions side by side: [B, D·H]. */
  readonly summary: Tensor;
}

export class Encoder extends Module {
  readonly symbols: Symbols;
  readonly recurrent: Recurrent<unknown>;
  readonly dropout: Dropout;
  readonly #reverse: boolean;

  constructor(config: Seq2SeqConfig) {
    super();
    const { cell, hiddenSize, numLayers, bidirectional, dropout, embeddingDim, sourceVocabulary } = config;
    this.symbols = new Symbols(sourceVocabulary, embeddingDim);
    this.recurrent = makeLayer('Seq2Seq', cell, embeddingDim || sourceVocabulary, hiddenSize, {
      numLayers,
      bidirectional,
      dropout,
      ...completeRecurrentDropout('Seq2Seq', config),
    });
    this.dropout = new Dropout(dropout);
    this.#reverse = config.reverseSource;
  }

  /** Width of what it gives for each position. */
  get outputSize(): number {
    return this.recurrent.outputSize;
  }

  /** source int32 [S, B] */
  forward(source: Tensor, lengths: Tensor): Encoded {
    const ids = this.#reverse ? reverseRows(source, lengths) : source;
    const [output, state] = this.recurrent.forward(this.dropout.forward(this.symbols.forward(ids)), null, { lengths });
    const hidden = tensorsOf(state)[0]; // [L·D, B, H]
    const D = this.recurrent.numDirections;
    const last = Array.from({ length: D }, (_, d) => hidden.select(0, hidden.shape[0] - D + d));
    return { output, state, summary: D === 1 ? last[0] : cat(last, 1) };
  }
}

/** Each row back to front, as far as it goes. */
export function reverseRows(ids: Tensor, lengths: Tensor): Tensor {
  const [T, B] = ids.shape;
  const [from, counts] = [hostValues(ids), hostValues(lengths)];
  const to = Int32Array.from(from, (id, at) => {
    const [t, b] = [Math.floor(at / B), at % B];
    return t < counts[b] ? from[(counts[b] - 1 - t) * B + b] : id;
  });
  return indices(to, [T, B], { backend: ids.backend });
}
