// Test vectors of a conversion: the library's, which replays them when it opens a run of a converted model.

export {
  compareOutputs,
  inFloat64,
  type TestVector,
  vectorValue,
  type VectorArray,
  vectorArray,
  type VectorError,
  vectorError,
} from 'unrolled/graph';
