// The options of `unrolled train classify`.

import { poolings } from 'unrolled';
import type { OptionTable } from '../command-line/options.ts';
import { commonOptions, computeOptions } from '../command-line/tables.ts';
import { columnOption, embeddingOptions, modelOptions, smoothingOptions, tokenOptions } from '../examples/options.ts';
import { vectorOptions } from '../examples/vectors.ts';
import { runOptions, trainingOptions, watchingOptions } from '../runs/options.ts';
import { recurrentDropoutOptions } from '../runs/recurrent-dropout.ts';
import { sequenceDataOptions } from '../series/options.ts';

export const textDemos = ['sentiment', 'sentiment-ko'] as const;
export const classifyDemos = [...textDemos, 'strokes'] as const;

export const classifyOptions = {
  demo: {
    kind: 'choice',
    default: null,
    choices: classifyDemos,
    help: `train on synthetic examples instead of a file (${classifyDemos.join(', ')})`,
  },
  ...runOptions,
  text: { ...columnOption, help: 'column with the texts' },
  label: { ...columnOption, help: 'column with the labels' },
  multiLabel: {
    kind: 'flag',
    default: false,
    group: 'Data',
    needs: { demo: 'none' },
    help: 'any number of labels a text: the label column has lists, or labels separated by |, ; or commas',
  },
  ...sequenceDataOptions,
  ...tokenOptions,
  unit: {
    ...tokenOptions.unit,
    default: null,
    help: `${tokenOptions.unit.help} (default: word; character for single words, and for Korean, Japanese and Chinese)`,
  },
  ...modelOptions,
  embeddingScale: {
    ...embeddingOptions.embeddingScale,
    default: 0.3,
    help: `${embeddingOptions.embeddingScale.help}; at 1 (PyTorch) a few thousand texts are memorized before they generalize`,
  },
  dropout: {
    ...modelOptions.dropout,
    default: null,
    help: `${modelOptions.dropout.help} (default: 0.5 for texts, 0.2 for numbers)`,
  },
  wordDropout: {
    kind: 'number',
    default: null,
    min: 0,
    max: 0.99,
    group: 'Model',
    help: 'word dropout: fraction of input tokens that are zeroed in training, the others scaled up (default: 0.1 for --unit word and bpe, else 0)',
  },
  ...vectorOptions,
  ...recurrentDropoutOptions,
  pooling: {
    kind: 'choice',
    default: 'max',
    choices: poolings,
    group: 'Model',
    help: 'pooling over time: last, mean, max or attention',
  },
  ...trainingOptions,
  lr: { ...trainingOptions.lr, default: 3e-3 },
  ...smoothingOptions,
  balanced: {
    kind: 'flag',
    default: false,
    group: 'Training',
    needs: { multiLabel: [false] },
    help: 'class weights: the loss weights every label equally, whatever its frequency',
  },
  ...watchingOptions,
  ...computeOptions,
  ...commonOptions,
} as const satisfies OptionTable;
