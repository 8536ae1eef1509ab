import { ShapeError } from '../../errors.ts';
import { record } from '../autograd.ts';
import { sameShape } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import { requireAlike, requireFloat } from './operands.ts';

/** r·e^(iφ) as real parts and then imaginary ones: r [H] and φ [H] → [2H]. For the few numbers that a layer has for each of its units. */
export function polar(r: Tensor, phase: Tensor): Tensor {
  requireFloat('polar', r);
  requireFloat('polar', phase);
  requireAlike('polar', r, phase);
  if (r.rank !== 1 || !sameShape(r.shape, phase.shape)) throw new ShapeError('polar', 'r and φ', r.shape, phase.shape);
  const { backend, dtype } = r;
  const y = Tensor.empty([2 * r.size], dtype, backend);
  backend.polar(y.storage, r.storage, phase.storage);
  return record('polar', y, [r, phase], (dy) => {
    const [dr, dPhase] = [Tensor.empty(r.shape, dtype, backend), Tensor.empty(r.shape, dtype, backend)];
    backend.polarBackward(dr.storage, dPhase.storage, dy.storage, y.storage, phase.storage);
    return [dr, dPhase];
  });
}
