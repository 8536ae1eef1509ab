// Keras' layers written out in plain arithmetic, row by row and in float64, from the equations of its documentation: an oracle for the reader of its files.

export type Vector = readonly number[];
export type Matrix = readonly Vector[];

export const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
export const add = (a: Vector, b: Vector): number[] => a.map((x, i) => x + b[i]);
export const times = (a: Vector, b: Vector): number[] => a.map((x, i) => x * b[i]);
export const dotOf = (a: Vector, b: Vector) => a.reduce((sum, x, i) => sum + x * b[i], 0);

/** x W, with W [I, O]. */
export const product = (x: Vector, W: Matrix): number[] =>
  W[0].map((_, j) => x.reduce((sum, v, i) => sum + v * W[i][j], 0));

/** Columns [from, to) of each row. */
const columns = (W: Matrix, from: number, to: number): number[][] => W.map((row) => row.slice(from, to));

/** A layer's arrays as get_weights() gives them: kernel [I, G·H], recurrent kernel [H, G·H], bias [G·H], of a GRU with reset_after [2, 3H]. */
export interface Recurrent {
  readonly kind: 'SimpleRNN' | 'LSTM' | 'GRU';
  readonly kernel: Matrix;
  readonly recurrent: Matrix;
  readonly bias: Matrix;
  readonly resetAfter?: boolean;
}

/** States: h, and of an LSTM c. */
export type State = readonly Vector[];

export const zeroState = ({ kind, recurrent }: Recurrent): State =>
  Array.from({ length: kind === 'LSTM' ? 2 : 1 }, () => recurrent.map(() => 0));

/** One step: gates i f c o of an LSTM, z r h of a GRU. */
export function step({ kind, kernel, recurrent, bias, resetAfter }: Recurrent, x: Vector, [h, c]: State): State {
  const H = h.length;
  const [input, hidden = input.map(() => 0)] = bias;
  const xs = add(product(x, kernel), input);
  const hs = add(product(h, recurrent), hidden);
  const part = (v: Vector, k: number) => v.slice(k * H, (k + 1) * H);
  if (kind === 'SimpleRNN') return [add(xs, hs).map(Math.tanh)];
  if (kind === 'LSTM') {
    const [i, f, g, o] = [0, 1, 2, 3].map((k) => add(part(xs, k), part(hs, k)));
    const next = add(times(f.map(sigmoid), c), times(i.map(sigmoid), g.map(Math.tanh)));
    return [times(o.map(sigmoid), next.map(Math.tanh)), next];
  }
  const [z, r] = [0, 1].map((k) => add(part(xs, k), part(hs, k)).map(sigmoid));
  const inner = resetAfter
    ? times(r, part(hs, 2))
    : add(product(times(r, h), columns(recurrent, 2 * H, 3 * H)), part(hidden, 2));
  const n = add(part(xs, 2), inner).map(Math.tanh);
  return [h.map((v, j) => z[j] * v + (1 - z[j]) * n[j])];
}

/**
 * A sequence of one row. Where the mask says no, the output before is repeated (zeros before the first) and the state stays; `backwards` reads from the end
 * and gives its outputs in the order in which it reads.
 */
export function sequence(
  layer: Recurrent,
  xs: Matrix,
  options: { readonly mask?: readonly boolean[]; readonly backwards?: boolean; readonly before?: State } = {},
): { readonly outputs: number[][]; readonly state: State } {
  const order = [...xs.keys()];
  if (options.backwards) order.reverse();
  let state = options.before ?? zeroState(layer);
  let output: Vector = state[0].map(() => 0);
  const outputs = order.map((t) => {
    if (options.mask?.[t] === false) return [...output];
    state = step(layer, xs[t], state);
    [output] = state;
    return [...output];
  });
  return { outputs, state };
}

export const merges: Readonly<Record<string, (a: Vector, b: Vector) => number[]>> = {
  concat: (a, b) => [...a, ...b],
  sum: add,
  mul: times,
  ave: (a, b) => add(a, b).map((x) => x / 2),
};

export const softmax = (x: Vector): number[] => {
  const most = Math.max(...x);
  const e = x.map((v) => Math.exp(v - most));
  const sum = e.reduce((a, b) => a + b, 0);
  return e.map((v) => v / sum);
};

/** Σ_j softmax_j(score(q, k_j)) v_j for each query; masked values weigh nothing, masked queries give zeros. */
export function attention(
  { query, value, key = value }: { readonly query: Matrix; readonly value: Matrix; readonly key?: Matrix },
  score: (q: Vector, k: Vector) => number,
  options: {
    readonly queryMask?: readonly boolean[];
    readonly valueMask?: readonly boolean[];
    readonly causal?: boolean;
  } = {},
): number[][] {
  const { queryMask, valueMask, causal = false } = options;
  return query.map((q, i) => {
    const scores = key.map((k, j) => (valueMask?.[j] === false || (causal && j > i) ? -Infinity : score(q, k)));
    const weights = softmax(scores);
    const mixed = value[0].map((_, n) => weights.reduce((sum, w, j) => sum + w * value[j][n], 0));
    return queryMask?.[i] === false ? mixed.map(() => 0) : mixed;
  });
}

/** ∫ of the normal distribution up to x, by Simpson's rule: good to 1e-10 for |x| < 8. */
export function normalCdf(x: number): number {
  const [n, from] = [4000, -9];
  const h = (x - from) / n;
  const f = (v: number) => Math.exp((-v * v) / 2) / Math.sqrt(2 * Math.PI);
  let sum = f(from) + f(x);
  for (let k = 1; k < n; k++) sum += (k % 2 ? 4 : 2) * f(from + k * h);
  return (sum * h) / 3;
}
