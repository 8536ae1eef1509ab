// The library's layers as nodes of a graph: their parameters are the node's, under PyTorch's names, so that they run fused, train, and can be inspected as
// in any other model. Sequences are [T, B, ..], as everywhere in the library; a graph that has the batch first transposes.

import { Conv1d } from '../../nn/convolution.ts';
import { Embedding } from '../../nn/embedding.ts';
import { Linear } from '../../nn/linear.ts';
import { BatchNorm1d, LayerNorm } from '../../nn/norm.ts';
import { GRU, LSTM, RNN } from '../../nn/recurrent/layers.ts';
import type { LSTMState } from '../../nn/recurrent/lstm-cell.ts';
import type { Cell } from '../../nn/recurrent/cell.ts';
import { isWatched } from '../../nn/recurrent/observe.ts';
import type { Recurrent } from '../../nn/recurrent/recurrent.ts';
import { combine, tensorsOf } from '../../nn/recurrent/state.ts';
import { hasStepKernel, stepCell, stepFrom } from '../../nn/recurrent/step.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { FrozenContext, GraphOp, NodeContext, RunContext } from '../op.ts';
import { packedLinear } from './packed.ts';

/** Inputs of a recurrent layer: x [T, B, I], lengths [B], initial state [L·D, B, H]. Outputs: y [T, B, D·H], and the state after each row's length. */
const recurrentInputs = ['x', 'lengths?', 'h0?'];

const recurrentAttributes = ['inputSize', 'hiddenSize', 'numLayers', 'bias', 'bidirectional'];

export const layerOps: Readonly<Record<string, GraphOp>> = {
  Linear: {
    inputs: ['x'],
    attributes: ['inFeatures', 'outFeatures', 'bias'],
    layer: (node) => new Linear(node.whole('inFeatures'), node.whole('outFeatures'), { bias: node.flag('bias', true) }),
    run: (node) => (node.layer as Linear).forward(node.tensor(0)),
    freeze: (node) => {
      const layer = node.layer as Linear;
      const multiply = packedLinear(layer.weight, layer.bias);
      return (given) => multiply(given.tensor(0)) ?? layer.forward(given.tensor(0));
    },
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
    run: (node) => overTime(node, initialH(node)),
    freeze: (node) => {
      const step = frozenStep<Tensor>(node);
      return step && ((given) => overTime(given, initialH(given), step));
    },
  },

  GRULayer: {
    inputs: recurrentInputs,
    attributes: [...recurrentAttributes, 'resetAfter'],
    layer: (node) =>
      new GRU(node.whole('inputSize'), node.whole('hiddenSize'), {
        ...recurrentOptions(node),
        resetAfter: node.flag('resetAfter', true),
      }),
    run: (node) => overTime(node, initialH(node)),
    freeze: (node) => {
      const step = frozenStep<Tensor>(node);
      return step && ((given) => overTime(given, initialH(given), step));
    },
  },

  LSTMLayer: {
    inputs: [...recurrentInputs, 'c0?'],
    attributes: [...recurrentAttributes, 'projSize'],
    layer: (node) =>
      new LSTM(node.whole('inputSize'), node.whole('hiddenSize'), {
        ...recurrentOptions(node),
        projSize: node.whole('projSize', 0),
      }),
    run: (node) => lstm(node),
    freeze: (node) => {
      const step = frozenStep<LSTMState>(node);
      return step && ((given) => lstm(given, step));
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

function initialH(node: RunContext): Tensor | null {
  return node.given(2) ? node.tensor(2) : null;
}

/** One step of a layer: x [B, I] and the state [B, ..]; null for an x that the weights do not fit. */
type Step<S> = (x: Tensor, state: S) => [output: Tensor, state: S] | null;

function overTime(node: RunContext, h0: Tensor | null, step?: Step<Tensor>): [output: Tensor, state: Tensor] {
  return forward<Tensor>(node, h0, step);
}

function lstm(node: RunContext, step?: Step<LSTMState>): [output: Tensor, h: Tensor, c: Tensor] {
  if (node.given(2) !== node.given(3)) node.fail('expected both initial states, h0 and c0, or neither');
  const [y, state] = forward(node, node.given(2) ? { h: node.tensor(2), c: node.tensor(3) } : null, step);
  return [y, state.h, state.c];
}

/** `step`: what stands for a step of the layer's cell where a sequence is one step long. */
function forward<S>(node: RunContext, state: S | null, step?: Step<S>): [output: Tensor, state: S] {
  const lengths = node.given(1) ? node.indices(1) : null;
  const layer = node.layer as Recurrent<S>;
  const x = node.tensor(0);
  if (state !== null && lengths === null && x.rank === 3 && x.shape[0] === 1 && isOneStep(layer))
    return oneStep(layer.cells[0], x, state, step);
  if (isWatched()) node.requireIterations(x.shape[0]); // each is then taken by itself
  return layer.forward(x, state, { lengths });
}

/** Whether one step of the layer is one of its cell, which nobody watches. */
function isOneStep<S>({ cells, training }: Recurrent<S>): boolean {
  return cells.length === 1 && !training && !isWatched();
}

/** A sequence of one step, as a stream has it: two products with the weights where they lie, instead of packing them for a sequence. */
function oneStep<S>(cell: Cell<S>, x: Tensor, state: S, step?: Step<S>): [output: Tensor, state: S] {
  const before = combine([state], ([tensor]) => tensor.squeeze(0));
  const one = x.squeeze(0);
  const [y, after] = step?.(one, before) ?? stepCell(cell, one, before);
  return [y.unsqueeze(0), combine([after], ([tensor]) => tensor.unsqueeze(0))];
}

/** A step with packed weights; null for a layer whose steps are not one cell's with a kernel. */
function frozenStep<S>(node: FrozenContext): Step<S> | null {
  const { cells } = node.layer as Recurrent<S>;
  const [cell] = cells;
  if (cells.length !== 1 || !hasStepKernel(cell)) return null;
  const { weightIh, weightHh, biasIh, biasHh } = cell;
  const [ofX, ofH] = [packedLinear(weightIh, biasIh), packedLinear(weightHh, biasHh)];
  return (x, state) => {
    const [h] = tensorsOf(state);
    const [gatesX, gatesH] = [ofX(x), ofH(h)];
    return gatesX && gatesH ? stepFrom(cell, gatesX, gatesH, state) : null;
  };
}
