// Cells and output layers besides the usual ones, the losses of large vocabularies, and what language models are measured with besides their loss.

export {
  type AdaptiveLossOptions,
  AdaptiveLogSoftmaxWithLoss,
  type AdaptiveSoftmaxOptions,
} from '../nn/adaptive-softmax.ts';
export { ClassSampler } from '../nn/class-sampler.ts';
export { CoupledLSTMCell } from '../nn/recurrent/coupled-lstm-cell.ts';
export { LayerNormGRUCell } from '../nn/recurrent/layer-norm-gru-cell.ts';
export { LayerNormLSTMCell } from '../nn/recurrent/layer-norm-lstm-cell.ts';
export { SkipRNNCell, type SkipRNNCellOptions, type SkipRNNState } from '../nn/recurrent/skip-rnn-cell.ts';
export { ZoneoutCell } from '../nn/recurrent/zoneout-cell.ts';
export type { CharacterConfig, CharacterFeatures, CharacterOptions } from '../models/character-encoder.ts';
export { type OutputName, outputNames, type OutputOptions } from '../models/output-layer.ts';
export {
  type ClassSamples,
  nceLoss,
  type NCELossOptions,
  type SampledLossOptions,
  sampledSoftmaxLoss,
} from '../tensor/ops/sampled-loss.ts';
export { type CacheEvaluation, type CacheOptions, evaluateWithCache } from '../train/cache-evaluation.ts';
export type { ImageEncoder, ImageEncoderConfig } from '../models/image-encoder.ts';
