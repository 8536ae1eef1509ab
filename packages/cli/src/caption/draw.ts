// Where each word looked.

import { type CaptionFigure, type Captioner, type Picture, pictureAttention } from 'unrolled';
import { writeDrawings } from '../pictures/drawing.ts';
import { mapOf, type Said } from './model.ts';

export interface Drawn {
  readonly name: string;
  readonly said: Said;
  readonly picture: Picture;
  readonly references?: readonly string[];
}

export function figureOf(model: Captioner, { name, said, picture, references }: Drawn, size = 112): CaptionFigure {
  const { words, weights, caption } = said;
  const looked = weights ? { words, weights, map: mapOf(model, weights[0]?.length ?? 0) } : { words: [], weights: [] };
  const svg = pictureAttention({ picture, ...looked }, { size, columns: 7 });
  return { name, caption, svg, references };
}

/** Drawings of all pictures; see `writeDrawings`. */
export function draw(model: Captioner, file: string, all: readonly Drawn[], title: string): Promise<string[]> {
  const about = all.some(({ said }) => said.weights)
    ? 'Each picture as it is, and once for every word: the brighter, the more the word was read from there.'
    : '';
  return writeDrawings(file, { title, about }, (size) => all.map((one) => figureOf(model, one, size)));
}
