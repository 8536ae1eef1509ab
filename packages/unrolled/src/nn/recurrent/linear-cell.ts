// The network without its tanh: the one whose gradients can be written down, and that no depth and no length makes more than a matrix product.

import { inverseSqrt, uniformParameter } from '../init.ts';
import type { Parameter } from '../module.ts';
import { Cell } from './cell.ts';
import { linear } from '../../tensor/ops/product.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/**
 * h' = W_ih x + W_hh h.      ∂h_T/∂h_0 = W_hhᵀ … W_hhᵀ, T times: it explodes or vanishes with W_hh's eigenvalues, whatever is read.
 */
export class LinearCell extends Cell<Tensor> {
  readonly weightIh: Parameter; // [H, I]
  readonly weightHh: Parameter; // [H, H]

  constructor(inputSize: number, hiddenSize: number) {
    super(inputSize, hiddenSize);
    const bound = inverseSqrt(hiddenSize);
    this.weightIh = uniformParameter([hiddenSize, inputSize], bound);
    this.weightHh = uniformParameter([hiddenSize, hiddenSize], bound);
  }

  /** x [B, I] and h [B, H] → the output and the next state, both [B, H]. */
  step(x: Tensor, h: Tensor): [output: Tensor, state: Tensor] {
    const next = linear(x, this.weightIh).add(linear(h, this.weightHh));
    return [next, next];
  }
}
