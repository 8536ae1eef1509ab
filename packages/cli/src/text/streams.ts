// From the characters of a text to the streams that train and the streams that validate.

import { OptionError } from 'unrolled';
import { StreamBatcher } from 'unrolled/data';
import type { TextSettings } from './config.ts';

/** Most rows that a validation reads at the same time, and its window: long, so that the state is carried as in use. */
const validationStreams = 16;
const validationWindow = 128;

export interface TextStreams {
  readonly train: StreamBatcher;
  readonly validation: StreamBatcher | null;
}

/** The first part of the text trains, the last `valFrac` validates. */
export function makeStreams(
  ids: Int32Array,
  { batch, seqLength, valFrac }: Pick<TextSettings, 'batch' | 'seqLength' | 'valFrac'>,
): TextStreams {
  const cut = Math.floor(ids.length * (1 - valFrac));
  const train = new StreamBatcher(ids.subarray(0, cut), { streams: batch, windowLength: seqLength });
  const rest = ids.subarray(cut);
  if (rest.length < 2) return { train, validation: null };
  return { train, validation: validationOf(rest) };
}

/** The streams that a validation reads: fewer and shorter ones for a short text. */
export function validationOf(ids: Int32Array): StreamBatcher {
  if (ids.length < 2) throw new OptionError('validation', 'text', `expected at least 2 characters, got ${ids.length}`);
  const streams = Math.max(1, Math.min(validationStreams, Math.floor(ids.length / (2 * validationWindow))));
  return new StreamBatcher(ids, {
    streams,
    windowLength: Math.max(1, Math.min(validationWindow, Math.floor((ids.length - 1) / streams))),
  });
}
