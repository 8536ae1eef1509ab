// Captions many images.

import { requireKinds, requireWhole } from '../checks.ts';
import type { DecodedSequence } from '../decode/row-stepper.ts';
import type { Captioner, CaptionOptions } from '../models/captioner/captioner.ts';
import type { Random } from '../random.ts';
import { tensor } from '../tensor/create.ts';
import { yieldToEventLoop } from '../tensor/yield-to-event-loop.ts';
import { throwIfAborted } from '../abort.ts';
import { compute } from './compute.ts';
import type { ReadOptions } from './sequences.ts';

/** A set of images as a captioner reads them, or of their features, by index from 0. */
export interface ImageFeatureSet {
  readonly count: number;
  /** Those numbered `which`: numbers of shape [P, C, h, w], [P, R, D] or [P, D]. In training `chance` may change them. */
  read(
    which: Int32Array,
    chance: Random | null,
  ): Promise<{ readonly values: Float32Array; readonly shape: readonly number[] }>;
}

const rowsPerBatch = 32; // images

/** Calls `model.caption` on many images, in order. Yields to the event loop between batches. */
export async function captionAll(
  model: Captioner,
  images: ImageFeatureSet,
  which: ArrayLike<number> = Int32Array.from({ length: images?.count ?? 0 }, (_, n) => n),
  options: CaptionOptions = {},
  { batchSize = rowsPerBatch, signal }: ReadOptions = {},
): Promise<DecodedSequence[][]> {
  requireKinds(
    'captionAll',
    { model, images, which, options },
    { model: 'module', images: { count: 'number', read: 'function' }, which: 'numbers', options: 'object' },
  );
  requireWhole('captionAll', 'batchSize', batchSize, 1);
  const predicted: DecodedSequence[][] = [];
  for (const part of portions(which.length, batchSize)) {
    throwIfAborted('caption', signal);
    const { values, shape } = await images.read(
      part.map((k) => which[k]),
      null,
    );
    predicted.push(...compute(model, () => model.caption(tensor(values, shape), { ...options, signal })));
    await yieldToEventLoop();
  }
  return predicted;
}

/** Batches of the indices from 0, in order. */
export function* portions(count: number, size = rowsPerBatch): Generator<Int32Array> {
  for (let from = 0; from < count; from += size)
    yield Int32Array.from({ length: Math.min(size, count - from) }, (_, k) => from + k);
}
