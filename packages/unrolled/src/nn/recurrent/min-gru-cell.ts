import { checkOptions } from '../../errors.ts';
import { sub, where } from '../../tensor/ops/elementwise.ts';
import { linear } from '../../tensor/ops/product.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { inverseSqrt, uniformParameter } from '../init.ts';
import type { Parameter } from '../module.ts';
import type { CellOptions, MemoryGate } from './cell.ts';
import { gate } from './observe.ts';
import { ScanCell, type ScanGates } from './scan-cell.ts';

/**
 * The minimal GRU (Feng et al. 2024): no gate looks at the state, so that all of them are known before the first step.
 *
 *   z  = σ(W_z x + b_z)
 *   h̃  = g(W_h x + b_h)          g(v) = v + ½ for v ≥ 0, σ(v) for v < 0
 *   h' = (1 − z) ⊙ h + z ⊙ h̃
 *
 * The gates lie in the weights in the order z h. The paper computes this in logarithms, for which g keeps everything positive, because its scan
 * is a quotient of cumulative sums, and exp(Σ log a) under- and overflows. Ours walks through time, each step a mean of two numbers
 * weighted by 1 − z and z: no state leaves the range of the h̃ so far, whatever the gates, and nothing is divided.
 */
export class MinGRUCell extends ScanCell {
  readonly weightIh: Parameter; // [2H, I]
  readonly biasIh: Parameter | null; // [2H]

  constructor(inputSize: number, hiddenSize: number, options: CellOptions = {}) {
    super(inputSize, hiddenSize);
    checkOptions('MinGRUCell', options, ['bias']);
    const bound = inverseSqrt(inputSize);
    this.weightIh = uniformParameter([2 * hiddenSize, inputSize], bound);
    this.biasIh = (options.bias ?? true) ? uniformParameter([2 * hiddenSize], bound) : null;
  }

  override get memoryGate(): MemoryGate {
    return { gate: 'z', keeps: 'rest' };
  }

  gates(x: Tensor): ScanGates {
    const [z, h] = linear(x, this.weightIh, this.biasIh).chunk(2, -1); // each [.., H]
    const update = gate('z', z.sigmoid());
    return { a: sub(1, update), b: update.mul(positive(h)) };
  }
}

/** v + ½ for v ≥ 0, σ(v) for v < 0: positive, continuous, and unbounded as the candidates of an LSTM are not. */
export function positive(v: Tensor): Tensor {
  return where(v.ge(0), v.add(0.5), v.sigmoid());
}
