import { requireSizes } from '../checks.ts';
import { checkOptions } from '../errors.ts';
import { linear } from '../tensor/ops/product.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { inverseSqrt, uniformParameter } from './init.ts';
import { Module, type Parameter } from './module.ts';

/** Options of `Linear`. */
export interface LinearOptions {
  /** Default true. */
  readonly bias?: boolean;
}

/** y = x Wᵀ + b: [.., I] → [.., O]. Weights and bias uniform in ±1/√I, as in PyTorch. */
export class Linear extends Module {
  readonly inFeatures: number;
  readonly outFeatures: number;
  readonly weight: Parameter; // [O, I]
  readonly bias: Parameter | null; // [O]

  constructor(inFeatures: number, outFeatures: number, options: LinearOptions = {}) {
    super();
    requireSizes('Linear', { inFeatures, outFeatures }, true);
    checkOptions('Linear', options, ['bias']);
    this.inFeatures = inFeatures;
    this.outFeatures = outFeatures;
    const bound = inverseSqrt(inFeatures);
    this.weight = uniformParameter([outFeatures, inFeatures], bound);
    this.bias = (options.bias ?? true) ? uniformParameter([outFeatures], bound) : null;
  }

  forward(x: Tensor): Tensor {
    return linear(x, this.weight, this.bias);
  }

  protected override describe(): string {
    return `${this.inFeatures}, ${this.outFeatures}${this.bias ? '' : ', bias=false'}`;
  }
}
