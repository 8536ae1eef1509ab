import { shown } from '../../checks.ts';
import { checkOptions, OptionError } from '../../errors.ts';
import { linear } from '../../tensor/ops/product.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { inverseSqrt, uniformParameter } from '../init.ts';
import type { Parameter } from '../module.ts';
import { Cell, type CellOptions, masked, type MemoryGate, requireState } from './cell.ts';
import type { LSTMState } from './lstm-cell.ts';
import { gate } from './observe.ts';

/**
 * LSTM with a recurrent projection (Sak, Senior and Beaufays 2014), as PyTorch's `proj_size`: the state h has P < H numbers,
 *
 *   h' = W_hr (o ⊙ tanh(c'))
 *
 * and all else is as in LSTMCell with W_hh [4H, P].
 */
export class ProjectedLSTMCell extends Cell<LSTMState> {
  readonly projSize: number;
  readonly weightIh: Parameter; // [4H, I]
  readonly weightHh: Parameter; // [4H, P]
  readonly biasIh: Parameter | null; // [4H]
  readonly biasHh: Parameter | null; // [4H]
  readonly weightHr: Parameter; // [P, H]

  constructor(inputSize: number, hiddenSize: number, projSize: number, options: CellOptions = {}) {
    super(inputSize, hiddenSize);
    checkOptions('ProjectedLSTMCell', options, ['bias']);
    if (!(Number.isInteger(projSize) && projSize > 0 && projSize < hiddenSize)) {
      throw new OptionError(
        'ProjectedLSTMCell',
        'projSize',
        `expected a whole number from 1 to ${hiddenSize - 1}, got ${shown(projSize)}`,
      );
    }
    const { bias = true } = options;
    this.projSize = projSize;
    const bound = inverseSqrt(hiddenSize);
    this.weightIh = uniformParameter([4 * hiddenSize, inputSize], bound);
    this.weightHh = uniformParameter([4 * hiddenSize, projSize], bound);
    this.biasIh = bias ? uniformParameter([4 * hiddenSize], bound) : null;
    this.biasHh = bias ? uniformParameter([4 * hiddenSize], bound) : null;
    this.weightHr = uniformParameter([projSize, hiddenSize], bound);
  }

  override get outputSize(): number {
    return this.projSize;
  }

  override get takesMask(): boolean {
    return true;
  }

  override get memoryGate(): MemoryGate {
    return { gate: 'f', keeps: 'gate' };
  }

  override initialState(batchSize: number): LSTMState {
    return { h: this.zeroState(batchSize, this.projSize), c: this.zeroState(batchSize, this.hiddenSize) };
  }

  /** x [B, I], h [B, P], c [B, H] → the output h' [B, P] and the next state. */
  step(x: Tensor, state: LSTMState, mask?: Tensor | null): [output: Tensor, state: LSTMState] {
    requireState(this, state, ['h', 'c']);
    const { h, c } = state;
    const gates = linear(x, this.weightIh, this.biasIh).add(linear(masked(h, mask), this.weightHh, this.biasHh));
    const [ai, af, ag, ao] = gates.chunk(4); // each [B, H]
    const [i, f] = [gate('i', ai.sigmoid()), gate('f', af.sigmoid())];
    const [g, o] = [gate('g', ag.tanh()), gate('o', ao.sigmoid())];
    const nextC = f.mul(c).add(i.mul(g));
    const nextH = linear(o.mul(nextC.tanh()), this.weightHr);
    return [nextH, { h: nextH, c: nextC }];
  }
}
