// Settings for converting images and frames to bytes of one size.

import { OptionError } from 'unrolled';

/** How another aspect ratio is handled: cropped to the center, letterboxed, or stretched. */
export const fits = ['cover', 'contain', 'squash'] as const;
export type Fit = (typeof fits)[number];

/** Red, green, blue. */
export type Background = readonly [number, number, number];

/** `white`, `black` or `#rrggbb`. Runs from before this option have none, and were trained on black. */
export function backgroundOf(name: string | undefined): Background {
  if (name === undefined || name === 'black') return [0, 0, 0];
  if (name === 'white') return [255, 255, 255];
  const [, r, g, b] = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(name) ?? [];
  if (r === undefined)
    throw new OptionError('images', 'background', `expected white, black or #rrggbb, got ${JSON.stringify(name)}`);
  return [Number.parseInt(r, 16), Number.parseInt(g, 16), Number.parseInt(b, 16)];
}

export interface ImageSettings {
  readonly height: number;
  readonly width: number;
  readonly fit: Fit;
  /** Background of transparent pixels and of letterboxed images: red, green, blue. */
  readonly background: Background;
  /** Limit on an image's pixels, since a few kilobytes can decompress to more than the memory. For videos, of one frame. */
  readonly maxPixels: number;
}

/** Defaults: 64 × 64, cropped to the center, a white background, at most 100 million pixels. */
export function imageSettings(options: Partial<ImageSettings> = {}): ImageSettings {
  const settings: ImageSettings = {
    height: 64,
    width: 64,
    fit: 'cover',
    background: [255, 255, 255],
    maxPixels: 100_000_000,
    ...options,
  };
  for (const name of ['height', 'width', 'maxPixels'] as const) {
    const [value, most] = [settings[name], name === 'maxPixels' ? 2 ** 31 : 4096];
    if (!(Number.isInteger(value) && value >= 1 && value <= most))
      throw new OptionError('images', name, `expected a whole number from 1 to ${most}, got ${value}`);
  }
  if (!fits.includes(settings.fit))
    throw new OptionError('images', 'fit', `expected ${fits.join(', ')}, got ${String(settings.fit)}`);
  return settings;
}
