// What is seen of a picture: a vector for the whole, and one for each of its regions. They come from a network that is trained with the words, or
// ready made.

import { requireTensor } from '../../tensor/ops/elementwise.ts';
import { ShapeError } from '../../errors.ts';
import { noGrad } from '../../tensor/autograd.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { ConvNet } from '../conv-net.ts';

export interface Seen {
  readonly whole: Tensor; // v [P, D]
  readonly regions: Tensor; // a [P, R, D]
}

/** `learns`: whether the gradient goes on into the network. */
export function look(pictures: Tensor, encoder: ConvNet | null, featureSize: number, learns: boolean): Seen {
  requireTensor('Captioner', pictures);
  if (encoder) {
    const C = encoder.config.inChannels;
    if (pictures.rank !== 4 || pictures.shape[1] !== C)
      throw new ShapeError('Captioner', 'pictures', ['P', C, 'h', 'w'], pictures.shape);
    const see = () => {
      const { map, pooled } = encoder.forward(pictures);
      return { whole: pooled, regions: encoder.regions(map) };
    };
    return learns ? see() : noGrad(see);
  }
  const { rank, shape } = pictures;
  if ((rank !== 2 && rank !== 3) || shape[rank - 1] !== featureSize)
    throw new ShapeError('Captioner', 'features', `[P, R, ${featureSize}] or [P, ${featureSize}]`, shape);
  return rank === 3
    ? { whole: pictures.mean(1), regions: pictures }
    : { whole: pictures, regions: pictures.unsqueeze(1) };
}
