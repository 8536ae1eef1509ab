// The library's layers as nodes of a graph: their parameters are the node's, under PyTorch's names, so that they run fused, train, and can be inspected as
// in any other model. Sequences are [T, B, ..], as everywhere in the library; a graph that has the batch first transposes.

import { Conv1d } from '../../nn/convolution.ts';
import { Embedding } from '../../nn/embedding.ts';
import { Linear } from '../../nn/linear.ts';
import { BatchNorm1d, LayerNorm } from '../../nn/norm.ts';
import { GRU, LSTM, RNN } from '../../nn/recurrent/layers.ts';
import type { LSTMState } from '../../nn/recurrent/lstm-cell.ts';
import type { Cell } from '../../nn/recurrent/cell.ts';
import { stepChange, stepObserver } from '../../nn/recurrent/observe.ts';
import type { Recurrent } from '../../nn/recurrent/recurrent.ts';
import { combine } from '../../nn/recurrent/state.ts';
import { stepCell } from '../../nn/recurrent/step.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { GraphOp, NodeContext, RunContext } from '../op.ts';

/** Inputs of a recurrent layer: x [T, B, I], lengths [B], initial state [L·D, B, H]. Outputs: y [T, B, D·H], and the state after each row's length. */
const recurrentInputs = ['x', 'lengths?', 'h0?'];

const recurrentAttributes = ['inputSize', 'hiddenSize', 'numLayers', 'bias', 'bidirectional'];

export const layerOps: Readonly<Record<string, GraphOp>> = {
  Linear: {
    inputs: ['x'],
    attributes: ['inFeatures', 'outFeatures', 'bias'],
    layer: (node) => new Linear(node.whole('inFeatures'), node.whole('outFeatures'), { bias: node.flag('bias', true) }),
    run: (node) => (node.layer as Linear).forward(node.tensor(0)),
  },

  Embedding: {
    inputs: ['ids'],
    attributes: ['numEmbeddings', 'embeddingDim'],
    layer: (node) => new Embedding(node.whole('numEmbeddings'), node.whole('embeddingDim')),
    run: (node) => (node.layer as Embedding).forward(node.indices(0)),
  },

  /** x [B, C, n] → [B, O, n']. */
  Conv1dLayer: {
    inputs: ['x'],
    attributes: ['inChannels', 'outChannels', 'kernelSize', 'stride', 'padding', 'dilation', 'groups', 'bias'],
    layer: (node) =>
      new Conv1d(node.whole('inChannels'), node.whole('outChannels'), node.whole('kernelSize'), {
        stride: node.whole('stride', 1),
        padding: node.whole('padding', 0),
        dilation: node.whole('dilation', 1),
        groups: node.whole('groups', 1),
        bias: node.flag('bias', true),
      }),
    run: (node) => (node.layer as Conv1d).forward(node.tensor(0)),
  },

  /** x [B, C] or [B, C, n]. */
  BatchNorm1d: {
    inputs: ['x'],
    attributes: ['numFeatures', 'eps', 'affine'],
    layer: (node) =>
      new BatchNorm1d(node.whole('numFeatures'), { eps: node.number('eps', 1e-5), affine: node.flag('affine', true) }),
    run: (node) => (node.layer as BatchNorm1d).forward(node.tensor(0)),
  },

  LayerNorm: {
    inputs: ['x'],
    attributes: ['normalizedShape', 'eps'],
    layer: (node) => new LayerNorm(node.wholes('normalizedShape'), { eps: node.number('eps', 1e-5) }),
    run: (node) => (node.layer as LayerNorm).forward(node.tensor(0)),
  },

  RNNLayer: {
    inputs: recurrentInputs,
    attributes: [...recurrentAttributes, 'nonlinearity'],
    layer: (node) =>
      new RNN(node.whole('inputSize'), node.whole('hiddenSize'), {
        ...recurrentOptions(node),
        nonlinearity: node.oneOf('nonlinearity', ['tanh', 'relu'], 'tanh'),
      }),
    run: (node) => overTime(node, node.given(2) ? node.tensor(2) : null),
  },

  GRULayer: {
    inputs: recurrentInputs,
    attributes: [...recurrentAttributes, 'resetAfter'],
    layer: (node) =>
      new GRU(node.whole('inputSize'), node.whole('hiddenSize'), {
        ...recurrentOptions(node),
        resetAfter: node.flag('resetAfter', true),
      }),
    run: (node) => overTime(node, node.given(2) ? node.tensor(2) : null),
  },

  LSTMLayer: {
    inputs: [...recurrentInputs, 'c0?'],
    attributes: [...recurrentAttributes, 'projSize'],
    layer: (node) =>
      new LSTM(node.whole('inputSize'), node.whole('hiddenSize'), {
        ...recurrentOptions(node),
        projSize: node.whole('projSize', 0),
      }),
    run: (node) => {
      if (node.given(2) !== node.given(3)) node.fail('expected both initial states, h0 and c0, or neither');
      const [y, state] = forward<LSTMState>(node, node.given(2) ? { h: node.tensor(2), c: node.tensor(3) } : null);
      return [y, state.h, state.c];
    },
  },
};

function recurrentOptions(node: NodeContext) {
  return {
    numLayers: node.whole('numLayers', 1),
    bias: node.flag('bias', true),
    bidirectional: node.flag('bidirectional', false),
  };
}

function overTime(node: RunContext, h0: Tensor | null): [output: Tensor, state: Tensor] {
  return forward<Tensor>(node, h0);
}

function forward<S>(node: RunContext, state: S | null): [output: Tensor, state: S] {
  const lengths = node.given(1) ? node.indices(1) : null;
  const layer = node.layer as Recurrent<S>;
  const x = node.tensor(0);
  if (state !== null && lengths === null && x.rank === 3 && x.shape[0] === 1 && isOneStep(layer))
    return oneStep(layer.cells[0], x, state);
  return layer.forward(x, state, { lengths });
}

/** Whether one step of the layer is one of its cell, which nobody watches. */
function isOneStep<S>({ cells, training }: Recurrent<S>): boolean {
  return cells.length === 1 && !training && !stepObserver() && !stepChange();
}

/** A sequence of one step, as a stream has it: two products with the weights where they lie, instead of packing them for a sequence. */
function oneStep<S>(cell: Cell<S>, x: Tensor, state: S): [output: Tensor, state: S] {
  const before = combine([state], ([tensor]) => tensor.squeeze(0));
  const [y, after] = stepCell(cell, x.squeeze(0), before);
  return [y.unsqueeze(0), combine([after], ([tensor]) => tensor.unsqueeze(0))];
}
