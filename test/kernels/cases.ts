// One case for every kernel that is neither a product nor a sequence: it draws sizes and data, and says how to run them on any backend.

import {
  argReduceOps,
  type Backend,
  binaryOps,
  gateCount,
  reduceOps,
  reserveSize,
  type SteppedCell,
  type TypedArray,
  unaryOps,
} from '../../packages/unrolled/src/backend/backend.ts';
import { type Draw, put } from './builds.ts';

/** Runs on a backend and returns what it computed. */
export type Run = (backend: Backend) => TypedArray[];
export type Case = (draw: Draw) => Run;

/** An output that starts as zeros, computed by `body`. */
function output(backend: Backend, n: number, body: (out: ReturnType<typeof put>) => void): TypedArray {
  const out = put(backend, new Float32Array(n));
  body(out);
  return out.array.slice();
}

const positive = new Set<string>(['sqrt', 'log']);
const unary: [string, Case][] = unaryOps.flatMap((op): [string, Case][] => [
  [
    `unary ${op}`,
    (draw) => {
      const n = draw.size(2500, 75000);
      const x = positive.has(op) ? draw.floats(n, 0.01, 9) : draw.floats(n, -9, 9);
      return (b) => [output(b, n, (out) => b.unary(op, out, put(b, x)))];
    },
  ],
  [
    `unaryBackward ${op}`,
    (draw) => {
      const n = draw.size(2500, 75000);
      const [x, y, dy] = [draw.floats(n, 0.1, 3), draw.floats(n, 0.1, 0.9), draw.floats(n)];
      return (b) => [output(b, n, (dx) => b.unaryBackward(op, dx, put(b, dy), put(b, x), put(b, y)))];
    },
  ],
]);

/** A shape of this many axes, none longer than `most`; together they are enough for threads in a large draw. */
function drawShape(draw: Draw, rank: number, most: number): number[] {
  return Array.from({ length: rank }, () => draw.size(most, Math.ceil(75_000 ** (1 / rank)) + 2));
}

/** A shape, and the strides of an operand that is broadcast along some axes of it. */
function broadcastOperand(draw: Draw, shape: number[]): { strides: number[]; length: number } {
  const strides = shape.map(() => 0);
  let length = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (draw.next() < 0.3) continue;
    strides[axis] = length;
    length *= shape[axis];
  }
  return { strides, length };
}

const product = (shape: number[]): number => shape.reduce((a, b) => a * b, 1);

const binary: [string, Case][] = binaryOps.map((op) => [
  `binary ${op}`,
  (draw) => {
    const shape = drawShape(draw, draw.whole(0, 4), 9);
    const [a, c] = [broadcastOperand(draw, shape), broadcastOperand(draw, shape)];
    const compares = ['eq', 'ne', 'lt', 'le', 'gt', 'ge'].includes(op);
    const whole = (x: Float32Array) => (compares ? x.map(Math.round) : x);
    const x = whole(op === 'pow' ? draw.floats(a.length, 0.1, 4) : draw.floats(a.length));
    const y = whole(op === 'div' ? draw.floats(c.length, 0.2, 3) : draw.floats(c.length));
    return (b) => [
      output(b, product(shape), (out) => b.binary(op, out, put(b, x), put(b, y), shape, a.strides, c.strides)),
    ];
  },
]);

const alongAxis: [string, Case][] = [
  ...reduceOps.map((op): [string, Case] => [
    `reduce ${op}`,
    (draw) => {
      const along = (inner: number): Run => {
        const [outer, n] = [draw.size(20, 36), draw.size(300, inner > 1 ? 70 : 2100)];
        const x = draw.floats(outer * n * inner);
        return (b) => [output(b, outer * inner, (out) => b.reduce(op, out, put(b, x), outer, n, inner))];
      };
      if (!draw.large) return along(draw.next() < 0.5 ? 1 : draw.size(40));
      const [rows, columns] = [along(1), along(39)];
      return (b) => [...rows(b), ...columns(b)];
    },
  ]),
  ...argReduceOps.map((op): [string, Case] => [
    `argReduce ${op}`,
    (draw) => {
      const [outer, n, inner] = [draw.size(20), draw.whole(1, 40), draw.size(20)];
      const x = draw.floats(outer * n * inner).map((v) => Math.round(v * 4)); // with ties
      return (b) => {
        const out = put(b, new Int32Array(outer * inner));
        b.argReduce(op, out, put(b, x), outer, n, inner);
        return [out.array.slice()];
      };
    },
  ]),
  [
    'gather and gatherBackward',
    (draw) => {
      const [outer, n, m, inner] = [draw.size(9), draw.whole(1, 20), draw.size(20), draw.size(9)];
      const x = draw.floats(outer * n * inner);
      const index = draw.ints(outer * m * inner, 0, n - 1);
      const dy = draw.floats(outer * m * inner);
      return (b) => [
        output(b, outer * m * inner, (out) => b.gather(out, put(b, x), put(b, index), outer, n, m, inner)),
        output(b, outer * n * inner, (dx) => b.gatherBackward(dx, put(b, dy), put(b, index), outer, n, m, inner)),
      ];
    },
  ],
  ...(['softmax', 'logSoftmax'] as const).map((op): [string, Case] => [
    op,
    (draw) => {
      const [rows, cols] = [draw.size(60, 40), draw.size(300, 2100)];
      const [x, dy] = [draw.floats(rows * cols, -20, 20), draw.floats(rows * cols)];
      const y = draw.floats(rows * cols, op === 'softmax' ? 0 : -9, op === 'softmax' ? 1 : 0);
      return (b) => [
        output(b, rows * cols, (out) => b[op](out, put(b, x), rows, cols)),
        output(b, rows * cols, (dx) => b[`${op}Backward`](dx, put(b, dy), put(b, y), rows, cols)),
      ];
    },
  ]),
  [
    'crossEntropy and crossEntropyBackward',
    (draw) => {
      const [rows, cols] = [draw.size(60), draw.whole(1, 300)];
      const logits = draw.floats(rows * cols, -5, 5);
      const target = draw.ints(rows, 0, cols - 1).map((k) => (k % 7 === 3 ? -100 : k));
      const dLoss = draw.floats(rows);
      return (b) => {
        const [loss, total, dLogits] = [rows, rows, rows * cols].map((n) => put(b, new Float32Array(n)));
        const [x, t] = [put(b, logits), put(b, target)];
        b.crossEntropy(loss, total, x, t, rows, cols, -100);
        b.crossEntropyBackward(dLogits, put(b, dLoss), x, total, t, rows, cols, -100);
        return [loss.array.slice(), dLogits.array.slice()];
      };
    },
  ],
  [
    'embedding and embeddingBackward',
    (draw) => {
      const [count, dim, rows] = [draw.size(300, 340), draw.size(70), draw.whole(1, 30)];
      const [weight, dy] = [draw.floats(rows * dim), draw.floats(count * dim)];
      const index = draw.ints(count, 0, rows - 1);
      const padding = draw.whole(-1, rows - 1);
      return (b) => [
        output(b, count * dim, (out) => b.embedding(out, put(b, weight), put(b, index), count, dim)),
        output(b, rows * dim, (dw) => b.embeddingBackward(dw, put(b, dy), put(b, index), count, dim, padding)),
      ];
    },
  ],
];

const memory: [string, Case][] = [
  [
    'fill, cast and where',
    (draw) => {
      const n = draw.size(2500, 75000);
      const [x, y] = [draw.floats(n, -1e6, 1e6), draw.floats(n)];
      const [condition, mask] = [draw.ints(n, 0, 1), draw.ints(n, 0, 1)];
      const value = draw.whole(-5, 5) + 0.75;
      return (b) => {
        const whole = put(b, new Int32Array(n));
        b.cast(whole, put(b, x));
        const filled = put(b, new Int32Array(n));
        b.fill(filled, value);
        const as = (c: TypedArray) => output(b, n, (out) => b.where(out, put(b, c), put(b, x), put(b, y)));
        return [
          whole.array.slice(),
          filled.array.slice(),
          output(b, n, (out) => b.fill(out, value)),
          output(b, n, (out) => b.cast(out, put(b, condition))),
          as(condition),
          as(Float32Array.from(mask, (m) => (m ? 0.5 : -0))),
        ];
      };
    },
  ],
  [
    'stridedCopy',
    (draw) => {
      const shape = drawShape(draw, draw.whole(1, 4), 10);
      const rank = shape.length;
      const order = shape.map((_, i) => i).sort(() => draw.next() - 0.5);
      const outStrides = strides(shape);
      // x is a permuted, flipped, or repeated window
      const permuted = order.map((axis) => shape[axis]);
      const packed = strides(permuted);
      const xStrides = shape.map((_, axis) => packed[order.indexOf(axis)]);
      let offset = 0;
      for (let axis = 0; axis < rank; axis++) {
        const way = draw.next();
        if (way < 0.2 && shape[axis] > 0) {
          offset += (shape[axis] - 1) * xStrides[axis];
          xStrides[axis] *= -1;
        } else if (way < 0.35) xStrides[axis] = 0;
      }
      const n = product(shape);
      const x = draw.floats(n);
      const accumulate = draw.next() < 0.4;
      return (b) => [
        output(b, n, (out) => b.stridedCopy(out, 0, outStrides, put(b, x), offset, xStrides, shape, accumulate)),
        // and back: the transpose of that
        output(b, n, (out) => b.stridedCopy(out, offset, xStrides, put(b, x), 0, outStrides, shape, true)),
      ];
    },
  ],
  [
    'dropoutMask',
    (draw) => {
      const n = draw.size(8000);
      const [p, key, counter] = [draw.next() * 0.9, draw.whole(0, 2 ** 53 - 1), draw.whole(0, 2 ** 40)];
      return (b) => [output(b, n, (out) => b.dropoutMask(out, p, key, counter))];
    },
  ],
];

function strides(shape: number[]): number[] {
  const out = shape.map(() => 1);
  for (let axis = shape.length - 2; axis >= 0; axis--) out[axis] = out[axis + 1] * shape[axis + 1];
  return out;
}

const attention: [string, Case][] = ['additive', 'dot'].map((kind) => [
  `attention and attentionBackward, ${kind}`,
  (draw) => {
    const [B, S, A, C] = [draw.size(9), draw.size(20), draw.size(40), draw.size(40)];
    const query = draw.floats(B * A, -1, 1);
    const [keys, values] = [draw.floats(B * S * A, -1, 1), draw.floats(B * S * C)];
    const v = kind === 'additive' ? draw.floats(A) : null;
    const lengths = draw.next() < 0.5 ? null : draw.ints(B, 0, S);
    const [dContext, dWeights] = [draw.floats(B * C), draw.next() < 0.5 ? null : draw.floats(B * S)];
    const before = draw.floats(B * S * Math.max(A, C) + A);
    const withValues = draw.next() < 0.7;
    const sizes = { B, S, A, C };
    return (b) => {
      const maybe = (x: TypedArray | null) => (x ? put(b, x) : null);
      const [context, weights, dQuery] = [B * C, B * S, B * A].map((n) => put(b, new Float32Array(n)));
      const [dKeys, dValues, dV] = [B * S * A, B * S * C, A].map((n) => put(b, before.subarray(0, n)));
      const inputs = [put(b, query), put(b, keys), put(b, values), maybe(v), maybe(lengths)] as const;
      b.attention(context, weights, ...inputs, 0.3, sizes);
      b.attentionBackward(
        dQuery, dKeys, withValues ? dValues : null, v ? dV : null, put(b, dContext), maybe(dWeights), weights, ...inputs, 0.3, sizes,
      ); // biome-ignore format: as in backend.ts
      return [context, weights, dQuery, dKeys, dValues, dV].map((x) => x.array.slice());
    };
  },
]);

const steps: [string, Case][] = (['rnnTanh', 'rnnRelu', 'lstm', 'gru'] as const).map((cell: SteppedCell) => [
  `cellForward and cellBackward, ${cell}`,
  (draw) => {
    const [B, H] = [draw.size(20), draw.size(50)];
    const GH = B * gateCount[cell] * H;
    const [gatesX, gatesH] = [draw.floats(GH), draw.floats(GH)];
    const isLstm = cell === 'lstm';
    const state = () => draw.floats(B * H, -1, 1);
    const [h0, c0, dh, dc] = [state(), isLstm ? state() : null, state(), isLstm && draw.next() < 0.7 ? state() : null];
    return (b) => {
      const maybe = (x: TypedArray | null) => (x ? put(b, x) : null);
      const zeros = (n: number) => put(b, new Float32Array(n));
      const [h, c, reserve] = [zeros(B * H), isLstm ? zeros(B * H) : null, zeros(reserveSize(cell, 1, B, H))];
      const [h1, c1, dH] = [put(b, h0), maybe(c0), put(b, dh)];
      b.cellForward(cell, h, c, reserve, put(b, gatesX), put(b, gatesH), h1, c1, B, H);
      const [dX, dU, dhBefore, dcBefore] = [zeros(GH), zeros(GH), zeros(B * H), isLstm ? zeros(B * H) : null];
      b.cellBackward(cell, dX, dU, dhBefore, dcBefore, dH, maybe(dc), reserve, h, c, h1, c1, B, H);
      return [h, c, dX, dU, dhBefore, dcBefore].flatMap((x) => (x ? [x.array.slice()] : []));
    };
  },
]);

/** A model's parameters with gradients and state, updated twice by `step`. */
function update(states: number, step: (b: Backend, lists: ReturnType<typeof put>[][], t: number) => void): Case {
  return (draw) => {
    const lengths = Array.from({ length: draw.whole(0, 5) }, () => draw.size(3000));
    const parameters = lengths.map((n) => draw.floats(n));
    const gradients = lengths.map((n) => draw.floats(n));
    return (b) => {
      const lists = [parameters, gradients].map((list) => list.map((x) => put(b, x)));
      for (let i = 0; i < states; i++) lists.push(lengths.map((n) => put(b, new Float32Array(n))));
      for (const t of [1, 2]) step(b, lists, t);
      return lists.flat().map((x) => x.array.slice());
    };
  };
}

const updates: [string, Case][] = [
  [
    'sumSquares',
    (draw) => {
      const arrays = Array.from({ length: draw.whole(0, 5) }, () => draw.floats(draw.size(40000)));
      return (b) => [Float32Array.of(b.sumSquares(arrays.map((x) => put(b, x))))];
    },
  ],
  ['clipValues', update(0, (b, [p]) => b.clipValues(p, 0.7))],
  ['scaleAll', update(0, (b, [p]) => b.scaleAll(p, 0.3))],
  ['sgd', update(0, (b, [p, g]) => b.sgd(p, g, [], 0.1, 0, false, true, 0.01, 0.5))],
  ['sgd with momentum', update(1, (b, [p, g, m], t) => b.sgd(p, g, m, 0.1, 0.9, false, t === 1, 0, 1))],
  ['sgd, Nesterov', update(1, (b, [p, g, m], t) => b.sgd(p, g, m, 0.1, 0.9, true, t === 1, 0.01, 0.5))],
  ['adagrad', update(1, (b, [p, g, s]) => b.adagrad(p, g, s, 0.1, 1e-8, 0.01, 0.5))],
  ['rmsprop', update(1, (b, [p, g, s]) => b.rmsprop(p, g, s, [], 0.01, 0.9, 1e-8, 0, 0.01, 0.5))],
  ['rmsprop with momentum', update(2, (b, [p, g, s, m]) => b.rmsprop(p, g, s, m, 0.01, 0.9, 1e-8, 0.9, 0, 1))],
  ['adam', update(2, (b, [p, g, m, v], t) => b.adam(p, g, m, v, 0.01, 0.9, 0.999, 1e-8, t, 0.01, false, 0.5))],
  ['adamW', update(2, (b, [p, g, m, v], t) => b.adam(p, g, m, v, 0.01, 0.9, 0.999, 1e-8, t, 0.01, true, 0.5))],
];

const scans: [string, Case][] = [false, true].flatMap((complex) =>
  [false, true].map((constant): [string, Case] => [
    `scanForward and scanBackward, ${complex ? 'complex' : 'real'}${constant ? ', one factor for all steps' : ''}`,
    (draw) => {
      const [T, B, H] = [draw.size(40, 30), draw.size(12, 24), draw.size(50)];
      const W = complex ? 2 * H : H;
      const a = draw.floats(constant ? W : T * B * W, -0.6, 0.6); // moduli below 0.85: what is carried along stays small
      const [b, dh] = [draw.floats(T * B * W), draw.next() < 0.8 ? draw.floats(T * B * W) : null];
      const [h0, dhn] = [0, 1].map(() => (draw.next() < 0.5 ? draw.floats(B * W) : null));
      const lengths = draw.next() < 0.5 ? draw.ints(B, 0, T) : null;
      const [wantsA, wantsState] = [draw.next() < 0.8, draw.next() < 0.5];
      const sizes = { T, B, H, complex, constant, reverse: draw.next() < 0.5 };
      return (backend) => {
        const zeros = (n: number) => put(backend, new Float32Array(n).fill(9));
        const maybe = (x: TypedArray | null) => (x ? put(backend, x) : null);
        const [h, hn, db] = [zeros(T * B * W), zeros(B * W), zeros(T * B * W)];
        const [da, dh0] = [zeros(constant ? B * W : T * B * W), zeros(B * W)];
        const [factor, state, counts] = [put(backend, a), maybe(h0), maybe(lengths)];
        backend.scanForward(h, hn, factor, put(backend, b), state, counts, sizes);
        backend.scanBackward(
          wantsA ? da : null, db, wantsState ? dh0 : null, maybe(dh), maybe(dhn), factor, h, state, counts, sizes,
        ); // biome-ignore format: as in backend.ts
        return [h, hn, da, db, dh0].map((x) => x.array.slice());
      };
    },
  ]),
);

const stabilized: [string, Case][] = [
  [
    'slstmForward and slstmBackward',
    (draw) => {
      const [B, H, t] = [draw.size(20), draw.size(50), draw.whole(0, 3)];
      const n = B * H;
      const [gatesX, gatesH] = [draw.floats(4 * n), draw.floats(4 * n)];
      const [h, c, m, dh, dc, dm] = Array.from({ length: 6 }, () => draw.floats(n, -1, 1));
      const [lengths, dy] = [draw.next() < 0.5 ? draw.ints(B, 0, 4) : null, draw.next() < 0.7 ? draw.floats(n) : null];
      return (backend) => {
        const maybe = (x: TypedArray | null) => (x ? put(backend, x) : null);
        const [y, nextH, nextC, nextM] = Array.from({ length: 4 }, () => put(backend, new Float32Array(n)));
        const [kept, dGates] = [0, 1].map(() => put(backend, new Float32Array(4 * n)));
        const before = put(backend, c);
        const d = [dh, dc, dm].map((x) => put(backend, x));
        backend.slstmForward(
          y, nextH, nextC, nextM, kept, put(backend, gatesX), put(backend, gatesH), put(backend, h), before, put(backend, m), maybe(lengths), t, B, H,
        ); // biome-ignore format: as in backend.ts
        backend.slstmBackward(
          dGates, d[0], d[1], d[2], maybe(dy), kept, nextC, before, maybe(lengths), t, B, H,
        ); // biome-ignore format: as in backend.ts
        return [y, nextH, nextC, nextM, kept, dGates, ...d].map((x) => x.array.slice());
      };
    },
  ],
];

export const cases: [string, Case][] = [
  ...unary,
  ...binary,
  ...alongAxis,
  ...memory,
  ...attention,
  ...steps,
  ...scans,
  ...stabilized,
  ...updates,
];
