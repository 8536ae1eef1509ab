// Where each word looked.

import { type Captioner, type RawImage, imageAttention } from 'unrolled';
import type { CaptionFigure } from '../pages/caption-page.ts';
import { writeDrawings } from '../pages/drawing.ts';
import { mapOf, type Said } from './model.ts';

export interface Drawn {
  readonly name: string;
  readonly predicted: Said;
  readonly image: RawImage;
  readonly references?: readonly string[];
}

export function figureOf(model: Captioner, { name, predicted, image, references }: Drawn, size = 112): CaptionFigure {
  const { words, weights, caption } = predicted;
  const looked = weights ? { words, weights, map: mapOf(model, weights[0]?.length ?? 0) } : { words: [], weights: [] };
  const svg = imageAttention({ image, ...looked }, { size, columns: 7 });
  return { name, caption, svg, references };
}

/** Drawings of all images; see `writeDrawings`. */
export function draw(model: Captioner, file: string, all: readonly Drawn[], title: string): Promise<string[]> {
  const about = all.some(({ predicted }) => predicted.weights)
    ? 'Each image as it is, and once for every word: the brighter, the more the word was read from there.'
    : '';
  return writeDrawings(file, { title, about }, (size) => all.map((one) => figureOf(model, one, size)));
}
