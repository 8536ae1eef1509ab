import { checkOptions } from '../../errors.ts';
import { linear } from '../../tensor/ops/product.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { inverseSqrt, uniformParameter } from '../init.ts';
import type { Parameter } from '../module.ts';
import { type CellOptions, GatedCell, masked, type MemoryGate, requireState } from './cell.ts';
import type { LSTMState } from './lstm-cell.ts';
import { gate } from './observe.ts';

/**
 * LSTM with coupled gates: what is forgotten makes room for what is written, so that the input gate is 1 − f (CIFG of Greff et al. 2017):
 *
 *   f = σ(W_if x + b_if + W_hf h + b_hf)    g = tanh(W_ig x + b_ig + W_hg h + b_hg)    o = σ(W_io x + b_io + W_ho h + b_ho)
 *   c' = f ⊙ c + (1 − f) ⊙ g                h' = o ⊙ tanh(c')
 *
 * Three quarters of an LSTM's weights; c stays in (−1, 1). The gates lie in the weights in the order f g o.
 */
export class CoupledLSTMCell extends GatedCell<LSTMState> {
  readonly weightIh: Parameter; // [3H, I]
  readonly weightHh: Parameter; // [3H, H]
  readonly biasIh: Parameter | null; // [3H]
  readonly biasHh: Parameter | null; // [3H]

  constructor(inputSize: number, hiddenSize: number, options: CellOptions = {}) {
    super(inputSize, hiddenSize);
    checkOptions('CoupledLSTMCell', options, ['bias']);
    const { bias = true } = options;
    const bound = inverseSqrt(hiddenSize);
    this.weightIh = uniformParameter([3 * hiddenSize, inputSize], bound);
    this.weightHh = uniformParameter([3 * hiddenSize, hiddenSize], bound);
    this.biasIh = bias ? uniformParameter([3 * hiddenSize], bound) : null;
    this.biasHh = bias ? uniformParameter([3 * hiddenSize], bound) : null;
  }

  override get memoryGate(): MemoryGate {
    return { gate: 'f', keeps: 'gate' };
  }

  override initialState(batchSize: number): LSTMState {
    return { h: this.zeroState(batchSize, this.hiddenSize), c: this.zeroState(batchSize, this.hiddenSize) };
  }

  override prepare(x: Tensor): Tensor {
    return linear(x, this.weightIh, this.biasIh);
  }

  override stepFrom(gatesX: Tensor, state: LSTMState, mask?: Tensor | null): [output: Tensor, state: LSTMState] {
    requireState(this, state, ['h', 'c']);
    const { h, c } = state;
    const [af, ag, ao] = gatesX.add(linear(masked(h, mask), this.weightHh, this.biasHh)).chunk(3); // each [B, H]
    const f = gate('f', af.sigmoid());
    const [g, o] = [gate('g', ag.tanh()), gate('o', ao.sigmoid())];
    const nextC = g.add(f.mul(c.sub(g)));
    const nextH = o.mul(nextC.tanh());
    return [nextH, { h: nextH, c: nextC }];
  }

  /** x [B, I], h and c [B, H] → the output h' and the next state. */
  step(x: Tensor, state: LSTMState, mask?: Tensor | null): [output: Tensor, state: LSTMState] {
    return this.stepFrom(this.prepare(x), state, mask);
  }
}
