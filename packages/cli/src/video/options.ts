// The options of `unrolled train video`.

import { poolings } from 'unrolled';
import type { OptionTable } from '../command-line/options.ts';
import { commonOptions, computeOptions } from '../command-line/tables.ts';
import { dataOptions, modelOptions } from '../examples/options.ts';
import { convolutionOptions, imageOptions } from '../images/options.ts';
import { runOptions, trainingOptions, watchingOptions } from '../runs/options.ts';

export const videoDemos = ['clips'] as const;

const { embedding: _, ...recurrentOptions } = modelOptions;
const { maxLength: _length, group, ...rowOptions } = dataOptions;

export const videoOptions = {
  demo: {
    kind: 'choice',
    default: null,
    choices: videoDemos,
    help: 'without files: drawn clips of moving shapes, whose class no single frame tells',
  },
  ...runOptions,
  perFrame: { kind: 'flag', default: false, group: 'Data', help: 'a label for every frame, not one for the clip' },
  frames: {
    kind: 'integer',
    default: null,
    min: 1,
    max: 2000,
    group: 'Data',
    needs: { rate: 'none' },
    help: 'frames that are taken of each clip, evenly (default: 20; all with --per-frame, 500 at most)',
  },
  rate: {
    kind: 'number',
    default: null,
    min: 0,
    above: true,
    max: 1000,
    group: 'Data',
    help: 'frames a second that are taken, instead of --frames',
  },
  size: { ...imageOptions.size, default: 48, help: 'height and width that frames are brought to, in pixels' },
  background: imageOptions.background,
  clips: {
    kind: 'string',
    default: null,
    placeholder: 'folder',
    group: 'Data',
    needs: { demo: 'none' },
    help: 'the folder that a table’s names of clips start from (default: the table’s)',
  },
  video: {
    kind: 'string',
    default: null,
    placeholder: 'column',
    group: 'Data',
    needs: { demo: 'none' },
    help: 'the column with the clips',
  },
  label: {
    kind: 'string',
    default: null,
    placeholder: 'column',
    group: 'Data',
    needs: { demo: 'none', perFrame: [false] },
    help: 'the column with their labels',
  },
  frameLabels: {
    kind: 'string',
    default: null,
    placeholder: 'column',
    group: 'Data',
    needs: { perFrame: [true] },
    help: 'the column with a list of labels, one for each frame of the video',
  },
  group: {
    ...group,
    help: 'clips that agree in this column stay on one side: all of one person, all cut from one video',
  },
  groupPattern: {
    kind: 'string',
    default: null,
    placeholder: 'expression',
    group: 'Data',
    needs: { group: 'none' },
    help: 'takes the group out of a clip’s name instead: "_(g\\d+)_"',
  },
  split: {
    kind: 'choice',
    default: 'random',
    choices: ['random', 'position'],
    group: 'Data',
    help: 'which clips validate: drawn by chance, or the last ones (position; refused where the data are sorted by class)',
  },
  ...rowOptions,
  ...recurrentOptions,
  hidden: { ...modelOptions.hidden, default: 64 },
  pooling: {
    kind: 'choice',
    default: 'mean',
    choices: poolings,
    group: 'Model',
    needs: { perFrame: [false] },
    help: 'how a clip’s states become one: last, mean, max or attention',
  },
  ...convolutionOptions,
  change: {
    kind: 'flag',
    default: true,
    group: 'Model',
    help: 'look at each frame alone, and not at its change since the frame before beside it',
  },
  channels: { ...convolutionOptions.channels, default: '16,32,64' },
  ...trainingOptions,
  batch: { ...trainingOptions.batch, default: 16, help: 'clips read at the same time' },
  lr: { ...trainingOptions.lr, default: 2e-3 },
  ...watchingOptions,
  ...computeOptions,
  ...commonOptions,
} as const satisfies OptionTable;
