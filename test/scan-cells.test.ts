// Cells whose state enters linearly: what holds for them beyond what holds for every cell (invariants.test.ts).

import { afterEach, describe, expect, test } from 'vitest';
import {
  CarriedState,
  type Cell,
  currentBackend,
  init,
  manualSeed,
  MinGRUCell,
  noGrad,
  randn,
  Recurrent,
  scope,
  setDefaultDtype,
  type Tensor,
  tensor,
  useBackend,
} from 'unrolled';
import { ReferenceBackend } from '../packages/unrolled/src/backend/reference/reference.ts';
import { cells } from './cells.ts';

const scanning = Object.entries(cells).flatMap(([name, make]) => {
  const cell = (i: number, h: number) => make(i, h) as Cell<object>;
  return cell(3, 4).sequence ? [[name, cell] as const] : [];
});

const usual = currentBackend();

afterEach(async () => {
  setDefaultDtype('float32');
  await useBackend(usual);
});

/** The outputs [T, B, H] of one step after the other. */
function stepped(cell: Cell<object>, x: Tensor): number[] {
  const carried = new CarriedState<object>();
  const ys: number[] = [];
  for (let t = 0; t < x.shape[0]; t++)
    scope(() => {
      const [y, after] = cell.step(x.select(0, t), carried.value ?? cell.initialState(x.shape[1]));
      ys.push(...y.dataSync());
      carried.replace(after);
    });
  return ys;
}

describe.each(scanning)('%s', (_name, make) => {
  test('4,096 steps in one scan are 4,096 single steps, to 1e-5 in float32', () => {
    manualSeed(3);
    const [cell, x] = [make(5, 7), randn([4096, 2, 5])];
    noGrad(() => {
      const [y] = new Recurrent(cell).forward(x);
      const single = stepped(cell, x);
      const apart = y.dataSync().map((v, k) => Math.abs(v - single[k]) / Math.max(1, Math.abs(single[k])));
      expect(Math.max(...apart)).toBeLessThanOrEqual(1e-5);
    });
  });

  test('10,000 steps with gates at 0 and at 1 give no NaN, neither forward nor back', () => {
    manualSeed(4);
    const [cell, x] = [make(5, 7), randn([10_000, 2, 5]).mul(300).detach()]; // σ(±300) is 1 and 0
    x.requiresGrad = true;
    const [y] = new Recurrent(cell).forward(x);
    y.mean().backward();
    for (const t of [y, x.grad as Tensor, ...cell.parameters().map((p) => p.grad as Tensor)])
      expect(t.dataSync().every(Number.isFinite)).toBe(true);
  });
});

const sigmoid = (v: number) => 1 / (1 + Math.exp(-v));
const logAddExp = (a: number, b: number) => Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)));
const softplus = (v: number) => logAddExp(0, v);
const logPositive = (v: number) => (v >= 0 ? Math.log(v + 0.5) : -softplus(-v));

/** The paper's scan: log h_t = A_t + log Σ_(s ≤ t) exp(log b_s − A_s) with A_t = Σ_(s ≤ t) log a_s. */
function logSpaceScan(logA: readonly number[], logB: readonly number[]): number[] {
  let [A, sum] = [0, -Infinity];
  return logA.map((v, t) => {
    A += v;
    sum = logAddExp(sum, logB[t] - A);
    return Math.exp(A + sum);
  });
}

test("minGRU's scan equals the paper's in logarithms", async () => {
  await useBackend(new ReferenceBackend());
  setDefaultDtype('float64');
  const cell = new MinGRUCell(1, 1);
  const T = 300;
  const values = { weightIh: [1.7, -2.3], biasIh: [-1, 0.2] };
  const layer = new Recurrent(cell);
  for (const p of layer.parameters()) expect(p.dtype).toBe('float64');
  cell.weightIh.storage.array.set(values.weightIh);
  cell.biasIh?.storage.array.set(values.biasIh);
  const xs = Array.from({ length: T }, (_, t) => 3 * Math.sin(1.3 * t * t));
  const z = xs.map((x) => 1.7 * x - 1);
  const logB = xs.map((x, t) => -softplus(-z[t]) + logPositive(-2.3 * x + 0.2));
  const expected = logSpaceScan(
    z.map((v) => -softplus(v)),
    logB,
  );
  const [y] = layer.forward(tensor(xs, [T, 1, 1]));
  y.dataSync().forEach((v, t) => expect(v).toBeCloseTo(expected[t], 12));
});

test('minGRU of one unit, worked by hand', () => {
  // z = σ(0·x + 0) = ½; h̃ = g(2x): x = 1 → 2.5, x = −1 → σ(−2); h₁ = ½·1 + ½·2.5 = 1.75, h₂ = ½·1.75 + ½·σ(−2)
  const cell = new MinGRUCell(1, 1);
  cell.weightIh.set(tensor([[0], [2]]));
  if (cell.biasIh) init.constant(cell.biasIh, 0);
  const [y, last] = new Recurrent(cell).forward(tensor([[[1]], [[-1]]]), tensor([[[1]]]));
  const [first, second] = y.dataSync();
  expect(first).toBeCloseTo(1.75, 6);
  expect(second).toBeCloseTo(0.875 + 0.5 * sigmoid(-2), 6);
  expect(last.itemSync()).toBe(second);
});
