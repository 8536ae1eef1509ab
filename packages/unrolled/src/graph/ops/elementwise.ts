// Element by element: arithmetic with broadcasting, of floats and of integers of the host, and functions of one value.

import type { TensorShape } from '../../tensor/shape.ts';
import * as elementwise from '../../tensor/ops/elementwise.ts';
import { polar } from '../../tensor/ops/polar.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { GraphOp, RunContext } from '../op.ts';
import { zerosLike } from '../../tensor/ops/shaping.ts';
import { where } from '../../tensor/ops/elementwise.ts';
import { asFloat, type GraphValue, HostArray } from '../value.ts';

type Arithmetic = (a: number, b: number) => number;

const truncated = (x: number): number => Math.trunc(x);

/** Two inputs: floats by the tensor op, integers on the host by the same in numbers. */
function binary(float: (a: Tensor, b: Tensor) => Tensor, whole: Arithmetic): GraphOp {
  return {
    inputs: ['A', 'B'],
    run: (node) => (bothHost(node) ? broadcastHost(node, whole) : float(node.tensor(0), node.tensor(1))),
  };
}

/** One float input. */
function unary(float: (x: Tensor) => Tensor): GraphOp {
  return { inputs: ['X'], run: (node) => float(node.tensor(0)) };
}

/** Any number of inputs, folded two by two. */
function folded(float: (a: Tensor, b: Tensor) => Tensor, whole: Arithmetic): GraphOp {
  return {
    inputs: ['data', '…'],
    run: (node) => {
      if (bothHost(node))
        return node.inputs.map((_, i) => node.host(i)).reduce((a, b) => broadcastArrays(node, a, b, whole));
      return node.inputs.map((_, i) => node.tensor(i)).reduce(float);
    },
  };
}

/** One input, with numbers that shape the function. */
function shaped(
  attributes: Readonly<Record<string, number>>,
  f: (x: Tensor, of: (name: string) => number) => Tensor,
): GraphOp {
  return {
    inputs: ['X'],
    attributes: Object.keys(attributes),
    run: (node) => f(node.tensor(0), (name) => node.number(name, attributes[name])),
  };
}

/** One input, a float by the tensor op, integers by the same in numbers. */
function either(float: (x: Tensor) => Tensor, whole: (x: number) => number): GraphOp {
  return {
    inputs: ['X'],
    run: (node) => {
      const x = node.value(0);
      if (!(x instanceof HostArray)) return float(node.tensor(0));
      return new HostArray(x.element, x.shape, Float64Array.from(x.values, whole));
    },
  };
}

/** f(x) where x > 0, g(x) elsewhere. */
const byParts = (x: Tensor, above: Tensor, below: Tensor): Tensor => where(x.gt(0), above, below);

/** x Φ(x), where Φ is the normal distribution, by its usual approximation with tanh. */
function geluTanh(x: Tensor): Tensor {
  const inner = x.add(x.mul(x).mul(x).mul(0.044715)).mul(Math.sqrt(2 / Math.PI));
  return x.mul(inner.tanh().add(1)).mul(0.5);
}

/**
 * erf(x), to 1.2e-7 of 1 (W. J. Cody's form by Numerical Recipes): with t = 1 / (1 + |x|/2),
 *   erfc(|x|) = t exp(−x² + P(t))
 */
export function erf(x: Tensor): Tensor {
  const t = x.abs().mul(0.5).add(1).reciprocal();
  const coefficients = [
    0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196, 1.00002368,
    -1.26551223,
  ];
  const [first, ...others] = coefficients;
  const polynomial = others.reduce((sum, c) => sum.mul(t).add(c), t.mul(0).add(first));
  const erfc = t.mul(polynomial.sub(x.mul(x)).exp());
  return x.sign().mul(erfc.neg().add(1));
}

/** cos x (part 0) or sin x (part 1), as the real or imaginary part of e^(ix). */
function wave(x: Tensor, part: 0 | 1): Tensor {
  const angles = x.reshape(x.size);
  const ones = zerosLike(angles, angles.shape).add(1);
  return polar(ones, angles)
    .chunk(2)
    [part].reshape(...x.shape);
}

export const elementwiseOps: Readonly<Record<string, GraphOp>> = {
  Add: binary(elementwise.add, (a, b) => a + b),
  Sub: binary(elementwise.sub, (a, b) => a - b),
  Mul: binary(elementwise.mul, (a, b) => a * b),
  Div: binary(elementwise.div, (a, b) => truncated(a / b)),
  Pow: binary(elementwise.pow, (a, b) => a ** b),
  Max: folded(elementwise.maximum, Math.max),
  Min: folded(elementwise.minimum, Math.min),
  Sum: folded(elementwise.add, (a, b) => a + b),
  Mean: {
    inputs: ['data', '…'],
    run: (node) =>
      node.inputs
        .map((_, i) => node.tensor(i))
        .reduce(elementwise.add)
        .div(node.inputs.length),
  },
  Neg: either(
    (x) => x.neg(),
    (x) => -x,
  ),
  Abs: either((x) => x.abs(), Math.abs),
  Sign: either((x) => x.sign(), Math.sign),
  Reciprocal: unary((x) => x.reciprocal()),
  Cos: unary((x) => wave(x, 0)),
  Sin: unary((x) => wave(x, 1)),
  Erf: unary(erf),
  Softplus: unary((x) => x.softplus()),
  Softsign: unary((x) => x.div(x.abs().add(1))),
  LeakyRelu: shaped({ alpha: 0.01 }, (x, of) => byParts(x, x, x.mul(of('alpha')))),
  ThresholdedRelu: shaped({ alpha: 1 }, (x, of) => where(x.gt(of('alpha')), x, zerosLike(x, x.shape))),
  HardSigmoid: shaped({ alpha: 0.2, beta: 0.5 }, (x, of) => x.mul(of('alpha')).add(of('beta')).clamp(0, 1)),
  HardSwish: unary((x) => x.mul(x.div(6).add(0.5).clamp(0, 1))),
  Elu: shaped({ alpha: 1 }, (x, of) => byParts(x, x, x.minimum(0).exp().sub(1).mul(of('alpha')))),
  Celu: shaped({ alpha: 1 }, (x, of) => byParts(x, x, x.minimum(0).div(of('alpha')).exp().sub(1).mul(of('alpha')))),
  Selu: shaped({ alpha: 1.67326319217681884765625, gamma: 1.05070102214813232421875 }, (x, of) =>
    byParts(x, x, x.minimum(0).exp().sub(1).mul(of('alpha'))).mul(of('gamma')),
  ),
  /** x Φ(x): exactly, or approximated with tanh. */
  Gelu: {
    inputs: ['X'],
    attributes: ['approximate'],
    run: (node) => {
      const x = node.tensor(0);
      if (node.oneOf('approximate', ['none', 'tanh'], 'none') === 'tanh') return geluTanh(x);
      return x.mul(erf(x.mul(Math.SQRT1_2)).add(1)).mul(0.5);
    },
  },
  /** x where it is above 0, slope · x below. `channels`: the slope has one number for each channel of x [B, C, …]. */
  PRelu: {
    inputs: ['X', 'slope'],
    attributes: ['channels'],
    run: (node) => {
      const [x, slope] = [node.tensor(0), node.tensor(1)];
      const spread = node.flag('channels', false) && slope.size > 1;
      const slopes = spread ? slope.reshape(slope.size, ...x.shape.slice(2).map(() => 1)) : slope;
      return byParts(x, x, x.mul(slopes));
    },
  },
  Clip: {
    inputs: ['input', 'min?', 'max?'],
    attributes: ['min', 'max'],
    run: (node) => {
      const x = node.value(0);
      if (x instanceof HostArray) {
        const of = (i: number, none: number) => (node.given(i) ? node.host(i).values[0] : none);
        const [low, high] = [of(1, -Infinity), of(2, Infinity)];
        return new HostArray(
          x.element,
          x.shape,
          Float64Array.from(x.values, (v) => Math.min(high, Math.max(low, v))),
        );
      }
      let y = node.tensor(0);
      if (node.given(1)) y = y.maximum(node.tensor(1));
      else if (node.has('min')) y = y.maximum(node.number('min'));
      if (node.given(2)) y = y.minimum(node.tensor(2));
      else if (node.has('max')) y = y.minimum(node.number('max'));
      return y;
    },
  },
  /** To floats, or to integers or booleans of the host. */
  Cast: {
    inputs: ['input'],
    attributes: ['to'],
    run: (node) => castTo(node.value(0), node.oneOf('to', ['float', 'int', 'bool']), node),
  },
  Exp: unary((x) => x.exp()),
  Log: unary((x) => x.log()),
  Sqrt: unary((x) => x.sqrt()),
  Tanh: unary((x) => x.tanh()),
  Sigmoid: unary((x) => x.sigmoid()),
  Relu: unary((x) => x.relu()),
};

function castTo(value: GraphValue, to: 'float' | 'int' | 'bool', node: RunContext): GraphValue {
  if (to === 'float') return asFloat(value);
  const { shape, values } = node.host(0);
  return new HostArray(to, shape, Float64Array.from(values, to === 'int' ? Math.trunc : (x) => (x === 0 ? 0 : 1)));
}

/** Whether all inputs are integers or booleans: those of the host, and what an index op computed. */
export function bothHost(node: RunContext): boolean {
  return node.inputs.every((value) => value instanceof HostArray || value?.dtype === 'int32');
}

/** Applies `f` to two broadcast arrays of the host. */
export function broadcastHost(node: RunContext, f: Arithmetic, element: 'int' | 'bool' = 'int'): HostArray {
  return broadcastArrays(node, node.host(0), node.host(1), f, element);
}

function broadcastArrays(
  node: RunContext,
  a: HostArray,
  b: HostArray,
  f: Arithmetic,
  element: 'int' | 'bool' = 'int',
): HostArray {
  const shape = broadcastShape(node, a.shape, b.shape);
  const size = shape.reduce((n, d) => n * d, 1);
  const [from, and] = [indexer(a.shape, shape), indexer(b.shape, shape)];
  const values = Float64Array.from({ length: size }, (_, i) => f(a.values[from(i)], b.values[and(i)]));
  return new HostArray(element, shape, values);
}

/** The shape of two broadcast operands. */
export function broadcastShape(node: RunContext, a: TensorShape, b: TensorShape): TensorShape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const [x, y] = [a[a.length - rank + i] ?? 1, b[b.length - rank + i] ?? 1];
    if (x !== y && x !== 1 && y !== 1)
      node.fail(`[${a.join(', ')}] and [${b.join(', ')}] do not broadcast to one another`);
    return x === 1 ? y : x;
  });
}

/** The position in an array of shape `own` of element i of the broadcast `shape`. */
function indexer(own: TensorShape, shape: TensorShape): (i: number) => number {
  const steps = new Array<number>(shape.length).fill(0);
  let step = 1;
  for (let axis = own.length - 1; axis >= 0; axis--) {
    if (own[axis] !== 1) steps[shape.length - own.length + axis] = step;
    step *= own[axis];
  }
  return (i) => {
    let at = 0;
    for (let axis = shape.length - 1, rest = i; axis >= 0; axis--) {
      at += (rest % shape[axis]) * steps[axis];
      rest = Math.floor(rest / shape[axis]);
    }
    return at;
  };
}
