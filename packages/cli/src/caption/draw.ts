// Attention maps of captions.

import type { RawImage } from 'unrolled/data';
import type { Caption } from 'unrolled/pipelines';
import type { CaptionFigure } from '../pages/caption-page.ts';
import { writeDrawings } from '../pages/drawing.ts';
import { t } from '../language/index.ts';

export interface CaptionedFile {
  readonly name: string;
  readonly caption: Caption;
  readonly image: RawImage;
  readonly references?: readonly string[];
}

/** The tokens of a caption, and its end where it came to it: attention has a map for each. */
export function wordsOf({ tokens, complete }: Caption): string[] {
  return [...tokens, ...(complete ? [t('(end)')] : [])];
}

export function figureOf({ name, caption, image, references }: CaptionedFile): CaptionFigure {
  const { attention: weights, map } = caption;
  const attended = weights && map ? { words: wordsOf(caption), weights, map } : { words: [], weights: [] };
  return { name, caption: caption.text, drawing: { image, ...attended }, references };
}

/** Drawings of all images; see `writeDrawings`. */
export function draw(file: string, all: readonly CaptionedFile[], title: string): Promise<string[]> {
  const about = all.some(({ caption }) => caption.attention)
    ? t('Each image as it is, and once for every word: the brighter, the more the word attends to it.')
    : '';
  return writeDrawings(file, { title, about }, all.map(figureOf));
}
