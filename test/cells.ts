// Every cell we ship. A cell listed here is checked by every suite that loops over the table.

import {
  Cell,
  GRUResetBeforeCell,
  GRUCell,
  LinearCell,
  type LSTMState,
  LSTMCell,
  LRUCell,
  MinGRUCell,
  MinLSTMCell,
  PeepholeLSTMCell,
  ProjectedLSTMCell,
  RNNCell,
  SLSTMCell,
  type Tensor,
} from 'unrolled';
import { CoupledLSTMCell, LayerNormGRUCell, LayerNormLSTMCell, SkipRNNCell } from 'unrolled/layers';
import { KerasGRUCell, KerasLSTMCell, KerasRNNCell } from 'unrolled/io';

export type AnyCell = Cell<Tensor | LSTMState>;

export const cells: Record<string, (inputSize: number, hiddenSize: number) => AnyCell> = {
  rnn: (i, h) => new RNNCell(i, h) as AnyCell,
  'rnn relu': (i, h) => new RNNCell(i, h, { nonlinearity: 'relu' }) as AnyCell,
  'rnn without bias': (i, h) => new RNNCell(i, h, { bias: false }) as AnyCell,
  lstm: (i, h) => new LSTMCell(i, h) as AnyCell,
  'lstm without bias': (i, h) => new LSTMCell(i, h, { bias: false }) as AnyCell,
  'lstm with peepholes': (i, h) => new PeepholeLSTMCell(i, h) as AnyCell,
  'lstm with projection': (i, h) => new ProjectedLSTMCell(i, h, h - 2) as AnyCell,
  'lstm with layer norm': (i, h) => new LayerNormLSTMCell(i, h) as AnyCell,
  'lstm with coupled gates': (i, h) => new CoupledLSTMCell(i, h) as AnyCell,
  'lstm with coupled gates, without bias': (i, h) => new CoupledLSTMCell(i, h, { bias: false }) as AnyCell,
  gru: (i, h) => new GRUCell(i, h) as AnyCell,
  'gru without bias': (i, h) => new GRUCell(i, h, { bias: false }) as AnyCell,
  'gru reset before': (i, h) => new GRUResetBeforeCell(i, h) as AnyCell,
  'gru with layer norm': (i, h) => new LayerNormGRUCell(i, h) as AnyCell,
  'rnn that skips 2 steps': (i, h) => new SkipRNNCell(i, h, { skip: 2 }) as Cell<object> as AnyCell,
  'rnn that skips 3 steps': (i, h) => new SkipRNNCell(i, h, { skip: 3 }) as Cell<object> as AnyCell,
  mingru: (i, h) => new MinGRUCell(i, h) as AnyCell,
  'mingru without bias': (i, h) => new MinGRUCell(i, h, { bias: false }) as AnyCell,
  'without a nonlinearity': (i, h) => new LinearCell(i, h) as AnyCell,
  minlstm: (i, h) => new MinLSTMCell(i, h) as AnyCell,
  lru: (i, h) => new LRUCell(i, h) as Cell<object> as AnyCell,
  slstm: (i, h) => new SLSTMCell(i, h) as Cell<object> as AnyCell,
  'rnn of Keras': (i, h) => new KerasRNNCell(i, h, { activation: 'softsign' }) as AnyCell,
  'lstm of Keras': (i, h) => new KerasLSTMCell(i, h, { recurrentActivation: 'hard_sigmoid' }) as AnyCell,
  'gru of Keras': (i, h) => new KerasGRUCell(i, h, { recurrentActivation: 'hard_sigmoid' }) as AnyCell,
  'gru of Keras, reset before': (i, h) =>
    new KerasGRUCell(i, h, { recurrentActivation: 'hard_sigmoid_3', resetAfter: false }) as AnyCell,
};
