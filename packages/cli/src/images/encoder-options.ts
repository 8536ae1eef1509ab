// Options of a pretrained CNN as the encoder of images, the same for captions, questions and video.

import type { OptionTable } from '../command-line/options.ts';

/** How networks were given their images, by name: mean and standard deviation of red, green and blue, pixel values being from 0 to 1. */
export const preprocessings = {
  imagenet: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  clip: { mean: [0.48145466, 0.4578275, 0.40821073], std: [0.26862954, 0.26130258, 0.27577711] },
  'keras-tf': { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] },
  'keras-torch': { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  'keras-caffe': {
    channelOrder: 'bgr',
    mean: [123.68 / 255, 116.779 / 255, 103.939 / 255],
    std: [1 / 255, 1 / 255, 1 / 255],
  },
  unit: {},
  bytes: { std: [1 / 255, 1 / 255, 1 / 255] },
} as const;

export type PreprocessingName = keyof typeof preprocessings;

export const encoderOptions = {
  encoder: {
    kind: 'string',
    default: null,
    placeholder: 'file',
    group: 'Encoder',
    also: ['pretrained'],
    help: 'pretrained CNN as image encoder, without its classification head: ONNX, Keras or TensorFlow.js (default: a CNN that is trained from scratch)',
  },
  encoderLayer: {
    kind: 'string',
    default: null,
    placeholder: 'name',
    group: 'Encoder',
    needs: { encoder: 'given' },
    help: 'layer of the pretrained CNN whose output is used (default: the last feature map)',
  },
  preprocess: {
    kind: 'choice',
    default: null,
    choices: Object.keys(preprocessings),
    group: 'Encoder',
    needs: { encoder: 'given' },
    help: 'how images are normalized for the pretrained CNN: as in torchvision (imagenet), CLIP, the three modes of Keras, values from 0 to 1 (unit) or bytes (default: imagenet for ONNX; bytes for a Keras model that rescales them itself)',
  },
  mean: {
    kind: 'string',
    default: null,
    placeholder: 'r,g,b',
    group: 'Encoder',
    needs: { encoder: 'given' },
    help: 'mean of red, green and blue, pixel values being from 0 to 1, in place of that of --preprocess',
  },
  std: {
    kind: 'string',
    default: null,
    placeholder: 'r,g,b',
    group: 'Encoder',
    needs: { encoder: 'given' },
    help: 'standard deviation of red, green and blue, in place of that of --preprocess',
  },
  channelOrder: {
    kind: 'choice',
    default: null,
    choices: ['rgb', 'bgr'],
    group: 'Encoder',
    needs: { encoder: 'given' },
    help: 'order of the color channels, in place of that of --preprocess',
  },
  layout: {
    kind: 'choice',
    default: null,
    choices: ['channels-first', 'channels-last'],
    group: 'Encoder',
    needs: { encoder: 'given' },
    help: 'axis of the color channels in the input of the pretrained CNN (default: the axis of size 3)',
  },
  fineTune: {
    kind: 'flag',
    default: false,
    group: 'Encoder',
    needs: { encoder: 'given' },
    help: 'train the pretrained CNN too, at --cnn-rate; its batch normalization keeps its statistics (default: frozen, its features cached on disk)',
  },
} as const satisfies OptionTable;

/** The learning rate of an encoder, for tasks where nothing else freezes it. */
export const encoderRateOption = {
  cnnRate: {
    kind: 'number',
    default: 0.1,
    min: 0,
    group: 'Encoder',
    needs: { fineTune: [true] },
    help: 'learning rate of the pretrained CNN as a multiple of --lr',
  },
} as const satisfies OptionTable;

/** Options of the CNN that is trained from scratch, which mean nothing where a pretrained one is given. */
export function fromScratch<T extends OptionTable>(table: T): T {
  return Object.fromEntries(
    Object.entries(table).map(([name, spec]) => [name, { ...spec, needs: { ...spec.needs, encoder: 'none' } }]),
  ) as OptionTable as T;
}
