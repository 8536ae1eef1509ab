// Activations by Keras' names. Those that recurrent layers have too are in keras-cells.ts.

import { kerasActivations } from '../../nn/recurrent/keras-cells.ts';
import { where } from '../../tensor/ops/elementwise.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { GraphOp, RunContext } from '../op.ts';
import { erf } from './elementwise.ts';

/** x where it is positive, `negative` elsewhere. */
const positiveOr = (x: Tensor, negative: Tensor): Tensor => where(x.gt(0), x, negative);

/** α (eˣ − 1) where x is negative. */
const elu = (x: Tensor, alpha: number): Tensor => positiveOr(x, x.minimum(0).exp().sub(1).mul(alpha));

const [seluScale, seluAlpha] = [1.0507009873554805, 1.6732632423543772]; // Klambauer et al. 2017

/** √(2/π) */
const geluScale = 0.7978845608028654;

const activations: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  ...kerasActivations,
  softmax: (x) => x.softmax(-1),
  log_softmax: (x) => x.logSoftmax(-1),
  elu: (x) => elu(x, 1),
  selu: (x) => elu(x, seluAlpha).mul(seluScale),
  exponential: (x) => x.exp(),
  swish: (x) => x.mul(x.sigmoid()),
  relu6: (x) => x.clamp(0, 6),
  leaky_relu: (x) => positiveOr(x, x.mul(0.2)),
  mish: (x) => x.mul(x.softplus().tanh()),
  hard_swish: (x) => x.mul(x.div(6).add(0.5).clamp(0, 1)),
  /** x Φ(x) with the normal distribution Φ itself, Keras' default. */
  gelu: (x) => x.mul(erf(x.mul(Math.SQRT1_2)).add(1)).mul(0.5),
  /** The form with tanh, gelu(approximate=True). */
  gelu_tanh: (x) => x.mul(0.5).mul(x.add(x.square().mul(x).mul(0.044715)).mul(geluScale).tanh().add(1)),
};

/** The names of the activations that `KerasActivation` knows. */
export const kerasActivationNames: readonly string[] = Object.keys(activations);

export const kerasActivationOps: Readonly<Record<string, GraphOp>> = {
  KerasActivation: {
    inputs: ['x'],
    attributes: ['activation'],
    run: (node) => activations[node.oneOf('activation', kerasActivationNames)](node.tensor(0)),
  },

  /** min(max(x, threshold → x or slope · (x − threshold)), maxValue): Keras' ReLU, LeakyReLU and ThresholdedReLU. */
  KerasReLU: {
    inputs: ['x'],
    attributes: ['maxValue', 'negativeSlope', 'threshold'],
    run: relu,
  },

  KerasELU: { inputs: ['x'], attributes: ['alpha'], run: (node) => elu(node.tensor(0), node.number('alpha', 1)) },

  /** x where it is positive, α x elsewhere; α has the shape of a row, or 1 along shared axes. */
  KerasPReLU: {
    inputs: ['x', 'alpha'],
    run: (node) => {
      const x = node.tensor(0);
      return positiveOr(x, x.mul(node.tensor(1)));
    },
  },
};

function relu(node: RunContext): Tensor {
  const x = node.tensor(0);
  const threshold = node.number('threshold', 0);
  const below = x.sub(threshold).mul(node.number('negativeSlope', 0));
  const y = where(x.ge(threshold), x, below);
  return node.has('maxValue') ? y.minimum(node.number('maxValue')) : y;
}
