// Softmax over a large vocabulary in clusters, as in PyTorch: the classes, sorted by frequency, are cut into a head of frequent ones and tails of rare
// ones. The head scores its classes and one more for each tail; a tail has narrower weights, and is computed only for the rows whose target it holds.
//
//   p(v) = p_head(v)                                       v < cutoffs[0]
//   p(v) = p_head(tail k) · p_tail k(v)                    cutoffs[k] ≤ v < cutoffs[k + 1]

import { requireEach, requireNumber, requireOneOf, requireSizes, requireWhole, shown } from '../checks.ts';
import { checkOptions, OptionError, ShapeError, TensorError } from '../errors.ts';
import { indices } from '../tensor/create.ts';
import { hostValues } from '../tensor/host-values.ts';
import { embedding } from '../tensor/ops/embedding.ts';
import { linearCrossEntropy } from '../tensor/ops/linear-cross-entropy.ts';
import { requireFloat, requireSameBackend, requireTensor } from '../tensor/ops/operands.ts';
import { cat, checkIndices } from '../tensor/ops/shaping.ts';
import { sameShape, sizeOf } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { Linear } from './linear.ts';
import { Module } from './module.ts';
import { Sequential } from './sequential.ts';

/** Options of `AdaptiveLogSoftmaxWithLoss`. */
export interface AdaptiveSoftmaxOptions {
  /** Each tail's weights are narrower than those before by this factor. Default 4. */
  readonly divValue?: number;
  /** Whether the head has a bias. Default false. */
  readonly headBias?: boolean;
}

/** Options of `AdaptiveLogSoftmaxWithLoss.loss`. */
export interface AdaptiveLossOptions {
  /** 'mean' over the targets that count (the default), or their 'sum'. */
  readonly reduction?: 'mean' | 'sum';
  /** Targets of this value add nothing to the loss or the gradient. Default −100. */
  readonly ignoreIndex?: number;
}

/**
 * Adaptive softmax (Grave et al. 2017), PyTorch's module of this name: parameters `head.weight`, `tail.0.0.weight`, `tail.0.1.weight`, …
 *
 *     const output = new AdaptiveLogSoftmaxWithLoss(256, 50_000, [2000, 10_000]);
 *     const loss = output.loss(h, target);                // h [.., 256], target int32 [..] → a scalar, the exact −ln p
 *     const logProbabilities = output.forward(h);         // [.., 50 000]
 *
 * Throws an OptionError for cutoffs that do not rise from 1 to V − 1.
 */
export class AdaptiveLogSoftmaxWithLoss extends Module {
  readonly inFeatures: number;
  readonly numClasses: number;
  /** Where the clusters end, the last one at numClasses. */
  readonly cutoffs: readonly number[];
  /** Scores of the classes below cutoffs[0], then one for each tail: [cutoffs[0] + tails, I]. */
  readonly head: Linear;
  /** For each tail its projection [I / divValue^(k+1), I] and its scores. */
  readonly tail: readonly Sequential[];

  constructor(
    inFeatures: number,
    numClasses: number,
    cutoffs: readonly number[],
    options: AdaptiveSoftmaxOptions = {},
  ) {
    super();
    const who = 'AdaptiveLogSoftmaxWithLoss';
    checkOptions(who, options, ['divValue', 'headBias']);
    requireSizes(who, { inFeatures, numClasses });
    checkCutoffs(who, cutoffs, numClasses);
    const { divValue = 4, headBias = false } = options;
    requireNumber(who, 'divValue', divValue, { low: 1 });
    this.inFeatures = inFeatures;
    this.numClasses = numClasses;
    this.cutoffs = [...cutoffs, numClasses];
    this.head = new Linear(inFeatures, cutoffs[0] + cutoffs.length, { bias: headBias });
    this.tail = cutoffs.map((from, k) => {
      const width = Math.max(1, Math.floor(inFeatures / divValue ** (k + 1)));
      const project = new Linear(inFeatures, width, { bias: false });
      return new Sequential(project, new Linear(width, this.cutoffs[k + 1] - from, { bias: false }));
    });
  }

  /** ln p of all classes: x [.., I] → [.., V]. */
  forward(x: Tensor): Tensor {
    this.#checkInput(x);
    const [shortlist] = this.cutoffs;
    const head = this.head.forward(x).logSoftmax();
    const tails = this.tail.map((tail, k) =>
      tail
        .forward(x)
        .logSoftmax()
        .add(head.slice(-1, shortlist + k, shortlist + k + 1)),
    );
    return cat([head.slice(-1, 0, shortlist), ...tails], -1);
  }

  /** −ln p of the targets: x [.., I], target int32 [..] → a scalar. Throws an OptionError for a class outside 0 … V − 1. */
  loss(x: Tensor, target: Tensor, options: AdaptiveLossOptions = {}): Tensor {
    const who = 'AdaptiveLogSoftmaxWithLoss.loss';
    checkOptions(who, options, ['reduction', 'ignoreIndex']);
    const { reduction = 'mean', ignoreIndex = -100 } = options;
    requireOneOf(who, 'reduction', reduction, ['mean', 'sum']);
    this.#checkInput(x);
    requireTensor(who, target);
    requireSameBackend(who, x, target);
    if (target.dtype !== 'int32') throw new TensorError(who, `expected int32 targets, got ${target.dtype}`);
    const lead = x.shape.slice(0, -1);
    if (!sameShape(target.shape, lead)) throw new ShapeError(who, 'target', lead, target.shape);
    checkIndices(who, target, this.numClasses, ignoreIndex);

    const { backend } = x;
    const N = sizeOf(lead);
    const rows = x.reshape(N, this.inFeatures);
    const targets = hostValues(target);
    const [shortlist] = this.cutoffs;
    const inHead = new Int32Array(N); // the target's place in the head, or that of its tail
    const inTail: number[][] = this.tail.map(() => []); // rows of each tail
    for (let n = 0; n < N; n++) {
      inHead[n] = targets[n];
      if (targets[n] === ignoreIndex || targets[n] < shortlist) continue;
      const k = this.cutoffs.findIndex((end) => targets[n] < end) - 1;
      inHead[n] = shortlist + k;
      inTail[k].push(n);
    }
    const sum = { reduction: 'sum', ignoreIndex } as const;
    let loss = linearCrossEntropy(rows, this.head.weight, this.head.bias, indices(inHead, [N], { backend }), sum);
    for (const [k, members] of inTail.entries()) {
      if (members.length === 0) continue;
      const [project, scores] = this.tail[k].layers as readonly Linear[];
      const h = project.forward(embedding(indices(members, [members.length], { backend }), rows));
      const own = members.map((n) => targets[n] - this.cutoffs[k]);
      const wanted = indices(own, [members.length], { backend });
      loss = loss.add(linearCrossEntropy(h, scores.weight, null, wanted, { reduction: 'sum' }));
    }
    if (reduction === 'sum') return loss;
    return loss.div(Math.max(1, targets.length - targets.filter((y) => y === ignoreIndex).length));
  }

  #checkInput(x: Tensor): void {
    requireFloat('AdaptiveLogSoftmaxWithLoss', x);
    if (x.shape.at(-1) !== this.inFeatures)
      throw new ShapeError('AdaptiveLogSoftmaxWithLoss', 'input', ['..', this.inFeatures], x.shape);
  }

  protected override describe(): string {
    return `${this.inFeatures}, ${this.numClasses}, cutoffs=[${this.cutoffs.slice(0, -1).join(', ')}]`;
  }
}

/** Whether each is a class, and above the one before. */
export function checkCutoffs(who: string, cutoffs: readonly number[], classes: number): void {
  requireEach(who, 'cutoffs', cutoffs, requireWhole);
  const rising = cutoffs.every((cut, k) => cut > (k === 0 ? 0 : cutoffs[k - 1]) && cut < classes);
  if (cutoffs.length === 0 || !rising)
    throw new OptionError(
      who,
      'cutoffs',
      `expected classes that rise from 1 to ${classes - 1}, at least one, got ${shown(cutoffs)}`,
    );
}
