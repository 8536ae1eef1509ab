// Images and video as plain bytes, and sets of them: synthetic, in memory, or read from files.
//
// An image is bytes [h, w, 3]: row by row from the top, red, green and blue of each pixel, 0 … 255. A clip is its frames one after the other,
// [T, h, w, 3]. Sets return them by index, a batch at a time, all of one size, and hide where they come from: training on a synthetic
// set and on a folder of photographs is the same. A set may read files, so `read` returns a promise; `ExampleTask` prefetches it.

import { requireKinds, requireNumbers, requireWhole } from '../checks.ts';
import { DataError, ShapeError } from '../errors.ts';

/** `data[(y * width + x) * 3 + c]`, c = 0 red, 1 green, 2 blue: bytes [h, w, 3]. */
export interface RawImage {
  readonly height: number;
  readonly width: number;
  readonly data: Uint8Array;
}

/** `data[((t * height + y) * width + x) * 3 + c]`: bytes [T, h, w, 3]. */
export interface Clip {
  readonly frames: number;
  readonly height: number;
  readonly width: number;
  readonly data: Uint8Array;
}

/** An image and its captions: words and punctuation separated by single spaces. */
export interface CaptionedImage {
  readonly image: RawImage;
  readonly captions: readonly string[];
}

/** A question about an image. `type` is its question type: accuracy is reported by type. */
export interface QuestionExample {
  readonly image: RawImage;
  readonly question: string;
  readonly answer: string;
  readonly type: string;
}

/** A clip with its label and, where known, the labels of its frames. */
export interface LabeledClip {
  readonly clip: Clip;
  readonly label: string;
  readonly frameLabels: readonly string[] | null;
}

/** Images of one size, by index from 0. */
export interface ImageSet {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  /** Reads bytes [B, h, w, 3] of the images with indices `which`, in that order, into a buffer that the caller may change. */
  read(which: ArrayLike<number>): Promise<Uint8Array>;
}

/** Clips with frames of one size and individual lengths, by index from 0. */
export interface ClipSet {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  /** Number of frames of each clip, at least 1. */
  readonly lengths: Int32Array;
  /** Reads bytes [B, T, h, w, 3] of the clips with indices `which`, T being the longest of them; shorter ones are padded with zeros. */
  read(which: ArrayLike<number>): Promise<Uint8Array>;
}

/** A set of images in memory. Throws a ShapeError unless all have the size of the first. */
export function imageSet(images: readonly RawImage[]): ImageSet {
  requireKinds('imageSet', { images }, { images: [imageKind] });
  const { height, width } = sizeOf('imageSet', images);
  const bytes = height * width * 3;
  for (const { data } of images)
    if (data.length !== bytes) throw new ShapeError('imageSet', 'an image', `[${bytes} bytes]`, [data.length]);
  return {
    count: images.length,
    height,
    width,
    read: async (which) => {
      requireIndices('imageSet.read', which, images.length);
      const batch = new Uint8Array(which.length * bytes);
      for (let b = 0; b < which.length; b++) batch.set(images[which[b]].data, b * bytes);
      return batch;
    },
  };
}

/** A set of clips in memory. Throws a ShapeError unless all frames have the size of the first. */
export function clipSet(clips: readonly Clip[]): ClipSet {
  requireKinds('clipSet', { clips }, { clips: [{ ...imageKind, frames: 'number' }] });
  const { height, width } = sizeOf('clipSet', clips);
  const bytes = height * width * 3; // of a frame
  const lengths = Int32Array.from(clips, ({ frames }) => frames);
  for (const [n, { frames, data }] of clips.entries()) {
    if (frames < 1) throw new DataError('clipSet', 'a clip has no frames', n);
    if (data.length !== frames * bytes)
      throw new ShapeError('clipSet', 'a clip', `[${frames * bytes} bytes]`, [data.length]);
  }
  return {
    count: clips.length,
    height,
    width,
    lengths,
    read: async (which) => {
      requireIndices('clipSet.read', which, clips.length);
      const longest = Array.from(which).reduce((most, n) => Math.max(most, lengths[n]), 0);
      const batch = new Uint8Array(which.length * longest * bytes);
      for (let b = 0; b < which.length; b++) batch.set(clips[which[b]].data, b * longest * bytes);
      return batch;
    },
  };
}

const imageKind = { height: 'number', width: 'number', data: 'bytes' } as const;

/** Requires indices of a set of `count`. */
function requireIndices(who: string, which: unknown, count: number): asserts which is ArrayLike<number> {
  requireNumbers(who, 'which', which);
  for (let b = 0; b < which.length; b++) requireWhole(who, `which[${b}]`, which[b], 0, count - 1);
}

function sizeOf(who: string, all: readonly { readonly height: number; readonly width: number }[]) {
  if (all.length === 0) throw new DataError(who, 'the set is empty');
  const { height, width } = all[0];
  for (const { height: h, width: w } of all)
    if (h !== height || w !== width) throw new ShapeError(who, 'all of one size', [height, width, 3], [h, w, 3]);
  return { height, width };
}
