// Gradients against central differences of a loss in float64. Sixteen elements are nudged together, each by a weight of its own: two evaluations say
// whether sixteen derivatives are right, and a wrong one has no other to hide behind, as the weights are neither equal nor opposite.

import { expect } from 'vitest';
import { type Tolerance, tolerances } from './close.ts';

const step = 1e-5;
const together = 16;

/** Between 0.5 and 1.5, of either sign. */
const weight = (i: number) => (1 + 0.5 * Math.sin(1.7 * i + 0.3)) * (Math.cos(0.9 * i + 0.2) < 0 ? -1 : 1);

/** Fails unless `gradient` is that of `loss`, which reads `values`. They are as they were afterwards. */
export function expectGradient(
  gradient: ArrayLike<number>,
  values: Float64Array,
  loss: () => number,
  what: string,
  tolerance: Tolerance = tolerances.gradient,
): void {
  if (gradient.length !== values.length) throw new Error(`${what}: ${gradient.length} gradients of ${values.length}`);
  // Elements of like size together: beside a large one a fault of a small one would be within the tolerance of their sum.
  const order = Array.from(values.keys()).sort((a, b) => Math.abs(gradient[a]) - Math.abs(gradient[b]));
  const kept = values.slice();
  for (let from = 0; from < order.length; from += together) {
    const members = order.slice(from, from + together);
    const [above, below] = [step, -step].map((by) => {
      for (const i of members) values[i] = kept[i] + by * weight(i);
      return loss();
    });
    for (const i of members) values[i] = kept[i];
    const given = members.reduce((sum, i) => sum + gradient[i] * weight(i), 0);
    const found = (above - below) / (2 * step);
    const size = members.reduce((sum, i) => sum + Math.abs(gradient[i]), 0) / members.length; // that of one, not of their sum
    if (!(Math.abs(given - found) <= tolerance.relative * Math.max(size, tolerance.floor)))
      expect.fail(`${what}, elements ${members.join(' ')}: together ${given}, by differences ${found}`);
  }
}
