// Losses as ops of a graph, as ONNX has them: scores [B, C, …], targets [B, …].

import { full, indices, tensor } from '../../tensor/create.ts';
import { logSoftmax } from '../../tensor/ops/softmax.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { GraphOp, RunContext } from '../op.ts';

const attributes = ['ignore_index', 'reduction'];

export const lossOps: Readonly<Record<string, GraphOp>> = {
  /** −weight[y] · x[y], of log probabilities x. */
  NegativeLogLikelihoodLoss: {
    inputs: ['input', 'target', 'weight?'],
    attributes,
    run: (node) => negativeLogLikelihood(node, node.tensor(0)),
  },

  /** The same of scores; gives the log probabilities too. */
  SoftmaxCrossEntropyLoss: {
    inputs: ['scores', 'labels', 'weights?'],
    attributes,
    run: (node) => {
      const logs = logSoftmax(node.tensor(0), 1);
      return [negativeLogLikelihood(node, logs), logs];
    },
  },
};

function negativeLogLikelihood(node: RunContext, logs: Tensor): Tensor {
  const target = node.host(1);
  const [, C] = logs.shape;
  const ignored = node.has('ignore_index') ? node.whole('ignore_index') : null;
  const live = Float32Array.from(target.values, (y) => (y === ignored ? 0 : 1));
  const classes = Int32Array.from(target.values, (y) => {
    if (y === ignored) return 0;
    if (!(y >= 0 && y < C)) node.fail(`a target is ${y}; there are ${C} classes`);
    return y;
  });
  const like = { backend: logs.backend };
  const places = target.shape.toSpliced(1, 0, 1);
  const picked = logs.gather(1, indices(classes, places, like)).reshape(...target.shape);
  const all = full([C], 1, { ...like, dtype: logs.dtype });
  const weight = node.given(2) ? node.tensor(2) : all;
  const factor = weight
    .gather(0, indices(classes, [classes.length], like))
    .reshape(...target.shape)
    .mul(tensor(live, target.shape, { ...like, dtype: logs.dtype }));
  const losses = picked.neg().mul(factor);
  const reduction = node.oneOf('reduction', ['none', 'sum', 'mean'], 'mean');
  if (reduction === 'none') return losses;
  return reduction === 'sum' ? losses.sum() : losses.sum().div(factor.sum());
}
