// Cases for convolution, pooling and normalization: windows of every kind, wider than the image, further apart than they are wide, in groups.

import type { Backend, ConvolutionSizes, WindowSizes } from '../../packages/unrolled/src/backend/backend.ts';
import { type Draw, put } from './builds.ts';
import type { Case } from './cases.ts';

/** Sizes of an image and a window, some of them far from usual. */
function drawWindow(draw: Draw, mostChannels: number): WindowSizes {
  const { large } = draw;
  const pair = (low: number, high: number): [number, number] => [draw.whole(low, high), draw.whole(low, high)];
  const kernel = large ? ([3, 3] as const) : pair(1, draw.next() < 0.2 ? 7 : 3);
  const stride = large ? ([2, 2] as const) : pair(1, draw.next() < 0.3 ? 5 : 2);
  const padding = large ? ([1, 1] as const) : pair(0, draw.next() < 0.3 ? 5 : 1);
  const dilation = large ? ([1, 1] as const) : pair(1, draw.next() < 0.3 ? 3 : 1);
  const reach = (axis: 0 | 1) => dilation[axis] * (kernel[axis] - 1) + 1;
  const side = (axis: 0 | 1) => {
    const least = Math.max(1, reach(axis) - 2 * padding[axis]);
    return large ? 20 + axis : least + (draw.next() < 0.2 ? 0 : draw.whole(0, 9));
  };
  const [h, w] = [side(0), side(1)];
  const places = (axis: 0 | 1) => Math.floor(([h, w][axis] + 2 * padding[axis] - reach(axis)) / stride[axis]) + 1;
  const B = large ? 5 : draw.whole(0, 3);
  const C = large ? mostChannels : draw.whole(1, mostChannels);
  return { B, C, h, w, oh: places(0), ow: places(1), kernel, stride, padding, dilation };
}

function drawConvolution(draw: Draw): ConvolutionSizes {
  const { large } = draw;
  const window = drawWindow(draw, large ? 24 : 5);
  const way = large ? 0 : draw.next();
  if (way < 0.7) return { ...window, O: large ? 70 : draw.whole(1, draw.next() < 0.3 ? 40 : 6), groups: 1 };
  if (way < 0.85) return { ...window, O: window.C * draw.whole(1, 2), groups: window.C };
  return { ...window, C: 2 * window.C, O: 2 * draw.whole(1, 20), groups: 2 };
}

/** A storage of n numbers that no kernel may leave as they are. */
const blank = (b: Backend, n: number) => put(b, new Float32Array(n).fill(7));

const convolution: Case = (draw) => {
  const sizes = drawConvolution(draw);
  const { B, C, h, w, oh, ow, O, groups, kernel } = sizes;
  const count = { x: B * C * h * w, y: B * O * oh * ow, weight: (O * C * kernel[0] * kernel[1]) / groups };
  const [x, dy] = [draw.floats(count.x, -1, 1), draw.floats(count.y, -1, 1)];
  const [weight, bias] = [draw.floats(count.weight, -0.5, 0.5), draw.next() < 0.7 ? draw.floats(O) : null];
  return (b) => {
    const [y, dx, dWeight, dBias] = [count.y, count.x, count.weight, O].map((n) => blank(b, n));
    const [input, filter] = [put(b, x), put(b, weight)];
    b.convolution(y, input, filter, bias && put(b, bias), sizes);
    b.convolutionBackward(dx, dWeight, bias && dBias, put(b, dy), input, filter, sizes);
    const [alone, weightAlone] = [blank(b, count.x), blank(b, count.weight)];
    b.convolutionBackward(alone, null, null, put(b, dy), input, filter, sizes);
    b.convolutionBackward(null, weightAlone, null, put(b, dy), input, filter, sizes);
    return [y, dx, dWeight, dBias, alone, weightAlone].map((s) => s.array.slice());
  };
};

const maxPool: Case = (draw) => {
  const sizes = drawWindow(draw, 6);
  const { B, C, h, w, oh, ow } = sizes;
  const x = draw.floats(B * C * h * w).map((v) => Math.round(v * 4)); // with ties
  if (x.length > 3 && draw.next() < 0.3) x[3] = Number.NaN;
  const dy = draw.floats(B * C * oh * ow);
  return (b) => {
    const [y, index, dx] = [blank(b, dy.length), put(b, new Int32Array(dy.length)), blank(b, x.length)];
    b.maxPool(y, index, put(b, x), sizes);
    b.maxPoolBackward(dx, put(b, dy), index, B * C, h * w, oh * ow);
    return [y, index, dx].map((s) => s.array.slice());
  };
};

const averagePool: Case = (draw) => {
  const drawn = drawWindow(draw, 6);
  // One place more than fits: the last window ends beyond the padding.
  const more = (places: number, axis: 0 | 1) =>
    places + (places * drawn.stride[axis] < [drawn.h, drawn.w][axis] + drawn.padding[axis] ? 1 : 0);
  const sizes = draw.next() < 0.3 ? { ...drawn, oh: more(drawn.oh, 0), ow: more(drawn.ow, 1) } : drawn;
  const { B, C, h, w, oh, ow } = sizes;
  const [x, dy] = [draw.floats(B * C * h * w), draw.floats(B * C * oh * ow)];
  const countPadding = draw.next() < 0.5;
  return (b) => {
    const [y, dx] = [blank(b, dy.length), blank(b, x.length)];
    b.averagePool(y, put(b, x), countPadding, sizes);
    b.averagePoolBackward(dx, put(b, dy), countPadding, sizes);
    return [y, dx].map((s) => s.array.slice());
  };
};

const batchNorm: Case = (draw) => {
  const [B, C, n] = [draw.size(20, 24), draw.size(20, 14), draw.next() < 0.3 && !draw.large ? 1 : draw.size(80)];
  const [x, dy] = [draw.floats(B * C * n), draw.floats(B * C * n)];
  const [weight, bias] = draw.next() < 0.7 ? [draw.floats(C), draw.floats(C)] : [null, null];
  const [mean, variance] = [draw.floats(C), draw.floats(C, 0.1, 2)];
  const [relu, train] = [draw.next() < 0.5, draw.next() < 0.7 && B * n > 1];
  const sizes = { B, C, n };
  return (b) => {
    const [y, dx, dWeight, dBias] = [x.length, x.length, C, C].map((size) => blank(b, size));
    const [m, v, input, w] = [put(b, mean), put(b, variance), put(b, x), weight && put(b, weight)];
    b.batchNorm(y, m, v, input, w, bias && put(b, bias), 1e-2, relu, train, sizes);
    const arrived = put(b, dy);
    b.batchNormBackward(dx, w && dWeight, w && dBias, arrived, input, y, m, v, w, 1e-2, relu, train, sizes);
    return [y, m, v, dx, dWeight, dBias].map((s) => s.array.slice());
  };
};

const layerNorm: Case = (draw) => {
  const [rows, cols] = [draw.size(60, 20), draw.size(90, 2100)];
  const [x, dy] = [draw.floats(rows * cols), draw.floats(rows * cols)];
  const [weight, bias] = draw.next() < 0.7 ? [draw.floats(cols), draw.floats(cols)] : [null, null];
  return (b) => {
    const [y, dx, m, v, dWeight, dBias] = [x.length, x.length, rows, rows, cols, cols].map((size) => blank(b, size));
    const [input, w] = [put(b, x), weight && put(b, weight)];
    b.layerNorm(y, m, v, input, w, bias && put(b, bias), 1e-2, rows, cols);
    b.layerNormBackward(dx, w && dWeight, w && dBias, put(b, dy), input, m, v, w, 1e-2, rows, cols);
    return [y, m, v, dx, dWeight, dBias].map((s) => s.array.slice());
  };
};

export const imageCases: [string, Case][] = [
  ['convolution and convolutionBackward', convolution],
  ['maxPool and maxPoolBackward', maxPool],
  ['averagePool and averagePoolBackward', averagePool],
  ['batchNorm and batchNormBackward', batchNorm],
  ['layerNorm and layerNormBackward', layerNorm],
];
