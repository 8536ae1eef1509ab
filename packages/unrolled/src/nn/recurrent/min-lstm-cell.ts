import { checkOptions } from '../../errors.ts';
import { sub } from '../../tensor/ops/elementwise.ts';
import { linear } from '../../tensor/ops/product.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { inverseSqrt, uniformParameter } from '../init.ts';
import type { Parameter } from '../module.ts';
import type { CellOptions, MemoryGate } from './cell.ts';
import { positive } from './min-gru-cell.ts';
import { gate } from './observe.ts';
import { ScanCell, type ScanGates } from './scan-cell.ts';

/**
 * The minimal LSTM (Feng et al. 2024): forget and input gate see the input alone and share one memory between them.
 *
 *   f  = σ(W_f x + b_f)          i  = σ(W_i x + b_i)          h̃ = g(W_h x + b_h), g as in MinGRUCell
 *   h' = f/(f + i) ⊙ h + i/(f + i) ⊙ h̃
 *
 * The gates lie in the weights in the order f i h. The quotient is taken in logarithms, f/(f + i) = σ(log f − log i): both gates may be as good
 * as 0 without a division by it.
 */
export class MinLSTMCell extends ScanCell {
  readonly weightIh: Parameter; // [3H, I]
  readonly biasIh: Parameter | null; // [3H]

  constructor(inputSize: number, hiddenSize: number, options: CellOptions = {}) {
    super(inputSize, hiddenSize);
    checkOptions('MinLSTMCell', options, ['bias']);
    const bound = inverseSqrt(inputSize);
    this.weightIh = uniformParameter([3 * hiddenSize, inputSize], bound);
    this.biasIh = (options.bias ?? true) ? uniformParameter([3 * hiddenSize], bound) : null;
  }

  override get memoryGate(): MemoryGate {
    return { gate: 'f', keeps: 'gate' };
  }

  gates(x: Tensor): ScanGates {
    const [f, i, h] = linear(x, this.weightIh, this.biasIh).chunk(3, -1); // each [.., H]
    const keep = i.neg().softplus().sub(f.neg().softplus()).sigmoid(); // log σ(v) = −softplus(−v)
    return { a: gate('f', keep), b: gate('i', sub(1, keep)).mul(positive(h)) };
  }
}
