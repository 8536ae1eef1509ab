// The last product of a model and its softmax loss as one op. With a large vocabulary the logits are by far the largest tensor of a step: V
// numbers for every target, and as many again for their gradient. Here a block of rows at a time is computed, turned into its loss and its
// gradient, and forgotten. Rows whose target is ignored (padding) are left out before the product.

import { shown } from '../../checks.ts';
import { OptionError, ShapeError, TensorError, checkOptions } from '../../errors.ts';
import { record, wantsGrad } from '../autograd.ts';
import { indices } from '../create.ts';
import { sameShape, sizeOf } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import { requireAlike, requireFloat, requireProbability, requireSameBackend, requireTensor } from './operands.ts';
import { embedding } from './embedding.ts';
import { liveTargets } from './live-targets.ts';
import { checkIndices, zerosLike } from './shaping.ts';
import { hostValues } from '../host-values.ts';

/** Options of `linearCrossEntropy`. */
export interface LinearCrossEntropyOptions {
  /** 'mean' over the targets that count (the default), or their 'sum'. */
  readonly reduction?: 'mean' | 'sum';
  /** Targets of this value add nothing to the loss or the gradient. Default −100. */
  readonly ignoreIndex?: number;
  /** The part ε of every target that is spread evenly over all classes. Default 0. */
  readonly labelSmoothing?: number;
}

/** Most numbers in a block of logits: 32 MB. Every block reads all weights, so few are better; blocks are about alike. */
const blockSize = 2 ** 23;

/**
 * crossEntropy(linear(x, weight, bias), target) without ever holding all logits: x [.., I], weight [V, I], bias [V], target int32 [..] → a scalar.
 * Label smoothing needs no more of them: with s the scores of a row, loss = −ln p_y + ε (s_y − mean s), and mean s = x · mean W + mean b.
 *
 * Throws a ShapeError when they do not fit and an OptionError for a class outside 0 … V − 1.
 */
export function linearCrossEntropy(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  target: Tensor,
  options: LinearCrossEntropyOptions = {},
): Tensor {
  return crossEntropyInBlocks(x, weight, bias, target, options, blockSize);
}

/** The same with at most `most` logits in a block, or 16 rows where that is more. Tests make it small. */
export function crossEntropyInBlocks(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  target: Tensor,
  options: LinearCrossEntropyOptions,
  most: number,
): Tensor {
  checkOptions('linearCrossEntropy', options, ['reduction', 'ignoreIndex', 'labelSmoothing']);
  const { reduction = 'mean', ignoreIndex = -100, labelSmoothing = 0 } = options;
  const who = 'linearCrossEntropy';
  if (reduction !== 'mean' && reduction !== 'sum')
    throw new OptionError(who, 'reduction', `expected 'mean' or 'sum', got ${shown(reduction satisfies never)}`);
  for (const t of [x, weight]) requireFloat(who, t);
  requireTensor(who, target);
  requireAlike(who, x, weight, bias);
  requireSameBackend(who, x, target);
  if (target.dtype !== 'int32') throw new TensorError(who, `expected int32 targets, got ${target.dtype}`);
  const I = x.shape.at(-1) as number;
  if (weight.rank !== 2 || weight.shape[1] !== I) throw new ShapeError(who, 'weight', ['V', I], weight.shape);
  const V = weight.shape[0];
  if (bias && !sameShape(bias.shape, [V])) throw new ShapeError(who, 'bias', [V], bias.shape);
  const lead = x.shape.slice(0, -1);
  if (!sameShape(target.shape, lead)) throw new ShapeError(who, 'target', lead, target.shape);
  checkIndices(who, target, V, ignoreIndex);
  requireProbability(who, 'labelSmoothing', labelSmoothing);

  const { backend, dtype } = x;
  const empty = (...shape: number[]) => Tensor.empty(shape, dtype, backend);
  const rows = sizeOf(lead);
  const targets = hostValues(target);
  const live = Int32Array.from(targets.keys()).filter((i) => targets[i] !== ignoreIndex);
  const all = live.length === rows;
  const index = all ? null : indices(live, [live.length], { backend });
  let packed = x;
  if (index) {
    packed = empty(live.length, I);
    backend.embedding(packed.storage, x.storage, index.storage, live.length, I);
  }
  const packedTarget = all
    ? target
    : indices(
        live.map((i) => targets[i]),
        [live.length],
        { backend },
      );

  const inputs = bias ? [x, weight, bias] : [x, weight];
  const train = wantsGrad(inputs);
  const scale = reduction === 'mean' ? 1 / Math.max(1, live.length) : 1;
  const dPacked = train && x.requiresGrad ? empty(live.length, I) : null;
  const dWeight = train && weight.requiresGrad ? zerosLike(weight, weight.shape) : null;
  const dBias = train && bias?.requiresGrad ? zerosLike(bias, bias.shape) : null;
  const loss = zerosLike(x, []);
  const blocks = Math.ceil(live.length / Math.max(16, Math.floor(most / Math.max(1, V))));
  const block = Math.ceil(live.length / Math.max(1, blocks));
  const logits = empty(Math.min(block, live.length), V);
  for (let start = 0; start < live.length; start += block) {
    const n = Math.min(block, live.length - start);
    const [from, to] = [packed.storage.slice(start * I, n * I), packedTarget.storage.slice(start, n)];
    const scores = logits.storage.slice(0, n * V);
    const [losses, logSumExp, share] = [empty(n), empty(n), empty(1)];
    backend.gemm(scores, from, weight.storage, bias?.storage ?? null, 1, n, V, I, false, true, 0, 0, 0, false);
    backend.crossEntropy(losses.storage, logSumExp.storage, scores, to, n, V, ignoreIndex);
    backend.reduce('sum', share.storage, losses.storage, 1, n, 1);
    backend.binary('add', loss.storage, loss.storage, share.storage, [1], [1], [1]);
    if (!train) continue;
    backend.fill(losses.storage, scale); // d loss / d losses[r]
    backend.crossEntropyBackward(scores, losses.storage, scores, logSumExp.storage, to, n, V, ignoreIndex);
    if (dPacked) {
      const part = dPacked.storage.slice(start * I, n * I);
      backend.gemm(part, scores, weight.storage, null, 1, n, I, V, false, false, 0, 0, 0, false);
    }
    if (dWeight) backend.gemm(dWeight.storage, scores, from, null, 1, V, I, n, true, false, 0, 0, 0, true);
    if (dBias) {
      const column = empty(V);
      backend.reduce('sum', column.storage, scores, 1, n, V);
      backend.binary('add', dBias.storage, dBias.storage, column.storage, [V], [1], [1]);
    }
  }
  backend.scaleAll([loss.storage], scale);
  // The gradients are there already, for a gradient of 1 of the loss.
  const sharp = record(who, loss, inputs, (dLoss) => {
    const times = dLoss.itemSync();
    const ready = [dPacked, dWeight, dBias].filter((t) => t !== null).map((t) => t.storage);
    if (times !== 1) backend.scaleAll(ready, times);
    let dx = dPacked;
    if (dPacked && index) {
      dx = zerosLike(x, x.shape);
      backend.embeddingBackward(dx.storage, dPacked.storage, index.storage, live.length, I, -1);
    }
    return [dx?.reshape(...x.shape), dWeight, dBias];
  });
  if (labelSmoothing === 0 || live.length === 0) return sharp;
  return sharp.add(aboveMean(x, weight, bias, target, ignoreIndex).mul(labelSmoothing * scale));
}

/** Σ over the targets that count of s_y − mean s, s = W x + b. */
function aboveMean(x: Tensor, weight: Tensor, bias: Tensor | null, target: Tensor, ignoreIndex: number): Tensor {
  const { index, counts } = liveTargets(target, ignoreIndex, x);
  const product = embedding(index, weight).sub(weight.mean(0)).mul(x).sum(-1);
  const all = bias ? product.add(embedding(index, bias.unsqueeze(1)).squeeze(-1).sub(bias.mean())) : product;
  return all.mul(counts).sum();
}
