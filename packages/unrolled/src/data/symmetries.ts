// Symmetries of images that are described in words: an image mirrored from left to right is another example, when "left" and "right" are exchanged
// in its caption, its question, its answer or its label. In contrast to a random flip the words stay true of the image.

import { optional, requireKinds, shown } from '../checks.ts';
import { checkOptions, FormatError, OptionError, ShapeError } from '../errors.ts';

/** Words that exchange their places, in pairs. */
export type WordPairs = readonly (readonly [one: string, other: string])[];

/** `left=right, west=east` → [['left', 'right'], ['west', 'east']]. Throws a FormatError for anything else, and for a word with two partners. */
export function parseWordPairs(text: string): WordPairs {
  requireKinds('parseWordPairs', { text }, { text: 'text' });
  const pairs = text
    .split(',')
    .filter((part) => part.trim() !== '')
    .map((part) => part.split('=').map((word) => word.trim().normalize('NFC').toLowerCase()));
  const seen = new Set<string>();
  for (const pair of pairs) {
    if (pair.length !== 2 || !pair.every((word) => /^[\p{L}\p{M}\p{N}]+$/u.test(word)))
      throw new FormatError('word pairs', `expected pairs of words as left=right, got ${shown(pair.join('='))}`);
    for (const word of pair) {
      if (seen.has(word)) throw new FormatError('word pairs', `${word} is in two pairs; each word has one partner`);
      seen.add(word);
    }
  }
  return pairs as [string, string][];
}

/**
 * The text with the words of each pair exchanged, whole words in any case; a capital at the beginning stays one.
 *
 *     exchangeWords('Left of it, turn_left', [['left', 'right']]);   // 'Right of it, turn_right'
 */
export function exchangeWords(text: string, pairs: WordPairs): string {
  requireKinds('exchangeWords', { text, pairs }, { text: 'text', pairs: ['texts'] });
  const other = new Map(pairs.flatMap(([a, b]) => [[a, b], [b, a]] as const)); // biome-ignore format: one line
  return text.replace(/[\p{L}\p{M}\p{N}]+/gu, (word) => {
    const partner = other.get(word.normalize('NFC').toLowerCase());
    if (partner === undefined) return word;
    if (word.length > 1 && word === word.toUpperCase() && word !== word.toLowerCase()) return partner.toUpperCase();
    const [first] = word;
    const capital = first !== first.toLowerCase();
    return capital ? partner[0].toUpperCase() + partner.slice(1) : partner;
  });
}

/** Axes along which `mirrorImages` mirrors. */
export interface MirrorOptions {
  /** Exchange left and right. Default false. */
  readonly horizontal?: boolean;
  /** Exchange top and bottom. Default false. */
  readonly vertical?: boolean;
}

/** Mirrors images [.., h, w, C], channels last: the same number of values, the input unchanged. */
export function mirrorImages(bytes: Uint8Array, shape: readonly number[], options: MirrorOptions): Uint8Array {
  requireKinds(
    'mirrorImages',
    { bytes, shape, options },
    { bytes: 'bytes', shape: 'numbers', options: { horizontal: 'flag?', vertical: 'flag?' } },
  );
  checkOptions('mirrorImages', options, ['horizontal', 'vertical']);
  const { horizontal = false, vertical = false } = options;
  if (shape.length < 3) throw new ShapeError('mirrorImages', 'images', '[.., h, w, C]', shape);
  const [h, w, C] = shape.slice(-3);
  const size = shape.reduce((n, d) => n * d, 1);
  if (size !== bytes.length) throw new ShapeError('mirrorImages', 'the bytes of the images', [size], [bytes.length]);
  const out = new Uint8Array(bytes.length);
  for (let at = 0; at < out.length; at += h * w * C)
    for (let y = 0; y < h; y++)
      for (let x = 0; x < w; x++) {
        const from = at + C * ((vertical ? h - 1 - y : y) * w + (horizontal ? w - 1 - x : x));
        const to = at + C * (y * w + x);
        for (let c = 0; c < C; c++) out[to + c] = bytes[from + c];
      }
  return out;
}

/** A symmetry: how the image is mirrored, and which words are exchanged with it. */
export interface ImageSymmetry extends Required<MirrorOptions> {
  readonly words: WordPairs;
}

/** Words to exchange along each axis; null where images are not mirrored along it. */
export interface SymmetryWords {
  readonly horizontal: WordPairs | null;
  readonly vertical: WordPairs | null;
}

/**
 * The views of an image: as it is, mirrored along each axis that has words, and along both. Training on all of them makes a left-right symmetric data
 * set of any, with the exchanged words in place.
 */
export function imageSymmetries(words: SymmetryWords): readonly ImageSymmetry[] {
  requireKinds(
    'imageSymmetries',
    { words },
    { words: { horizontal: optional(['texts']), vertical: optional(['texts']) } },
  );
  const { horizontal, vertical } = words;
  const shared = (horizontal ?? []).flat().find((word) => vertical?.flat().includes(word));
  if (shared !== undefined)
    throw new OptionError('imageSymmetries', 'words', `${shared} is exchanged along both axes; it has one partner`);
  return [false, ...(vertical ? [true] : [])].flatMap((up) =>
    [false, ...(horizontal ? [true] : [])].map((side) => ({
      horizontal: side,
      vertical: up,
      words: [...(side ? (horizontal ?? []) : []), ...(up ? (vertical ?? []) : [])],
    })),
  );
}
