export { AnomalyError, backward, detectAnomaly, noGrad, nodesOf, record, recordMany } from './autograd.ts';
export {
  arange,
  empty,
  full,
  indices,
  linspace,
  type NestedArray,
  ones,
  rand,
  randn,
  setDefaultDtype,
  tensor,
  type TensorOptions,
  zeros,
} from './create.ts';
export { attention, type AttentionOptions } from './ops/attention.ts';
export { type AttentiveInputs, attentiveSequence } from './ops/attentive-sequence.ts';
export { recurrentStep } from './ops/cell.ts';
export { dropout, dropoutMask } from './ops/dropout.ts';
export { where } from './ops/elementwise.ts';
export { embedding } from './ops/embedding.ts';
export { linearCrossEntropy, type LinearCrossEntropyOptions } from './ops/linear-cross-entropy.ts';
export { conv1d, conv2d, type ConvolutionOptions } from './ops/convolution.ts';
export { localContrast, type LocalContrastOptions } from './ops/local-contrast.ts';
export { batchNorm, type BatchNormOptions, type BatchNormResult, layerNorm } from './ops/norm.ts';
export {
  adaptiveAvgPool2d,
  avgPool2d,
  type AvgPoolOptions,
  globalAvgPool2d,
  maxPool2d,
  maxPool2dWithIndices,
  type MaxPoolOptions,
} from './ops/pooling.ts';
export { polar } from './ops/polar.ts';
export { linear, matmul } from './ops/product.ts';
export { type Direction, sequence, type SequenceOptions, type SequenceResult } from './ops/recurrent.ts';
export {
  type ClassSamples,
  nceLoss,
  type NCELossOptions,
  type SampledLossOptions,
  sampledSoftmaxLoss,
} from './ops/sampled-loss.ts';
export { scan, type ScanOptions } from './ops/scan.ts';
export { type SLSTMSequence, slstmSequence } from './ops/slstm-sequence.ts';
export { cat, stack } from './ops/shaping.ts';
export { crossEntropy, type CrossEntropyOptions, logSoftmax, softmax } from './ops/softmax.ts';
export { type GlobalRandomState, globalRandom, manualSeed, randomState, setRandomState } from './random-state.ts';
export { scope } from './scope.ts';
export { type TensorShape } from './shape.ts';
export { type Operand, Tensor } from './tensor.ts';
