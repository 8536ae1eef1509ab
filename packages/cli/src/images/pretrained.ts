// A pretrained CNN from a file: read, cut behind its features, and told how its images are prepared.

import { basename } from 'node:path';
import type { ImportedModel } from '@unrolled/convert';
import { OptionError } from 'unrolled';
import { GraphEncoder, type ImagePreprocessing } from 'unrolled/graph';
import { parseDecimal } from 'unrolled/data';
import { sha256Of } from '../files/index.ts';
import type { Values } from '../command-line/options.ts';
import { type encoderOptions, type PreprocessingName, preprocessings } from './encoder-options.ts';
import { t } from '../language/index.ts';

export type EncoderValues = Values<typeof encoderOptions>;

/** A pretrained CNN that was read. */
export interface Pretrained {
  readonly encoder: GraphEncoder;
  /** What was taken of it, in a line for people. */
  readonly about: string;
}

/** The size of images for a network that takes any. */
const usualSize = 224; // pixels

/** Reads --encoder; null where none was given. `size`: of the images, where that was chosen. */
export async function readPretrained(
  who: string,
  values: EncoderValues,
  size: number | null,
): Promise<Pretrained | null> {
  const { encoder: file, encoderLayer: layer, fineTune } = values;
  if (file === null) return null;
  const { readModel } = await import('@unrolled/convert');
  const model = await readModel(file);
  const network = model.module();
  const [, height, width] = network.graph.inputs[0]?.shape?.length === 4 ? placesOf(network.graph.inputs[0].shape) : [];
  const side = size ?? (typeof height === 'number' && height === width ? height : usualSize);
  const { name, ...preprocessing } = preprocessingOf(who, values, model);
  const encoder = inOptionsOf(who, () =>
    GraphEncoder.of(network, {
      ...preprocessing,
      ...(values.layout === null ? {} : { layout: values.layout as 'channels-first' | 'channels-last' }),
      inputSize: [side, side],
      layer,
      trained: fineTune,
      source: { name: basename(file), sha256: sha256Of(file) },
    }),
  );
  return { encoder, about: `${basename(file)}, ${describePretrained(encoder)}, ${name}` };
}

/** The command's options by those of `GraphEncoder.of`. */
const flags: Readonly<Record<string, string>> = {
  network: '--encoder',
  layer: '--encoder-layer',
  inputSize: '--size',
  layout: '--layout',
};

/** An error about an option of the library as one about the command's. */
function inOptionsOf(who: string, make: () => GraphEncoder): GraphEncoder {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    const { who: library, option, message } = error;
    throw new OptionError(who, flags[option] ?? option, message.slice(`${library}: ${option}: `.length));
  }
}

/** `layer features.18 as 7 × 7 regions of 1,280, images of 224 × 224` */
export function describePretrained({ config }: GraphEncoder): string {
  const { layer, mapSize, mapLayout, outChannels, inputSize } = config;
  const size = outChannels.toLocaleString('en');
  const taken = mapLayout === 'vector' ? t`a vector of ${size}` : t`${mapSize.join(' × ')} regions of ${size}`;
  return t`layer ${layer} as ${taken}, images of ${inputSize.join(' × ')}`;
}

/** [batch, height, width] of [B, 3, h, w] or [B, h, w, 3]. */
function placesOf(shape: readonly (number | string)[]): readonly (number | string)[] {
  return shape[1] === 3 ? [shape[0], shape[2], shape[3]] : [shape[0], shape[1], shape[2]];
}

/** A preset, with what was given in place of its parts. */
function preprocessingOf(
  who: string,
  values: EncoderValues,
  model: ImportedModel,
): ImagePreprocessing & { readonly name: string } {
  const { preprocess, channelOrder } = values;
  const given = {
    ...(values.mean === null ? {} : { mean: threeNumbers(who, '--mean', values.mean) }),
    ...(values.std === null ? {} : { std: threeNumbers(who, '--std', values.std) }),
    ...(channelOrder === null ? {} : { channelOrder: channelOrder as 'rgb' | 'bgr' }),
  };
  const whole = given.mean !== undefined && given.std !== undefined;
  const name = (preprocess as PreprocessingName | null) ?? (whole ? 'unit' : usualPreprocessing(who, model));
  const changed = Object.keys(given).map((key) => (key === 'channelOrder' ? channelOrder : t`its own ${key}`));
  return {
    ...preprocessings[name],
    ...given,
    name: t`normalized as ${[...(whole ? [] : [name]), ...changed].join(', ')}`,
  };
}

/** A file does not say how its images were normalized, unless the network does it itself. */
function usualPreprocessing(who: string, { format, layers }: ImportedModel): PreprocessingName {
  if (layers.some(({ kind }) => /^(Rescaling|Normalization)\b/.test(kind))) return 'bytes';
  if (format === 'onnx') return 'imagenet';
  throw new OptionError(
    who,
    '--preprocess',
    'a Keras file does not say how its images were normalized; say keras-tf (MobileNet, Inception, Xception), keras-caffe (VGG, ResNet), keras-torch (DenseNet), unit or bytes',
  );
}

function threeNumbers(who: string, option: string, text: string): number[] {
  const numbers = text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(parseDecimal);
  if (numbers.length === 3 && numbers.every((n) => Number.isFinite(n) && (option === '--mean' || n > 0)))
    return numbers;
  throw new OptionError(who, option, `expected three numbers, as 0.485,0.456,0.406, got ${text}`);
}
