import { shown } from '../../checks.ts';
import type { FusedCell } from '../../backend/backend.ts';
import { checkOptions, OptionError } from '../../errors.ts';
import { linear } from '../../tensor/ops/product.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { inverseSqrt, uniformParameter } from '../init.ts';
import type { Parameter } from '../module.ts';
import { type CellOptions, GatedCell, masked } from './cell.ts';

/** The activation of a simple recurrent cell. */
export type Nonlinearity = 'tanh' | 'relu';

/** Options of `RNNCell`. */
export interface RNNCellOptions extends CellOptions {
  /** Default 'tanh'. */
  readonly nonlinearity?: Nonlinearity;
}

/**
 * The vanilla recurrent network (Elman 1990), with PyTorch's two biases:
 *
 *   h' = tanh(W_ih x + b_ih + W_hh h + b_hh)      or relu
 */
export class RNNCell extends GatedCell<Tensor> {
  readonly nonlinearity: Nonlinearity;
  readonly weightIh: Parameter; // [H, I]
  readonly weightHh: Parameter; // [H, H]
  readonly biasIh: Parameter | null; // [H]
  readonly biasHh: Parameter | null; // [H]

  constructor(inputSize: number, hiddenSize: number, options: RNNCellOptions = {}) {
    super(inputSize, hiddenSize);
    checkOptions('RNNCell', options, ['bias', 'nonlinearity']);
    const { bias = true, nonlinearity = 'tanh' } = options;
    if (nonlinearity !== 'tanh' && nonlinearity !== 'relu') {
      throw new OptionError(
        'RNNCell',
        'nonlinearity',
        `expected 'tanh' or 'relu', got ${shown(nonlinearity satisfies never)}`,
      );
    }
    this.nonlinearity = nonlinearity;
    const bound = inverseSqrt(hiddenSize);
    this.weightIh = uniformParameter([hiddenSize, inputSize], bound);
    this.weightHh = uniformParameter([hiddenSize, hiddenSize], bound);
    this.biasIh = bias ? uniformParameter([hiddenSize], bound) : null;
    this.biasHh = bias ? uniformParameter([hiddenSize], bound) : null;
  }

  override get fused(): FusedCell | null {
    return this.nonlinearity === 'tanh' ? 'rnnTanh' : 'rnnRelu';
  }

  /** x [B, I] and h [B, H] → the output and the next state, both [B, H]. */
  step(x: Tensor, h: Tensor, mask?: Tensor | null): [output: Tensor, state: Tensor] {
    const sum = linear(x, this.weightIh, this.biasIh).add(linear(masked(h, mask), this.weightHh, this.biasHh));
    const next = this.nonlinearity === 'tanh' ? sum.tanh() : sum.relu();
    return [next, next];
  }
}
