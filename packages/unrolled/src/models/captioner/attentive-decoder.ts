// A decoder that attends to the image before each word (Xu et al. 2015, section 3.1.2):
//
//   α_t = softmax_i(v · tanh(W_q h_(t−1) + W_k a_i))          β_t = σ(w_β · h_(t−1) + b_β)
//   soft  ẑ_t = β_t Σ_i α_ti a_i          hard  ẑ_t = β_t a_s, s sampled from α_t
//   h_t = cell([e_t; ẑ_t], h_(t−1))       out_t = tanh(e_t + L_h h_t + L_z ẑ_t)
//   h_0 = tanh(W_h ā + b), c_0 = tanh(W_c ā + b), ā the mean of the regions
//
// The tanh around the deep output is in the authors' program, not in the paper's equation 7, which `deepOutput: 'linear'` is.

import type { SteppedCell } from '../../backend/backend.ts';
import { Dropout } from '../../nn/dropout.ts';
import { Linear } from '../../nn/linear.ts';
import { GatedCell } from '../../nn/recurrent/cell.ts';
import type { Recurrent } from '../../nn/recurrent/recurrent.ts';
import { isWatched } from '../../nn/recurrent/observe.ts';
import { mapState, tensorsOf } from '../../nn/recurrent/state.ts';
import { stepLayer } from '../../nn/recurrent/step.ts';
import { attentiveSequence } from '../../tensor/ops/attentive-sequence.ts';
import { linear } from '../../tensor/ops/product.ts';
import { cat, stack } from '../../tensor/ops/shaping.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { completeRecurrentDropout, makeLayer } from '../cells.ts';
import { Attention, isAttentionChanged } from '../seq2seq/attention.ts';
import { Choice } from './choice.ts';
import type { CaptionerConfig } from './options.ts';
import type { ImageFeatures } from './image-features.ts';
import { type HardAttentionChoice, type Memory, WordDecoder, type WordOutput, type WordState } from './word-decoder.ts';

export class AttentiveDecoder extends WordDecoder {
  readonly outputSize: number;
  readonly attention: Attention;
  readonly gate: Linear | null; // w_β [1, H]
  readonly layer: Recurrent<unknown>;
  /** From ā to the first state, one a tensor of it. */
  readonly initial: readonly Linear[];
  readonly outputState: Linear | null; // L_h [E, H]
  readonly outputContext: Linear | null; // L_z [E, D]
  readonly dropout: Dropout;
  readonly #hard: boolean;
  readonly #mixture: number;
  readonly #linear: boolean;
  readonly #embeddingDim: number;

  constructor(config: CaptionerConfig, featureSize: number) {
    super();
    const { form, cell, hiddenSize, embeddingDim, attentionSize, gate, deepOutput, dropout, mixture } = config;
    this.#hard = form === 'hard';
    this.#mixture = mixture;
    this.#linear = deepOutput === 'linear';
    this.#embeddingDim = embeddingDim;
    this.outputSize = deepOutput ? embeddingDim : hiddenSize;
    this.attention = new Attention('additive', hiddenSize, featureSize, attentionSize);
    this.gate = gate ? new Linear(hiddenSize, 1) : null;
    this.layer = makeLayer(
      'Captioner',
      cell,
      embeddingDim + featureSize,
      hiddenSize,
      completeRecurrentDropout('Captioner', config),
    );
    this.initial = tensorsOf(this.layer.initialState(0)).map(({ shape }) => new Linear(featureSize, shape[2]));
    this.outputState = deepOutput ? new Linear(hiddenSize, embeddingDim) : null;
    this.outputContext = deepOutput ? new Linear(featureSize, embeddingDim, { bias: false }) : null;
    this.dropout = new Dropout(dropout);
  }

  remember({ regions }: ImageFeatures, { whole }: { readonly whole: boolean }): Memory {
    const gates = whole && this.#isOneOp() ? linear(regions, this.#weights()[1]) : null;
    return { whole: null, regions, keys: this.attention.keys(regions), gates };
  }

  start({ regions }: ImageFeatures): WordState {
    const mean = regions.mean(1);
    let k = 0;
    const zero = mapState(this.layer.initialState(mean.shape[0]), (t) => t.select(0, 0));
    return { cell: mapState(zero, () => this.initial[k++].forward(mean).tanh()), length: 0, mask: this.mask(mean) };
  }

  step(x: Tensor, state: WordState, memory: Memory, how: HardAttentionChoice): WordOutput & { state: WordState } {
    return this.#step(x, state, memory, this.#hard ? new Choice(how, this.#mixture, x.shape[0]) : null);
  }

  #step(x: Tensor, state: WordState, { regions, keys }: Memory, choice: Choice | null) {
    const [h] = tensorsOf(state.cell);
    const values = regions as Tensor;
    const { context, weights } = this.attention.forward(h, keys as Tensor, values, null);
    const { found, chosen } = choice?.choose(weights, values, context) ?? { found: context, chosen: null };
    const z = this.gate ? found.mul(this.gate.forward(h).sigmoid()) : found;
    const [y, cell] = stepLayer(this.layer, cat([x, z], -1), state.cell, { t: state.length, mask: state.mask });
    return { output: this.#output(x, y, z), weights, chosen, state: { ...state, cell, length: state.length + 1 } };
  }

  forward(x: Tensor, start: WordState, memory: Memory, how: HardAttentionChoice): WordOutput {
    if (memory.gates && x.shape[0] > 0 && start.mask === null && !isWatched() && !isAttentionChanged())
      return this.#atOnce(x, start, memory);
    const choice = this.#hard ? new Choice(how, this.#mixture, x.shape[1]) : null;
    let state = start;
    const steps = x.unbind(0).map((word) => {
      const result = this.#step(word, state, memory, choice);
      state = result.state;
      return result;
    });
    return {
      output: stack(steps.map((s) => s.output)),
      weights: stack(steps.map((s) => s.weights)),
      chosen: steps[0].chosen && stack(steps.map((s) => s.chosen as Tensor)),
    };
  }

  /** All steps as one op: the definition's sums, with W ẑ as β Σ α · (W a). */
  #atOnce(x: Tensor, { cell }: WordState, { regions, keys, gates }: Memory): WordOutput {
    const { fused, weightHh, biasIh, biasHh } = this.layer.cells[0] as GatedCell<unknown>;
    const [h0, c0] = tensorsOf(cell);
    const { y, weights, beta } = attentiveSequence(fused as SteppedCell, {
      gates: linear(x, this.#weights()[0], biasIh),
      weightHh,
      biasHh,
      h0,
      c0: c0 ?? null,
      weightQuery: (this.attention.query as Linear).weight,
      keys: keys as Tensor,
      values: gates as Tensor,
      v: this.attention.v as Tensor,
      gate: this.gate && { weight: this.gate.weight, bias: this.gate.bias as Tensor },
    });
    if (!this.outputContext) return { output: this.dropout.forward(y), weights };
    const found = weights
      .transpose(0, 1)
      .matmul(regions as Tensor)
      .transpose(0, 1); // [T, B, D]
    return { output: this.#output(x, y, beta ? found.mul(beta) : found), weights };
  }

  #output(x: Tensor, h: Tensor, z: Tensor): Tensor {
    if (!this.outputState || !this.outputContext) return this.dropout.forward(h);
    const sum = x.add(this.outputState.forward(h)).add(this.outputContext.forward(z));
    return this.dropout.forward(this.#linear ? sum : sum.tanh());
  }

  /** Whether cell and attention have a kernel for a whole caption. */
  #isOneOp(): boolean {
    const { fused } = this.layer.cells[0];
    return !this.#hard && fused !== null && fused !== 'gruResetBefore';
  }

  /** The columns of W_ih that read the word, and those that read the image. */
  #weights(): Tensor[] {
    const { weightIh, inputSize } = this.layer.cells[0] as GatedCell<unknown>;
    return weightIh.split([this.#embeddingDim, inputSize - this.#embeddingDim], 1);
  }

  protected override describe(): string {
    return this.#hard ? 'hard' : 'soft';
  }
}
