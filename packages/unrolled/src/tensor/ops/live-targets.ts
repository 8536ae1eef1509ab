// Targets some of which do not count, as an op needs them that has no rule of its own for those.

import { Tensor } from '../tensor.ts';
import { hostValues } from '../host-values.ts';

/** index: the targets, 0 where they are ignored; counts: 1 where they count, else 0, in the dtype of `like`. */
export function liveTargets(target: Tensor, ignoreIndex: number, like: Tensor): { index: Tensor; counts: Tensor } {
  const { backend, dtype } = like;
  const index = Tensor.empty(target.shape, 'int32', backend);
  const counts = Tensor.empty(target.shape, dtype, backend);
  index.set(hostValues(target).map((y) => (y === ignoreIndex ? 0 : y)));
  counts.set(Array.from(hostValues(target), (y) => (y === ignoreIndex ? 0 : 1)));
  return { index, counts };
}
