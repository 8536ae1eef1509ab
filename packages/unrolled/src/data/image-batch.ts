// Batches of images for a model: bytes as decoders give them, or feature vectors from another network.

import { requireKinds, shown } from '../checks.ts';
import { FormatError, OptionError } from '../errors.ts';
import { empty } from '../tensor/create.ts';
import { valuesFor, writeValues } from '../tensor/host-values.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** Images of one size, [N, height, width, channels], channels last; or one feature vector for each, [N, D]. */
export interface Images {
  readonly shape: readonly number[];
  /** Bytes are scaled to 0 … 1; floats are taken as they are. */
  readonly data: Uint8Array | Float32Array;
}

const imagesKind = { shape: 'numbers', data: 'numbers' } as const;

/** Throws a FormatError where data and shape do not match. */
export function checkImages(source: string, given: Images): void {
  requireKinds('checkImages', { source, given }, { source: 'text', given: imagesKind });
  const { shape, data } = given;
  if (shape.length !== 4 && shape.length !== 2)
    throw new FormatError(source, `expected [N, height, width, channels] or features [N, D], got ${shape.length} axes`);
  const size = shape.reduce((n, d) => n * d, 1);
  if (data.length !== size)
    throw new FormatError(source, `should hold ${shape.join(' × ')} numbers and holds ${data.length}`);
}

/** The images with indices `which` as a network reads them: float [B, channels, height, width], or [B, D]. */
export function imageBatch(given: Images, which: ArrayLike<number>): Tensor {
  requireKinds('imageBatch', { which }, { which: 'numbers' });
  checkImages('imageBatch', given);
  const { shape, data } = given;
  const B = which.length;
  const scale = data instanceof Uint8Array ? 1 / 255 : 1;
  const [h, w, C] = shape.length === 4 ? shape.slice(1) : [1, 1, shape[1]];
  const x = empty(shape.length === 4 ? [B, C, h, w] : [B, C]);
  const values = valuesFor(x);
  const [area, size] = [h * w, h * w * C];
  for (let b = 0; b < B; b++) {
    const from = which[b] * size;
    if (!(Number.isInteger(which[b]) && which[b] >= 0 && which[b] < shape[0]))
      throw new OptionError('imageBatch', 'which', `expected images from 0 to ${shape[0] - 1}, got ${shown(which[b])}`);
    for (let k = 0; k < area; k++)
      for (let c = 0; c < C; c++) values[b * size + c * area + k] = data[from + k * C + c] * scale;
  }
  writeValues(x, values);
  return x;
}
