// Numbers that should agree, and how well. A tolerance has a name, and the name has a reason.

import { expect } from 'vitest';
import { Tensor } from '../packages/unrolled/src/tensor/index.ts';

export interface Tolerance {
  /** Allowed distance, as a part of the larger of the two magnitudes ... */
  readonly relative: number;
  /** ... or of this, where both are smaller. */
  readonly floor: number;
}

export const tolerances = {
  /** Central differences with a step of 1e-5 in float64: their own error is about 1e-10. */
  gradient: { relative: 1e-6, floor: 1e-2 },
  /** Two ways to compute the same in float64: they differ in the order of summation. */
  float64: { relative: 1e-12, floor: 1 },
  /** Two backends in float32: other orders of summation, another exp and tanh. */
  backends: { relative: 1e-5, floor: 1 },
  /** The same computation twice. */
  exact: { relative: 0, floor: 0 },
} satisfies Record<string, Tolerance>;

/** Fails, naming the first number that is too far off, unless `actual` has the values `expected`. */
export function expectClose(
  actual: Tensor | ArrayLike<number>,
  expected: Tensor | ArrayLike<number>,
  { relative, floor }: Tolerance,
  what = 'result',
): void {
  const [a, b] = [valuesOf(actual), valuesOf(expected)];
  if (a.length !== b.length) expect.fail(`${what}: expected ${b.length} numbers, got ${a.length}`);
  for (let i = 0; i < a.length; i++) {
    if (Object.is(a[i], b[i])) continue; // equal infinities and NaNs too
    const scale = Math.max(Math.abs(a[i]), Math.abs(b[i]), floor);
    if (!(Math.abs(a[i] - b[i]) <= relative * scale)) {
      expect.fail(`${what}: number ${i} of ${a.length} is ${a[i]}, expected ${b[i]}`);
    }
  }
}

function valuesOf(x: Tensor | ArrayLike<number>): ArrayLike<number> {
  return x instanceof Tensor ? x.dataSync() : x;
}
