// The operators of ONNX that are read, family by family, as docs/convert.md lists them. An operator of another name is refused even where the library has an
// op of that name: the library's own ops are no operators of ONNX.

/** Operators that belong together. */
export interface OperatorFamily {
  readonly family: string;
  readonly names: readonly string[];
  /** What is special about them. */
  readonly note?: string;
}

const families: Readonly<Record<string, readonly [names: string, note?: string]>> = {
  recurrent: ['RNN GRU LSTM', 'with every attribute and optional input or output'],
  'control flow': ['If Loop Scan'],
  'constants and shapes': [
    'Constant ConstantOfShape Identity Cast Shape Size Reshape Flatten Squeeze Unsqueeze Transpose Concat Expand Tile',
  ],
  positions: [
    'Gather GatherElements GatherND Slice Split Range ScatterElements ScatterND NonZero OneHot ReverseSequence',
  ],
  arithmetic: [
    'Add Sub Mul Div Pow Neg Abs Sign Exp Log Sqrt Reciprocal Erf Cos Sin Max Min Sum Mean Clip MatMul Gemm Einsum',
  ],
  activations: [
    'Relu LeakyRelu PRelu ThresholdedRelu Elu Selu Celu Gelu Sigmoid HardSigmoid HardSwish Tanh Softplus Softsign Softmax LogSoftmax',
  ],
  reductions: ['ReduceMean ReduceSum ReduceMax ReduceMin ReduceSumSquare ReduceL1 ReduceL2 ArgMax ArgMin CumSum TopK'],
  'images and sound': [
    'Conv ConvTranspose MaxPool AveragePool GlobalAveragePool GlobalMaxPool Pad',
    'convolutions and pooling in one to three dimensions',
  ],
  normalization: [
    'BatchNormalization LayerNormalization RMSNormalization GroupNormalization InstanceNormalization LpNormalization Dropout',
  ],
  logic: ['Equal Less LessOrEqual Greater GreaterOrEqual And Or Xor Not Where'],
  quantized: ['QuantizeLinear DequantizeLinear QLinearConv', 'on the host and without a gradient'],
  training: [
    'NegativeLogLikelihoodLoss SoftmaxCrossEntropyLoss Adam Adagrad Momentum',
    'the last three of `ai.onnx.preview.training`',
  ],
};

/** Every operator that is read, by families. */
export const operatorFamilies: readonly OperatorFamily[] = Object.entries(families).map(([family, [names, note]]) => ({
  family,
  names: names.split(' '),
  ...(note !== undefined && { note }),
}));

const all = new Set(operatorFamilies.flatMap(({ names }) => names));

/** Whether an operator is read. */
export function isOperator(name: string): boolean {
  return all.has(name);
}
