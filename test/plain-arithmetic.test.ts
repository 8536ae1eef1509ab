// Oracles from outside: what a few lines of arithmetic say that gradients, masks, carried states and restored state have to be. None of them
// shares a line with what it tests.

import { describe, expect, test } from 'vitest';
import {
  BatchNorm1d,
  CarriedState,
  indices,
  LanguageModel,
  linearCrossEntropy,
  LinearCell,
  manualSeed,
  noGrad,
  ones,
  Parameter,
  Recurrent,
  RNN,
  Seq2Seq,
  Seq2SeqStepper,
  stepperOf,
  Tensor,
  tensor,
} from 'unrolled';
import { preservingState } from 'unrolled/analysis';
import { observeSteps } from 'unrolled/analysis';

const leaf = (values: number[] | number[][]) => Parameter.of(tensor(values));
const numbers = (x: Tensor | null) => Array.from((x as Tensor).dataSync());

describe('gradients that arrive as views of one memory', () => {
  // loss = Σ k (x + y) + Σ 3x through views: ∂x = k + 3, ∂y = k. The sum's two gradients are one memory, and what is added to x must not reach y.
  test('stay apart where two leaves share them and one is used again', () => {
    const [x, y] = [leaf([1, 2, 3, 4]), leaf([5, 6, 7, 8])];
    const early = x.mul(3).sum();
    const late = x
      .reshape(2, 2)
      .add(y.reshape(2, 2))
      .mul(
        tensor([
          [1, 2],
          [3, 4],
        ]),
      )
      .sum();
    early.add(late).backward();
    expect(numbers(x.grad)).toEqual([4, 5, 6, 7]);
    expect(numbers(y.grad)).toEqual([1, 2, 3, 4]);
  });

  // h = 2a used through two views: Σ k h + Σ m h. ∂a = 2 (k + m). b is added beside the first view and must keep k.
  test('stay apart inside of the graph', () => {
    const [a, b] = [leaf([1, 2]), leaf([3, 4])];
    const h = a.mul(2);
    const early = h
      .reshape(2, 1)
      .mul(tensor([[10], [20]]))
      .sum();
    const late = h
      .reshape(1, 2)
      .add(b.reshape(1, 2))
      .mul(tensor([[1, 2]]))
      .sum();
    early.add(late).backward();
    expect(numbers(a.grad)).toEqual([22, 44]);
    expect(numbers(b.grad)).toEqual([1, 2]);
  });

  test('and a gradient that is watched keeps its value', () => {
    const x = leaf([1, 2]);
    const h = x.mul(2).retainGrad();
    const early = x.mul(5).sum();
    early.add(h.reshape(2, 1).sum()).backward();
    expect(numbers(h.grad)).toEqual([1, 1]);
    expect(numbers(x.grad)).toEqual([7, 7]);
  });
});

describe('noGrad', () => {
  test('inside of noGrad leaves the outer one on', () => {
    const x = leaf([1]);
    noGrad(() => {
      noGrad(() => x.mul(2));
      expect(x.mul(2).requiresGrad).toBe(false);
      expect(() =>
        noGrad(() => {
          throw new Error('inside');
        }),
      ).toThrow('inside');
      expect(x.mul(2).requiresGrad).toBe(false);
    });
    expect(x.mul(2).requiresGrad).toBe(true);
  });
});

describe('linearCrossEntropy with smoothed labels and targets that do not count', () => {
  // q = (1 − ε)·1_y + ε/V, loss = −Σ q ln softmax(s), s = W x + b, over the n targets that count: mean or sum. ds = (softmax(s) − q) / n, 0 elsewhere.
  const [V, I, epsilon, ignored] = [4, 2, 0.3, -100];
  const x = [
    [0.3, -0.7],
    [1.1, 0.2],
    [-0.4, 0.9],
    [5, -5],
  ];
  const W = [
    [0.5, -0.2],
    [0.1, 0.8],
    [-0.6, 0.4],
    [0.3, 0.3],
  ];
  const b = [0.1, -0.3, 0.2, 0];
  const y = [2, ignored, 0, ignored];

  test.each(['mean', 'sum'] as const)('%s: the loss and every gradient', (reduction) => {
    const n = y.filter((t) => t !== ignored).length;
    const scale = reduction === 'mean' ? 1 / n : 1;
    let loss = 0;
    const ds = x.map((row, r) => {
      if (y[r] === ignored) return new Array<number>(V).fill(0);
      const s = W.map((w, v) => w[0] * row[0] + w[1] * row[1] + b[v]);
      const total = s.reduce((sum, v) => sum + Math.exp(v), 0);
      return s.map((score, v) => {
        const q = (v === y[r] ? 1 - epsilon : 0) + epsilon / V;
        loss -= scale * q * Math.log(Math.exp(score) / total);
        return scale * (Math.exp(score) / total - q);
      });
    });
    const [px, pW, pb] = [leaf(x), leaf(W), leaf(b)];
    const got = linearCrossEntropy(px, pW, pb, indices(y), {
      reduction,
      labelSmoothing: epsilon,
      ignoreIndex: ignored,
    });
    got.backward();
    const near = (values: number[]) => values.map((v) => expect.closeTo(v, 5) as number);
    const columns = Array.from({ length: I }, (_, i) => i);
    expect(got.itemSync()).toBeCloseTo(loss, 5);
    expect(numbers(px.grad)).toEqual(
      near(ds.flatMap((d) => columns.map((i) => d.reduce((a, v, k) => a + v * W[k][i], 0)))),
    );
    expect(numbers(pW.grad)).toEqual(
      near(W.flatMap((_, v) => columns.map((i) => ds.reduce((a, d, r) => a + d[v] * x[r][i], 0)))),
    );
    expect(numbers(pb.grad)).toEqual(near(b.map((_, v) => ds.reduce((a, d) => a + d[v], 0))));
  });
});

describe('dropout in recurrent layers', () => {
  const x = () => ones([3, 2, 4]);

  test('is of the outputs between layers: what the first layer reads is whole', () => {
    const one = new RNN(4, 5, { dropout: 0.9 });
    expect(numbers(one.train().forward(x())[0])).toEqual(numbers(one.eval().forward(x())[0]));
    const two = new RNN(4, 5, { dropout: 0.9, numLayers: 2 });
    const [, training] = two.train().forward(x());
    const [, resting] = two.eval().forward(x());
    expect(numbers(training.select(0, 0))).toEqual(numbers(resting.select(0, 0)));
    expect(numbers(training.select(0, 1))).not.toEqual(numbers(resting.select(0, 1)));
  });

  /** h' = relu(m ⊙ h) from h0 = 1: after t steps with one mask m of 0 and 1/(1 − p), 0 or (1/(1 − p))^t; with new masks, zeros among them. */
  function powers(look: boolean): number[] {
    const [T, B, H] = [4, 50, 8];
    const layer = new RNN(1, H, { nonlinearity: 'relu', bias: false, recurrentDropout: 0.5 });
    const [weightIh, weightHh] = layer.parameters();
    weightIh.set(new Float32Array(H));
    weightHh.set(Float32Array.from({ length: H * H }, (_, k) => (k % (H + 1) === 0 ? 1 : 0)));
    manualSeed(3);
    const run = () => layer.forward(ones([T, B, 1]), ones([1, B, H]))[0];
    const y = look ? observeSteps(() => {}, run) : run();
    const data = y.dataSync();
    for (let k = 0; k < B * H; k++) {
      const unit = Array.from({ length: T }, (_, t) => data[t * B * H + k]);
      expect([
        [0, 0, 0, 0],
        [2, 4, 8, 16],
      ]).toContainEqual(unit);
    }
    return Array.from(data.subarray(0, B * H));
  }

  test.each([
    ['in the kernel', false],
    ['step by step', true],
  ])('of the state has one mask for all steps, %s', (_name, look) => {
    const first = powers(look);
    const kept = first.filter((v) => v > 0).length / first.length; // 400 draws of ½: ±0.1 is four deviations
    expect(kept).toBeGreaterThan(0.4);
    expect(kept).toBeLessThan(0.6);
    const rows = new Set(Array.from({ length: 50 }, (_v, b) => first.slice(b * 8, b * 8 + 8).join())); // and one for each row
    expect(rows.size).toBeGreaterThan(20);
  });
});

describe('truncated back-propagation', () => {
  // h_t = w h_(t−1) + u x_t from h_0 = 0, loss = Σ h_t: dh_t/dw = h_(t−1) + w dh_(t−1)/dw, where a window's first step has no dh before it.
  const [w, u] = [0.5, 1.5];
  const x = [1, -2, 3, 0.5, -1, 2];

  function byHand(window: number): { dw: number; du: number } {
    let [h, dhw, dhu, dw, du] = [0, 0, 0, 0, 0];
    for (const [t, v] of x.entries()) {
      if (t % window === 0) [dhw, dhu] = [0, 0];
      [dhw, dhu, h] = [h + w * dhw, v + w * dhu, w * h + u * v];
      dw += dhw;
      du += dhu;
    }
    return { dw, du };
  }

  test.each([1, 2, 3, 6])('in windows of %i steps has the gradient of that many, and no more', (window) => {
    const cell = new LinearCell(1, 1);
    cell.weightHh.set([w]);
    cell.weightIh.set([u]);
    const layer = new Recurrent(cell);
    const carried = new CarriedState<Tensor>();
    for (let t = 0; t < x.length; t += window) {
      const [y, next] = layer.forward(tensor(x.slice(t, t + window), [window, 1, 1]), carried.value);
      y.sum().backward();
      carried.replace(next);
    }
    const { dw, du } = byHand(window);
    expect(cell.weightHh.grad?.itemSync()).toBeCloseTo(dw, 5);
    expect(cell.weightIh.grad?.itemSync()).toBeCloseTo(du, 5);
    expect(byHand(1).dw).not.toBeCloseTo(byHand(6).dw, 1); // the windows differ, or this would say nothing
  });
});

test('a translator that reads its source from the end gives its attention in the order of the source', () => {
  const options = { sourceVocabulary: 8, targetVocabulary: 6, hiddenSize: 4, bidirectional: false };
  manualSeed(2);
  const plain = new Seq2Seq(options).eval();
  const reversed = new Seq2Seq({ ...options, reverseSource: true }).eval();
  for (const p of plain.parameters()) p.set(p.dataSync().map((v) => 6 * v)); // so that it looks at some places more than at others
  reversed.loadStateDict(plain.stateDict());
  const sources = [
    [4, 5, 6, 7],
    [6, 4],
  ];
  const look = (model: Seq2Seq, given: number[][]) => {
    const stepper = new Seq2SeqStepper(model, given);
    const scores = stepper.step(stepper.first, Int32Array.of(0, 1));
    return { scores: Array.from(scores), attention: stepper.attention?.map((row) => Array.from(row)) };
  };
  const straight = look(
    plain,
    sources.map((row) => row.toReversed()),
  );
  const mirrored = look(reversed, sources);
  expect(mirrored.scores).toEqual(straight.scores);
  expect(mirrored.attention).toEqual(straight.attention?.map((row) => row.toReversed()));
  expect(mirrored.attention).not.toEqual(straight.attention);
  for (const { attention } of [straight, mirrored]) {
    expect(attention?.map((row) => row.length)).toEqual([4, 2]); // and nowhere in the padding
    for (const row of attention ?? []) expect(row.reduce((a, w) => a + w, 0)).toBeCloseTo(1, 5);
  }
});

test('what a look borrows it gives back: buffers, gradients, chance and whether it was training', () => {
  const norm = new BatchNorm1d(2);
  norm.forward(
    tensor([
      [1, 2],
      [3, 6],
    ]),
  );
  const parameter = norm.weight as Parameter;
  parameter.grad = ones([2]);
  const before = JSON.stringify([...norm.namedState()].map(([name, t]) => [name, numbers(t)]));
  preservingState(norm, () => {
    norm
      .forward(
        tensor([
          [100, 200],
          [300, 600],
        ]),
      )
      .sum()
      .backward();
    norm.eval();
    norm.forward(tensor([[1, 2]]));
    return ones([]);
  });
  expect(JSON.stringify([...norm.namedState()].map(([name, t]) => [name, numbers(t)]))).toBe(before);
  // 0.9 · 0 + 0.1 · mean and 0.9 · 1 + 0.1 · variance over n − 1, of the first batch alone
  expect(numbers(norm.runningMean)).toEqual([expect.closeTo(0.2, 6), expect.closeTo(0.4, 6)]);
  expect(numbers(norm.runningVar)).toEqual([expect.closeTo(1.1, 6), expect.closeTo(1.7, 6)]);
  expect(numbers(parameter.grad)).toEqual([1, 1]);
  expect(norm.training).toBe(true);
});

test.each(['lstm', 'gru', 'rnn', 'lstm-peephole'] as const)(
  'a stepper of %s that is reset begins as a new one',
  (cell) => {
    const model = new LanguageModel(5, { cell, hiddenSize: 6, numLayers: 2 }).eval();
    const read = (stepper: ReturnType<typeof stepperOf>, ids: number[]) =>
      ids.map((id) => Array.from(stepper.step(id)));
    const stepper = stepperOf(model);
    const first = read(stepper, [1, 4, 2]);
    stepper.reset();
    expect(read(stepper, [1, 4, 2])).toEqual(first);
    expect(read(stepper, [1, 4, 2])).not.toEqual(first); // it does carry something
  },
);
