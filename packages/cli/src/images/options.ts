// Options of the tasks that read images: where they are, and the convolutional encoder.

import { type ConvNetOptions, OptionError } from 'unrolled';
import { parseDecimal } from 'unrolled/data';
import type { OptionTable } from '../command-line/options.ts';
import { fits } from '../readers/index.ts';

export const imageOptions = {
  images: {
    kind: 'string',
    default: null,
    placeholder: 'folder',
    group: 'Data',
    help: 'folder with the images',
  },
  size: {
    kind: 'integer',
    default: 64,
    min: 8,
    max: 512,
    group: 'Data',
    help: 'height and width that images are resized to, in pixels',
  },
  background: {
    kind: 'string',
    default: 'white',
    placeholder: 'color',
    group: 'Data',
    help: 'background of transparent images and padding color of --fit contain: white, black or #rrggbb',
  },
  fit: {
    kind: 'choice',
    default: 'cover',
    choices: fits,
    group: 'Data',
    help: 'how non-square images are resized: center crop (cover), padding (contain) or stretching (squash)',
  },
} as const satisfies OptionTable;

export const convolutionOptions = {
  channels: {
    kind: 'string',
    default: '16,32,64,64',
    placeholder: 'numbers',
    group: 'Model',
    help: 'channels of each convolutional stage; each stage halves height and width',
  },
  kernel: {
    kind: 'choice',
    default: '3',
    choices: ['3', '2'],
    group: 'Model',
    help: 'kernel size of the convolutional stages: 3, or 2 for receptive fields that do not overlap',
  },
  colorChannels: {
    kind: 'string',
    default: '',
    placeholder: 'numbers',
    group: 'Model',
    help: 'separate shape and color pathways: channels of a second pathway for color, while the first one receives local contrast only (default: one pathway)',
  },
  residual: { kind: 'flag', default: false, group: 'Model', help: 'residual blocks as stages' },
  summary: {
    kind: 'choice',
    default: 'map',
    choices: ['map', 'pooled'],
    group: 'Model',
    help: 'image features: all positions of the last feature map (map), or their mean (pooled)',
  },
} as const satisfies OptionTable;

export interface ConvolutionValues {
  readonly size: number;
  readonly channels: string;
  readonly colorChannels: string;
  readonly kernel: string;
  readonly residual: boolean;
}

/** The encoder, as the command line describes it. */
export function convNetOf(who: string, values: ConvolutionValues): ConvNetOptions {
  const { size, channels, colorChannels, kernel, residual } = values;
  return {
    channels: channelsOf(who, 'channels', channels),
    colorChannels: colorChannels ? channelsOf(who, 'color-channels', colorChannels) : [],
    kernelSize: kernel === '2' ? 2 : 3,
    residual,
    inputSize: [size, size],
  };
}

/** How a run's first lines name it: 32-64-128, colors 16-32. */
export function describeConvNet({ channels = [], colorChannels = [], kernelSize }: ConvNetOptions): string {
  const windows = kernelSize === 2 ? ' of 2×2' : '';
  const colors = colorChannels.length > 0 ? `, colors ${colorChannels.join('-')}` : '';
  return `${channels.join('-')}${windows}${colors}`;
}

/** '16,32,64' or '16-32-64' → [16, 32, 64] */
function channelsOf(who: string, option: string, text: string): number[] {
  const channels = text
    .split(/[\s,-]+/)
    .filter(Boolean)
    .map(parseDecimal);
  if (channels.length > 0 && channels.every((n) => Number.isInteger(n) && n > 0 && n <= 4096)) return channels;
  throw new OptionError(who, option, `expected whole numbers as in 16,32,64, got ${text}`);
}
