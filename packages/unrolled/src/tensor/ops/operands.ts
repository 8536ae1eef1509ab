// What every op asks of its operands before any work: tensors, on one backend, of one dtype, floats.

import { shown } from '../../checks.ts';
import { OptionError, TensorError } from '../../errors.ts';
import { Tensor } from '../tensor.ts';

/** Refuses what is no tensor. */
export function requireTensor(who: string, x: unknown): asserts x is Tensor {
  if (!(x instanceof Tensor)) throw new TensorError(who, `expected a tensor, got ${shown(x)}`);
}

/** Tensors, but for those that are left out, on one backend. Returns the first. */
export function requireSameBackend(who: string, ...tensors: readonly (Tensor | null | undefined)[]): Tensor | null {
  let first: Tensor | null = null;
  for (const t of tensors) {
    if (t === null || t === undefined) continue;
    requireTensor(who, t);
    first ??= t;
    if (t.backend !== first.backend)
      throw new TensorError(
        who,
        `the operands are on the ${first.backend.name} and the ${t.backend.name} backend; make both on one`,
      );
  }
  return first;
}

/** One backend and one dtype. */
export function requireAlike(who: string, ...tensors: readonly (Tensor | null | undefined)[]): void {
  const first = requireSameBackend(who, ...tensors);
  for (const t of tensors)
    if (t && first && t.dtype !== first.dtype)
      throw new TensorError(who, `the operands are ${first.dtype} and ${t.dtype}; cast one of them`);
}

export function requireFloat(who: string, x: Tensor): void {
  requireTensor(who, x);
  if (x.dtype === 'int32') throw new TensorError(who, 'expected a float tensor, got int32; cast it first');
}

/** For ops with a probability. */
export function requireProbability(who: string, option: string, p: number): void {
  if (!(typeof p === 'number' && p >= 0 && p < 1))
    throw new OptionError(who, option, `expected a probability in [0, 1), got ${shown(p)}`);
}
