// The options of `unrolled train memory`.

import type { OptionTable } from '../command-line/options.ts';
import { commonOptions, computeOptions } from '../command-line/tables.ts';
import { modelOptions } from '../examples/options.ts';
import { runOptions, trainingOptions, watchingOptions } from '../runs/options.ts';
import { recurrentDropoutOptions } from '../runs/recurrent-dropout.ts';

export const memoryOptions = {
  ...runOptions,
  length: {
    kind: 'integer',
    default: null,
    min: 3,
    group: 'Problem',
    help: 'sequence length of the problem (default: depends on the problem)',
  },
  everyStep: {
    kind: 'flag',
    default: false,
    group: 'Problem',
    help: 'for parity: a target after every bit instead of only after the last',
  },
  cell: modelOptions.cell,
  hidden: { ...modelOptions.hidden, default: 64, help: 'hidden size of each layer' },
  layers: modelOptions.layers,
  ...recurrentDropoutOptions,
  forgetBias: {
    kind: 'number',
    default: null,
    group: 'Model',
    help: 'initial forget gate bias of an LSTM',
  },
  timescale: {
    kind: 'number',
    default: null,
    min: 1,
    above: true,
    group: 'Model',
    help: 'chrono initialization of an LSTM, for dependencies of up to this many steps',
  },
  ...trainingOptions,
  schedule: { ...trainingOptions.schedule, default: 'constant' },
  warmup: {
    ...trainingOptions.warmup,
    default: 0,
    help: 'warmup steps, in which the learning rate grows linearly to --lr',
  },
  ...watchingOptions,
  ...computeOptions,
  ...commonOptions,
} as const satisfies OptionTable;
