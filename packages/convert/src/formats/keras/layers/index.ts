// The layers of Keras that convert. To add one, write its converter and add its line here and in docs/convert.md.

import type { LayerConverter } from './call.ts';
import * as core from './core.ts';
import * as margins from './margins.ts';
import * as merge from './merge.ts';
import { bidirectionalLayer, recurrentLayer, rnnLayer } from './recurrent.ts';
import { normalization, rescaling } from './scaling.ts';
import * as volumes from './volumes.ts';
import * as windows from './windows.ts';

export const converters: ReadonlyMap<string, LayerConverter> = new Map(
  Object.entries({
    SimpleRNN: recurrentLayer,
    LSTM: recurrentLayer,
    GRU: recurrentLayer,
    CuDNNLSTM: recurrentLayer,
    CuDNNGRU: recurrentLayer,
    RNN: rnnLayer,
    Bidirectional: bidirectionalLayer,
    Dense: core.dense,
    Embedding: core.embedding,
    Masking: core.masking,
    Activation: core.activation,
    Softmax: core.softmax,
    ReLU: core.relu,
    LeakyReLU: core.leakyRelu,
    ThresholdedReLU: core.thresholdedRelu,
    ELU: core.elu,
    PReLU: core.prelu,
    BatchNormalization: core.batchNormalization,
    BatchNormalizationV1: core.batchNormalization,
    Rescaling: rescaling,
    Normalization: normalization,
    LayerNormalization: core.layerNormalization,
    UnitNormalization: core.unitNormalization,
    Dropout: core.dropout([]),
    SpatialDropout1D: core.dropout([1]),
    SpatialDropout2D: core.dropout([1, 2]),
    GaussianDropout: core.noise,
    GaussianNoise: core.noise,
    AlphaDropout: core.noise,
    ActivityRegularization: core.noise,
    Flatten: core.flatten,
    Reshape: core.reshape,
    Permute: core.permute,
    RepeatVector: core.repeatVector,
    AttentionWeightedAverage: core.attentionAverage,
    Conv1D: windows.convolution(1),
    Conv2D: windows.convolution(2),
    Convolution1D: windows.convolution(1),
    Convolution2D: windows.convolution(2),
    DepthwiseConv1D: windows.depthwise(1, false),
    DepthwiseConv2D: windows.depthwise(2, false),
    SeparableConv1D: windows.depthwise(1, true),
    SeparableConv2D: windows.depthwise(2, true),
    MaxPooling1D: windows.pooling(1, 'max'),
    MaxPooling2D: windows.pooling(2, 'max'),
    AveragePooling1D: windows.pooling(1, 'average'),
    AveragePooling2D: windows.pooling(2, 'average'),
    ZeroPadding1D: margins.zeroPadding(1),
    ZeroPadding2D: margins.zeroPadding(2),
    Cropping1D: margins.cropping(1),
    Cropping2D: margins.cropping(2),
    Conv3D: volumes.volumeConvolution,
    Convolution3D: volumes.volumeConvolution,
    MaxPooling3D: volumes.volumePooling('MaxPool'),
    AveragePooling3D: volumes.volumePooling('AveragePool'),
    Conv1DTranspose: volumes.transposedConvolution(1),
    Conv2DTranspose: volumes.transposedConvolution(2),
    Deconvolution2D: volumes.transposedConvolution(2),
    GlobalMaxPooling1D: windows.globalPooling('max'),
    GlobalMaxPooling2D: windows.globalPooling('max'),
    GlobalMaxPooling3D: windows.globalPooling('max'),
    GlobalAveragePooling1D: windows.globalPooling('average'),
    GlobalAveragePooling2D: windows.globalPooling('average'),
    GlobalAveragePooling3D: windows.globalPooling('average'),
    Concatenate: merge.concatenate,
    Add: merge.merging('add'),
    Multiply: merge.merging('multiply'),
    Average: merge.merging('average'),
    Maximum: merge.merging('maximum'),
    Minimum: merge.merging('minimum'),
    Subtract: merge.merging('subtract'),
    Dot: merge.dot,
    Attention: merge.attention(false),
    AdditiveAttention: merge.attention(true),
  } satisfies Readonly<Record<string, LayerConverter>>),
);

/** Layers that TimeDistributed has to do nothing for: they work on the last axis, or on every element. */
export const worksOnSteps: ReadonlySet<string> = new Set([
  'Dense', 'Embedding', 'Activation', 'ReLU', 'LeakyReLU', 'ELU', 'Dropout', 'GaussianDropout', 'GaussianNoise', 'AlphaDropout',
]); // biome-ignore format: a list of words

/** Why layers that people meet do not convert. */
export const refusals: Readonly<Record<string, string>> = {
  Lambda: 'is a function of Python, and nothing in a file is run; write it as layers',
  TFOpLambda: 'is an operation of TensorFlow; export the model to ONNX',
  Conv3DTranspose: 'is no layer of recurrent networks; export the model to ONNX',
  ConvLSTM1D: 'has convolutions in its cell; export the model to ONNX',
  ConvLSTM2D: 'has convolutions in its cell; export the model to ONNX',
  MultiHeadAttention: 'is no layer of recurrent networks; export the model to ONNX',
};
