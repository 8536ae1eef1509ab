// The options of `unrolled train translate`, and the schedule that those of teacher forcing make.

import { decoderKinds, OptionError, type TeacherForcingSchedule, teacherForcingRatio } from 'unrolled';
import type { OptionTable } from '../command-line/options.ts';
import { presetOption } from '../command-line/preset.ts';
import { commonOptions, computeOptions } from '../command-line/tables.ts';
import {
  columnOption,
  dataOptions,
  embeddingOptions,
  modelOptions,
  smoothingOptions,
  tokenOptions,
} from '../examples/options.ts';
import { outputLayerOptions } from '../runs/output-options.ts';
import { runOptions, trainingOptions, watchingOptions } from '../runs/options.ts';
import { translatePresets } from '../runs/presets.ts';
import { recurrentDropoutOptions } from '../runs/recurrent-dropout.ts';
import { translateDemoNames } from './data.ts';

const unitChoices = tokenOptions.unit.choices;

export const forcingSchedules = ['constant', 'linear', 'exponential', 'inverse-sigmoid'] as const;
export type ForcingName = (typeof forcingSchedules)[number];

export const translateOptions = {
  demo: {
    kind: 'choice',
    default: null,
    choices: translateDemoNames,
    help: `train on synthetic pairs instead of a file (${translateDemoNames.join(', ')})`,
  },
  ...runOptions,
  ...presetOption(translatePresets),
  source: { ...columnOption, help: 'source column' },
  target: { ...columnOption, help: 'target column' },
  ...dataOptions,
  validation: {
    ...dataOptions.validation,
    help: 'validation pairs, a table or two texts: dev.de,dev.en (default: a fraction of the training pairs, see --val-frac)',
  },
  maxLength: {
    ...dataOptions.maxLength,
    default: 100,
    help: 'maximum length in tokens; pairs with a longer side are skipped',
  },
  ...tokenOptions,
  unit: { ...tokenOptions.unit, default: null, help: `${tokenOptions.unit.help} (default: word)` },
  sourceUnit: {
    kind: 'choice',
    default: null,
    choices: unitChoices,
    group: 'Data',
    help: '--unit for the source only',
  },
  targetUnit: {
    kind: 'choice',
    default: null,
    choices: unitChoices,
    group: 'Data',
    help: '--unit for the target only',
  },
  sourceVocabulary: {
    ...tokenOptions.vocabulary,
    also: ['src-vocab-size'],
    help: '--vocabulary for the source only',
  },
  targetVocabulary: {
    ...tokenOptions.vocabulary,
    also: ['tgt-vocab-size'],
    help: '--vocabulary for the target only',
  },
  shared: {
    kind: 'flag',
    default: false,
    group: 'Data',
    also: ['share-vocab'],
    help: 'share one vocabulary and one embedding between source and target',
  },
  decoder: {
    kind: 'choice',
    default: 'additive',
    choices: decoderKinds,
    group: 'Model',
    help: `decoder: ${decoderKinds.join(', ')}`,
  },
  ...modelOptions,
  ...embeddingOptions,
  ...recurrentDropoutOptions,
  hidden: { ...modelOptions.hidden, help: 'hidden size of each encoder layer and direction, and of the decoder' },
  layers: { ...modelOptions.layers, help: 'number of layers of the encoder and of the decoder' },
  bidirectional: { ...modelOptions.bidirectional, help: 'use a unidirectional encoder' },
  decoderHidden: {
    kind: 'integer',
    default: null,
    min: 1,
    max: 65_536,
    group: 'Model',
    help: "hidden size of the decoder (default: --hidden; the encoder's output size for dot)",
  },
  attentionSize: {
    kind: 'integer',
    default: null,
    min: 1,
    max: 65_536,
    group: 'Model',
    needs: { decoder: ['additive', 'concat'] },
    help: 'for additive and concat: attention size (default: as the decoder)',
  },
  inputFeeding: {
    kind: 'flag',
    default: true,
    group: 'Model',
    needs: { decoder: ['dot', 'general', 'concat'] },
    help: 'for dot, general and concat: no input feeding of the attention vector at the next step, which is faster',
  },
  reverseSource: {
    kind: 'flag',
    default: false,
    group: 'Model',
    help: 'reverse the source, which helps the plain decoder',
  },
  tieWeights: {
    kind: 'flag',
    default: false,
    group: 'Model',
    help: 'tie the output weights to the target embedding',
  },
  ...outputLayerOptions,
  ...trainingOptions,
  batch: { ...trainingOptions.batch, help: 'batch size in pairs' },
  batchTokens: {
    kind: 'integer',
    default: null,
    min: 1,
    group: 'Training',
    help: 'batch size in tokens, padding included, instead of --batch',
  },
  lr: { ...trainingOptions.lr, default: 2e-3 },
  teacherForcing: {
    kind: 'number',
    default: 1,
    min: 0,
    max: 1,
    group: 'Training',
    help: 'teacher forcing ratio: probability that the decoder reads the target token instead of its own sample (scheduled sampling)',
  },
  labelSmoothing: { ...smoothingOptions.labelSmoothing, needs: { output: ['full'] } },
  forcingSchedule: {
    kind: 'choice',
    default: 'constant',
    choices: forcingSchedules,
    group: 'Training',
    help: `schedule of the teacher forcing ratio: constant, or from 1 down to --teacher-forcing: ${forcingSchedules.slice(1).join(', ')}`,
  },
  ...watchingOptions,
  translate: {
    kind: 'integer',
    default: 200,
    min: 0,
    group: 'Watching',
    help: 'pairs translated at every validation, for exactMatch and bleu',
  },
  best: {
    kind: 'choice',
    default: 'loss',
    choices: ['loss', 'exactMatch', 'bleu'],
    group: 'Watching',
    help: 'metric for the best checkpoint and --patience: loss, exactMatch or bleu',
  },
  ...computeOptions,
  ...commonOptions,
} as const satisfies OptionTable;

/** The share of target tokens that the decoder reads, ε: the same all through, or ε(0) ≈ 1 and ε(steps) = `share`. */
export function forcingOf(name: ForcingName, share: number, steps: number): number | TeacherForcingSchedule {
  if (name === 'constant' || share === 1) return share;
  switch (name) {
    case 'linear':
      return { kind: 'linear', slope: (1 - share) / steps, minimum: share };
    case 'exponential':
      return { kind: 'exponential', k: Math.min(aboveZero(name, share) ** (1 / steps), 1 - 1e-12) };
    case 'inverse-sigmoid':
      return { kind: 'inverse-sigmoid', k: sigmoidK(aboveZero(name, share), steps) };
    default:
      return name satisfies never;
  }
}

function aboveZero(name: string, share: number): number {
  if (share > 0) return share;
  throw new OptionError('train translate', '--teacher-forcing', `${name} never reaches 0; say 0.01, or linear`);
}

/** The k at which k / (k + exp(steps / k)) is `share`: it grows with k, so the interval is halved. */
function sigmoidK(share: number, steps: number): number {
  let [low, high] = [1, Math.max(2, steps * 10)];
  for (let i = 0; i < 100; i++) {
    const k = (low + high) / 2;
    if (teacherForcingRatio({ kind: 'inverse-sigmoid', k }, steps) < share) low = k;
    else high = k;
  }
  return high;
}
