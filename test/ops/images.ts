// Convolution, pooling and normalization.

import {
  adaptiveAvgPool2d,
  avgPool2d,
  batchNorm,
  conv1d,
  conv2d,
  type ConvolutionOptions,
  globalAvgPool2d,
  layerNorm,
  localContrast,
  maxPool2d,
  maxPool2dWithIndices,
  type TensorShape,
} from '../../packages/unrolled/src/tensor/index.ts';
import type { Sample } from '../ops.ts';
import { constant, positive, wave } from './inputs.ts';

/** A convolution and, where it has neither padding nor dilation nor groups, its definition. */
function convolution(x: TensorShape, weight: TensorShape, options: ConvolutionOptions = {}, bias = true): Sample {
  const [B, C, h, w] = x;
  const [O, , kh, kw] = weight;
  const plainly = Object.keys(options).every((name) => name === 'stride');
  const stride = (options.stride as number | undefined) ?? 1;
  const [oh, ow] = [Math.floor((h - kh) / stride) + 1, Math.floor((w - kw) / stride) + 1];
  const range = (n: number) => Array.from({ length: n }, (_, i) => i);
  const plain: Sample['plain'] = (xs, ws, bs) =>
    range(B).flatMap((b) =>
      range(O).flatMap((o) =>
        range(oh).flatMap((oy) =>
          range(ow).map((ox) => {
            let sum = bs?.[o] ?? 0;
            for (const c of range(C)) {
              for (const ky of range(kh)) {
                for (const kx of range(kw)) {
                  const pixel = xs[((b * C + c) * h + oy * stride + ky) * w + ox * stride + kx];
                  sum += pixel * ws[((o * C + c) * kh + ky) * kw + kx];
                }
              }
            }
            return sum;
          }),
        ),
      ),
    );
  return {
    inputs: [wave(x), wave(weight, 1), ...(bias ? [wave([O], 2)] : [])],
    run: (input, filter, b) => conv2d(input, filter, b ?? null, options),
    ...(plainly ? { plain } : {}),
  };
}

const moments = (x: readonly number[]): [mean: number, deviation: number] => {
  const mean = x.reduce((a, b) => a + b, 0) / x.length;
  return [mean, Math.sqrt(x.reduce((s, v) => s + (v - mean) ** 2, 0) / x.length + 1e-5)];
};

export const imageOps: Record<string, Record<string, Sample>> = {
  conv2d: {
    'a window of 1×1': convolution([2, 2, 2, 3], [3, 2, 1, 1]),
    'a window as large as the image': convolution([2, 2, 2, 3], [2, 2, 2, 3]),
    'stride 2, without a bias': convolution([1, 2, 5, 4], [3, 2, 3, 2], { stride: 2 }, false),
    'a stride beyond the window': convolution([2, 1, 7, 6], [2, 1, 2, 1], { stride: 3 }),
    'padding, more than the window has': convolution([1, 2, 2, 3], [2, 2, 3, 2], { stride: 2, padding: [4, 3] }),
    dilation: convolution([1, 2, 5, 6], [2, 2, 2, 3], { dilation: [3, 2], padding: 1 }),
    'groups, one a channel': convolution([2, 3, 4, 3], [6, 1, 3, 3], { groups: 3, padding: 1 }),
    'two groups under a stride': convolution([1, 4, 5, 5], [2, 2, 3, 3], { groups: 2, padding: 1, stride: 2 }),
    'the size kept': convolution([1, 1, 3, 4], [2, 1, 3, 5], { padding: 'same' }),
    'no images': convolution([0, 2, 4, 4], [3, 2, 3, 3]),
  },
  conv1d: {
    'stride and padding': {
      inputs: [wave([2, 2, 5]), wave([3, 2, 3], 1), wave([3], 2)],
      run: (x, weight, bias) => conv1d(x, weight, bias, { stride: 2, padding: 1 }),
    },
    'a sum of two neighbors': {
      inputs: [wave([1, 1, 4])],
      run: (x) => conv1d(x, constant(x, { shape: [1, 1, 2], values: [1, 1] })),
      plain: (x) => [x[0] + x[1], x[1] + x[2], x[2] + x[3]],
    },
  },
  maxPool2d: {
    'two by two': {
      inputs: [wave([1, 1, 2, 4])],
      run: (x) => maxPool2d(x, 2),
      plain: (x) => [Math.max(x[0], x[1], x[4], x[5]), Math.max(x[2], x[3], x[6], x[7])],
    },
    'overlapping, with padding': {
      inputs: [wave([2, 2, 5, 4])],
      run: (x) => maxPool2d(x, 3, { stride: 2, padding: 1 }),
    },
    'dilation, over the edge': {
      inputs: [wave([1, 2, 6, 7])],
      run: (x) => maxPool2d(x, [2, 3], { dilation: [2, 1], ceilMode: true }),
    },
  },
  maxPool2dWithIndices: {
    'the largest alone': {
      inputs: [wave([2, 1, 4, 4])],
      run: (x) => maxPool2dWithIndices(x, 2)[0],
    },
    'where they are': {
      inputs: [wave([1, 1, 2, 2])],
      run: (x) => maxPool2dWithIndices(x, 2)[1],
      plain: (x) => [x.indexOf(Math.max(...x))],
      gradient: 'none',
    },
  },
  avgPool2d: {
    'two by two': {
      inputs: [wave([1, 1, 2, 4])],
      run: (x) => avgPool2d(x, 2),
      plain: (x) => [(x[0] + x[1] + x[4] + x[5]) / 4, (x[2] + x[3] + x[6] + x[7]) / 4],
    },
    'with padding that counts': {
      inputs: [wave([2, 2, 5, 4])],
      run: (x) => avgPool2d(x, 3, { stride: 2, padding: 1 }),
    },
    'with padding that does not, over the edge': {
      inputs: [wave([1, 2, 6, 5])],
      run: (x) => avgPool2d(x, [3, 2], { padding: 1, countIncludePad: false, ceilMode: true }),
    },
  },
  globalAvgPool2d: {
    'two channels': {
      inputs: [wave([1, 2, 1, 2])],
      run: (x) => globalAvgPool2d(x),
      plain: (x) => [(x[0] + x[1]) / 2, (x[2] + x[3]) / 2],
    },
  },
  adaptiveAvgPool2d: {
    'parts that overlap': {
      inputs: [wave([1, 1, 1, 5])],
      run: (x) => adaptiveAvgPool2d(x, [1, 3]),
      plain: (x) => [(x[0] + x[1]) / 2, (x[1] + x[2] + x[3]) / 3, (x[3] + x[4]) / 2],
    },
    'an image into its means': { inputs: [wave([2, 2, 4, 3])], run: (x) => adaptiveAvgPool2d(x, 2) },
  },
  localContrast: {
    'a row of three': {
      inputs: [wave([1, 2, 1, 3])],
      run: (x) => localContrast(x, { window: 3, eps: 0.02 }),
      plain: (x) => {
        const around = ([a, b, c]: readonly number[]) => [(a + b) / 2, (a + b + c) / 3, (b + c) / 2];
        const [first, second] = [x.slice(0, 3), x.slice(3)];
        const means = [around(first), around(second)];
        const v = [0, 1, 2].map((k) => (first[k] - means[0][k]) ** 2 + (second[k] - means[1][k]) ** 2);
        return around(v).map((mean, k) => Math.sqrt((v[k] + 1e-4) / (mean + 0.02)));
      },
    },
    'images, as they are': { inputs: [wave([2, 3, 5, 4])], run: (x) => localContrast(x) },
    'of one pixel': { inputs: [wave([1, 2, 1, 1])], run: (x) => localContrast(x, { eps: 1 }), plain: () => [0.01] },
  },
  batchNorm: {
    'of the batch': {
      inputs: [wave([3, 2]), positive([2], 1), wave([2], 2)],
      run: (x, weight, bias) => batchNorm(x, weight, bias).y,
      plain: (x, weight, bias) => {
        const channels = [0, 1].map((c) => moments([x[c], x[2 + c], x[4 + c]]));
        return x.map((v, i) => (weight[i % 2] * (v - channels[i % 2][0])) / channels[i % 2][1] + bias[i % 2]);
      },
    },
    'of images, without weights': { inputs: [wave([2, 3, 2, 3])], run: (x) => batchNorm(x).y },
    'of images, with relu': {
      inputs: [wave([2, 3, 3, 3]), positive([3], 1), wave([3], 2)],
      run: (x, weight, bias) => batchNorm(x, weight, bias, { relu: true }).y,
    },
    'by given moments': {
      inputs: [wave([2, 2, 3]), positive([2], 1), wave([2], 2)],
      run: (x, weight, bias) => {
        const given = { mean: constant(x, wave([2], 3)), variance: constant(x, positive([2], 4)) };
        return batchNorm(x, weight, bias, { moments: given, relu: true, eps: 1e-3 }).y;
      },
    },
  },
  layerNorm: {
    'the last axis': {
      inputs: [wave([2, 4]), positive([4], 1), wave([4], 2)],
      run: (x, weight, bias) => layerNorm(x, [4], weight, bias),
      plain: (x, weight, bias) =>
        [x.slice(0, 4), x.slice(4)].flatMap((row) => {
          const [mean, deviation] = moments(row);
          return row.map((v, j) => (weight[j] * (v - mean)) / deviation + bias[j]);
        }),
    },
    'two axes, without weights': { inputs: [wave([2, 3, 3])], run: (x) => layerNorm(x, [3, 3]) },
    'no rows': { inputs: [wave([0, 3])], run: (x) => layerNorm(x, [3]), plain: () => [] },
  },
};
