// Numbers with no training, no data and no seed, from the courses that teach recurrent networks: the lecture's "hello", CS231n's third
// assignment (vanilla, LSTM, embedding, temporal softmax), EECS 498's attention LSTM, and both forms of the GRU.
//
// The courses write a step as x Wx + h Wh + b with Wx [I, G·H]; ours is W x with W [G·H, I] and two biases, of which one is zero here.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Backend } from '../packages/unrolled/src/backend/backend.ts';
import { currentBackend, useBackend } from '../packages/unrolled/src/backend/load.ts';
import { ReferenceBackend } from '../packages/unrolled/src/backend/reference/reference.ts';
import {
  Embedding,
  type GatedCell,
  GRUResetBeforeCell,
  GRUCell,
  LSTMCell,
  Recurrent,
  RNNCell,
} from '../packages/unrolled/src/nn/index.ts';
import {
  attention,
  cat,
  crossEntropy,
  indices,
  linspace,
  setDefaultDtype,
  Tensor,
  tensor,
  zeros,
} from '../packages/unrolled/src/tensor/index.ts';

let before: Backend;

beforeAll(async () => {
  before = currentBackend();
  await useBackend(new ReferenceBackend());
  setDefaultDtype('float64');
});

afterAll(async () => {
  setDefaultDtype('float32');
  await useBackend(before);
});

/** `lin(a, b)` of the courses: evenly spaced values over the shape, row by row. */
function lin(a: number, b: number, ...shape: number[]): Tensor {
  const size = shape.reduce((x, y) => x * y, 1);
  return linspace(a, b, size).reshape(...shape);
}

/** Every number within 1e-7 of the printed one, relatively, but for the digits that were not printed. */
function expectPrinted(actual: Tensor, printed: string): void {
  const texts = printed.trim().split(/\s+/);
  const values = actual.dataSync();
  expect(values).toHaveLength(texts.length);
  for (const [i, text] of texts.entries()) {
    const expected = Number(text);
    const unprinted = 0.5 * 10 ** -(text.split('.')[1]?.length ?? 0);
    const apart = Math.abs(values[i] - expected);
    if (apart > 1e-7 * Math.abs(expected) + unprinted) expect.fail(`number ${i} is ${values[i]}, expected ${text}`);
  }
}

/** Blocks of columns in another order: i f o g, which the courses have, to i f g o. */
function reorder(weight: Tensor, order: readonly number[]): Tensor {
  const blocks = weight.chunk(order.length);
  return cat(
    order.map((k) => blocks[k]),
    -1,
  );
}

const vanilla = [0];
const ifog = [0, 1, 3, 2];
const rzn = [0, 1, 2];

/** Gives a cell the course's weights. */
function load<C extends GatedCell<unknown>>(
  cell: C,
  order: readonly number[],
  Wx: Tensor,
  Wh: Tensor,
  bx: Tensor,
  bh?: Tensor,
): C {
  cell.weightIh.set(reorder(Wx, order).transpose());
  cell.weightHh.set(reorder(Wh, order).transpose());
  cell.biasIh?.set(reorder(bx, order));
  cell.biasHh?.set(bh ? reorder(bh, order) : zeros(bx.shape));
  return cell;
}

/** One step through the cell's equations, and through the layer that runs the fused kernel: the courses' numbers hold for both. */
function stepBoth<S extends Tensor | { h: Tensor; c: Tensor }>(cell: GatedCell<S>, x: Tensor, state: S): S[] {
  const lift = (s: Tensor | { h: Tensor; c: Tensor }): S =>
    (s instanceof Tensor ? s.unsqueeze(0) : { h: s.h.unsqueeze(0), c: s.c.unsqueeze(0) }) as S;
  return [cell.step(x, state)[1], new Recurrent(cell).forward(x.unsqueeze(0), lift(state))[1]];
}

describe("the lecture's hello: vocabulary h e l o, input h e l l, target e l l o", () => {
  const logits = '1.0 2.2 -3.0 4.1   0.5 0.3 -1.0 1.2   0.1 0.5 1.9 -1.1   0.2 -1.5 -0.1 2.2';
  const target = [1, 2, 2, 3];
  const y = (): Tensor => tensor(logits.split(/\s+/).map(Number), [4, 4]);

  test('gives these losses step by step, their sum and their mean', () => {
    const losses = crossEntropy(y(), indices(target), { reduction: 'none' });
    expectPrinted(losses, '2.078517 2.900102 0.379588 0.231364');
    expectPrinted(crossEntropy(y(), indices(target), { reduction: 'sum' }), '5.589571');
    expectPrinted(crossEntropy(y(), indices(target)), '1.397393');
  });

  test('gives the targets these probabilities', () => {
    expectPrinted(
      y()
        .softmax()
        .gather(1, indices(target, [4, 1])),
      '0.1251 0.0550 0.6841 0.7935',
    );
  });

  test("is within a hundredth of the slide's columns, which were rounded by hand", () => {
    const slide = [0.03, 0.13, 0, 0.84, 0.25, 0.2, 0.05, 0.5, 0.11, 0.17, 0.68, 0.03, 0.11, 0.02, 0.08, 0.79];
    for (const [i, p] of y().softmax().dataSync().entries()) expect(Math.abs(p - slide[i])).toBeLessThan(0.01);
  });

  test('has the argmax o at the first step, where the target is e', () => {
    expect(y().argmax(1).dataSync()[0]).toBe(3);
  });
});

describe('CS231n, assignment 3', () => {
  test('vanilla step', () => {
    const cell = load(new RNNCell(10, 4), vanilla, lin(-0.1, 0.9, 10, 4), lin(-0.3, 0.7, 4, 4), lin(-0.2, 0.4, 4));
    for (const h of stepBoth(cell, lin(-0.4, 0.7, 3, 10), lin(-0.2, 0.5, 3, 4))) {
      expectPrinted(
        h,
        `-0.58172089 -0.50182032 -0.41232771 -0.31410098
          0.66854692  0.79562378  0.87755553  0.92795967
          0.97934501  0.99144213  0.99646691  0.99854353`,
      );
    }
  });

  test('vanilla sequence', () => {
    const cell = load(new RNNCell(4, 5), vanilla, lin(-0.2, 0.4, 4, 5), lin(-0.4, 0.1, 5, 5), lin(-0.7, 0.1, 5));
    const layer = new Recurrent(cell, { batchFirst: true });
    const [h] = layer.forward(lin(-0.1, 0.3, 2, 3, 4), lin(-0.3, 0.1, 1, 2, 5));
    expectPrinted(
      h,
      `-0.42070749 -0.27279261 -0.11074945  0.05740409  0.22236251
       -0.39525808 -0.22554661 -0.0409454   0.14649412  0.32397316
       -0.42305111 -0.24223728 -0.04287027  0.15997045  0.35014525

       -0.55857474 -0.39065825 -0.19198182  0.02378408  0.23735671
       -0.27150199 -0.07088804  0.13562939  0.33099728  0.50158768
       -0.51014825 -0.30524429 -0.06755202  0.17806392  0.40333043`,
    );
  });

  test('LSTM step', () => {
    const cell = load(new LSTMCell(4, 5), ifog, lin(-2.1, 1.3, 4, 20), lin(-0.7, 2.2, 5, 20), lin(0.3, 0.7, 20));
    for (const { h, c } of stepBoth(cell, lin(-0.4, 1.2, 3, 4), { h: lin(-0.3, 0.7, 3, 5), c: lin(-0.4, 0.9, 3, 5) })) {
      expectPrinted(
        h,
        `0.24635157 0.28610883 0.32240467 0.35525807 0.38474904
         0.49223563 0.55611431 0.61507696 0.66844003 0.7159181
         0.56735664 0.66310127 0.74419266 0.80889665 0.858299`,
      );
      expectPrinted(
        c,
        `0.32986176 0.39145139 0.451556   0.51014116 0.56717407
         0.66382255 0.76674007 0.87195994 0.97902709 1.08751345
         0.74192008 0.90592151 1.07717006 1.25120233 1.42395676`,
      );
    }
  });

  test('LSTM sequence', () => {
    const cell = load(new LSTMCell(5, 4), ifog, lin(-0.2, 0.9, 5, 16), lin(-0.3, 0.6, 4, 16), lin(0.2, 0.7, 16));
    const layer = new Recurrent(cell, { batchFirst: true });
    const [h] = layer.forward(lin(-0.4, 0.6, 2, 3, 5), { h: lin(-0.4, 0.8, 1, 2, 4), c: zeros([1, 2, 4]) });
    expectPrinted(
      h,
      `0.01764008 0.01823233 0.01882671 0.0194232
       0.11287491 0.12146228 0.13018446 0.13902939
       0.31358768 0.33338627 0.35304453 0.37250975

       0.45767879 0.4761092  0.4936887  0.51041945
       0.6704845  0.69350089 0.71486014 0.7346449
       0.81733511 0.83677871 0.85403753 0.86935314`,
    );
  });

  test('word embedding', () => {
    const words = new Embedding(5, 3);
    words.weight.set(lin(0, 1, 5, 3));
    const rows = words.forward(indices([[0, 3, 1, 2], [2, 1, 0, 3]])); // biome-ignore format: one line
    const expected = [0, 3, 1, 2, 2, 1, 0, 3].flatMap((row) => [0, 1, 2].map((k) => (3 * row + k) / 14));
    for (const [i, value] of rows.dataSync().entries()) expect(value).toBeCloseTo(expected[i], 14);
  });

  test.each([
    [100, 1, 10, 1, 2.295, 2.31],
    [100, 10, 10, 1, 22.95, 23.1],
    [5000, 10, 10, 0.1, 2.2, 2.4],
  ])('temporal softmax of %i rows, %i steps and %i words, a share of %f of them kept', (N, T, V, keep, low, high) => {
    const spread = (i: number): number => Math.abs(Math.sin(12.9898 * i) * 43758.5453) % 1; // as good as random here
    const scores = tensor(
      Float64Array.from({ length: N * T * V }, (_, i) => 0.001 * spread(i)),
      [N * T, V],
    );
    const targets = Int32Array.from({ length: N * T }, (_, i) =>
      spread(i + 0.5) < keep ? Math.floor(V * spread(i + 0.25)) : -1,
    );
    const loss = crossEntropy(scores, indices(targets, [N * T]), { reduction: 'sum', ignoreIndex: -1 }).div(N);
    expect(loss.itemSync()).toBeGreaterThan(low);
    expect(loss.itemSync()).toBeLessThan(high);
  });
});

describe('EECS 498, the attention LSTM', () => {
  test('scaled dot-product attention over 4 × 4 places', () => {
    const places = lin(-0.4, 1.8, 2, 5, 16).transpose(1, 2); // [N, 16, H]
    const { context, weights } = attention(lin(-0.4, 0.6, 2, 5), places, places, { scale: 1 / Math.sqrt(5) });
    expectPrinted(
      context,
      `-0.29784344 -0.07645979 0.14492386 0.36630751 0.58769115
        0.81412643  1.03551008 1.25689373 1.47827738 1.69966103`,
    );
    expectPrinted(weights.slice(0, 0, 1).slice(1, 0, 4), '0.06511126 0.06475411 0.06439892 0.06404568');
  });

  test("a step of the LSTM with attention's context beside its input", () => {
    // x Wx + attn Wattn is one product of [x, attn] with both weights, one below the other.
    const Wx = cat([lin(-2.1, 1.3, 4, 20), lin(1.3, 4.2, 5, 20)], 0);
    const cell = load(new LSTMCell(9, 5), ifog, Wx, lin(-0.7, 2.2, 5, 20), lin(0.3, 0.7, 20));
    const x = cat([lin(-0.4, 1.2, 3, 4), lin(0.6, 1.8, 3, 5)], 1);
    for (const { h, c } of stepBoth(cell, x, { h: lin(-0.3, 0.7, 3, 5), c: lin(-0.4, 0.9, 3, 5) })) {
      expectPrinted(
        h,
        `0.53704256 0.59980774 0.65596820 0.70569729 0.74932626
         0.78729857 0.82010653 0.84828362 0.87235677 0.89283167
         0.91017981 0.92483119 0.93717126 0.94754073 0.95623746`,
      );
      expectPrinted(
        c,
        `0.59999328 0.69285041 0.78570758 0.87856479 0.97142202
         1.06428558 1.15714276 1.24999992 1.34285708 1.43571424
         1.52857143 1.62142857 1.71428571 1.80714286 1.9`,
      );
    }
  });
});

describe('the GRU, h′ = (1 − z) n + z h', () => {
  const weights = (): [Tensor, Tensor, Tensor, Tensor] => [
    lin(-0.8, 0.9, 3, 12),
    lin(-0.6, 0.7, 4, 12),
    lin(-0.2, 0.3, 12),
    lin(-0.1, 0.2, 12),
  ];
  const x = (): Tensor => lin(-0.4, 0.6, 2, 3);
  const h = (): Tensor => lin(-0.3, 0.5, 2, 4);

  test('with the reset after the product, n = tanh(Wx x + bx + r (Wh h + bh))', () => {
    for (const next of stepBoth(load(new GRUCell(3, 4), rzn, ...weights()), x(), h())) {
      expectPrinted(
        next,
        `-0.01889648 0.05420153 0.12850443 0.20399862
          0.36161935 0.4422298  0.52213936 0.60298929`,
      );
    }
  });

  test('with the reset before the product, n = tanh(Wx x + bx + Wh (r h) + bh)', () => {
    for (const next of stepBoth(load(new GRUResetBeforeCell(3, 4), rzn, ...weights()), x(), h())) {
      expectPrinted(
        next,
        `-0.00263438 0.07272887 0.14897839 0.22611586
          0.38527043 0.45879688 0.5328131  0.60926522`,
      );
    }
  });
});
