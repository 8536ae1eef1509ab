// Every model that a task of the command trains, in every form that its graphs have: what exports are tested with.

import { Captioner, type CellName, type ConvNetOptions, LanguageModel, type Module, VideoTagger } from 'unrolled';
import { models } from './models.ts';

/** A language model whose blocks have a convolution. */
export const convolved = (cell: CellName) =>
  new LanguageModel(7, { cell, hiddenSize: 4, embeddingDim: 3, numLayers: 2, block: 'residual', convolution: 4 });

/** A tagger of video whose state is that of two layers and the frame before. */
export function changes(): VideoTagger {
  const convNet = { inChannels: 1, channels: [3], inputSize: [4, 4] as const };
  return new VideoTagger({ convNet, classes: 3, hiddenSize: 4, change: true, lowerSize: 3, scale: 1 });
}

const encoders: Record<string, ConvNetOptions> = {
  'separate pathways, blocks that do not divide the image': {
    channels: [3, 4, 4],
    colorChannels: [2],
    inputSize: [11, 9],
  },
  'separate pathways of one depth': { channels: [3, 4], colorChannels: [2, 3], inputSize: [8, 6], kernelSize: 2 },
  'residual blocks': { channels: [3, 4], residual: true, inputSize: [7, 6] },
};

/** A ConvNet by itself is a part of others; a tagger of characters is exported as weights alone. */
const withoutGraph = /^convolutions|^tagger of words and characters/;

/** By name. */
export const exportedModels: Record<string, () => Module> = {
  ...Object.fromEntries(
    Object.entries(models).flatMap(([name, { make }]) => (withoutGraph.test(name) ? [] : [[name, make]])),
  ),
  ...Object.fromEntries(
    (['lstm', 'mingru', 'lru'] as const).map((cell) => [`convolutions in blocks, ${cell}`, () => convolved(cell)]),
  ),
  'video, a label a frame from frames and their change': changes,
  ...Object.fromEntries(
    Object.entries(encoders).map(([name, encoder]) => [
      `captioner, ${name}`,
      () => new Captioner({ vocabularySize: 7, hiddenSize: 3, encoder }),
    ]),
  ),
};

/** The types of models that the command trains. */
export const trainedTypes = [
  'captioner',
  'forecaster',
  'language-model',
  'memory-model',
  'seq2seq',
  'sequence-classifier',
  'sequence-tagger',
  'video-classifier',
  'video-tagger',
  'visual-qa',
] as const;
