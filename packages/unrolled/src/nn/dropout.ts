import { dropout } from '../tensor/ops/dropout.ts';
import { requireProbability } from '../tensor/ops/operands.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { Module } from './module.ts';

/** In training, each element is 0 with probability p and scaled by 1/(1 − p) otherwise; nothing in evaluation (Srivastava et al. 2014). */
export class Dropout extends Module {
  readonly p: number;

  constructor(p = 0.5) {
    super();
    requireProbability('Dropout', 'p', p);
    this.p = p;
  }

  forward(x: Tensor): Tensor {
    return this.training ? dropout(x, this.p) : x;
  }

  protected override describe(): string {
    return `p=${this.p}`;
  }
}
