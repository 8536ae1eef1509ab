import { requireRoom, requireWhole } from '../../checks.ts';
import { checkOptions } from '../../errors.ts';
import { linear } from '../../tensor/ops/product.ts';
import { cat } from '../../tensor/ops/shaping.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { inverseSqrt, uniformParameter } from '../init.ts';
import type { Parameter } from '../module.ts';
import { GatedCell, masked, requireState } from './cell.ts';

/** The state of a `SkipRNNCell`. */
export interface SkipRNNState {
  readonly h: Tensor; // [B, H]
  /** The outputs before h, the newest first: h_(t−2) … h_(t−k). */
  readonly past: Tensor; // [B, (k − 1)·H]
}

/** Options of `SkipRNNCell`. */
export interface SkipRNNCellOptions {
  /** Steps k that the skip connection spans, from 2. Default 8. */
  readonly skip?: number;
}

/**
 * A tanh network with a skip connection over time, which reads its output of k steps ago besides its last one (Lin et al. 1996; Zhang et al. 2016):
 *
 *   h_t = tanh(W_i x_t + b_i + W_h h_(t−1) + b_h + W_s h_(t−k))
 *
 * A gradient reaches T steps back in T/k factors of W_s, so that it vanishes k times more slowly.
 */
export class SkipRNNCell extends GatedCell<SkipRNNState> {
  readonly skip: number;
  readonly weightIh: Parameter; // [H, I]
  readonly weightHh: Parameter; // [H, H]
  readonly biasIh: Parameter; // [H]
  readonly biasHh: Parameter; // [H]
  readonly weightSh: Parameter; // [H, H]

  constructor(inputSize: number, hiddenSize: number, options: SkipRNNCellOptions = {}) {
    super(inputSize, hiddenSize);
    checkOptions('SkipRNNCell', options, ['skip']);
    const { skip = 8 } = options;
    requireWhole('SkipRNNCell', 'skip', skip, 2);
    requireRoom('SkipRNNCell', 'skip', skip, hiddenSize);
    this.skip = skip;
    const bound = inverseSqrt(hiddenSize);
    this.weightIh = uniformParameter([hiddenSize, inputSize], bound);
    this.weightHh = uniformParameter([hiddenSize, hiddenSize], bound);
    this.biasIh = uniformParameter([hiddenSize], bound);
    this.biasHh = uniformParameter([hiddenSize], bound);
    this.weightSh = uniformParameter([hiddenSize, hiddenSize], bound);
  }

  override initialState(batchSize: number): SkipRNNState {
    return {
      h: this.zeroState(batchSize, this.hiddenSize),
      past: this.zeroState(batchSize, (this.skip - 1) * this.hiddenSize),
    };
  }

  override prepare(x: Tensor): Tensor {
    return linear(x, this.weightIh, this.biasIh);
  }

  override stepFrom(inputs: Tensor, state: SkipRNNState, mask?: Tensor | null): [output: Tensor, state: SkipRNNState] {
    requireState(this, state, ['h', 'past']);
    const { h, past } = state;
    const newer = (this.skip - 2) * this.hiddenSize;
    const [recent, old] = [past.slice(1, 0, newer), past.slice(1, newer)];
    const recurrent = linear(masked(h, mask), this.weightHh, this.biasHh);
    const next = inputs
      .add(recurrent)
      .add(linear(masked(old, mask), this.weightSh))
      .tanh();
    return [next, { h: next, past: cat([h, recent], 1) }];
  }

  /** x [B, I] and the state → the output h' [B, H] and the next state. */
  step(x: Tensor, state: SkipRNNState, mask?: Tensor | null): [output: Tensor, state: SkipRNNState] {
    return this.stepFrom(this.prepare(x), state, mask);
  }

  protected override describe(): string {
    return `${super.describe()}, skip=${this.skip}`;
  }
}
