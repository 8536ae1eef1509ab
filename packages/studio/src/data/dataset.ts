// What is learned from, whatever it came from: an example by its name, or the user's own files. Plain data that a message and a file can hold.

import type { CaptionedImage, LabeledText, QuestionExample, RawImage, Series, TextPair } from 'unrolled/data';

/** Tokens and a tag for each: characters, or what spaces part. */
export interface TaggedTokens {
  readonly tokens: readonly string[];
  readonly tags: readonly string[];
}

/** Frames of one size with a label; an image is a clip of one frame. */
export interface LabeledFrames {
  /** Bytes [T, h, w, 3]. */
  readonly data: Uint8Array;
  readonly label: string;
}

export type Dataset =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'labeled';
      readonly rows: readonly LabeledText[];
      /** What the texts are read by; data that were kept before it was say nothing. */
      readonly unit?: 'word' | 'character';
    }
  | { readonly kind: 'tagged'; readonly rows: readonly TaggedTokens[]; readonly split: 'characters' | 'spaces' }
  | { readonly kind: 'pairs'; readonly rows: readonly TextPair[] }
  | { readonly kind: 'series'; readonly series: Series }
  | { readonly kind: 'captions'; readonly rows: readonly CaptionedImage[]; readonly size: number }
  | { readonly kind: 'questions'; readonly rows: readonly QuestionExample[]; readonly size: number }
  | { readonly kind: 'clips'; readonly rows: readonly LabeledFrames[]; readonly size: number }
  | { readonly kind: 'memory'; readonly problem: 'adding' | 'temporal-order' };

export type DataKind = Dataset['kind'];
export type DatasetOf<K extends DataKind> = Extract<Dataset, { readonly kind: K }>;

/** How much there is to learn from: characters of a text, rows of a series, examples of the rest. */
export function sizeOf(data: Dataset): number {
  if (data.kind === 'text') return data.text.length;
  if (data.kind === 'series') return data.series.values.length / data.series.names.length;
  return data.kind === 'memory' ? 0 : data.rows.length;
}

/** The images of examples one after the other, each once, and the number of each example's image. */
export function joined(rows: readonly { readonly image: RawImage }[]): {
  readonly shape: readonly [number, number, number, number];
  readonly data: Uint8Array;
  readonly which: readonly number[];
} {
  const number = new Map<RawImage, number>();
  for (const { image } of rows) if (!number.has(image)) number.set(image, number.size);
  const [{ image: first }] = rows;
  const bytes = first.height * first.width * 3;
  const data = new Uint8Array(number.size * bytes);
  for (const [image, n] of number) data.set(image.data, n * bytes);
  return {
    shape: [number.size, first.height, first.width, 3],
    data,
    which: rows.map(({ image }) => number.get(image) as number),
  };
}
