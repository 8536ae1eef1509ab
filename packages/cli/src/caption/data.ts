// Images and their captions: from files of any layout that is read, or synthetic; as pixels, or as features of another network.

import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { FormatError, OptionError, scope } from 'unrolled';
import type { ImageContract, ImageFeatureSet } from 'unrolled/pipelines';
import {
  augment,
  type AugmentOptions,
  type CaptionedImage,
  exchangeWords,
  imageBatch,
  type ImageSymmetry,
  mirrorImages,
  syntheticData,
  makeScenes,
  makeWhere,
  type RawImage,
  imageSet,
  type ImageSet,
  normalizeImages,
  Tokenizer,
} from 'unrolled/data';
import { fingerprint, nothingNamed, runName } from '../examples/read.ts';
import { splitExamples } from '../examples/split.ts';
import { settingsOf, type SquareImages } from '../images/contract.ts';
import {
  type BadRows,
  type Captioned,
  openImages,
  PixelCache,
  readCaptions,
  readFeatures,
  Skipped,
} from '../readers/index.ts';
import { captionDemos } from './options.ts';
import { t } from '../language/index.ts';

/** Where captions are and how to read them: kept in config.json, so that a run's own validation part can be found again. */
export interface CaptionSource extends SquareImages {
  readonly paths: readonly string[];
  readonly demo: string | null;
  readonly images: string | null;
  readonly image: string | null;
  readonly caption: string | null;
  readonly where: string | null;
  readonly badRows: string;
  readonly validation: string | null;
  readonly valFrac: number;
  readonly seed: number;
  readonly features: string | null;
  readonly validationFeatures: string | null;
}

/** Some images and the captions of each. */
export interface CaptionPart {
  readonly names: readonly string[];
  /** Plain words: see `plainWords`. */
  readonly texts: readonly (readonly string[])[];
  /** As the model reads them, values in the range of its contract; in training changed at random. */
  seen(changes: AugmentOptions | null, range?: ImageContract['range']): ImageFeatureSet;
  /** The same images in each of these views, their captions with its words. Features have the view that they were computed of alone. */
  views(symmetries: readonly ImageSymmetry[]): CaptionPart;
  /** To be drawn; null where there are features only. */
  image(n: number): Promise<RawImage | null>;
}

export interface CaptionParts {
  readonly name: string;
  readonly source: string;
  readonly sha256: string;
  /** Of features: their width, and how many regions. */
  readonly features: { readonly size: number; readonly regions: number } | null;
  readonly train: CaptionPart;
  readonly validation: CaptionPart;
  readonly warnings: readonly string[];
}

const demoImages = { train: 4000, validation: 200 };

/** Reads and splits; the same source gives the same parts. */
export async function readCaptioned(source: CaptionSource, say: (text: string) => void): Promise<CaptionParts> {
  if (source.demo) return demoParts(source.demo as (typeof captionDemos)[number], source);
  if (source.paths.length === 0) throw nothingNamed('caption', 'a file with captions', captionDemos);
  const all = await readPart(source.paths, source, source.features, say);
  const name = runName(source.paths, 'captions');
  const common = { name, source: all.source, features: all.features };
  if (source.validation !== null) {
    const other = await readPart([source.validation], source, source.validationFeatures, say);
    return finish(
      all.pick(() => true),
      other.pick(() => true),
      [...all.warnings, ...other.warnings],
    );
  }
  const named = all.examples.some(({ part }) => part === 'validation');
  const drawn = named ? null : splitExamples(all.examples.length, source.valFrac, source.seed);
  const held = new Set(drawn?.validation);
  const isHeld = ({ part }: Captioned, n: number) => (named ? part === 'validation' : held.has(n));
  return finish(
    all.pick((one, n) => one.part !== 'test' && !isHeld(one, n)),
    all.pick((one, n) => one.part !== 'test' && isHeld(one, n)),
    all.warnings,
  );

  function finish(train: CaptionPart, validation: CaptionPart, warnings: readonly string[]): CaptionParts {
    if (train.names.length === 0) throw new FormatError(all.source, 'holds no images to train on');
    return { ...common, sha256: hashOf([train, validation]), train, validation, warnings };
  }
}

/** What belongs to another file: named with it, or next to it. Never what the run was trained on, where other images may have the same names. */
export interface Beside {
  readonly where: string | null;
  readonly badRows: string | null;
  readonly images: string | null;
  readonly features: string | null;
}

export interface OtherPart {
  readonly part: CaptionPart;
  readonly warnings: readonly string[];
  /** Where its images are; null where there are features. */
  readonly folder: string | null;
}

/** Images, or their features, with captions in another file. */
export async function readOther(
  path: string,
  source: CaptionSource,
  { where, badRows, images, features }: Beside,
  say: (text: string) => void,
): Promise<OtherPart> {
  if (source.features !== null && features === null)
    throw new OptionError(
      'eval',
      '--features',
      `this run learned from features of images; name those of the images of ${path}`,
    );
  if (source.features === null && features !== null)
    throw new OptionError('eval', '--features', 'this run learned from pixels; it reads images');
  const other = { ...source, demo: null, where, badRows: badRows ?? source.badRows, images };
  const read = await readPart([path], other, features, say);
  const beside = statSync(path).isDirectory() ? path : dirname(path);
  return {
    part: read.pick(() => true),
    warnings: read.warnings,
    folder: features === null ? (images ?? beside) : null,
  };
}

/** Lowercase in Unicode's normal form, without punctuation: the form in which captions are compared and learned. */
export function plainWords(text: string): string {
  const small = text.normalize('NFC').toLowerCase().normalize('NFC');
  return (small.match(/[\p{L}\p{M}\p{N}]+(?:['’-][\p{L}\p{M}\p{N}]+)*/gu) ?? []).join(' ');
}

interface Read {
  readonly source: string;
  readonly examples: readonly Captioned[];
  readonly features: CaptionParts['features'];
  readonly warnings: readonly string[];
  pick(which: (one: Captioned, n: number) => boolean): CaptionPart;
}

async function readPart(
  paths: readonly string[],
  read: CaptionSource,
  featureFile: string | null,
  say: (text: string) => void,
): Promise<Read> {
  const { images, image, caption, where, badRows } = read;
  const data = await readCaptions(paths, {
    images,
    namesOnly: featureFile !== null,
    where,
    badRows: badRows as BadRows,
    columns: { image, caption },
  });
  const { source, skipped } = data;
  const warnings = skipped.report(source, data.captions + skipped.count);
  const texts = data.examples.map(({ captions }) => captions.map(plainWords).filter((text) => text !== ''));
  if (featureFile !== null) {
    const names = data.examples.map(({ name }) => name);
    const features = readFeatures(featureFile, names);
    const [regions, width] = features.shape.length === 2 ? features.shape : [0, features.shape[0]];
    const pick: Read['pick'] = (which) => {
      const chosen = numbersOf(data.examples, (one, n) => texts[n].length > 0 && which(one, n));
      const part: CaptionPart = {
        names: chosen.map((n) => names[n]),
        texts: chosen.map((n) => texts[n]),
        views: () => part,
        seen: () => ({
          count: chosen.length,
          read: async (rows) => ({
            values: features.read(rows.map((k) => chosen[k])),
            shape: [rows.length, ...features.shape],
          }),
        }),
        image: async () => null,
      };
      return part;
    };
    return { source, examples: data.examples, features: { size: width, regions }, warnings, pick };
  }
  const bad = new Skipped(badRows as BadRows, ['image', 'images']);
  const set = await openImages(
    data.examples.map(({ image }) => image),
    settingsOf(read),
    { cache: new PixelCache(), skipped: bad, progress: everySecond(say) },
  );
  warnings.push(...bad.report(source, data.examples.length));
  const usable = (n: number) => texts[n].length > 0 && set.numbers[n] >= 0;
  const pick: Read['pick'] = (which) => {
    const chosen = numbersOf(data.examples, (one, n) => usable(n) && which(one, n));
    return pixelPart(
      set,
      chosen.map((n) => set.numbers[n]),
      chosen.map((n) => data.examples[n].name),
      chosen.map((n) => texts[n]),
    );
  };
  return { source, examples: data.examples, features: null, warnings, pick };
}

const asItIs: ImageSymmetry = { horizontal: false, vertical: false, words: [] };

/** Part of a set: image k is number `numbers[k]` of the set in the view `views[k]`. */
function pixelPart(
  set: ImageSet,
  numbers: readonly number[],
  names: readonly string[],
  texts: readonly (readonly string[])[],
  views: readonly ImageSymmetry[] = numbers.map(() => asItIs),
): CaptionPart {
  const { height, width } = set;
  const size = height * width * 3;
  const read = async (rows: ArrayLike<number>) => {
    const bytes = await set.read(Array.from(rows, (k) => numbers[k]));
    for (let b = 0; b < rows.length; b++) {
      const { horizontal, vertical } = views[rows[b]];
      if (!horizontal && !vertical) continue;
      const image = bytes.subarray(b * size, (b + 1) * size);
      image.set(mirrorImages(image, [height, width, 3], { horizontal, vertical }));
    }
    return bytes;
  };
  return {
    names,
    texts,
    views: (symmetries) =>
      pixelPart(
        set,
        symmetries.flatMap(() => numbers),
        symmetries.flatMap(() => names),
        symmetries.flatMap(({ words }) => texts.map((some) => some.map((text) => exchangeWords(text, words)))),
        symmetries.flatMap((view) => numbers.map(() => view)),
      ),
    seen: (changes, range = 'symmetric') => ({
      count: numbers.length,
      async read(rows, chance) {
        const shape = [rows.length, height, width, 3];
        const bytes = await read(rows);
        const changed = chance && changes ? augment(bytes, shape, changes, chance) : bytes;
        const values = range === 'unit' ? unitImages(changed, shape) : normalizeImages(changed, shape);
        return { values, shape: [rows.length, 3, height, width] };
      },
    }),
    image: async (n) => ({ height, width, data: await read([n]) }),
  };
}

/** Bytes [B, h, w, 3] as [B, 3, h, w] from 0 to 1, as pipelines make them. */
function unitImages(data: Uint8Array, shape: readonly number[]): Float32Array {
  const all = Array.from({ length: shape[0] }, (_, b) => b);
  return scope(() => imageBatch({ shape, data }, all).dataSync() as Float32Array);
}

function demoParts(demo: (typeof captionDemos)[number], { size }: CaptionSource): CaptionParts {
  const make = (count: number, seed: number): CaptionedImage[] =>
    demo === 'scenes'
      ? makeScenes(count, seed, { size, maxObjects: 1, objectSizes: ['big'] })
      : makeWhere(count, seed, { size });
  const part = (some: readonly CaptionedImage[]) =>
    pixelPart(
      imageSet(some.map(({ image }) => image)),
      some.map((_, n) => n),
      some.map((_, n) => `${demo} ${n + 1}`),
      some.map(({ captions }) => captions),
    );
  const train = part(make(demoImages.train, 1));
  const validation = part(make(demoImages.validation, 2));
  const { about } = syntheticData[demo];
  return {
    name: demo,
    source: about,
    sha256: hashOf([train, validation]),
    features: null,
    train,
    validation,
    warnings: [],
  };
}

/** The words of all captions. */
export function tokenizerOf({ texts }: CaptionPart, minCount: number): Tokenizer {
  return Tokenizer.train(texts.flat(), { unit: 'word', ...(minCount > 1 ? { minCount } : {}) });
}

export function encodeCaptions({ texts }: CaptionPart, words: Tokenizer, maxLength: number): Int32Array[][] {
  return texts.map((some) => some.map((text) => words.encode(text).subarray(0, maxLength)));
}

function hashOf(parts: readonly CaptionPart[]): string {
  const rows = ({ names, texts }: CaptionPart) =>
    names.map((name, n) => ({ file: '', row: n, cells: { name, texts: texts[n].join('\n') } }));
  return fingerprint(parts.map(rows));
}

function numbersOf<T>(list: readonly T[], which: (one: T, n: number) => boolean): number[] {
  return list.flatMap((one, n) => (which(one, n) ? [n] : []));
}

function everySecond(say: (text: string) => void): (done: number, total: number) => void {
  let last = performance.now();
  return (done, total) => {
    const now = performance.now();
    if (now - last < 2000) return;
    last = now;
    say(t`reading images: ${done} of ${total}`);
  };
}
