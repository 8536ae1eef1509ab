import { ShapeError } from '../../errors.ts';
import { record } from '../autograd.ts';
import { sameShape } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import { requireAlike, requireFloat } from './operands.ts';

/**
 * r·e^(iφ) as real parts and then imaginary ones: r [H] and φ [H] → [2H].
 *
 * For the few numbers that a layer has for each of its units: computed here, by the language's own sine and cosine, and not by a kernel.
 */
export function polar(r: Tensor, phase: Tensor): Tensor {
  requireFloat('polar', r);
  requireFloat('polar', phase);
  requireAlike('polar', r, phase);
  if (r.rank !== 1 || !sameShape(r.shape, phase.shape)) throw new ShapeError('polar', 'r and φ', r.shape, phase.shape);
  const H = r.size;
  const cos = Array.from(phase.storage.array, Math.cos);
  const sin = Array.from(phase.storage.array, Math.sin);
  const fill = (n: number, value: (j: number) => number) => {
    const x = Tensor.empty([n], r.dtype, r.backend);
    for (let j = 0; j < n; j++) x.storage.array[j] = value(j);
    return x;
  };
  const modulus = r.storage.array;
  const y = fill(2 * H, (j) => (j < H ? modulus[j] * cos[j] : modulus[j - H] * sin[j - H]));
  return record('polar', y, [r, phase], (dy) => {
    const d = dy.storage.array;
    const values = y.storage.array;
    return [
      fill(H, (j) => d[j] * cos[j] + d[H + j] * sin[j]),
      fill(H, (j) => d[H + j] * values[j] - d[j] * values[H + j]), // d(r cos φ)/dφ = −r sin φ
    ];
  });
}
