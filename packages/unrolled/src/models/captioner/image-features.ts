// Image features: a vector for the whole image, and one for each of its regions. They come from a network that is trained with the decoder, or
// ready made.

import { requireTensor } from '../../tensor/ops/operands.ts';
import { ShapeError } from '../../errors.ts';
import { noGrad } from '../../tensor/autograd.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { ImageEncoder } from '../image-encoder.ts';

export interface ImageFeatures {
  readonly whole: Tensor; // v [P, D]
  readonly regions: Tensor; // a [P, R, D]
}

/** `learns`: whether the gradient continues into the encoder. With an encoder, features [P, R, D] or [P, D] are what it made of images before. */
export function encodeImages(
  images: Tensor,
  encoder: ImageEncoder | null,
  featureSize: number,
  learns: boolean,
): ImageFeatures {
  requireTensor('Captioner', images);
  if (encoder && images.rank === 4) {
    const C = encoder.config.inChannels;
    if (images.shape[1] !== C) throw new ShapeError('Captioner', 'images', ['P', C, 'h', 'w'], images.shape);
    const see = () => {
      const { map, pooled } = encoder.forward(images);
      return { whole: pooled, regions: encoder.regions(map) };
    };
    return learns ? see() : noGrad(see);
  }
  const { rank, shape } = images;
  const whole = rank === 2 || (rank === 3 && shape[1] === (encoder ? places(encoder) : shape[1]));
  if (encoder && !(whole && shape[rank - 1] === encoder.outChannels)) {
    const made = `[P, ${places(encoder)}, ${encoder.outChannels}] or [P, ${encoder.outChannels}]`;
    throw new ShapeError(
      'Captioner',
      'images',
      `[P, ${encoder.config.inChannels}, h, w], or what the encoder made of them, ${made}`,
      shape,
    );
  }
  const size = encoder?.outChannels ?? featureSize;
  if ((rank !== 2 && rank !== 3) || shape[rank - 1] !== size)
    throw new ShapeError('Captioner', 'features', `[P, R, ${size}] or [P, ${size}]`, shape);
  return rank === 3 ? { whole: images.mean(1), regions: images } : { whole: images, regions: images.unsqueeze(1) };
}

/** Places of an encoder's map. */
const places = ({ mapSize: [rows, columns] }: ImageEncoder): number => rows * columns;
