export { Conv1d, type Conv1dOptions, Conv2d, type Conv2dOptions } from './convolution.ts';
export { Dropout } from './dropout.ts';
export { Embedding, type EmbeddingOptions } from './embedding.ts';
export * as init from './init.ts';
export { Linear, type LinearOptions } from './linear.ts';
export { bceWithLogits, l1Loss, mseLoss, quantileLoss, type Reduction } from './loss.ts';
export { AttentionPooling, lastState, maxOverTime, meanOverTime } from './pooling.ts';
export { ModuleBuffer, Module, Parameter, type SavedTensor, type StateDict } from './module.ts';
export {
  BatchNorm1d,
  BatchNorm2d,
  type BatchNormLayerOptions,
  LayerNorm,
  type LayerNormOptions,
} from './norm.ts';
export { AdaptiveAvgPool2d, AvgPool2d, GlobalAvgPool2d, MaxPool2d } from './image-pooling.ts';
export { Cell, type CellOptions, GatedCell, type CellSequenceOptions } from './recurrent/cell.ts';
export { GRUResetBeforeCell } from './recurrent/gru-reset-before-cell.ts';
export { GRUCell } from './recurrent/gru-cell.ts';
export { GRU, type GRUOptions, LSTM, type LSTMOptions, RNN, type RNNOptions } from './recurrent/layers.ts';
export { LinearCell } from './recurrent/linear-cell.ts';
export { LSTMCell, type LSTMState } from './recurrent/lstm-cell.ts';
export { LRUCell, type LRUCellOptions, type LRUState } from './recurrent/lru-cell.ts';
export { MinGRUCell } from './recurrent/min-gru-cell.ts';
export { MinLSTMCell } from './recurrent/min-lstm-cell.ts';
export { PeepholeLSTMCell } from './recurrent/peephole-lstm-cell.ts';
export { ProjectedLSTMCell } from './recurrent/projected-lstm-cell.ts';
export { RecurrentBlocks, type RecurrentBlocksOptions } from './recurrent/recurrent-blocks.ts';
export { type ForwardOptions, Recurrent, type RecurrentOptions } from './recurrent/recurrent.ts';
export { type Nonlinearity, RNNCell, type RNNCellOptions } from './recurrent/rnn-cell.ts';
export { ScanCell, type ScanGates } from './recurrent/scan-cell.ts';
export { SLSTMCell, type SLSTMState } from './recurrent/slstm-cell.ts';
export { CarriedState, detachState, mapState } from './recurrent/state.ts';
export { ResidualBlock, type ResidualBlockOptions } from './residual-block.ts';
export { Flatten, type SequentialLayer, ReLU, Sequential } from './sequential.ts';
