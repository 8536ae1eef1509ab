// Images and their captions as one batch. An image is encoded once, however many captions it has.

import { requireKinds, requireOneEach, shown } from '../../checks.ts';
import { padSequences } from '../../data/batches.ts';
import { checkOptions, OptionError } from '../../errors.ts';
import { indices } from '../../tensor/create.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { noTarget } from '../seq2seq/batch.ts';

/** Images and their captions as tensors, for `Captioner.loss`. */
export interface CaptionBatch {
  /** Images [P, C, h, w], or features of images [P, R, D] or [P, D]. */
  readonly images: Tensor;
  /** The image of each caption; null where caption b is of image b. */
  readonly owners: Int32Array | null;
  /** Decoder input: the start symbol and the words. */
  readonly input: Tensor; // int32 [T, B]
  /** Targets: the words and the end symbol, `noTarget` past that. */
  readonly target: Tensor; // int32 [T, B]
  /** Targets that count. */
  readonly targets: number;
}

/** Options of `captionBatch`. */
export interface CaptionBatchOptions {
  /** Default 2. */
  readonly start?: number;
  /** Default 3. */
  readonly end?: number;
  /** The image of each caption. Default: caption b is of image b. */
  readonly owners?: ArrayLike<number> | null;
}

/**
 *     captionBatch(images, [[5, 6, 7], [8, 9]]);                 // input 2 5 6 7 and 2 8 9; target 5 6 7 3 and 8 9 3
 *     captionBatch(images, captions, { owners: [0, 0, 1] });     // the first two captions are of the first image
 */
export function captionBatch(
  images: Tensor,
  captions: readonly ArrayLike<number>[],
  options: CaptionBatchOptions = {},
): CaptionBatch {
  requireKinds(
    'captionBatch',
    { images, captions, options },
    { images: 'tensor', captions: ['numbers'], options: { start: 'number?', end: 'number?', owners: 'numbers?|null' } },
  );
  const who = 'captionBatch';
  checkOptions(who, options, ['start', 'end', 'owners']);
  const { start = 2, end = 3, owners = null } = options;
  const P = images.shape[0];
  const count = owners?.length ?? P;
  requireOneEach(who, 'captions', captions, `${count} ${owners ? 'owners' : 'images'}`, count);
  const stray = Array.from(owners ?? []).find((p) => !(Number.isInteger(p) && p >= 0 && p < P));
  if (stray !== undefined)
    throw new OptionError(who, 'owners', `expected images from 0 to ${P - 1}, got ${shown(stray)}`);
  const read = padSequences(captions.map((row) => [start, ...Array.from(row)]));
  const say = padSequences(
    captions.map((row) => [...Array.from(row), end]),
    noTarget,
  );
  const { backend } = images;
  return {
    images,
    owners: owners && Int32Array.from(owners),
    input: indices(read.ids, [read.T, read.B], { backend }),
    target: indices(say.ids, [say.T, say.B], { backend }),
    targets: say.lengths.reduce((sum, n) => sum + n, 0),
  };
}
