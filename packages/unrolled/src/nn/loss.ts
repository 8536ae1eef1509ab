// Losses for numbers. The softmax loss is an op of its own: `crossEntropy`.

import { requireTensor } from '../tensor/ops/operands.ts';
import { requireOneOf, shown } from '../checks.ts';
import { OptionError, ShapeError } from '../errors.ts';
import { sameShape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** What a loss does with the losses of its elements. */
export type Reduction = 'mean' | 'sum' | 'none';

/** (x − y)². */
export function mseLoss(x: Tensor, y: Tensor, reduction: Reduction = 'mean'): Tensor {
  return reduce(difference('mseLoss', x, y).square(), reduction);
}

/** |x − y|. */
export function l1Loss(x: Tensor, y: Tensor, reduction: Reduction = 'mean'): Tensor {
  return reduce(difference('l1Loss', x, y).abs(), reduction);
}

/** −y ln σ(x) − (1 − y) ln(1 − σ(x)) from the logit x, for y in [0, 1]: softplus(x) − x·y, which does not overflow. */
export function bceWithLogits(x: Tensor, y: Tensor, reduction: Reduction = 'mean'): Tensor {
  difference('bceWithLogits', x, y);
  return reduce(x.softplus().sub(x.mul(y)), reduction);
}

/** max(q·(y − x), (q − 1)·(y − x)): its minimum over x is the q-quantile of y (Koenker and Bassett 1978). */
export function quantileLoss(x: Tensor, y: Tensor, q: number, reduction: Reduction = 'mean'): Tensor {
  if (!(typeof q === 'number' && q > 0 && q < 1))
    throw new OptionError('quantileLoss', 'q', `expected a quantile between 0 and 1, got ${shown(q)}`);
  const d = difference('quantileLoss', y, x);
  return reduce(d.mul(q).maximum(d.mul(q - 1)), reduction);
}

function difference(who: string, x: Tensor, y: Tensor): Tensor {
  for (const t of [x, y]) requireTensor(who, t);
  if (!sameShape(x.shape, y.shape)) throw new ShapeError(who, 'a target', x.shape, y.shape);
  return x.sub(y);
}

function reduce(loss: Tensor, reduction: Reduction): Tensor {
  requireOneOf('loss', 'reduction', reduction, ['mean', 'sum', 'none']);
  if (reduction === 'none') return loss;
  return reduction === 'sum' ? loss.sum() : loss.mean();
}
