// Options of image augmentation, the same for captions, questions and video: random changes, and symmetries with their words.

import { type AugmentOptions, imageSymmetries, type ImageSymmetry, parseWordPairs } from 'unrolled/data';
import type { OptionTable } from '../command-line/options.ts';

export const augmentationOptions = {
  flip: {
    kind: 'flag',
    default: false,
    group: 'Data',
    help: 'augmentation: flip images horizontally with probability 0.5',
  },
  flipVertical: {
    kind: 'flag',
    default: false,
    group: 'Data',
    help: 'augmentation: flip images vertically with probability 0.5, for images without an up, as from above',
  },
  rotate90: {
    kind: 'flag',
    default: false,
    group: 'Data',
    also: ['rotate-90'],
    help: 'augmentation: rotate images by a random multiple of 90 degrees',
  },
  shift: {
    kind: 'integer',
    default: 0,
    min: 0,
    max: 512,
    group: 'Data',
    help: 'augmentation: shift images by up to so many pixels in each direction',
  },
  crop: {
    kind: 'number',
    default: 0,
    min: 0,
    max: 0.9,
    group: 'Data',
    help: 'augmentation: random crops, smaller by up to this fraction',
  },
  color: {
    kind: 'number',
    default: 0,
    min: 0,
    max: 1,
    group: 'Data',
    also: ['color-jitter'],
    help: 'augmentation: color jitter of brightness, contrast and saturation by up to this fraction',
  },
  brightness: {
    kind: 'number',
    default: 0,
    min: 0,
    max: 1,
    group: 'Data',
    help: 'augmentation: random brightness by up to this fraction (default: that of --color)',
  },
  mirror: {
    kind: 'string',
    default: null,
    placeholder: 'left=right',
    group: 'Data',
    help: 'symmetry: also train on every image mirrored left to right, with these pairs of words exchanged in its text or label, as left=right,east=west',
  },
  mirrorVertical: {
    kind: 'string',
    default: null,
    placeholder: 'above=below',
    group: 'Data',
    help: 'symmetry: also train on every image mirrored top to bottom, with these pairs of words exchanged, as above=below,top=bottom',
  },
} as const satisfies OptionTable;

/** The same for images that may be features of another network, which cannot be changed. */
export const pixelAugmentationOptions = ofPixels(augmentationOptions);

function ofPixels<T extends OptionTable>(table: T): T {
  const needs = { features: 'none' } as const;
  return Object.fromEntries(
    Object.entries(table).map(([name, spec]) => [name, { ...spec, needs }]),
  ) as OptionTable as T;
}

/** The changes of a run, as its config.json has them: those that are not at their default. */
export interface ImageChanges {
  readonly flip?: boolean;
  readonly flipVertical?: boolean;
  readonly rotate90?: boolean;
  readonly shift?: number;
  readonly crop?: number;
  readonly color?: number;
  readonly brightness?: number;
  readonly mirror?: string | null;
  readonly mirrorVertical?: string | null;
}

const names = Object.keys(augmentationOptions) as (keyof typeof augmentationOptions)[];

/** Those that are not at their default: runs of before these options are resumed by the same command. */
export function changesIn(values: Readonly<Record<string, unknown>>): ImageChanges {
  const given = names.filter((name) => values[name] !== augmentationOptions[name].default);
  return Object.fromEntries(given.map((name) => [name, values[name]]));
}

/** For `augment`; null where nothing is changed at random. */
export function augmentOf(changes: ImageChanges): AugmentOptions | null {
  const { flip, flipVertical, rotate90 = false, shift = 0, crop = 0, color = 0, brightness = color } = changes;
  const options = {
    flip: flip ? 0.5 : 0,
    flipVertical: flipVertical ? 0.5 : 0,
    rotate90,
    shift,
    crop,
    brightness,
    contrast: color,
    saturation: color,
  };
  return Object.values(options).some(Boolean) ? options : null;
}

/** The views of each training image, the image itself first. */
export function symmetriesOf({ mirror = null, mirrorVertical = null }: ImageChanges): readonly ImageSymmetry[] {
  return imageSymmetries({
    horizontal: mirror === null ? null : parseWordPairs(mirror),
    vertical: mirrorVertical === null ? null : parseWordPairs(mirrorVertical),
  });
}
