// The options of `unrolled train translate`.

import { decoderKinds } from 'unrolled';
import type { OptionTable } from '../command-line/options.ts';
import { commonOptions, computeOptions } from '../command-line/tables.ts';
import { dataOptions, modelOptions, smoothingOptions, tokenOptions } from '../examples/options.ts';
import { runOptions, trainingOptions, watchingOptions } from '../runs/options.ts';
import { translateDemoNames } from './demos.ts';

const unitChoices = tokenOptions.unit.choices;

export const forcingSchedules = ['constant', 'linear', 'exponential', 'inverse-sigmoid'] as const;
export type ForcingName = (typeof forcingSchedules)[number];

export const translateOptions = {
  demo: {
    kind: 'choice',
    default: null,
    choices: translateDemoNames,
    help: `without a file: pairs synthetic (${translateDemoNames.join(', ')})`,
  },
  ...runOptions,
  source: {
    kind: 'string',
    default: null,
    placeholder: 'column',
    group: 'Data',
    needs: { demo: 'none' },
    help: 'the column that is read',
  },
  target: {
    kind: 'string',
    default: null,
    placeholder: 'column',
    group: 'Data',
    needs: { demo: 'none' },
    help: 'the column that is written',
  },
  ...dataOptions,
  validation: {
    ...dataOptions.validation,
    help: 'pairs to validate on, a table or two texts: dev.de,dev.en (default: a part of the others, see --val-frac)',
  },
  maxLength: { ...dataOptions.maxLength, default: 100, help: 'pairs with more tokens on a side are left out' },
  ...tokenOptions,
  unit: { ...tokenOptions.unit, default: null, help: `${tokenOptions.unit.help} (default: word)` },
  sourceUnit: {
    kind: 'choice',
    default: null,
    choices: unitChoices,
    group: 'Data',
    help: '--unit of the source alone',
  },
  targetUnit: {
    kind: 'choice',
    default: null,
    choices: unitChoices,
    group: 'Data',
    help: '--unit of the target alone',
  },
  sourceVocabulary: {
    ...tokenOptions.vocabulary,
    also: ['src-vocab-size'],
    help: '--vocabulary of the source alone',
  },
  targetVocabulary: {
    ...tokenOptions.vocabulary,
    also: ['tgt-vocab-size'],
    help: '--vocabulary of the target alone',
  },
  shared: {
    kind: 'flag',
    default: false,
    group: 'Data',
    also: ['share-vocab'],
    help: 'one vocabulary and one table of embeddings for both sides',
  },
  decoder: {
    kind: 'choice',
    default: 'additive',
    choices: decoderKinds,
    group: 'Model',
    help: `what the decoder knows of the source: ${decoderKinds.join(', ')}`,
  },
  ...modelOptions,
  hidden: { ...modelOptions.hidden, help: 'units in a layer of the encoder, for each direction, and of the decoder' },
  layers: { ...modelOptions.layers, help: 'layers of the encoder, and of the decoder' },
  bidirectional: { ...modelOptions.bidirectional, help: 'the encoder reads in one direction only' },
  decoderHidden: {
    kind: 'integer',
    default: null,
    min: 1,
    max: 65_536,
    group: 'Model',
    help: "units in a layer of the decoder (default: as --hidden; as wide as the encoder's output for dot)",
  },
  attentionSize: {
    kind: 'integer',
    default: null,
    min: 1,
    max: 65_536,
    group: 'Model',
    needs: { decoder: ['additive', 'concat'] },
    help: 'of additive and concat: width of the comparison (default: as the decoder)',
  },
  inputFeeding: {
    kind: 'flag',
    default: true,
    group: 'Model',
    needs: { decoder: ['dot', 'general', 'concat'] },
    help: 'of dot, general and concat: what was looked at is not read at the next step, which is faster',
  },
  reverseSource: {
    kind: 'flag',
    default: false,
    group: 'Model',
    help: 'read the source from its end, which helps plain',
  },
  tieWeights: {
    kind: 'flag',
    default: false,
    group: 'Model',
    help: "score tokens by the target's embeddings, which spares parameters",
  },
  ...trainingOptions,
  batch: { ...trainingOptions.batch, help: 'pairs read at the same time' },
  batchTokens: {
    kind: 'integer',
    default: null,
    min: 1,
    group: 'Training',
    help: 'instead of --batch: tokens read at the same time, padding included',
  },
  lr: { ...trainingOptions.lr, default: 2e-3 },
  teacherForcing: {
    kind: 'number',
    default: 1,
    min: 0,
    max: 1,
    group: 'Training',
    help: 'share of true tokens that the decoder reads; the others it draws itself (scheduled sampling)',
  },
  ...smoothingOptions,
  forcingSchedule: {
    kind: 'choice',
    default: 'constant',
    choices: forcingSchedules,
    group: 'Training',
    help: `constant, or how it falls from 1 to --teacher-forcing over the run: ${forcingSchedules.slice(1).join(', ')}`,
  },
  ...watchingOptions,
  translate: {
    kind: 'integer',
    default: 200,
    min: 0,
    group: 'Watching',
    help: 'validation pairs that are translated at every validation, for exactMatch and bleu',
  },
  best: {
    kind: 'choice',
    default: 'loss',
    choices: ['loss', 'exactMatch', 'bleu'],
    group: 'Watching',
    help: 'what the best model and --patience go by: loss, exactMatch or bleu',
  },
  ...computeOptions,
  ...commonOptions,
} as const satisfies OptionTable;
