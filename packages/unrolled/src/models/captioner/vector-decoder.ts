// Words from an image's vector v, which comes in once or at every step:
//
//   inject    h_t = cell([e_t; v], h_(t−1)), h_0 = 0      For a tanh cell that is the lecture's tanh(W_xh x_t + W_hh h_(t−1) + W_ih v): the
//                                                          columns of weight_ih past E are W_ih. With `first`, v is 0 after the first step.
//   initial   h_0 = W v + b                                An LSTM's c_0 = 0.
//   prefix    h_0 = cell(W v + b, 0)                       What it would say to the image is not asked.

import { Dropout } from '../../nn/dropout.ts';
import { Linear } from '../../nn/linear.ts';
import type { Recurrent } from '../../nn/recurrent/recurrent.ts';
import { mapState } from '../../nn/recurrent/state.ts';
import { stepCell, stepLayer } from '../../nn/recurrent/step.ts';
import { zeros } from '../../tensor/create.ts';
import { cat } from '../../tensor/ops/shaping.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { completeRecurrentDropout, makeLayer } from '../cells.ts';
import type { CaptionerConfig } from './options.ts';
import type { ImageFeatures } from './image-features.ts';
import { type Memory, WordDecoder, type WordOutput, type WordState } from './word-decoder.ts';

export class VectorDecoder extends WordDecoder {
  readonly outputSize: number;
  /** From v to the first state, or to the width of a word. */
  readonly project: Linear | null;
  readonly layer: Recurrent<unknown>;
  readonly dropout: Dropout;
  readonly #form: 'inject' | 'initial' | 'prefix';
  readonly #every: boolean;

  constructor(config: CaptionerConfig, featureSize: number) {
    super();
    const { form, cell, hiddenSize, embeddingDim, injection, dropout } = config;
    this.#form = form as 'inject' | 'initial' | 'prefix';
    this.#every = injection === 'every';
    this.outputSize = hiddenSize;
    this.project = form === 'inject' ? null : new Linear(featureSize, form === 'initial' ? hiddenSize : embeddingDim);
    const read = embeddingDim + (form === 'inject' ? featureSize : 0);
    this.layer = makeLayer('Captioner', cell, read, hiddenSize, completeRecurrentDropout('Captioner', config));
    this.dropout = new Dropout(dropout);
  }

  remember({ whole }: ImageFeatures): Memory {
    return { whole: this.#form === 'inject' ? whole : null, regions: null, keys: null, gates: null };
  }

  start({ whole }: ImageFeatures): WordState {
    const zero = mapState(this.layer.initialState(whole.shape[0]), (t) => t.select(0, 0));
    const mask = this.mask(whole);
    if (!this.project) return { cell: zero, length: 0, mask };
    const v = this.project.forward(whole);
    if (this.#form === 'prefix') return { cell: stepCell(this.layer.cells[0], v, zero)[1], length: 0, mask };
    let first = true;
    const cell = mapState(zero, (t) => {
      if (!first) return t;
      first = false;
      return v;
    });
    return { cell, length: 0, mask };
  }

  step(x: Tensor, { cell, length, mask }: WordState, memory: Memory): WordOutput & { state: WordState } {
    const read = memory.whole ? cat([x, this.#image(memory.whole, length)], -1) : x;
    const [h, next] = stepLayer(this.layer, read, cell, { t: length, mask });
    return { output: this.dropout.forward(h), weights: null, state: { cell: next, length: length + 1, mask } };
  }

  forward(x: Tensor, { cell, length }: WordState, { whole }: Memory): WordOutput {
    const T = x.shape[0];
    let read = x;
    if (whole && T > 0) {
      const first = this.#image(whole, length).unsqueeze(0);
      const [B, D] = whole.shape;
      const rest = this.#every ? whole.unsqueeze(0).expand(T - 1, B, D) : zeros([T - 1, B, D], like(whole));
      read = cat([x, cat([first, rest], 0)], -1);
    }
    const [y] = this.layer.forward(
      read,
      mapState(cell, (t) => t.unsqueeze(0)),
    );
    return { output: this.dropout.forward(y), weights: null };
  }

  /** What a step sees of v. */
  #image(whole: Tensor, length: number): Tensor {
    return this.#every || length === 0 ? whole : zeros(whole.shape, like(whole));
  }

  protected override describe(): string {
    return this.#form;
  }
}

const like = ({ dtype, backend }: Tensor) => ({ dtype, backend });
