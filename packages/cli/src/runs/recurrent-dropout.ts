// Dropout inside of the recurrent layers, which every task's network has.

import type { OptionTable, Values } from '../command-line/options.ts';

export const recurrentDropoutOptions = {
  recurrentDropout: {
    kind: 'number',
    default: 0,
    min: 0,
    max: 0.99,
    group: 'Model',
    also: ['variational-dropout'],
    help: 'dropout probability on the recurrent connections, with one mask for all time steps (variational dropout)',
  },
  zoneout: {
    kind: 'number',
    default: 0,
    min: 0,
    max: 0.99,
    group: 'Model',
    help: 'zoneout probability: each number of the state keeps its value at a time step; slower, since no kernel does it',
  },
} as const satisfies OptionTable;

/** The model's options of these that are above 0: a run without them is one of a model that has none. */
export function recurrentDropoutOf({ recurrentDropout, zoneout }: Values<typeof recurrentDropoutOptions>): {
  readonly recurrentDropout?: number;
  readonly zoneout?: number;
} {
  return { ...(recurrentDropout > 0 ? { recurrentDropout } : {}), ...(zoneout > 0 ? { zoneout } : {}) };
}
