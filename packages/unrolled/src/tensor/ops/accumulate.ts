// The four things that the backward pass itself does to gradients. No op here is recorded.

import { Tensor } from '../tensor.ts';

/** a + b in new memory; equal shapes. */
export function add(a: Tensor, b: Tensor): Tensor {
  const out = Tensor.empty(a.shape, a.dtype, a.backend);
  a.backend.binary('add', out.storage, a.storage, b.storage, [a.size], [1], [1]);
  return out;
}

/** a += b; equal shapes. */
export function addInto(a: Tensor, b: Tensor): void {
  a.backend.binary('add', a.storage, a.storage, b.storage, [a.size], [1], [1]);
}

/** A copy in new memory. */
export function clone(a: Tensor): Tensor {
  const out = Tensor.empty(a.shape, a.dtype, a.backend);
  a.backend.stridedCopy(out.storage, 0, [1], a.storage, 0, [1], [a.size], false);
  return out;
}

/** Whether every element is a finite number. */
export function isFinite(a: Tensor): boolean {
  return a.dtype === 'int32' || Number.isFinite(a.backend.sumSquares([a.storage]));
}
