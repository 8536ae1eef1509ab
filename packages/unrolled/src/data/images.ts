// Images and video as plain bytes, and where a model gets them from: synthetic, held in memory, or read from files.
//
// An image is bytes [h, w, 3]: row by row from the top, red, green and blue of each pixel, 0 … 255. A clip is its frames one after the other,
// [T, h, w, 3]. Sets give them by number, a batch at a time, all of one size, and do not say where they come from: what trains on a set made by
// code trains on a folder of photographs. A set may read files, so `read` is a promise; `ExampleTask` asks for it ahead of training.

import { requireKinds } from '../checks.ts';
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

/** An image and sentences that say what is on it: words and signs separated by single spaces. */
export interface CaptionedImage {
  readonly image: RawImage;
  readonly captions: readonly string[];
}

/** A question about an image. `type` is what kind of question it is: accuracy is told by type. */
export interface QuestionExample {
  readonly image: RawImage;
  readonly question: string;
  readonly answer: string;
  readonly type: string;
}

/** A clip, what happens in it, and, where that is known, what happens in each of its frames. */
export interface LabeledClip {
  readonly clip: Clip;
  readonly label: string;
  readonly frameLabels: readonly string[] | null;
}

/** Images of one size, by number from 0. */
export interface ImageSet {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  /** Bytes [B, h, w, 3] of the images numbered `which`, in that order. A buffer of its own: it may be changed. */
  read(which: ArrayLike<number>): Promise<Uint8Array>;
}

/** Clips of one size of frame, each of its own length, by number from 0. */
export interface ClipSet {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  /** Frames of each clip; none has 0. */
  readonly lengths: Int32Array;
  /** Bytes [B, T, h, w, 3] of the clips numbered `which`, T being the longest of them; zeros behind the end of a shorter one. */
  read(which: ArrayLike<number>): Promise<Uint8Array>;
}

/** A set of images that are there already. Throws a ShapeError unless all have the size of the first. */
export function imageSet(images: readonly RawImage[]): ImageSet {
  requireKinds('imageSet', { images }, { images: 'objects' });
  const { height, width } = sizeOf('imageSet', images);
  const bytes = height * width * 3;
  for (const { data } of images)
    if (data.length !== bytes) throw new ShapeError('imageSet', 'an image', `[${bytes} bytes]`, [data.length]);
  return {
    count: images.length,
    height,
    width,
    read: async (which) => {
      const batch = new Uint8Array(which.length * bytes);
      for (let b = 0; b < which.length; b++) batch.set(images[which[b]].data, b * bytes);
      return batch;
    },
  };
}

/** A set of clips that are there already. Throws a ShapeError unless all frames have the size of the first. */
export function clipSet(clips: readonly Clip[]): ClipSet {
  requireKinds('clipSet', { clips }, { clips: 'objects' });
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
      const longest = Array.from(which).reduce((most, n) => Math.max(most, lengths[n]), 0);
      const batch = new Uint8Array(which.length * longest * bytes);
      for (let b = 0; b < which.length; b++) batch.set(clips[which[b]].data, b * longest * bytes);
      return batch;
    },
  };
}

function sizeOf(who: string, all: readonly { readonly height: number; readonly width: number }[]) {
  if (all.length === 0) throw new DataError(who, 'there is nothing in it');
  const { height, width } = all[0];
  for (const { height: h, width: w } of all)
    if (h !== height || w !== width) throw new ShapeError(who, 'all of one size', [height, width, 3], [h, w, 3]);
  return { height, width };
}
