// What the ops do where their options are left out: PyTorch's defaults, worked out by hand on inputs where another default gives other numbers.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Backend, currentBackend, useBackend } from '../../backend/index.ts';
import { ReferenceBackend } from '../../backend/reference/reference.ts';
import {
  adaptiveAvgPool2d,
  avgPool2d,
  batchNorm,
  conv1d,
  conv2d,
  crossEntropy,
  indices,
  layerNorm,
  linearCrossEntropy,
  logSoftmax,
  maxPool2d,
  setDefaultDtype,
  softmax,
  Tensor,
  tensor,
} from '../index.ts';

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

const values = (x: Tensor) => [...x.dataSync()];
const near = (...numbers: number[]) => numbers.map((n) => expect.closeTo(n, 10) as number);
/** 1, 2, … as an image of one channel. */
const image = (h: number, w: number) =>
  tensor(
    Array.from({ length: h * w }, (_, k) => k + 1),
    [1, 1, h, w],
  );

describe('pools', () => {
  test('step by the size of their window, without padding', () => {
    expect(maxPool2d(image(4, 5), 2).toArray()).toEqual([[[[7, 9], [17, 19]]]]); // biome-ignore format: an image
    expect(avgPool2d(image(4, 5), 2).toArray()).toEqual([[[[4, 6], [14, 16]]]]); // biome-ignore format: an image
    expect(maxPool2d(image(4, 5), [1, 2]).shape).toEqual([1, 1, 4, 2]);
    expect(avgPool2d(image(3, 3), [3, 1]).toArray()).toEqual([[[[4, 5, 6]]]]);
  });

  test('drop what is left over, or with ceilMode pool it too', () => {
    expect(maxPool2d(image(3, 3), 2).toArray()).toEqual([[[[5]]]]);
    expect(maxPool2d(image(3, 3), 2, { ceilMode: true }).toArray()).toEqual([[[[5, 6], [8, 9]]]]); // biome-ignore format: an image
    expect(avgPool2d(image(3, 3), 2, { ceilMode: true }).toArray()).toEqual([[[[3, 4.5], [7.5, 9]]]]); // biome-ignore format: an image
  });

  test('a mean counts the zeros of the padding, unless it is told not to', () => {
    const options = { stride: 2, padding: 1 };
    // Of 1 2 | 3 4 under windows of 3: the first has all four numbers, and five zeros.
    expect(values(avgPool2d(image(2, 2), 3, options))).toEqual(near(10 / 9));
    expect(values(avgPool2d(image(2, 2), 3, { ...options, countIncludePad: true }))).toEqual(near(10 / 9));
    expect(values(avgPool2d(image(2, 2), 3, { ...options, countIncludePad: false }))).toEqual(near(10 / 4));
    expect(values(maxPool2d(image(2, 2).neg(), 3, options))).toEqual([-1]); // a maximum does not
  });

  test('a dilated maximum, and means of equal parts', () => {
    expect(maxPool2d(image(4, 4), 2, { dilation: 2, stride: 1 }).toArray()).toEqual([[[[11, 12], [15, 16]]]]); // biome-ignore format: an image
    // Parts of 3 rows into 2: rows 0–1 and 1–2; of 3 columns into 1: all.
    expect(values(adaptiveAvgPool2d(image(3, 3), [2, 1]))).toEqual(near(3.5, 6.5));
    expect(values(adaptiveAvgPool2d(image(2, 2), 3)).slice(0, 3)).toEqual(near(1, 1.5, 2)); // columns 0, 0–1, 1
  });
});

describe('convolutions', () => {
  test('step by one, without padding or dilation, all channels together', () => {
    const weight = tensor([1, 0, 0, 10], [1, 1, 2, 2]);
    expect(conv2d(image(3, 3), weight).toArray()).toEqual([[[[51, 62], [84, 95]]]]); // biome-ignore format: an image
    expect(conv1d(tensor([1, 2, 3, 4], [1, 2, 2]), tensor([1, 10], [1, 2, 1])).toArray()).toEqual([[[31, 42]]]);
  });

  test('and with each of these', () => {
    const row = tensor([1, 2, 3, 4, 5], [1, 1, 5]);
    const weight = tensor([1, 10], [1, 1, 2]);
    expect(values(conv1d(row, weight, null, { stride: 2 }))).toEqual([21, 43]);
    expect(values(conv1d(row, weight, null, { padding: 1 }))).toEqual([10, 21, 32, 43, 54, 5]);
    expect(values(conv1d(row, weight, null, { dilation: 3 }))).toEqual([41, 52]);
    expect(values(conv1d(tensor([1, 2, 3, 4], [1, 2, 2]), tensor([1, 10], [2, 1, 1]), null, { groups: 2 }))).toEqual([
      1, 2, 30, 40,
    ]);
    const square = tensor([1, 10, 100, 1000], [1, 1, 2, 2]);
    expect(conv2d(image(4, 3), square, null, { dilation: [3, 2] }).toArray()).toEqual([[[[13031]]]]); // of 1, 3, 10 and 12
    // Columns 0 1 2 3 0 of which each output reads two that are two apart; rows 0 and 2.
    const padded = conv2d(image(3, 3), square, null, { dilation: 2, padding: [0, 1] });
    expect(padded.toArray()).toEqual([[[[20 + 8000, 1 + 30 + 700 + 9000, 2 + 800]]]]);
    // Two images of four channels in two groups: output 0 reads channels 0 and 1, output 1 channels 2 and 3.
    const grouped = conv2d(
      tensor([1, 2, 3, 4, 5, 6, 7, 8], [2, 4, 1, 1]),
      tensor([1, 10, 100, 1000], [2, 2, 1, 1]),
      null,
      {
        groups: 2,
      },
    );
    expect(grouped.toArray()).toEqual([[[[21]], [[4300]]], [[[65]], [[8700]]]]); // biome-ignore format: one line
    expect(values(conv1d(row, weight, tensor([0.5])))).toEqual([21.5, 32.5, 43.5, 54.5]);
  });
});

describe('softmax and losses', () => {
  const logits = () => tensor([0, Math.log(3), Math.log(4), 0, 0, 0], [2, 3]); // 1⁄8 3⁄8 4⁄8, and a third each

  test('go over the last axis', () => {
    expect(values(softmax(logits()))).toEqual(near(1 / 8, 3 / 8, 1 / 2, 1 / 3, 1 / 3, 1 / 3));
    expect(values(logSoftmax(logits()))).toEqual(near(...[8, 8 / 3, 2, 3, 3, 3].map((n) => -Math.log(n))));
    expect(values(softmax(logits(), 0)).slice(0, 2)).toEqual(near(1 / 2, 3 / 4));
  });

  test('are means over the targets that count: all but −100', () => {
    const [a, b] = [Math.log(8 / 3), Math.log(3)];
    const loss = (target: number[], options = {}) => values(crossEntropy(logits(), indices(target), options));
    expect(loss([1, 0])).toEqual(near((a + b) / 2));
    expect(loss([1, -100])).toEqual(near(a));
    expect(loss([1, 0], { ignoreIndex: 0 })).toEqual(near(a));
    expect(loss([1, 0], { reduction: 'sum' })).toEqual(near(a + b));
    expect(loss([1, -100], { reduction: 'none' })).toEqual(near(a, 0));
    // The weights of the targets divide: (2a + 5b) / 7.
    expect(loss([1, 0], { weight: [5, 2, 3] })).toEqual(near((2 * a + 5 * b) / 7));
    // A tenth of the target goes to all classes evenly.
    const even = (Math.log(8) + a + Math.log(2)) / 3;
    expect(loss([1, -100], { labelSmoothing: 0.1 })).toEqual(near(0.9 * a + 0.1 * even));
  });

  test('of a linear layer that is never written out are the same', () => {
    const [x, w] = [tensor([1, 2, 0, -1], [2, 2]), tensor([1, 0, 0, 1, 1, 1], [3, 2])];
    const written = x.matmul(w.transpose());
    for (const options of [{}, { reduction: 'sum' }, { ignoreIndex: 0 }, { labelSmoothing: 0.2 }] as const)
      for (const target of [[2, 0], [1, 'ignoreIndex' in options ? 0 : -100], [2, 1]]) // biome-ignore format: one line
        expect(values(linearCrossEntropy(x, w, null, indices(target), options))).toEqual(
          near(...values(crossEntropy(written, indices(target), options))),
        );
  });
});

test('norms add 1e-5 to the variance', () => {
  const scale = 1 / Math.sqrt(1 + 1e-5); // of −1 and 1: mean 0, variance 1
  const tight = (x: Tensor) => values(x).map((v) => expect.closeTo(v, 13) as number);
  expect([-scale, scale]).toEqual(tight(layerNorm(tensor([2, 4], [1, 2]), [2], null, null)));
  const { y } = batchNorm(tensor([2, 4], [2, 1]), null, null);
  expect([-scale, scale]).toEqual(tight(y));
});

test('reductions go over all axes and drop them, or keep them as 1', () => {
  const x = image(2, 3).reshape(2, 3);
  expect([x.sum().toArray(), x.mean().toArray(), x.max().toArray(), x.min().toArray()]).toEqual([21, 3.5, 6, 1]);
  expect([x.mean(1).shape, x.mean(1, true).shape, x.sum(0).shape, x.sum(0, true).shape]).toEqual([
    [2],
    [2, 1],
    [3],
    [1, 3],
  ]);
  expect(x.mean([0, 1], true).shape).toEqual([1, 1]);
});
