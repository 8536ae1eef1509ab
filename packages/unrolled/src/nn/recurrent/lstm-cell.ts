import type { FusedCell } from '../../backend/backend.ts';
import { checkOptions } from '../../errors.ts';
import { linear } from '../../tensor/ops/product.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { inverseSqrt, uniformParameter } from '../init.ts';
import type { Parameter } from '../module.ts';
import { type CellOptions, GatedCell, masked, type MemoryGate, requireState } from './cell.ts';
import { gate } from './observe.ts';

/** The state of an LSTM: h and c. */
export interface LSTMState {
  readonly h: Tensor; // [B, H]
  readonly c: Tensor; // [B, H]
}

/**
 * Long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000), as in PyTorch:
 *
 *   i = σ(W_ii x + b_ii + W_hi h + b_hi)      f = σ(W_if x + b_if + W_hf h + b_hf)
 *   g = tanh(W_ig x + b_ig + W_hg h + b_hg)   o = σ(W_io x + b_io + W_ho h + b_ho)
 *   c' = f ⊙ c + i ⊙ g                        h' = o ⊙ tanh(c')
 *
 * The gates lie in the weights in the order i f g o.
 */
export class LSTMCell extends GatedCell<LSTMState> {
  readonly weightIh: Parameter; // [4H, I]
  readonly weightHh: Parameter; // [4H, H]
  readonly biasIh: Parameter | null; // [4H]
  readonly biasHh: Parameter | null; // [4H]

  constructor(inputSize: number, hiddenSize: number, options: CellOptions = {}) {
    super(inputSize, hiddenSize);
    checkOptions('LSTMCell', options, ['bias']);
    const { bias = true } = options;
    const bound = inverseSqrt(hiddenSize);
    this.weightIh = uniformParameter([4 * hiddenSize, inputSize], bound);
    this.weightHh = uniformParameter([4 * hiddenSize, hiddenSize], bound);
    this.biasIh = bias ? uniformParameter([4 * hiddenSize], bound) : null;
    this.biasHh = bias ? uniformParameter([4 * hiddenSize], bound) : null;
  }

  override get fused(): FusedCell | null {
    return 'lstm';
  }

  override get memoryGate(): MemoryGate {
    return { gate: 'f', keeps: 'gate' };
  }

  override initialState(batchSize: number): LSTMState {
    return { h: this.zeroState(batchSize, this.hiddenSize), c: this.zeroState(batchSize, this.hiddenSize) };
  }

  /** x [B, I], h and c [B, H] → the output h' and the next state. */
  step(x: Tensor, state: LSTMState, mask?: Tensor | null): [output: Tensor, state: LSTMState] {
    requireState(this, state, ['h', 'c']);
    const { h, c } = state;
    const gates = linear(x, this.weightIh, this.biasIh).add(linear(masked(h, mask), this.weightHh, this.biasHh));
    const [ai, af, ag, ao] = gates.chunk(4); // each [B, H]
    const [i, f] = [gate('i', ai.sigmoid()), gate('f', af.sigmoid())];
    const [g, o] = [gate('g', ag.tanh()), gate('o', ao.sigmoid())];
    const nextC = f.mul(c).add(i.mul(g));
    const nextH = o.mul(nextC.tanh());
    return [nextH, { h: nextH, c: nextC }];
  }
}
