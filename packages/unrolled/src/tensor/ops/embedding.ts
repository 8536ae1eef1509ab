// Rows of a table by number.

import { ShapeError, TensorError } from '../../errors.ts';
import { record } from '../autograd.ts';
import { Tensor } from '../tensor.ts';
import { requireSameBackend, requireTensor } from './operands.ts';
import { checkIndices, zerosLike } from './shaping.ts';

/**
 * index int32 [..], weight [V, E] → [.., E]. The gradient of a row is the sum over the places that used it; row `paddingIdx` gets none.
 *
 * Throws an OptionError for an index outside 0 … V − 1.
 */
export function embedding(index: Tensor, weight: Tensor, paddingIdx = -1): Tensor {
  for (const t of [index, weight]) requireTensor('embedding', t);
  if (index.dtype !== 'int32') throw new TensorError('embedding', `expected int32 indices, got ${index.dtype}`);
  requireSameBackend('embedding', index, weight);
  if (weight.rank !== 2) throw new ShapeError('embedding', 'weight', ['V', 'E'], weight.shape);
  const [V, E] = weight.shape;
  checkIndices('embedding', index, V);
  const y = Tensor.empty([...index.shape, E], weight.dtype, weight.backend);
  weight.backend.embedding(y.storage, weight.storage, index.storage, index.size, E);
  return record('embedding', y, [weight], (dy) => {
    const dWeight = zerosLike(weight, weight.shape);
    weight.backend.embeddingBackward(dWeight.storage, dy.storage, index.storage, index.size, E, paddingIdx);
    return [dWeight];
  });
}
