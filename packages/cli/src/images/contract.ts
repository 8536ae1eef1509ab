// What a model of images must be fed, from the options it was trained with; and how a file is decoded for it.

import type { ImageContract } from 'unrolled/pipelines';
import { backgroundOf, type Fit, type ImageSettings, imageSettings } from '../readers/index.ts';

/** `range`: what the model's task makes of bytes. */
export function imageContract(
  { size, fit = 'cover', background }: { readonly size: number; readonly fit?: string; readonly background?: string },
  range: ImageContract['range'],
): ImageContract {
  return { height: size, width: size, fit: fit as Fit, background: backgroundOf(background), range };
}

/** Files are decoded for asking as they were for training. */
export function decodingOf({ height, width, fit, background }: ImageContract): ImageSettings {
  return imageSettings({ height, width, fit, background });
}
