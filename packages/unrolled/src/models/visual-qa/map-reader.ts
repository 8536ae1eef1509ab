// A recurrent network whose state is a set of maps: how much each place of the image is meant. It reads the question from its last word, as
// "left of a square" is understood: find the squares, then go left. Every word moves the maps and narrows them:
//
//   k_t = softmax(W_k e_t + b_k)                        where a map goes: weights of the 3 × 3 neighbors, H of them
//   g_t = σ(W_g e_t · v/‖v‖ + w_o e_t + b_o)             what it keeps: the word compared with what is seen at each place
//   s_t = (k_t ∗ s_{t+1}) ⊙ g_t,   s_{T+1} = 1
//   read = the largest of each map
//
// Moving is the shift of a neural Turing machine (Graves et al. 2014), narrowing the find module of neural module networks (Andreas et al. 2016);
// which words do which is learned. At first every word leaves the maps nearly as they are (b_k for the centre and b_o are 3): with words that
// all do something, what reaches the answer is noise, and the images are memorized instead.

import { requireFunction } from '../../checks.ts';
import { ContextVariable } from '../../context-variable.ts';
import { ShapeError } from '../../errors.ts';
import { constant } from '../../nn/init.ts';
import { Linear } from '../../nn/linear.ts';
import { Module } from '../../nn/module.ts';
import { ones, tensor } from '../../tensor/create.ts';
import { writeEach } from '../../tensor/host-values.ts';
import { conv2d } from '../../tensor/ops/convolution.ts';
import { sameShape } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';

const taps = 9;
const leaveAsIs = 3;

export type Reading = 'backward' | 'forward';

/** The maps [B, H, h, w] after word t was read → those that take their place. */
export type MapChange = (step: { readonly t: number; readonly maps: Tensor }) => Tensor;

const changing = new ContextVariable<MapChange | null>(null);

/**
 * Runs `body`, in which questions are read by maps, with the maps after every word replaced, or looked at and returned as they are.
 *
 *     const open = ({ maps }) => maps.mul(0).add(1);
 *     const p = changeMaps(open, () => model.predict(questions));     // what would be answered if every word left all of the image
 *
 * Throws a ShapeError where the new maps have another shape.
 */
export function changeMaps<R>(changed: MapChange, body: () => R): R {
  requireFunction('changeMaps', 'changed', changed);
  requireFunction('changeMaps', 'body', body);
  return changing.run(changed, body);
}

function replaced(t: number, maps: Tensor): Tensor {
  const taken = changing.value?.({ t, maps }) ?? maps;
  if (!sameShape(taken.shape, maps.shape)) throw new ShapeError('changeMaps', 'maps', maps.shape, taken.shape);
  return taken;
}

/** Words [T, B, E] and images' maps [B, C, h, w] → how much each of H maps of attention found, [B, H]. */
export class MapReader extends Module {
  readonly maps: number;
  readonly reading: Reading;
  readonly move: Linear; // [9H, E]
  readonly look: Linear; // [H·C, E]
  readonly open: Linear; // [H, E]

  constructor(embeddingDim: number, channels: number, { maps, reading }: { maps: number; reading: Reading }) {
    super();
    this.maps = maps;
    this.reading = reading;
    this.move = new Linear(embeddingDim, taps * maps);
    this.look = new Linear(embeddingDim, maps * channels, { bias: false });
    this.open = new Linear(embeddingDim, maps);
    writeEach(this.move.bias as Tensor, (k) => (k % taps === (taps - 1) / 2 ? leaveAsIs : 0));
    constant(this.open.bias as Tensor, leaveAsIs);
  }

  /** `lengths` [B]: words that count in each question. */
  forward(words: Tensor, image: Tensor, lengths: ArrayLike<number> | null = null): Tensor {
    const last = this.follow(words, image, lengths).at(-1) as Tensor;
    return last.flatten(2).max(2);
  }

  /** The maps [B, H, h, w] before the first word that is read, and after each. */
  follow(words: Tensor, image: Tensor, lengths: ArrayLike<number> | null = null): Tensor[] {
    const [T, B] = words.shape;
    const [, C, h, w] = image.shape;
    const H = this.maps;
    const { backend, dtype } = image;
    const kernels = this.move
      .forward(words)
      .reshape(T, B * H, taps)
      .softmax()
      .reshape(T, B * H, 1, 3, 3);
    const unit = image.div(image.square().sum(1, true).add(1e-6).sqrt()).flatten(2); // [B, C, h·w]
    const wanted = this.look.forward(words).reshape(T, B, H, C).transpose(0, 1).flatten(1, 2); // [B, T·H, C]
    const found = wanted.matmul(unit).reshape(B, T, H, h, w).transpose(0, 1); // [T, B, H, h, w]
    const gates = found.add(this.open.forward(words).reshape(T, B, H, 1, 1)).sigmoid();
    let s = ones([B, H, h, w], { backend, dtype });
    const all = [s];
    for (let n = 0; n < T; n++) {
      const t = this.reading === 'backward' ? T - 1 - n : n;
      // A kernel for every map of every question: channels of one image, each a group of its own.
      const channels = s.reshape(1, B * H, h, w);
      const moved = conv2d(channels, kernels.select(0, t), null, { padding: 1, groups: B * H }).reshape(B, H, h, w);
      const next = replaced(t, moved.mul(gates.select(0, t)));
      const counts = Array.from({ length: B }, (_, b) => Number(!lengths || t < lengths[b]));
      if (counts.includes(0)) {
        const mask = tensor(counts, [B, 1, 1, 1], { backend, dtype });
        s = next.mul(mask).add(s.mul(mask.neg().add(1)));
      } else s = next;
      all.push(s);
    }
    return all;
  }
}
