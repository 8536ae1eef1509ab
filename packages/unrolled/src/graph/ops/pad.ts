// Padding of one axis.

import { full } from '../../tensor/create.ts';
import { cat, slice } from '../../tensor/ops/shaping.ts';
import type { Tensor } from '../../tensor/tensor.ts';

export const paddings = ['constant', 'reflect', 'edge', 'wrap'] as const;

export type Padding = (typeof paddings)[number];

/** x with so many positions before and behind an axis; negative ones are cut off. `value` is a number, or one in a tensor. */
export function pad(
  x: Tensor,
  axis: number,
  before: number,
  behind: number,
  padding: Padding,
  value: number | Tensor = 0,
): Tensor {
  if (before < 0 || behind < 0) {
    const n = x.shape[axis];
    const cut = slice(x, axis, Math.min(n, Math.max(0, -before)), Math.max(0, n + Math.min(0, behind)));
    return pad(cut, axis, Math.max(0, before), Math.max(0, behind), padding, value);
  }
  if (before === 0 && behind === 0) return x;
  const n = x.shape[axis];
  const parts = [before, behind].map((size, side) => {
    if (size === 0) return null;
    switch (padding) {
      case 'constant': {
        const shape = x.shape.with(axis, size);
        if (typeof value === 'number') return full(shape, value, { backend: x.backend, dtype: x.dtype });
        return value.reshape(...shape.map(() => 1)).expand(...shape);
      }
      case 'edge':
        return slice(x, axis, side === 0 ? 0 : n - 1, side === 0 ? 1 : n).expand(...x.shape.with(axis, size));
      case 'reflect': // without the edge itself
        return (side === 0 ? slice(x, axis, 1, size + 1) : slice(x, axis, n - 1 - size, n - 1)).flip(axis);
      case 'wrap':
        return side === 0 ? slice(x, axis, n - size, n) : slice(x, axis, 0, size);
      default:
        throw padding satisfies never;
    }
  });
  return cat(
    [parts[0], x, parts[1]].filter((part) => part !== null),
    axis,
  );
}
