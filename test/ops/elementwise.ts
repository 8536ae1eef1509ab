import {
  dropout,
  dropoutMask,
  manualSeed,
  type TensorShape,
  type Tensor,
  where,
} from '../../packages/unrolled/src/tensor/index.ts';
import type { Input, Sample } from '../ops.ts';
import { constant, ints, positive, size, wave } from './inputs.ts';

type Make = (shape: TensorShape, phase?: number) => Input;

function unary(run: (x: Tensor) => Tensor, plain: (x: number) => number, make: Make = wave): Record<string, Sample> {
  const sample = (shape: TensorShape): Sample => ({ inputs: [make(shape)], run, plain: (x) => x.map(plain) });
  return {
    'of a matrix': sample([3, 4]),
    'of a scalar': sample([]),
    'of nothing': sample([2, 0]),
    'of more than a vector register': sample([67]),
  };
}

const pairs: Record<string, readonly [TensorShape, TensorShape]> = {
  'of one shape': [
    [2, 3],
    [2, 3],
  ],
  'a row to a matrix': [[3, 4], [4]],
  'a column to a matrix': [
    [3, 1],
    [3, 4],
  ],
  'a row and a column': [
    [1, 4],
    [3, 1],
  ],
  'a scalar tensor to a matrix': [[2, 3], []],
  'a middle axis': [
    [2, 1, 3],
    [2, 4, 3],
  ],
  'different ranks': [
    [4, 1],
    [2, 3, 1, 5],
  ],
  'nothing and a row': [[0, 3], [3]],
};

function binary(
  run: (a: Tensor, b: Tensor | number) => Tensor,
  plain: (a: number, b: number) => number,
  make: Make = wave,
): Record<string, Sample> {
  const table: Record<string, Sample> = {};
  for (const [name, [a, b]] of Object.entries(pairs)) {
    table[name] = { inputs: [make(a), make(b, 2)], run, plain: (x, y) => broadcast(x, a, y, b, plain) };
  }
  table['a number'] = { inputs: [make([2, 3])], run: (a) => run(a, 0.7), plain: (x) => x.map((v) => plain(v, 0.7)) };
  return table;
}

/** f over two arrays, aligned at the right; sizes of 1 repeat. */
function broadcast(
  x: readonly number[],
  a: TensorShape,
  y: readonly number[],
  b: TensorShape,
  f: (x: number, y: number) => number,
): number[] {
  const rank = Math.max(a.length, b.length);
  const [p, q] = [a, b].map((s) => [...new Array<number>(rank - s.length).fill(1), ...s]);
  const shape = p.map((n, d) => (n === 1 ? q[d] : n));
  const at = (s: readonly number[], index: readonly number[]) =>
    index.reduce((k, i, d) => k * s[d] + (s[d] === 1 ? 0 : i), 0);
  return Array.from({ length: size(shape) }, (_, k) => {
    const index: number[] = new Array<number>(rank);
    for (let d = rank - 1, rest = k; d >= 0; d--) {
      index[d] = rest % shape[d];
      rest = Math.floor(rest / shape[d]);
    }
    return f(x[at(p, index)], y[at(q, index)]);
  });
}

const noGradient = (table: Record<string, Sample>): Record<string, Sample> =>
  Object.fromEntries(Object.entries(table).map(([name, sample]) => [name, { ...sample, gradient: 'none' }]));

const compare = (
  op: 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge',
  plain: (a: number, b: number) => boolean,
): Record<string, Sample> =>
  noGradient(
    binary(
      (a, b) => a[op](b),
      (a, b) => +plain(a, b),
      (shape, phase) => ({ shape, values: wave(shape, phase).values.map(Math.round) }),
    ),
  );

const mask = [1, 0, 0, 1, 1, 0];

export const elementwiseOps: Record<string, Record<string, Sample>> = {
  neg: unary(
    (x) => x.neg(),
    (x) => -x,
  ),
  abs: unary((x) => x.abs(), Math.abs),
  sign: unary((x) => x.sign(), Math.sign),
  square: unary(
    (x) => x.square(),
    (x) => x * x,
  ),
  sqrt: unary((x) => x.sqrt(), Math.sqrt, positive),
  reciprocal: unary(
    (x) => x.reciprocal(),
    (x) => 1 / x,
    positive,
  ),
  exp: unary((x) => x.exp(), Math.exp),
  log: unary((x) => x.log(), Math.log, positive),
  tanh: unary((x) => x.tanh(), Math.tanh),
  sigmoid: unary(
    (x) => x.sigmoid(),
    (x) => 1 / (1 + Math.exp(-x)),
  ),
  relu: unary(
    (x) => x.relu(),
    (x) => Math.max(x, 0),
  ),
  softplus: unary(
    (x) => x.softplus(),
    (x) => Math.log(1 + Math.exp(x)),
  ),
  clamp: unary(
    (x) => x.clamp(-0.5, 0.6),
    (x) => Math.min(Math.max(x, -0.5), 0.6),
  ),

  add: binary(
    (a, b) => a.add(b),
    (a, b) => a + b,
  ),
  sub: binary(
    (a, b) => a.sub(b),
    (a, b) => a - b,
  ),
  mul: {
    ...binary(
      (a, b) => a.mul(b),
      (a, b) => a * b,
    ),
    'by itself': { inputs: [wave([3])], run: (x) => x.mul(x), plain: (x) => x.map((v) => v * v) },
  },
  div: binary(
    (a, b) => a.div(b),
    (a, b) => a / b,
    positive,
  ),
  pow: {
    ...binary(
      (a, b) => a.pow(b),
      (a, b) => a ** b,
      positive,
    ),
    'of negative numbers': { inputs: [wave([5])], run: (x) => x.pow(3), plain: (x) => x.map((v) => v ** 3) },
  },
  maximum: binary((a, b) => a.maximum(b), Math.max),
  minimum: binary((a, b) => a.minimum(b), Math.min),

  eq: compare('eq', (a, b) => a === b),
  ne: compare('ne', (a, b) => a !== b),
  lt: compare('lt', (a, b) => a < b),
  le: compare('le', (a, b) => a <= b),
  gt: compare('gt', (a, b) => a > b),
  ge: compare('ge', (a, b) => a >= b),

  where: {
    'of one shape': {
      inputs: [wave([2, 3]), wave([2, 3], 1)],
      run: (a, b) => where(ints(a, mask, [2, 3]), a, b),
      plain: (a, b) => a.map((v, i) => (mask[i] ? v : b[i])),
    },
    'all broadcast': {
      inputs: [wave([3]), wave([2, 1], 1)],
      run: (a, b) => where(constant(a, { shape: [2, 1, 1], values: [0, 1] }), a, b),
      plain: (a, b) => [0, 1].flatMap((m) => b.flatMap((v) => a.map((u) => (m ? u : v)))),
    },
    'a number on one side': {
      inputs: [wave([6])],
      run: (a) => where(ints(a, mask), 0.3, a),
      plain: (a) => a.map((v, i) => (mask[i] ? 0.3 : v)),
    },
    'two numbers': {
      inputs: [wave([6])],
      run: (a) => where(a.gt(0), 2, -1),
      plain: (a) => a.map((v) => (v > 0 ? 2 : -1)),
      gradient: 'none',
    },
    'of nothing': { inputs: [wave([0]), wave([0])], run: (a, b) => where(ints(a, []), a, b), plain: () => [] },
  },
  maskedFill: {
    'with a number': {
      inputs: [wave([2, 3])],
      run: (x) => x.maskedFill(ints(x, mask, [2, 3]), -9),
      plain: (x) => x.map((v, i) => (mask[i] ? -9 : v)),
    },
    'with a mask that broadcasts': {
      inputs: [wave([2, 3])],
      run: (x) => x.maskedFill(ints(x, [0, 1, 0]), 4),
      plain: (x) => x.map((v, i) => (i % 3 === 1 ? 4 : v)),
    },
  },
  // Through int32 there is no gradient; from one float to another there is: ops.test.ts.
  cast: {
    'to int32 and back': {
      inputs: [wave([7], 0, 5)],
      run: (x) => x.cast('int32').cast(x.dtype),
      plain: (x) => x.map(Math.trunc),
      gradient: 'none',
    },
    'to its own dtype': { inputs: [wave([3])], run: (x) => x.cast(x.dtype), plain: (x) => x },
  },
  dropout: {
    'with fixed counters': { inputs: [wave([5, 3])], run: (x) => (manualSeed(3), dropout(x, 0.4)) },
    'with p = 0': { inputs: [wave([4])], run: (x) => dropout(x, 0), plain: (x) => x },
    'of nothing': { inputs: [wave([0, 3])], run: (x) => dropout(x, 0.5), plain: () => [] },
  },
  dropoutMask: {
    'with fixed counters': {
      inputs: [wave([1])],
      run: (x) => (manualSeed(5), dropoutMask([7, 3], 0.25, x)),
      gradient: 'none',
    },
  },
};
