// What a model of images must be fed, from the options it was trained with; and how a file is decoded for it.

import type { ImageContract } from 'unrolled/pipelines';
import { backgroundOf, type Fit, type ImageSettings, imageSettings } from '../readers/index.ts';

/** How images and frames are made square, as the options say it: kept in config.json. */
export interface SquareImages {
  readonly size: number;
  /** In runs from before this option, missing. */
  readonly fit?: string;
  readonly background?: string;
}

/** Files are decoded for training as these say. */
export function settingsOf({ size, fit = 'cover', background }: SquareImages): ImageSettings {
  return imageSettings({ height: size, width: size, fit: fit as Fit, background: backgroundOf(background) });
}

/** `range`: what the model's task makes of bytes. */
export function imageContract(images: SquareImages, range: ImageContract['range']): ImageContract {
  const { height, width, fit, background } = settingsOf(images);
  return { height, width, fit, background, range };
}

/** Files are decoded for asking as they were for training. */
export function decodingOf({ height, width, fit, background }: ImageContract): ImageSettings {
  return imageSettings({ height, width, fit, background });
}
