// The cells of recurrent layers on their way out: the tensors of their states, and which of them are a layer in other systems.

import type { CellName } from 'unrolled';

/** A cell of the library's models. */
export type RecurrentCell = CellName;

/** The tensors of a cell's state, in their order: a name, and the width as a multiple of hiddenSize. The first is the last output. */
export const cellStates: Readonly<Record<RecurrentCell, readonly { readonly name: string; readonly times: number }[]>> =
  {
    rnn: [{ name: 'h', times: 1 }],
    'rnn-relu': [{ name: 'h', times: 1 }],
    irnn: [{ name: 'h', times: 1 }],
    gru: [{ name: 'h', times: 1 }],
    'gru-reset-before': [{ name: 'h', times: 1 }],
    'gru-layer-norm': [{ name: 'h', times: 1 }],
    mingru: [{ name: 'h', times: 1 }],
    minlstm: [{ name: 'h', times: 1 }],
    lstm: [
      { name: 'h', times: 1 },
      { name: 'c', times: 1 },
    ],
    'lstm-peephole': [
      { name: 'h', times: 1 },
      { name: 'c', times: 1 },
    ],
    'lstm-layer-norm': [
      { name: 'h', times: 1 },
      { name: 'c', times: 1 },
    ],
    'lstm-coupled': [
      { name: 'h', times: 1 },
      { name: 'c', times: 1 },
    ],
    'rnn-skip': [
      { name: 'h', times: 1 },
      { name: 'past', times: 7 },
    ],
    lru: [
      { name: 'h', times: 1 },
      { name: 's', times: 2 },
    ],
    slstm: [
      { name: 'h', times: 1 },
      { name: 'c', times: 1 },
      { name: 'm', times: 1 },
    ],
  };
