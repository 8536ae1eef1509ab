// Layers that are made of others, against the others one by one.

import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Backend, currentBackend, useBackend } from '../backend/index.ts';
import { ReferenceBackend } from '../backend/reference/reference.ts';
import { ones, setDefaultDtype, tensor, zeros } from '../tensor/create.ts';
import type { Tensor } from '../tensor/tensor.ts';
import {
  BatchNorm1d,
  BatchNorm2d,
  Flatten,
  LayerNorm,
  Linear,
  maxOverTime,
  meanOverTime,
  ReLU,
  ResidualBlock,
  Sequential,
} from './index.ts';
import { matchNames } from './match-names.ts';
import { allFinite, checkSavedValues } from './saved-tensor.ts';

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

const values = (x: Tensor | null) => Array.from((x as Tensor).dataSync());
const near = (numbers: readonly number[]) => numbers.map((n) => expect.closeTo(n, 10) as number);
const wave = (...shape: number[]): Tensor =>
  tensor(
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, k) => Math.sin(1.3 * k + 0.7)),
    shape,
  );

class Negated extends ReLU {
  override forward(x: Tensor): Tensor {
    return x.relu().neg();
  }
}

class Shifted extends BatchNorm2d {
  override forward(x: Tensor): Tensor {
    return x.sub(10);
  }
}

describe('Sequential', () => {
  const x = [-2, -1, 1, 3];
  const images = () => tensor(x, [2, 1, 1, 2]);
  const scale = 1 / Math.sqrt(1 + 1e-5); // a batch norm at rest that has seen nothing: mean 0, variance 1
  const relu = (v: number) => Math.max(0, v);

  test.each<[string, () => Sequential, (v: number) => number]>([
    ['batch norm, ReLU', () => new Sequential(new BatchNorm2d(1), new ReLU()), (v) => relu(v * scale)],
    ['batch norm last', () => new Sequential(new ReLU(), new BatchNorm2d(1)), (v) => relu(v) * scale],
    ['batch norm alone', () => new Sequential(new BatchNorm2d(1)), (v) => v * scale],
    ['two batch norms', () => new Sequential(new BatchNorm2d(1), new BatchNorm2d(1)), (v) => v * scale * scale],
    [
      'batch norm, ReLU, batch norm',
      () => new Sequential(new BatchNorm2d(1), new ReLU(), new BatchNorm2d(1)),
      (v) => relu(v * scale) * scale,
    ],
    ['somebody’s ReLU', () => new Sequential(new BatchNorm2d(1), new Negated()), (v) => -relu(v * scale) + 0],
    ['somebody’s batch norm', () => new Sequential(new Shifted(1), new ReLU()), (v) => relu(v - 10)],
  ])('%s', (_name, make, f) => {
    expect(values(make().eval().forward(images())).map((v) => v + 0)).toEqual(near(x.map(f)));
  });

  test('any other layer before a ReLU leaves the ReLU its work', () => {
    const linear = new Linear(2, 3);
    linear.weight.set([1, 0, 0, 1, -1, -1]);
    linear.bias?.set([0, 0, 1]);
    const y = new Sequential(linear, new ReLU()).forward(
      tensor([
        [2, -3],
        [-4, 5],
      ]),
    );
    expect(values(y)).toEqual([2, 0, 2, 0, 5, 0]); // 2, −3, 1 + 1; −4, 5, 1 − 1
  });

  test('batch norm and ReLU are one pass, in training as at rest', () => {
    const pass = vi.spyOn(ReLU.prototype, 'forward');
    try {
      const net = new Sequential(new BatchNorm2d(1), new ReLU());
      expect(values(net.forward(images())).every((v) => v >= 0)).toBe(true);
      net.eval().forward(images());
      expect(pass).not.toHaveBeenCalled();
      new Sequential(new ReLU()).forward(images());
      expect(pass).toHaveBeenCalledTimes(1);
    } finally {
      pass.mockRestore();
    }
  });

  test('of no layers is what came in; Flatten keeps the first axis and the order', () => {
    const x = wave(2, 3, 2);
    expect(new Sequential().forward(x)).toBe(x);
    expect(new Flatten().forward(x).shape).toEqual([2, 6]);
    expect(values(new Flatten().forward(x))).toEqual(values(x));
    expect(new Flatten().forward(wave(4)).shape).toEqual([4, 1]);
  });
});

describe('ResidualBlock', () => {
  const names = (block: ResidualBlock) => Array.from(block.namedParameters(), ([name]) => name);
  const inner = ['conv1.weight', 'bn1.weight', 'bn1.bias', 'conv2.weight', 'bn2.weight', 'bn2.bias'].toSorted();
  const around = ['downsample.0.weight', 'downsample.1.weight', 'downsample.1.bias'];

  test.each<[string, () => ResidualBlock, boolean, readonly number[]]>([
    ['same sizes', () => new ResidualBlock(2, 2), false, [2, 2, 4, 4]],
    ['more channels', () => new ResidualBlock(2, 3), true, [2, 3, 4, 4]],
    ['a stride', () => new ResidualBlock(2, 2, { stride: 2 }), true, [2, 2, 2, 2]],
    ['both', () => new ResidualBlock(2, 3, { stride: 2 }), true, [2, 3, 2, 2]],
  ])('%s: torchvision’s names, and the equation by its layers', (_name, make, projects, shape) => {
    const block = make();
    expect(names(block).toSorted()).toEqual([...inner, ...(projects ? around : [])].toSorted());
    const x = wave(2, 2, 4, 4);
    const { conv1, bn1, conv2, bn2, downsample } = block;
    const found = bn2.forward(conv2.forward(bn1.forward(conv1.forward(x)).relu()));
    const [projection, norm] = downsample?.layers ?? [];
    const expected = found.add(projection ? norm.forward(projection.forward(x)) : x).relu();
    const y = block.forward(x);
    expect(y.shape).toEqual(shape);
    expect(values(y)).toEqual(near(values(expected)));
  });
});

describe('norms', () => {
  test('BatchNorm1d of [B, C, n] takes its moments over rows and places', () => {
    const x = tensor([
      [
        [1, 3],
        [10, 10],
      ],
      [
        [5, 7],
        [20, 20],
      ],
    ]); // channel 0: mean 4, variance 5; channel 1: 15 and 25
    const y = new BatchNorm1d(2, { eps: 0 }).forward(x);
    expect(values(y)).toEqual(
      near([-3, -1, -5, -5, 1, 3, 5, 5].map((v, k) => v / ([2, 3, 6, 7].includes(k) ? 5 : Math.sqrt(5)))),
    );
  });

  test('at rest the running moments count, and a row does not depend on the others', () => {
    const norm = new BatchNorm1d(1, { eps: 0 }).eval();
    norm.runningMean?.set([2]);
    norm.runningVar?.set([9]);
    norm.weight?.set([6]);
    norm.bias?.set([1]);
    expect(values(norm.forward(tensor([[2], [5], [-1]])))).toEqual(near([1, 7, -5])); // 6 (x − 2)/3 + 1
    expect(values(norm.forward(tensor([[5]])))).toEqual(near([7]));
  });

  test('a batch of no rows leaves no trace; one value is enough at rest', () => {
    const norm = new BatchNorm1d(3);
    expect(norm.forward(zeros([0, 3])).shape).toEqual([0, 3]);
    expect(values(norm.numBatchesTracked)).toEqual([0]);
    expect([...values(norm.runningMean), ...values(norm.runningVar)]).toEqual([0, 0, 0, 1, 1, 1]);
    const own = new BatchNorm1d(1, { trackRunningStats: false }).eval();
    expect(values(own.forward(tensor([[7]])))).toEqual([0]); // less its own mean
    expect(() => own.train().forward(tensor([[7]]))).toThrow('more than one value a channel in training');
  });

  test('what is learned starts as nothing', () => {
    const { weight, bias } = new LayerNorm(2);
    expect([values(weight), values(bias)]).toEqual([
      [1, 1],
      [0, 0],
    ]);
    const batch = new BatchNorm2d(2);
    expect([...values(batch.weight), ...values(batch.bias), batch.momentum]).toEqual([1, 1, 0, 0, 0.1]);
    expect(() => new LayerNorm('2' as never)).toThrow('LayerNorm: normalizedShape: expected sizes from 1, got "2"');
  });
});

test('pooling refuses lengths that are no tensor', () => {
  for (const pool of [meanOverTime, maxOverTime])
    expect(() => pool(ones([2, 1, 1]), [2] as never)).toThrow(/^(mean|max)OverTime: expected a tensor/);
});

describe('saved values', () => {
  const check = (data: Float64Array | Float32Array, dtype: 'float32' | 'float64') =>
    checkSavedValues('file', 'w', { data, shape: [data.length] }, { shape: [data.length], dtype, size: data.length });
  const most = 3.4028234663852886e38; // the largest float32

  test('end at the largest number of their type, and not before', () => {
    check(Float64Array.of(most, -most), 'float32');
    check(Float64Array.of(Number.MAX_VALUE, -Number.MAX_VALUE), 'float64');
    for (const past of [most * (1 + 2 ** -52), -most * (1 + 2 ** -52)])
      expect(() => check(Float64Array.of(0, past), 'float32')).toThrow('expected finite float32 numbers');
    for (const past of [Infinity, -Infinity, Number.NaN])
      expect(() => check(Float64Array.of(past), 'float64')).toThrow('expected finite float64 numbers');
  });

  test('allFinite', () => {
    for (const fine of [[], [0], [1, -2], [Number.MAX_VALUE, Number.MAX_VALUE]]) expect(allFinite(fine)).toBe(true);
    for (const bad of [Infinity, -Infinity, Number.NaN])
      for (const list of [[bad], [1, bad], [bad, 1], [bad, -bad]]) expect(allFinite(list)).toBe(false);
  });
});

test('layers match by all of their parameters and by their shapes', () => {
  const [plain, biased] = [new Linear(3, 2, { bias: false }), new Linear(3, 2)];
  for (const [own, other] of [
    [plain, biased],
    [biased, plain],
    [biased, new Linear(2, 3)],
    [plain, new Linear(2, 3, { bias: false })],
  ])
    expect(() => matchNames(own, other.stateDict())).toThrow('state dict: has no layer like the model: weight [2, 3]');
  expect(matchNames(biased, biased.stateDict())).toEqual(biased.stateDict()); // at the root, names without a dot
});
