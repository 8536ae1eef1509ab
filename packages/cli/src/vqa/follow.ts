// Where the words of a question go in an image, drawn: form map.

import { indices, OptionError, type RawImage, imageAttention, imageBatch, type Images } from 'unrolled';
import type { CaptionFigure } from '../pages/caption-page.ts';
import { checkDrawing } from '../pages/drawing.ts';
import type { LoadedAnswerer } from './model.ts';

/** Throws an OptionError for a file that is no drawing, and for a model that does not go word by word. */
export function checkFollowing(file: string, { model }: LoadedAnswerer): void {
  checkDrawing(file);
  const { form } = model.config;
  if (form !== 'map')
    throw new OptionError('predict', 'draw', `form map looks word by word, and this run is of form ${form}`);
}

export interface Followed {
  readonly name: string;
  readonly ids: Int32Array;
  /** The number of its image. */
  readonly which: number;
  readonly question: string;
  readonly answer: string;
}

export function followingOf(
  { model, tokenizer }: LoadedAnswerer,
  images: Images,
  { name, ids, which, question, answer }: Followed,
  size: number,
): CaptionFigure {
  const [weights] = model.follow({
    question: indices(ids, [ids.length, 1]),
    images: imageBatch(images, [which]),
  });
  const [, height, width] = images.shape;
  const bytes = height * width * 3;
  const data = images.data.subarray(which * bytes, (which + 1) * bytes) as Uint8Array;
  const image: RawImage = { height, width, data };
  const words = Array.from(ids, (id) => tokenizer.token(id));
  const svg = imageAttention({ image, words, weights, map: model.convNet?.mapSize }, { size, columns: 8 });
  return { name, caption: `${question}  ${answer}`, svg };
}

export function aboutFollowing({ model }: LoadedAnswerer): string {
  const order = model.config.reading === 'backward' ? 'The question is read from its last word. ' : '';
  return `${order}Each image as it is, and once for every word: bright is what is meant once that word has been read.`;
}
