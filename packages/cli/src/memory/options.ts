// The options of `unrolled train memory`.

import type { OptionTable } from '../command-line/options.ts';
import { commonOptions, computeOptions } from '../command-line/tables.ts';
import { modelOptions } from '../examples/options.ts';
import { runOptions, trainingOptions, watchingOptions } from '../runs/options.ts';

export const memoryOptions = {
  ...runOptions,
  length: {
    kind: 'integer',
    default: null,
    min: 3,
    group: 'Problem',
    help: 'steps over which something has to be remembered (default: the problem’s own)',
  },
  everyStep: {
    kind: 'flag',
    default: false,
    group: 'Problem',
    help: 'of parity: ask after every bit, and not only after the last',
  },
  cell: modelOptions.cell,
  hidden: { ...modelOptions.hidden, default: 64, help: 'units in a layer' },
  layers: modelOptions.layers,
  forgetBias: {
    kind: 'number',
    default: null,
    group: 'Model',
    help: 'what the forget gates of an LSTM start with: the larger, the longer they keep',
  },
  timescale: {
    kind: 'number',
    default: null,
    min: 1,
    above: true,
    group: 'Model',
    help: 'or: steps that the gates of an LSTM span at the start (chrono initialization)',
  },
  ...trainingOptions,
  schedule: { ...trainingOptions.schedule, default: 'constant' },
  ...watchingOptions,
  ...computeOptions,
  ...commonOptions,
} as const satisfies OptionTable;
