// Rows that end before the others, where all steps are computed at once.

import { indices, tensor } from '../../tensor/create.ts';
import { where } from '../../tensor/ops/elementwise.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { hostValues } from '../../tensor/host-values.ts';

/** [T, B, 1]: 1 for the steps that count, 0 for padding. */
export function activeSteps(lengths: Tensor, x: Tensor): Tensor {
  const [T, B] = x.shape;
  const n = hostValues(lengths);
  const flags = Float32Array.from({ length: T * B }, (_, k) => (Math.floor(k / B) < n[k % B] ? 1 : 0));
  return tensor(flags, [T, B, 1], { dtype: x.dtype, backend: x.backend });
}

/** y [T, B, H] → what was put out last in each row [B, H]; where there was no step, `before`. */
export function lastOutput(y: Tensor, lengths: Tensor | null, reverse: boolean, before: Tensor): Tensor {
  const [T, B, H] = y.shape;
  if (T === 0) return before;
  if (!lengths) return y.select(0, reverse ? 0 : T - 1);
  const n = hostValues(lengths);
  const { backend } = y;
  const rows = Int32Array.from({ length: B * H }, (_, k) => (reverse ? 0 : Math.max(0, n[Math.floor(k / H)] - 1)));
  const last = y.gather(0, indices(rows, [1, B, H], { backend })).select(0, 0);
  const began = Int32Array.from(n, (length) => +(length > 0));
  return where(indices(began, [B, 1], { backend }).cast(y.dtype), last, before);
}
