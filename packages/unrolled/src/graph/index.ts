export { checkGraph, unknownOps } from './check.ts';
export type { FrozenGraph } from './frozen-graph.ts';
export type { ChannelAxis } from './feature-layer.ts';
export {
  GraphEncoder,
  type GraphEncoderConfig,
  type GraphEncoderOptions,
  type ImagePreprocessing,
  type PretrainedOptions,
} from './graph-encoder.ts';
export { type FilledTensor, GraphModel, type GraphModelConfig, type GraphModelOptions } from './graph-model.ts';
export { type FrozenContext, type GraphOp, NodeContext, RunContext } from './op.ts';
export { ops as graphOps } from './ops/index.ts';
export type { GraphValues } from './ports.ts';
export type {
  GraphAttribute,
  GraphConstant,
  GraphDimension,
  GraphElement,
  GraphNode,
  GraphPort,
  GraphSpec,
} from './spec.ts';
export { type GraphValue, HostArray } from './value.ts';
export {
  compareOutputs,
  inFloat64,
  type TestVector,
  vectorValue,
  type VectorArray,
  vectorArray,
  type VectorError,
  vectorError,
} from './vectors.ts';
