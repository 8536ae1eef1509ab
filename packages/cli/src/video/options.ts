// The options of `unrolled train video`.

import { poolings } from 'unrolled';
import type { OptionTable } from '../command-line/options.ts';
import { commonOptions, computeOptions } from '../command-line/tables.ts';
import { columnOption, dataOptions, modelOptions, smoothingOptions } from '../examples/options.ts';
import { pixelAugmentationOptions } from '../images/augmentation.ts';
import { encoderOptions, encoderRateOption, fromScratch } from '../images/encoder-options.ts';
import { convolutionOptions, imageOptions } from '../images/options.ts';
import { runOptions, trainingOptions, watchingOptions } from '../runs/options.ts';
import { recurrentDropoutOptions } from '../runs/recurrent-dropout.ts';

export const videoDemos = ['clips'] as const;

const { embedding: _, ...recurrentOptions } = modelOptions;
const { maxLength: _length, group, ...rowOptions } = dataOptions;

export const videoOptions = {
  demo: {
    kind: 'choice',
    default: null,
    choices: videoDemos,
    help: 'train on synthetic clips of moving shapes instead of files; no single frame determines the class',
  },
  ...runOptions,
  perFrame: {
    kind: 'flag',
    default: false,
    group: 'Data',
    help: 'predict a label for every frame instead of one for the clip',
  },
  frames: {
    kind: 'integer',
    default: null,
    min: 1,
    max: 2000,
    group: 'Data',
    needs: { rate: 'none' },
    help: 'frames sampled evenly from each clip (default: 20; all with --per-frame, 500 at most)',
  },
  rate: {
    kind: 'number',
    default: null,
    min: 0,
    above: true,
    max: 1000,
    group: 'Data',
    help: 'frames sampled per second, instead of --frames',
  },
  features: {
    kind: 'string',
    default: null,
    placeholder: 'file',
    group: 'Data',
    needs: { demo: 'none' },
    help: 'precomputed features of the frames instead of clips: .npy [clips, frames, D], or .safetensors with [frames, D] under the name of each clip',
  },
  validationFeatures: {
    kind: 'string',
    default: null,
    placeholder: 'file',
    group: 'Data',
    needs: { features: 'given', validation: 'given' },
    help: 'precomputed features of the frames of the --validation clips',
  },
  size: {
    ...imageOptions.size,
    default: null,
    needs: { features: 'none' },
    help: 'height and width that frames are resized to, in pixels (default: 48; what a pretrained CNN reads)',
  },
  background: imageOptions.background,
  fit: { ...imageOptions.fit, needs: { features: 'none' } },
  clips: {
    kind: 'string',
    default: null,
    placeholder: 'folder',
    group: 'Data',
    needs: { demo: 'none' },
    help: 'folder with the clips named in a table (default: the folder of the table)',
  },
  video: { ...columnOption, help: 'column with the clip file names' },
  label: {
    ...columnOption,
    needs: { demo: 'none', perFrame: [false] },
    help: 'column with the labels',
  },
  frameLabels: {
    ...columnOption,
    needs: { perFrame: [true] },
    help: 'column with a list of labels, one for each frame of the video',
  },
  group: {
    ...group,
    help: 'group split: clips with the same value in this column (person, source video) are never in both training and validation',
  },
  groupPattern: {
    kind: 'string',
    default: null,
    placeholder: 'expression',
    group: 'Data',
    needs: { group: 'none' },
    help: 'regular expression that extracts the group from the clip name: "_(g\\d+)_"',
  },
  split: {
    kind: 'choice',
    default: 'random',
    choices: ['random', 'position'],
    group: 'Data',
    help: 'validation clips: sampled at random, or the last ones (position; an error where the data is sorted by class)',
  },
  ...rowOptions,
  ...pixelAugmentationOptions,
  ...recurrentOptions,
  ...recurrentDropoutOptions,
  pooling: {
    kind: 'choice',
    default: 'mean',
    choices: poolings,
    group: 'Model',
    needs: { perFrame: [false] },
    help: 'pooling over time: last, mean, max or attention',
  },
  ...encoderOptions,
  encoder: { ...encoderOptions.encoder, needs: { features: 'none' } },
  ...encoderRateOption,
  ...fromScratch({
    ...convolutionOptions,
    change: {
      kind: 'flag',
      default: true,
      group: 'Model',
      needs: { features: 'none' },
      help: 'do not add the difference to the previous frame as input channels',
    },
    channels: { ...convolutionOptions.channels, default: '16,32,64' },
  }),
  summary: {
    ...convolutionOptions.summary,
    default: null,
    help: 'image features: all positions of the last feature map (map), or their mean (pooled) (default: map; pooled for a pretrained CNN)',
  },
  ...trainingOptions,
  batch: { ...trainingOptions.batch, default: 8, help: 'batch size in clips' },
  lr: { ...trainingOptions.lr, default: 3e-3 },
  ...smoothingOptions,
  ...watchingOptions,
  ...computeOptions,
  ...commonOptions,
} as const satisfies OptionTable;
