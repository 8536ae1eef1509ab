// Noise on data that are made here. What is read has it everywhere, as if it had been measured so: characters, pixels. Labels have it in the part that
// trains alone, so that validation measures what was learned in spite of it. Every example has random numbers of its own: the first of many have the
// noise that they would have alone, and more noise leaves the characters and labels changed that less noise changed.

import { Random } from 'unrolled';
import type { RawImage } from 'unrolled/data';
import type { Settings } from '../settings/settings.ts';
import { trainedOf } from './divided.ts';
import type { Dataset } from './dataset.ts';

type NoiseSettings = Pick<Settings, 'noise' | 'dataSeed' | 'validation'>;

/** The data with noise, or the first `some` of their examples, characters of a text. Without noise: the data themselves. */
export function withNoise(data: Dataset, { noise, dataSeed, validation }: NoiseSettings, some = Infinity): Dataset {
  if (noise === 0 && some === Infinity) return data;
  const seed = new Random(dataSeed).fork('noise');
  const of = (k: number) => seed.fork(String(k));
  const first = <T>(rows: readonly T[]) => rows.slice(0, some);
  switch (data.kind) {
    case 'text': {
      const text =
        some < Infinity
          ? Array.from(data.text.slice(0, 2 * some))
              .slice(0, some)
              .join('')
          : data.text;
      return noise > 0 ? { ...data, text: replaced(text, noise, alphabetOf([data.text]), of(0)) } : { ...data, text };
    }
    case 'labeled': {
      const labels = distinct(data.rows.map(({ label }) => label));
      const trained = noise > 0 ? trainedOf(data.rows.length, validation) : 0;
      const rows = first(data.rows).map((row, k) =>
        k < trained ? { ...row, label: drawn(row.label, noise, labels, of(k)) } : row,
      );
      return { ...data, rows };
    }
    case 'tagged': {
      const labels = distinct(data.rows.flatMap(({ tags }) => tags));
      const trained = noise > 0 ? trainedOf(data.rows.length, validation) : 0;
      const rows = first(data.rows).map(({ tokens, tags }, k) => {
        const random = of(k);
        return { tokens, tags: k < trained ? tags.map((tag) => drawn(tag, noise, labels, random)) : tags };
      });
      return { ...data, rows };
    }
    case 'pairs': {
      if (noise === 0) return { ...data, rows: first(data.rows) };
      const alphabet = alphabetOf(data.rows.map(({ source }) => source));
      const rows = first(data.rows).map(({ source, target }, k) => ({
        source: replaced(source, noise, alphabet, of(k)),
        target,
      }));
      return { ...data, rows };
    }
    case 'captions':
    case 'questions': {
      // Questions about one image are about one image with noise.
      const seen = new Map<RawImage, RawImage>();
      const noisy = (image: RawImage): RawImage => {
        const found = seen.get(image) ?? { ...image, data: speckled(image.data, noise, of(seen.size)) };
        seen.set(image, found);
        return found;
      };
      if (data.kind === 'captions')
        return { ...data, rows: first(data.rows).map((row) => ({ ...row, image: noisy(row.image) })) };
      return { ...data, rows: first(data.rows).map((row) => ({ ...row, image: noisy(row.image) })) };
    }
    case 'clips': {
      const rows = first(data.rows).map((row, k) => ({ ...row, data: speckled(row.data, noise, of(k)) }));
      return { ...data, rows };
    }
    case 'series': // made with its noise
    case 'memory': // made as it is needed
      return data;
    default:
      return data satisfies never;
  }
}

const distinct = (all: readonly string[]): string[] => [...new Set(all)].sort();

/** The characters of texts, without line breaks. */
function alphabetOf(texts: readonly string[]): string[] {
  const found = new Set<string>();
  for (const text of texts) for (const character of text) found.add(character);
  found.delete('\n');
  return [...found].sort();
}

/** A text of which every character is, with this probability, one at random. Lines stay lines. */
function replaced(text: string, noise: number, alphabet: readonly string[], random: Random): string {
  return Array.from(text, (character) =>
    character === '\n' ? character : drawn(character, noise, alphabet, random),
  ).join('');
}

/** With this probability one of `all`. As many random numbers are drawn in either case. */
function drawn<T>(one: T, noise: number, all: readonly T[], random: Random): T {
  const [at, which] = [random.uniform(), random.integer(all.length)];
  return at < noise ? all[which] : one;
}

/** Bytes with Gaussian noise, whose standard deviation is a part of their range. */
function speckled(bytes: Uint8Array, noise: number, random: Random): Uint8Array {
  if (noise === 0) return bytes;
  return Uint8Array.from(bytes, (value) =>
    Math.min(255, Math.max(0, Math.round(value + 255 * noise * random.normal()))),
  );
}
