import type { Tensor } from '../../tensor/tensor.ts';
import { linear } from '../../tensor/ops/product.ts';
import { inverseSqrt, uniformParameter } from '../init.ts';
import type { Parameter } from '../module.ts';
import { type CellOptions, masked, requireState } from './cell.ts';
import { LSTMCell, type LSTMState } from './lstm-cell.ts';
import { gate } from './observe.ts';

/**
 * LSTM whose gates look at the cell (Gers and Schmidhuber 2000; Graves 2013), each unit at its own:
 *
 *   i = σ(… + p_i ⊙ c)    f = σ(… + p_f ⊙ c)    o = σ(… + p_o ⊙ c')
 *
 * and all else as in LSTMCell.
 */
export class PeepholeLSTMCell extends LSTMCell {
  readonly weightCi: Parameter; // [H]
  readonly weightCf: Parameter; // [H]
  readonly weightCo: Parameter; // [H]

  constructor(inputSize: number, hiddenSize: number, options: CellOptions = {}) {
    super(inputSize, hiddenSize, options);
    const bound = inverseSqrt(hiddenSize);
    this.weightCi = uniformParameter([hiddenSize], bound);
    this.weightCf = uniformParameter([hiddenSize], bound);
    this.weightCo = uniformParameter([hiddenSize], bound);
  }

  override get fused(): null {
    return null;
  }

  override prepare(x: Tensor): Tensor {
    return linear(x, this.weightIh, this.biasIh);
  }

  override stepFrom(gatesX: Tensor, state: LSTMState, mask?: Tensor | null): [output: Tensor, state: LSTMState] {
    requireState(this, state, ['h', 'c']);
    const { h, c } = state;
    const gates = gatesX.add(linear(masked(h, mask), this.weightHh, this.biasHh));
    const [ai, af, ag, ao] = gates.chunk(4); // each [B, H]
    const i = gate('i', ai.add(this.weightCi.mul(c)).sigmoid());
    const f = gate('f', af.add(this.weightCf.mul(c)).sigmoid());
    const g = gate('g', ag.tanh());
    const nextC = f.mul(c).add(i.mul(g));
    const o = gate('o', ao.add(this.weightCo.mul(nextC)).sigmoid());
    const nextH = o.mul(nextC.tanh());
    return [nextH, { h: nextH, c: nextC }];
  }

  override step(x: Tensor, state: LSTMState, mask?: Tensor | null): [output: Tensor, state: LSTMState] {
    return this.stepFrom(this.prepare(x), state, mask);
  }
}
