// Normalization, and dropout.

import { full } from '../../tensor/create.ts';
import { dropout } from '../../tensor/ops/dropout.ts';
import { batchNorm } from '../../tensor/ops/norm.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { GraphOp } from '../op.ts';
import { HostArray } from '../value.ts';
import { sizeOf } from '../../tensor/shape.ts';

/** x less its mean, in units of its deviation, over some axes. */
function standardized(x: Tensor, axes: readonly number[], eps: number): [y: Tensor, mean: Tensor, factor: Tensor] {
  const mean = x.mean(axes, true);
  const centered = x.sub(mean);
  const factor = centered.mul(centered).mean(axes, true).add(eps).sqrt().reciprocal();
  return [centered.mul(factor), mean, factor];
}

export const normalizationOps: Readonly<Record<string, GraphOp>> = {
  /** x [B, C, …]: by the moments that are given, or with training_mode by its own, and then those are given out too. */
  BatchNormalization: {
    inputs: ['X', 'scale', 'B', 'mean', 'var'],
    attributes: ['epsilon', 'momentum', 'training_mode'],
    run: (node) => {
      const [x, scale, bias, mean, variance] = [0, 1, 2, 3, 4].map((i) => node.tensor(i));
      const eps = node.number('epsilon', 1e-5);
      if (!node.flag('training_mode', false)) return batchNorm(x, scale, bias, { moments: { mean, variance }, eps }).y;
      const result = batchNorm(x, scale, bias, { eps });
      const kept = node.number('momentum', 0.9);
      const running = (old: Tensor, own: Tensor) => old.mul(kept).add(own.mul(1 - kept));
      return [result.y, running(mean, result.mean), running(variance, result.variance)];
    },
  },

  /** Over the axes from `axis` on. Gives the mean and 1 / deviation too. */
  LayerNormalization: {
    inputs: ['X', 'Scale', 'B?'],
    attributes: ['axis', 'epsilon', 'stash_type'],
    run: (node) => {
      const x = node.tensor(0);
      const axes = Array.from(x.shape.keys()).slice(node.axis(node.whole('axis', -1), x.rank));
      const [y, mean, factor] = standardized(x, axes, node.number('epsilon', 1e-5));
      const scaled = y.mul(node.tensor(1));
      return [node.given(2) ? scaled.add(node.tensor(2)) : scaled, mean, factor];
    },
  },

  RMSNormalization: {
    inputs: ['X', 'scale'],
    attributes: ['axis', 'epsilon', 'stash_type'],
    run: (node) => {
      const x = node.tensor(0);
      const axes = Array.from(x.shape.keys()).slice(node.axis(node.whole('axis', -1), x.rank));
      const root = x.mul(x).mean(axes, true).add(node.number('epsilon', 1e-5)).sqrt();
      return x.div(root).mul(node.tensor(1));
    },
  },

  /** x [B, C, …]: each row by itself, channel by channel. */
  InstanceNormalization: {
    inputs: ['input', 'scale', 'B'],
    attributes: ['epsilon'],
    run: (node) => {
      const x = node.tensor(0);
      const [y] = standardized(x, Array.from(x.shape.keys()).slice(2), node.number('epsilon', 1e-5));
      const channels = [x.shape[1], ...x.shape.slice(2).map(() => 1)];
      return y.mul(node.tensor(1).reshape(...channels)).add(node.tensor(2).reshape(...channels));
    },
  },

  /** x [B, C, …]: the channels in groups, each by itself. */
  GroupNormalization: {
    inputs: ['X', 'scale', 'bias'],
    attributes: ['epsilon', 'num_groups', 'stash_type'],
    run: (node) => {
      const x = node.tensor(0);
      const [B, C, ...space] = x.shape;
      const groups = node.whole('num_groups');
      if (groups < 1 || C % groups !== 0) node.fail(`num_groups: ${groups} does not divide ${C} channels`);
      const [y] = standardized(x.reshape(B, groups, sizeOf([C / groups, ...space])), [2], node.number('epsilon', 1e-5));
      // One scale a channel; before opset 21 one a group.
      const spread = (t: Tensor) =>
        t.size === C
          ? t.reshape(C, ...space.map(() => 1))
          : t
              .reshape(groups, 1)
              .expand(groups, C / groups)
              .reshape(C, ...space.map(() => 1));
      return y
        .reshape(...x.shape)
        .mul(spread(node.tensor(1)))
        .add(spread(node.tensor(2)));
    },
  },

  /** x by its norm along an axis; zeros stay zeros. */
  LpNormalization: {
    inputs: ['input'],
    attributes: ['axis', 'p'],
    run: (node) => {
      const x = node.tensor(0);
      const axis = node.axis(node.whole('axis', -1), x.rank);
      const p = node.whole('p', 2);
      if (p !== 1 && p !== 2) node.fail(`p: expected 1 or 2, got ${p}`);
      const norm = p === 1 ? x.abs().sum(axis, true) : x.mul(x).sum(axis, true).sqrt();
      return x.div(norm.add(norm.eq(0)));
    },
  },

  /** In training zeros some elements and scales the others; else it gives its input. The mask is the second output. */
  Dropout: {
    inputs: ['data', 'ratio?', 'training_mode?'],
    attributes: ['ratio', 'seed'],
    run: (node) => {
      const x = node.tensor(0);
      const ratio = node.given(1) ? node.host(1).values[0] : node.number('ratio', 0.5);
      const training = node.training || (node.given(2) && node.host(2).values[0] !== 0);
      if (!training || ratio === 0) return [x, new HostArray('bool', x.shape, new Uint8Array(x.size).fill(1))];
      const mask = dropout(full(x.shape, 1, { backend: x.backend, dtype: x.dtype }), ratio);
      return [x.mul(mask), mask.ne(0)];
    },
  },
};
