// Keras' layers that are no layers or ops of ours under another name. Their values are as in Keras: the batch first, channels last.

import { Linear } from '../../nn/linear.ts';
import { BatchNorm1d } from '../../nn/norm.ts';
import { tensor } from '../../tensor/create.ts';
import { matmul } from '../../tensor/ops/product.ts';
import { dropoutMask } from '../../tensor/ops/dropout.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { GraphOp, RunContext } from '../op.ts';
import { givenMask, maskTensor } from './keras-masks.ts';

const below = -1e9; // what Keras adds to the scores of what is masked

export const kerasLayerOps: Readonly<Record<string, GraphOp>> = {
  /** The library's batch normalization over all axes but `axis`. */
  KerasBatchNormalization: {
    inputs: ['x'],
    attributes: ['numFeatures', 'axis', 'eps', 'momentum'],
    layer: (node) =>
      new BatchNorm1d(node.whole('numFeatures'), {
        eps: node.number('eps', 1e-3),
        momentum: 1 - node.number('momentum', 0.99), // Keras' is the share of the old
      }),
    run(node) {
      const x = node.tensor(0);
      const axis = node.axis(node.whole('axis', -1), x.rank);
      const last = axis === x.rank - 1 ? x : x.transpose(axis, -1);
      const y = (node.layer as BatchNorm1d).forward(last.reshape(-1, last.shape[x.rank - 1])).reshape(...last.shape);
      return axis === x.rank - 1 ? y : y.transpose(axis, -1);
    },
  },

  /** In training, elements are dropped; along `shared` axes all or none. */
  KerasDropout: {
    inputs: ['x'],
    attributes: ['rate', 'shared'],
    run(node) {
      const x = node.tensor(0);
      const rate = node.number('rate');
      if (!node.training || rate === 0) return x;
      const shared = node.wholes('shared', []);
      const shape = x.shape.map((d, axis) => (shared.includes(axis) ? 1 : d));
      return x.mul(dropoutMask(shape, rate, x));
    },
  },

  /** x [B, n] → [B, times, n]. */
  KerasRepeatVector: {
    inputs: ['x'],
    attributes: ['times'],
    run(node) {
      const x = node.tensor(0);
      const [B, n] = x.shape;
      return x.unsqueeze(1).expand(B, node.whole('times'), n);
    },
  },

  KerasMerge: { inputs: ['…'], attributes: ['mode'], run: merge },

  /** The product over one axis of each of two inputs, batch by batch; with `normalize` their cosine. */
  KerasDot: { inputs: ['a', 'b'], attributes: ['axes', 'normalize'], run: dot },

  /** TimeDistributed: steps as rows, [B, T, …] → [B·T, …]. */
  KerasFold: {
    inputs: ['x'],
    run(node) {
      const x = node.tensor(0);
      const [B, T, ...rest] = x.shape;
      return x.reshape(B * T, ...rest);
    },
  },

  /** And back: [B·T, …] → [B, T, …], B and T those of `like`. */
  KerasUnfold: {
    inputs: ['x', 'like'],
    run(node) {
      const x = node.tensor(0);
      const [B, T] = node.value(1).shape;
      return x.reshape(B, T, ...x.shape.slice(1));
    },
  },

  /** Attention(query, value, key): softmax(q kᵀ · scale) v, with the masks of query [B, Tq] and value [B, Tv]. */
  KerasAttention: {
    inputs: ['query', 'value', 'key', 'queryMask?', 'valueMask?', 'scale?', 'concatScale?'],
    attributes: ['score', 'causal'],
    run(node) {
      const [query, key] = [node.tensor(0), node.tensor(2)];
      if (node.oneOf('score', ['dot', 'concat', 'additive'], 'dot') === 'dot') {
        const scores = matmul(query, key.transpose(1, 2));
        return attend(node, node.given(5) ? scores.mul(node.tensor(5)) : scores);
      }
      // v · tanh(scale (q + k)): additive attention has a vector v of its own, the concat score two numbers
      const sum = query.unsqueeze(2).add(key.unsqueeze(1)); // [B, Tq, Tv, n]
      if (node.text('score') === 'additive') {
        const through = sum.tanh();
        return attend(node, (node.given(5) ? through.mul(node.tensor(5)) : through).sum(-1));
      }
      const scores = (node.given(5) ? sum.mul(node.tensor(5)) : sum).tanh().sum(-1);
      return attend(node, node.given(6) ? scores.mul(node.tensor(6)) : scores);
    },
  },

  /** The attention of DeepMoji and textgenrnn: Σ_t softmax_t(w · x_t) x_t, x [B, T, n] → [B, n]. */
  KerasAttentionAverage: {
    inputs: ['x', 'mask?'],
    attributes: ['inputSize'],
    layer: (node) => new Linear(node.whole('inputSize'), 1, { bias: false }),
    run(node) {
      const x = node.tensor(0);
      const scores = (node.layer as Linear).forward(x); // [B, T, 1]
      const mask = givenMask(node, 1, x);
      const weights = (mask ? scores.add(maskTensor(mask, x, 3).sub(1).mul(-below)) : scores).softmax(1);
      return x.mul(weights).sum(1);
    },
  },
};

function merge(node: RunContext): Tensor {
  const mode = node.oneOf('mode', ['add', 'multiply', 'average', 'maximum', 'minimum', 'subtract']);
  const [first, ...others] = node.inputs.map((_, i) => node.tensor(i));
  switch (mode) {
    case 'add':
      return others.reduce((sum, x) => sum.add(x), first);
    case 'multiply':
      return others.reduce((product, x) => product.mul(x), first);
    case 'average':
      return others.reduce((sum, x) => sum.add(x), first).div(others.length + 1);
    case 'maximum':
      return others.reduce((most, x) => most.maximum(x), first);
    case 'minimum':
      return others.reduce((least, x) => least.minimum(x), first);
    case 'subtract':
      return others.reduce((rest, x) => rest.sub(x), first);
    default:
      throw mode satisfies never;
  }
}

function dot(node: RunContext): Tensor {
  const [given, other] = [node.tensor(0), node.tensor(1)];
  const [axisA, axisB] = node.wholes('axes').map((axis, i) => node.axis(axis, [given, other][i].rank));
  if (given.rank > 3 || other.rank > 3 || axisA === 0 || axisB === 0)
    node.fail('expected inputs of 2 or 3 axes, and no product over the batch');
  const unit = (x: Tensor, axis: number) =>
    node.flag('normalize', false) ? x.div(x.square().sum(axis, true).maximum(1e-12).sqrt()) : x;
  // [B, m, n] · [B, n, p], with the axis of the sum last and first; one of two axes gets a third
  const a = unit(given, axisA);
  const b = unit(other, axisB);
  const left = a.rank === 2 ? a.unsqueeze(1) : axisA === 1 ? a.transpose(1, 2) : a;
  const right = b.rank === 2 ? b.unsqueeze(2) : axisB === 2 ? b.transpose(1, 2) : b;
  const product = matmul(left, right);
  if (a.rank === 2 && b.rank === 2) return product.squeeze(2);
  if (a.rank === 2) return product.squeeze(1);
  return b.rank === 2 ? product.squeeze(2) : product;
}

/** The values by the softmax of their scores [B, Tq, Tv]; rows of masked queries are zeros. */
function attend(node: RunContext, scores: Tensor): Tensor {
  const [query, value] = [node.tensor(0), node.tensor(1)];
  const valueMask = givenMask(node, 4, value);
  let masked = scores;
  if (valueMask) masked = masked.add(maskTensor(valueMask, scores, 2).unsqueeze(1).sub(1).mul(-below));
  if (node.flag('causal', false)) {
    const [, Tq, Tv] = scores.shape;
    const later = Float32Array.from({ length: Tq * Tv }, (_, i) => (i % Tv > Math.floor(i / Tv) ? below : 0));
    masked = masked.add(tensor(later, [1, Tq, Tv], { dtype: scores.dtype, backend: scores.backend }));
  }
  const context = matmul(masked.softmax(-1), value);
  const queryMask = givenMask(node, 3, query);
  return queryMask ? context.mul(maskTensor(queryMask, context, 3)) : context;
}
