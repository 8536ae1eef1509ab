import { requireObject } from '../../checks.ts';
import { empty } from '../../tensor/create.ts';
import { where } from '../../tensor/ops/elementwise.ts';
import { linear } from '../../tensor/ops/product.ts';
import { slstmSequence } from '../../tensor/ops/slstm-sequence.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { constant, inverseSqrt, uniformParameter } from '../init.ts';
import { Parameter } from '../module.ts';
import { GatedCell, masked, type MemoryGate, type CellSequenceOptions, requireState } from './cell.ts';
import { gate } from './observe.ts';
import { activeSteps } from './padding.ts';

/** The state of an `SLSTMCell`. */
export interface SLSTMState {
  readonly h: Tensor; // [B, H]
  readonly c: Tensor; // [B, H], the normalized cell
  readonly m: Tensor; // [B, H], the logarithm of what it weighs
}

/**
 * The sLSTM of xLSTM (Beck et al. 2024): an LSTM whose input gate is an exponential, so that one step may outweigh all before it. The cell is
 * divided by the sum of all that the gates let in:
 *
 *   i = exp(W_ii x + W_hi h + b_i)     f = σ(W_if x + W_hf h + b_f)     z = tanh(W_iz x + W_hz h + b_z)     o = σ(W_io x + W_ho h + b_o)
 *   C' = f ⊙ C + i ⊙ z                 N' = f ⊙ N + i                   h' = o ⊙ C'/N'
 *
 * The exponential overflows, so the paper scales C and N by exp(−m) with a stabilizer m. Here m is log N itself, and the cell is their quotient
 * c = C/N, a mean of all z so far:
 *
 *   u = log i − log f − m              c' = c + σ(u) ⊙ (z − c)          m' = log(f·exp m + i) = log i + softplus(−u)          h' = o ⊙ c'
 *
 * which is the same function with a state of two numbers a unit that can be any numbers, |c| ≤ 1 and no division. A state of zeros is C = 0, N = 1.
 * The gates lie in the weights in the order i f z o; forget gates start open, their biases from 3 to 6 as in the paper.
 */
export class SLSTMCell extends GatedCell<SLSTMState> {
  readonly weightIh: Parameter; // [4H, I]
  readonly weightHh: Parameter; // [4H, H]
  readonly biasIh: Parameter; // [4H]
  readonly biasHh: null = null;

  constructor(inputSize: number, hiddenSize: number) {
    super(inputSize, hiddenSize);
    const bound = inverseSqrt(hiddenSize);
    this.weightIh = uniformParameter([4 * hiddenSize, inputSize], bound);
    this.weightHh = uniformParameter([4 * hiddenSize, hiddenSize], bound);
    this.biasIh = constant(Parameter.of(empty([4 * hiddenSize])), 0);
    for (let j = 0; j < hiddenSize; j++)
      this.biasIh.storage.array[hiddenSize + j] = 3 + (3 * j) / Math.max(1, hiddenSize - 1);
  }

  override get memoryGate(): MemoryGate {
    return { gate: 'i', keeps: 'rest' };
  }

  override initialState(batchSize: number): SLSTMState {
    const zeros = () => this.zeroState(batchSize, this.hiddenSize);
    return { h: zeros(), c: zeros(), m: zeros() };
  }

  override sequence(x: Tensor, state: SLSTMState, options: CellSequenceOptions): [output: Tensor, state: SLSTMState] {
    requireState(this, state, ['h', 'c', 'm']);
    requireObject('SLSTMCell', 'options', options);
    const { lengths, mask, reverse } = options;
    const input = lengths ? where(activeSteps(lengths, x), x, 0) : x; // what stands in the padding must not matter, not even a NaN
    const gates = linear(input, this.weightIh, this.biasIh);
    const { y, ...last } = slstmSequence({ gates, weightHh: this.weightHh, ...state, lengths, mask, reverse });
    return [y, last];
  }

  /** x [B, I] and the state → the output h' and the next state. */
  step(x: Tensor, state: SLSTMState, mask?: Tensor | null): [output: Tensor, state: SLSTMState] {
    requireState(this, state, ['h', 'c', 'm']);
    const { h, c, m } = state;
    const gates = linear(x, this.weightIh, this.biasIh).add(linear(masked(h, mask), this.weightHh));
    const [i, f, z, o] = gates.chunk(4); // each [B, H]; i is log i
    const u = i.add(f.neg().softplus()).sub(m); // log σ(v) = −softplus(−v)
    const share = gate('i', u.sigmoid()); // of the new z in the mean
    const nextC = c.add(share.mul(gate('g', z.tanh()).sub(c)));
    const nextM = i.add(u.neg().softplus());
    const nextH = gate('o', o.sigmoid()).mul(nextC);
    return [nextH, { h: nextH, c: nextC, m: nextM }];
  }
}
