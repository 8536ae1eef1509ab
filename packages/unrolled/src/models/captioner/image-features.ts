// What is seen of an image: a vector for the whole, and one for each of its regions. They come from a network that is trained with the words, or
// ready made.

import { requireTensor } from '../../tensor/ops/operands.ts';
import { ShapeError } from '../../errors.ts';
import { noGrad } from '../../tensor/autograd.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { ConvNet } from '../conv-net.ts';

export interface ImageFeatures {
  readonly whole: Tensor; // v [P, D]
  readonly regions: Tensor; // a [P, R, D]
}

/** `learns`: whether the gradient goes on into the network. */
export function encodeImages(
  images: Tensor,
  encoder: ConvNet | null,
  featureSize: number,
  learns: boolean,
): ImageFeatures {
  requireTensor('Captioner', images);
  if (encoder) {
    const C = encoder.config.inChannels;
    if (images.rank !== 4 || images.shape[1] !== C)
      throw new ShapeError('Captioner', 'images', ['P', C, 'h', 'w'], images.shape);
    const see = () => {
      const { map, pooled } = encoder.forward(images);
      return { whole: pooled, regions: encoder.regions(map) };
    };
    return learns ? see() : noGrad(see);
  }
  const { rank, shape } = images;
  if ((rank !== 2 && rank !== 3) || shape[rank - 1] !== featureSize)
    throw new ShapeError('Captioner', 'features', `[P, R, ${featureSize}] or [P, ${featureSize}]`, shape);
  return rank === 3 ? { whole: images.mean(1), regions: images } : { whole: images, regions: images.unsqueeze(1) };
}
