// The library's main door: tensors, networks, optimizers, models, training and decoding. Folder by folder, by hand: what is not named here is not
// public. Data, file formats, metrics, analysis and pipelines have doors of their own, `unrolled/data` and so on;
// `openRun` is at both.

export * from './backend/index.ts';
export * from './decode/index.ts';
export {
  AbortError,
  BackendError,
  DataError,
  FormatError,
  NonFiniteError,
  OptionError,
  ShapeError,
  suggest,
  TensorError,
  UnrolledError,
  VocabularyError,
} from './errors.ts';
export * from './models/index.ts';
export * from './nn/index.ts';
export * from './optim/index.ts';
export { openRun, type OpenTask, type Pipeline } from './pipelines/open-run.ts';
export type { OpenRunOptions, RunInfo } from './pipelines/run.ts';
export { RunError, type RunProblem } from './pipelines/run-error.ts';
export type { RunFiles } from './pipelines/run-files.ts';
export type { RunSource } from './pipelines/sources/index.ts';
export * from './random.ts';
// Not here: the ops that one layer or cell of the library is made of, whose arguments that layer has checked.
export {
  adaptiveAvgPool2d,
  AnomalyError,
  arange,
  attention,
  type AttentionOptions,
  avgPool2d,
  type AvgPoolOptions,
  backward,
  batchNorm,
  type BatchNormOptions,
  type BatchNormResult,
  cat,
  conv1d,
  conv2d,
  type ConvolutionOptions,
  crossEntropy,
  type CrossEntropyOptions,
  detectAnomaly,
  dropout,
  dropoutMask,
  embedding,
  empty,
  full,
  globalAvgPool2d,
  globalRandom,
  type GlobalRandomState,
  indices,
  layerNorm,
  linear,
  linearCrossEntropy,
  type LinearCrossEntropyOptions,
  linspace,
  localContrast,
  type LocalContrastOptions,
  logSoftmax,
  manualSeed,
  matmul,
  maxPool2d,
  type MaxPoolOptions,
  type NestedArray,
  noGrad,
  ones,
  type Operand,
  rand,
  randn,
  randomState,
  record,
  recordMany,
  scan,
  type ScanOptions,
  scope,
  setDefaultDtype,
  setRandomState,
  softmax,
  stack,
  Tensor,
  tensor,
  type TensorOptions,
  type TensorShape,
  where,
  zeros,
} from './tensor/index.ts';
export * from './train/index.ts';
