// The layers by their usual names: the unrolled cells with PyTorch's constructor.

import { requireSizes } from '../../checks.ts';
import { checkOptions } from '../../errors.ts';
import { GRUResetBeforeCell } from './gru-reset-before-cell.ts';
import { GRUCell } from './gru-cell.ts';
import { LSTMCell, type LSTMState } from './lstm-cell.ts';
import type { Cell, CellOptions } from './cell.ts';
import { ProjectedLSTMCell } from './projected-lstm-cell.ts';
import { Recurrent, type RecurrentOptions, recurrentOptions } from './recurrent.ts';
import { type Nonlinearity, RNNCell } from './rnn-cell.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** Options of `RNN`. */
export interface RNNOptions extends RecurrentOptions, CellOptions {
  /** Default 'tanh'. */
  readonly nonlinearity?: Nonlinearity;
}

/** The vanilla recurrent layer: see RNNCell for its equation and Recurrent for shapes, states and lengths. State: h [L·D, B, H]. */
export class RNN extends Recurrent<Tensor> {
  constructor(inputSize: number, hiddenSize: number, options: RNNOptions = {}) {
    requireSizes('RNN', { inputSize, hiddenSize }, true);
    checkOptions('RNN', options, [...recurrentOptions, 'bias', 'nonlinearity']);
    const { bias, nonlinearity, ...layer } = options;
    super((i) => new RNNCell(i, hiddenSize, { bias: bias ?? true, nonlinearity: nonlinearity ?? 'tanh' }), {
      ...layer,
      inputSize,
    });
  }
}

/** Options of `LSTM`. */
export interface LSTMOptions extends RecurrentOptions, CellOptions {
  /** Width P of the projected state h, less than H; 0 for none. Default 0. */
  readonly projSize?: number;
}

/** The LSTM layer: see LSTMCell (or ProjectedLSTMCell) and Recurrent. State: { h: [L·D, B, H], c: [L·D, B, H] }. */
export class LSTM extends Recurrent<LSTMState> {
  constructor(inputSize: number, hiddenSize: number, options: LSTMOptions = {}) {
    requireSizes('LSTM', { inputSize, hiddenSize }, true);
    checkOptions('LSTM', options, [...recurrentOptions, 'bias', 'projSize']);
    const { bias = true, projSize = 0, ...layer } = options;
    const make = (i: number): Cell<LSTMState> =>
      projSize === 0 ? new LSTMCell(i, hiddenSize, { bias }) : new ProjectedLSTMCell(i, hiddenSize, projSize, { bias });
    super(make, { ...layer, inputSize });
  }
}

/** Options of `GRU`. */
export interface GRUOptions extends RecurrentOptions, CellOptions {
  /** Whether the reset gate acts after the matrix product (PyTorch, the default) or before it (Cho 2014, char-rnn). */
  readonly resetAfter?: boolean;
}

/** The GRU layer: see GRUCell and GRUResetBeforeCell, and Recurrent. State: h [L·D, B, H]. */
export class GRU extends Recurrent<Tensor> {
  constructor(inputSize: number, hiddenSize: number, options: GRUOptions = {}) {
    requireSizes('GRU', { inputSize, hiddenSize }, true);
    checkOptions('GRU', options, [...recurrentOptions, 'bias', 'resetAfter']);
    const { bias = true, resetAfter = true, ...layer } = options;
    super(
      (i) => (resetAfter ? new GRUCell(i, hiddenSize, { bias }) : new GRUResetBeforeCell(i, hiddenSize, { bias })),
      {
        ...layer,
        inputSize,
      },
    );
  }
}
