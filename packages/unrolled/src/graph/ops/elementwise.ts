// Element by element: arithmetic with broadcasting, of floats and of integers of the host, and functions of one value.

import type { TensorShape } from '../../tensor/shape.ts';
import * as elementwise from '../../tensor/ops/elementwise.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { GraphOp, RunContext } from '../op.ts';
import { HostArray } from '../value.ts';

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

export const elementwiseOps: Readonly<Record<string, GraphOp>> = {
  Add: binary(elementwise.add, (a, b) => a + b),
  Sub: binary(elementwise.sub, (a, b) => a - b),
  Mul: binary(elementwise.mul, (a, b) => a * b),
  Div: binary(elementwise.div, (a, b) => truncated(a / b)),
  Pow: binary(elementwise.pow, (a, b) => a ** b),
  Neg: unary((x) => x.neg()),
  Exp: unary((x) => x.exp()),
  Log: unary((x) => x.log()),
  Sqrt: unary((x) => x.sqrt()),
  Tanh: unary((x) => x.tanh()),
  Sigmoid: unary((x) => x.sigmoid()),
  Relu: unary((x) => x.relu()),
};

/** Whether all inputs are integers or booleans of the host. */
export function bothHost(node: RunContext): boolean {
  return node.inputs.every((value) => value instanceof HostArray);
}

/** Applies `f` to two broadcast arrays of the host. */
export function broadcastHost(node: RunContext, f: Arithmetic, element: 'int' | 'bool' = 'int'): HostArray {
  const [a, b] = [node.host(0), node.host(1)];
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
