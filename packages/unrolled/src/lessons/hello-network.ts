// The lecture's network: four letters, three hidden units, and the states and scores that are printed on its slide for h, e, l, l. The weights are
// not printed, but a tanh network with exactly these numbers exists. With a_t = atanh(h_t) it has to satisfy
//
//   W_xh x_t + W_hh h_{t−1} = a_t        W_hy h_t + b_y = y_t
//
// Both l's are read in different states, so W_hh (h_2 − h_3) = a_3 − a_4; the smallest matrix that does this has rank one. Each column of W_xh is then
// what is left, and W_hy with b_y is the solution of four equations in four unknowns: (h_t, 1) is invertible. One printed state is 1.0, which no tanh
// reaches; here it is 0.995.

import { indices, Linear, RNNCell, tensor, type Tensor, zeros } from '../index.ts';

/** The vocabulary, in the order of the scores. */
export const symbols = ['h', 'e', 'l', 'o'] as const;

/** What is read, and what should come next, as indices of `symbols`. */
export const read = [0, 1, 2, 2] as const;
export const targets = [1, 2, 2, 3] as const;

/** The scores on the slide, a row for each step. */
export const scores = [
  [1.0, 2.2, -3.0, 4.1],
  [0.5, 0.3, -1.0, 1.2],
  [0.1, 0.5, 1.9, -1.1],
  [0.2, -1.5, -0.1, 2.2],
] as const;

/** The states on the slide. */
export const states = [
  [0.3, -0.1, 0.9],
  [0.995, 0.3, 0.1],
  [0.1, -0.5, -0.3],
  [-0.3, 0.9, 0.7],
] as const;

/** A tanh cell without a bias, and what makes scores of its state. */
export interface HelloNetwork {
  readonly cell: RNNCell;
  readonly head: Linear;
}

/** The network of the slide, in the default dtype. */
export function helloNetwork(): HelloNetwork {
  const a = states.map((h) => h.map(Math.atanh));
  const apart = states[1].map((v, i) => v - states[2][i]);
  const square = dot(apart, apart);
  const weightHh = a[2].map((v, i) => apart.map((d) => ((v - a[3][i]) * d) / square)); // [H, H]
  const before = [[0, 0, 0], states[0], states[1]];
  const column = (t: number) => a[t].map((v, i) => v - dot(weightHh[i], before[t]));
  const columns = [column(0), column(1), column(2), [0, 0, 0]]; // o is never read
  const cell = new RNNCell(4, 3, { bias: false });
  cell.weightIh.set([0, 1, 2].flatMap((i) => columns.map((c) => c[i])));
  cell.weightHh.set(weightHh.flat());
  const solved = solve(
    states.map((h) => [...h, 1]),
    scores.map((y) => [...y]),
  ); // [H + 1, V]
  const head = new Linear(3, 4);
  head.weight.set(symbols.flatMap((_, v) => [0, 1, 2].map((i) => solved[i][v])));
  (head.bias as Tensor).set(solved[3]);
  return { cell, head };
}

/** x_t as a row: 1 at the letter's place. */
export function oneHot(symbol: number): Tensor {
  return tensor([symbols.map((_, k) => Number(k === symbol))]);
}

/** The states [1, 3] and scores [1, 4] of the four steps. `weightHh` stands in for the cell's own, step by step. */
export function runHello({ cell, head }: HelloNetwork, weightHh?: readonly Tensor[]): { h: Tensor[]; y: Tensor[] } {
  let state = zeros([1, 3]);
  const h: Tensor[] = [];
  for (const [t, symbol] of read.entries()) {
    if (weightHh)
      state = oneHot(symbol).matmul(cell.weightIh.transpose()).add(state.matmul(weightHh[t].transpose())).tanh();
    else [, state] = cell.step(oneHot(symbol), state);
    h.push(state);
  }
  return { h, y: h.map((one) => head.forward(one)) };
}

/** The targets of the four steps. */
export const helloTargets = () => indices(targets);

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, v, i) => sum + v * b[i], 0);

/** X of A X = B by elimination with pivots. */
function solve(A: readonly (readonly number[])[], B: readonly (readonly number[])[]): number[][] {
  const n = A.length;
  const rows = A.map((row, i) => [...row, ...B[i]]);
  for (let c = 0; c < n; c++) {
    const pivot = rows
      .slice(c)
      .reduce((best, row, i) => (Math.abs(row[c]) > Math.abs(rows[best][c]) ? c + i : best), c);
    [rows[c], rows[pivot]] = [rows[pivot], rows[c]];
    for (const [r, row] of rows.entries()) {
      if (r === c) continue;
      const factor = row[c] / rows[c][c];
      for (let k = c; k < row.length; k++) row[k] -= factor * rows[c][k];
    }
  }
  return rows.map((row, i) => row.slice(n).map((v) => v / row[i]));
}
