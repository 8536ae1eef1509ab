// Options of the tasks that look: where images are, and the convolutions that read them.

import { type ConvNetOptions, OptionError } from 'unrolled';
import type { OptionTable } from '../command-line/options.ts';

export const imageOptions = {
  images: {
    kind: 'string',
    default: null,
    placeholder: 'folder',
    group: 'Data',
    help: 'the folder that holds the images',
  },
  size: {
    kind: 'integer',
    default: 64,
    min: 8,
    max: 512,
    group: 'Data',
    help: 'height and width that images are brought to, in pixels',
  },
  background: {
    kind: 'string',
    default: 'white',
    placeholder: 'color',
    group: 'Data',
    help: 'what is behind transparent images, and beside those with bars: white, black or #rrggbb',
  },
} as const satisfies OptionTable;

export const convolutionOptions = {
  channels: {
    kind: 'string',
    default: '16,32,64,64',
    placeholder: 'numbers',
    group: 'Model',
    help: 'of the convolutional stages; each halves height and width',
  },
  kernel: {
    kind: 'choice',
    default: '3',
    choices: ['3', '2'],
    group: 'Model',
    help: 'of the stages: 3 pixels, or 2, so that each place of the last map sees a square that no other sees',
  },
  colorChannels: {
    kind: 'string',
    default: '',
    placeholder: 'numbers',
    group: 'Model',
    help: 'see form apart from color: a second path of such stages sees the colors, and the first sees contrast alone (default: one path)',
  },
  residual: { kind: 'flag', default: false, group: 'Model', help: 'residual blocks for stages' },
  summary: {
    kind: 'choice',
    default: 'map',
    choices: ['map', 'pooled'],
    group: 'Model',
    help: 'what is taken of an image: every place of the last map, or their mean (pooled)',
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
    .map(Number);
  if (channels.length > 0 && channels.every((n) => Number.isInteger(n) && n > 0 && n <= 4096)) return channels;
  throw new OptionError(who, option, `expected whole numbers as in 16,32,64, got ${text}`);
}
