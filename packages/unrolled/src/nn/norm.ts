// Layers that normalize, under PyTorch's names and with its defaults.

import { requireTensor } from '../tensor/ops/operands.ts';
import { requireNumber, requireSizes, shown } from '../checks.ts';
import { checkOptions, OptionError, ShapeError } from '../errors.ts';
import { empty, ones, zeros } from '../tensor/create.ts';
import { batchNorm, layerNorm } from '../tensor/ops/norm.ts';
import type { TensorShape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { constant } from './init.ts';
import { ModuleBuffer, Module, Parameter } from './module.ts';

/** Options of `BatchNorm1d` and `BatchNorm2d`. */
export interface BatchNormLayerOptions {
  /** Default 1e-5. */
  readonly eps?: number;
  /** How much of a batch's mean and variance goes into the running ones; null: their plain average over all batches. Default 0.1. */
  readonly momentum?: number | null;
  /** Whether weight and bias are there. Default true. */
  readonly affine?: boolean;
  /** Whether running mean and variance are kept; without, evaluation looks at its own batch too. Default true. */
  readonly trackRunningStats?: boolean;
}

/**
 * In training, values less the mean of their channel over the batch, over their deviation; in evaluation, by the running mean and variance, so
 * that a row's result does not depend on the others (Ioffe and Szegedy 2015).
 *
 * The running variance is over n − 1, as PyTorch has it. A batch whose mean or variance is not finite leaves the running ones as they are.
 */
abstract class BatchNorm extends Module {
  readonly numFeatures: number;
  readonly eps: number;
  readonly momentum: number | null;
  readonly weight: Parameter | null; // [C]
  readonly bias: Parameter | null; // [C]
  readonly runningMean: ModuleBuffer | null; // [C]
  readonly runningVar: ModuleBuffer | null; // [C]
  readonly numBatchesTracked: ModuleBuffer | null; // int32 []

  constructor(numFeatures: number, options: BatchNormLayerOptions = {}) {
    super();
    const who = new.target.name;
    checkOptions(who, options, ['eps', 'momentum', 'affine', 'trackRunningStats']);
    const { eps = 1e-5, momentum = 0.1, affine = true, trackRunningStats = true } = options;
    requireSizes(who, { numFeatures }, true);
    requireNumber(who, 'eps', eps, { low: 0 });
    if (momentum !== null) requireNumber(who, 'momentum', momentum, { low: 0, high: 1 });
    this.numFeatures = numFeatures;
    this.eps = eps;
    this.momentum = momentum;
    const shape = [numFeatures];
    this.weight = affine ? constant(Parameter.of(empty(shape)), 1) : null;
    this.bias = affine ? constant(Parameter.of(empty(shape)), 0) : null;
    this.runningMean = trackRunningStats ? ModuleBuffer.of(zeros(shape)) : null;
    this.runningVar = trackRunningStats ? ModuleBuffer.of(ones(shape)) : null;
    this.numBatchesTracked = trackRunningStats ? ModuleBuffer.of(zeros([], { dtype: 'int32' })) : null;
  }

  /** `relu`: max(0, ·) of the result in the same pass, which is quicker than a layer of its own. */
  forward(x: Tensor, { relu = false }: { readonly relu?: boolean } = {}): Tensor {
    this.check(x);
    const { eps, runningMean: mean, runningVar: variance } = this;
    if (!this.training && mean && variance)
      return batchNorm(x, this.weight, this.bias, { moments: { mean, variance }, eps, relu }).y;
    const n = x.size / this.numFeatures;
    if (this.training && n === 1)
      throw new ShapeError(
        this.constructor.name,
        'more than one value a channel in training',
        ['B', this.numFeatures, '…'],
        x.shape,
        'make the batch larger, or call eval()',
      );
    const result = batchNorm(x, this.weight, this.bias, { eps, relu });
    if (this.training && n > 0) this.#track(result.mean, result.variance, n);
    return result.y;
  }

  #track(batchMean: Tensor, batchVariance: Tensor, n: number): void {
    const { runningMean, runningVar, numBatchesTracked } = this;
    if (!runningMean || !runningVar || !numBatchesTracked) return;
    const [mean, variance] = [batchMean.storage.array, batchVariance.storage.array];
    if (!mean.every(Number.isFinite) || !variance.every(Number.isFinite)) return;
    const batches = ++numBatchesTracked.storage.array[0];
    const part = this.momentum ?? 1 / batches;
    const [means, variances] = [runningMean.storage.array, runningVar.storage.array];
    for (let c = 0; c < mean.length; c++) {
      means[c] = (1 - part) * means[c] + part * mean[c];
      variances[c] = (1 - part) * variances[c] + part * variance[c] * (n / (n - 1));
    }
  }

  /** Refuses an input of another rank or number of channels. */
  protected abstract check(x: Tensor): void;

  protected override describe(): string {
    return `${this.numFeatures}, eps=${this.eps}, momentum=${this.momentum}${this.weight ? '' : ', affine=false'}`;
  }
}

/** Of x [B, C] or [B, C, n]. */
export class BatchNorm1d extends BatchNorm {
  protected override check(x: Tensor): void {
    requireTensor('BatchNorm1d', x);
    if ((x.rank !== 2 && x.rank !== 3) || x.shape[1] !== this.numFeatures)
      throw new ShapeError('BatchNorm1d', 'input', `[B, ${this.numFeatures}] or [B, ${this.numFeatures}, n]`, x.shape);
  }
}

/** Of images x [B, C, h, w]. */
export class BatchNorm2d extends BatchNorm {
  protected override check(x: Tensor): void {
    requireTensor('BatchNorm2d', x);
    if (x.rank !== 4 || x.shape[1] !== this.numFeatures)
      throw new ShapeError('BatchNorm2d', 'images', ['B', this.numFeatures, 'h', 'w'], x.shape);
  }
}

/** Options of `LayerNorm`. */
export interface LayerNormOptions {
  /** Default 1e-5. */
  readonly eps?: number;
  /** Whether weight and bias are there. Default true. */
  readonly elementwiseAffine?: boolean;
  /** Whether there is a bias beside the weight. Default true. */
  readonly bias?: boolean;
}

/** Values less the mean of their row, over its deviation (Ba, Kiros and Hinton 2016): the last axes, those of `normalizedShape`. */
export class LayerNorm extends Module {
  readonly normalizedShape: TensorShape;
  readonly eps: number;
  readonly weight: Parameter | null;
  readonly bias: Parameter | null;

  constructor(normalizedShape: number | TensorShape, options: LayerNormOptions = {}) {
    super();
    checkOptions('LayerNorm', options, ['eps', 'elementwiseAffine', 'bias']);
    const { eps = 1e-5, elementwiseAffine = true, bias = true } = options;
    const shape = typeof normalizedShape === 'number' ? [normalizedShape] : normalizedShape;
    if (!Array.isArray(shape) || shape.length === 0)
      throw new OptionError('LayerNorm', 'normalizedShape', `expected sizes from 1, got ${shown(shape)}`);
    for (const n of shape) requireSizes('LayerNorm', { normalizedShape: n }, true);
    requireNumber('LayerNorm', 'eps', eps, { low: 0 });
    this.normalizedShape = shape;
    this.eps = eps;
    this.weight = elementwiseAffine ? constant(Parameter.of(empty(shape)), 1) : null;
    this.bias = elementwiseAffine && bias ? constant(Parameter.of(empty(shape)), 0) : null;
  }

  forward(x: Tensor): Tensor {
    return layerNorm(x, this.normalizedShape, this.weight, this.bias, this.eps);
  }

  protected override describe(): string {
    return `[${this.normalizedShape.join(', ')}], eps=${this.eps}${this.weight ? '' : ', elementwiseAffine=false'}`;
  }
}
