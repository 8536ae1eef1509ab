// The options of `unrolled train vqa`.

import { visualQAForms } from 'unrolled';
import type { OptionTable } from '../command-line/options.ts';
import { commonOptions, computeOptions } from '../command-line/tables.ts';
import {
  columnOption,
  dataOptions,
  embeddingOptions,
  modelOptions,
  smoothingOptions,
  tokenOptions,
  wordDropoutOptions,
} from '../examples/options.ts';
import { augmentationOptions } from '../images/augmentation.ts';
import { encoderOptions, encoderRateOption, fromScratch } from '../images/encoder-options.ts';
import { convolutionOptions, imageOptions } from '../images/options.ts';
import { runOptions, trainingOptions, unprobedWatchingOptions } from '../runs/options.ts';
import { recurrentDropoutOptions } from '../runs/recurrent-dropout.ts';

export const vqaDemos = ['scenes'] as const;

const { bidirectional: _, ...recurrentOptions } = modelOptions;
/** The split is by image already, so there is no option for groups. */
const { group: _group, ...questionOptions } = dataOptions;

export const vqaOptions = {
  demo: {
    kind: 'choice',
    default: null,
    choices: vqaDemos,
    help: 'train on synthetic scenes of shapes and questions about them, instead of a file',
  },
  ...runOptions,
  ...imageOptions,
  size: {
    ...imageOptions.size,
    default: null,
    help: 'height and width that images are resized to, in pixels (default: 64; what a pretrained CNN reads)',
  },
  image: { ...columnOption, help: 'column with the image file names' },
  question: { ...columnOption, help: 'column with the questions' },
  answer: { ...columnOption, help: 'column with the answers' },
  type: {
    ...columnOption,
    help: 'column with the question type, by which results are reported (default: the first words of the question)',
  },
  answers: {
    kind: 'integer',
    default: 1000,
    min: 2,
    max: 100_000,
    group: 'Data',
    help: 'number of answer classes, the most frequent answers; questions with other answers are not trained on',
  },
  ...questionOptions,
  maxLength: {
    ...dataOptions.maxLength,
    default: 40,
    help: 'maximum question length in tokens; longer questions are truncated',
  },
  ...tokenOptions,
  lowercase: { ...tokenOptions.lowercase, default: true, help: 'do not lowercase the text' },
  ...augmentationOptions,
  form: {
    kind: 'choice',
    default: 'product',
    choices: visualQAForms,
    group: 'Model',
    help: 'how image and question are combined: product (Antol et al.), recurrent (the image is an input of the RNN), map (each word shifts and gates maps over the image regions), or question-only (baseline without the image)',
  },
  ...recurrentOptions,
  ...embeddingOptions,
  dropout: { ...modelOptions.dropout, default: 0 },
  ...recurrentDropoutOptions,
  cell: { ...modelOptions.cell, default: 'lstm' },
  commonSize: {
    kind: 'integer',
    default: null,
    min: 1,
    max: 65_536,
    group: 'Model',
    needs: { form: ['product', 'question-only'] },
    help: 'for form product: size of the space in which image and question are multiplied (default: --hidden)',
  },
  maps: {
    kind: 'integer',
    default: 8,
    min: 1,
    max: 1024,
    group: 'Model',
    needs: { form: ['map'] },
    help: 'for form map: number of maps',
  },
  reading: {
    kind: 'choice',
    default: 'backward',
    choices: ['backward', 'forward'],
    group: 'Model',
    needs: { form: ['map'] },
    help: 'for form map: read the question from its last word or from its first',
  },
  ...wordDropoutOptions,
  ...encoderOptions,
  encoder: { ...encoderOptions.encoder, needs: { form: ['product', 'recurrent', 'map'] } },
  ...encoderRateOption,
  ...fromScratch(convolutionOptions),
  summary: {
    ...convolutionOptions.summary,
    default: null,
    help: 'image features: the mean over all positions of the last feature map (pooled), or all of them, which tell where things are (map) (default: pooled; map for --form map)',
  },
  ...trainingOptions,
  batch: { ...trainingOptions.batch, default: 4, help: 'batch size in images, each with all its questions' },
  lr: { ...trainingOptions.lr, default: 2e-3 },
  ...smoothingOptions,
  ...unprobedWatchingOptions,
  ...computeOptions,
  ...commonOptions,
} as const satisfies OptionTable;
