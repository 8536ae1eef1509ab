import { layerNorm } from '../../tensor/ops/norm.ts';
import { linear } from '../../tensor/ops/product.ts';
import { ones, zeros } from '../../tensor/create.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { inverseSqrt, uniformParameter } from '../init.ts';
import { Parameter } from '../module.ts';
import { GatedCell, masked, type MemoryGate, requireState } from './cell.ts';
import type { LSTMState } from './lstm-cell.ts';
import { gate } from './observe.ts';

/**
 * LSTM with layer normalization inside of the step (Ba et al. 2016, supplementary material): both products are normalized over all gates before they are
 * added, and the cell before the output reads it. LN(v; γ, β) = γ ⊙ (v − mean v) / √(var v + 1e-5) + β:
 *
 *   [i f g o] = LN(W_i x; γ_i, b_i) + LN(W_h h; γ_h, b_h)
 *   c' = σ(f) ⊙ c + σ(i) ⊙ tanh(g)                            h' = σ(o) ⊙ tanh(LN(c'; γ_c, b_c))
 *
 * The gates lie in the weights in the order i f g o. The γ start at 1 and the b at 0.
 */
export class LayerNormLSTMCell extends GatedCell<LSTMState> {
  readonly weightIh: Parameter; // [4H, I]
  readonly weightHh: Parameter; // [4H, H]
  readonly biasIh: Parameter; // [4H]
  readonly biasHh: Parameter; // [4H]
  readonly gainIh: Parameter; // [4H]
  readonly gainHh: Parameter; // [4H]
  readonly gainC: Parameter; // [H]
  readonly biasC: Parameter; // [H]

  constructor(inputSize: number, hiddenSize: number) {
    super(inputSize, hiddenSize);
    const bound = inverseSqrt(hiddenSize);
    const gates = [4 * hiddenSize];
    this.weightIh = uniformParameter([4 * hiddenSize, inputSize], bound);
    this.weightHh = uniformParameter([4 * hiddenSize, hiddenSize], bound);
    this.biasIh = Parameter.of(zeros(gates));
    this.biasHh = Parameter.of(zeros(gates));
    this.gainIh = Parameter.of(ones(gates));
    this.gainHh = Parameter.of(ones(gates));
    this.gainC = Parameter.of(ones([hiddenSize]));
    this.biasC = Parameter.of(zeros([hiddenSize]));
  }

  override get memoryGate(): MemoryGate {
    return { gate: 'f', keeps: 'gate' };
  }

  override initialState(batchSize: number): LSTMState {
    return { h: this.zeroState(batchSize, this.hiddenSize), c: this.zeroState(batchSize, this.hiddenSize) };
  }

  override prepare(x: Tensor): Tensor {
    return layerNorm(linear(x, this.weightIh), [4 * this.hiddenSize], this.gainIh, this.biasIh);
  }

  override stepFrom(gatesX: Tensor, state: LSTMState, mask?: Tensor | null): [output: Tensor, state: LSTMState] {
    requireState(this, state, ['h', 'c']);
    const { h, c } = state;
    const H = this.hiddenSize;
    const gates = gatesX.add(layerNorm(linear(masked(h, mask), this.weightHh), [4 * H], this.gainHh, this.biasHh));
    const [ai, af, ag, ao] = gates.chunk(4); // each [B, H]
    const [i, f] = [gate('i', ai.sigmoid()), gate('f', af.sigmoid())];
    const [g, o] = [gate('g', ag.tanh()), gate('o', ao.sigmoid())];
    const nextC = f.mul(c).add(i.mul(g));
    const nextH = o.mul(layerNorm(nextC, [H], this.gainC, this.biasC).tanh());
    return [nextH, { h: nextH, c: nextC }];
  }

  /** x [B, I], h and c [B, H] → the output h' and the next state. */
  step(x: Tensor, state: LSTMState, mask?: Tensor | null): [output: Tensor, state: LSTMState] {
    return this.stepFrom(this.prepare(x), state, mask);
  }
}
