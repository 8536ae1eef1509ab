// The activations that ONNX' recurrent operators may name for their gates, with their alpha and beta.

import { where } from '../../tensor/ops/elementwise.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { RunContext } from '../op.ts';

export type Activation = (x: Tensor) => Tensor;

interface Shaped {
  /** Defaults of the numbers that it takes: those of the operator of its name. */
  readonly alpha?: number;
  readonly beta?: number;
  of(x: Tensor, alpha: number, beta: number): Tensor;
}

const known: Readonly<Record<string, Shaped>> = {
  relu: { of: (x) => x.relu() },
  tanh: { of: (x) => x.tanh() },
  sigmoid: { of: (x) => x.sigmoid() },
  softsign: { of: (x) => x.div(x.abs().add(1)) },
  softplus: { of: (x) => x.softplus() },
  leakyrelu: { alpha: 0.01, of: (x, alpha) => where(x.gt(0), x, x.mul(alpha)) },
  thresholdedrelu: { alpha: 1, of: (x, alpha) => x.mul(x.gt(alpha)) },
  elu: { alpha: 1, of: (x, alpha) => where(x.gt(0), x, x.minimum(0).exp().sub(1).mul(alpha)) },
  affine: { alpha: 1, beta: 0, of: (x, alpha, beta) => x.mul(alpha).add(beta) },
  scaledtanh: { alpha: 1, beta: 1, of: (x, alpha, beta) => x.mul(beta).tanh().mul(alpha) },
  hardsigmoid: { alpha: 0.2, beta: 0.5, of: (x, alpha, beta) => x.mul(alpha).add(beta).clamp(0, 1) },
};

/**
 * The activations of each direction. `activations` names them, direction after direction; `activation_alpha` and `activation_beta` are read in the same
 * order, one for each activation that takes one, and where they end the defaults hold.
 */
export function activationsOf(node: RunContext, usual: readonly string[], directions: number): Activation[][] {
  const all = Array.from({ length: directions }, () => usual).flat();
  const names = node.texts('activations', all);
  if (names.length !== all.length)
    node.fail(`activations: expected ${all.length}, ${usual.length} for each direction, got ${names.length}`);
  const alphas = [...node.numbers('activation_alpha', [])];
  const betas = [...node.numbers('activation_beta', [])];
  const functions = names.map((name): Activation => {
    const key = name.toLowerCase();
    const shaped = Object.hasOwn(known, key)
      ? known[key]
      : node.fail(`activations: ${JSON.stringify(name.slice(0, 60))} is not known`);
    const alpha = shaped.alpha === undefined ? 0 : (alphas.shift() ?? shaped.alpha);
    const beta = shaped.beta === undefined ? 0 : (betas.shift() ?? shaped.beta);
    return (x) => shaped.of(x, alpha, beta);
  });
  return Array.from({ length: directions }, (_, d) => functions.slice(d * usual.length, (d + 1) * usual.length));
}
