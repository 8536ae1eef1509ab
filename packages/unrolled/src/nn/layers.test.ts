// Small layers against plain arithmetic, and what layers refuse.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Backend, currentBackend, useBackend } from '../backend/index.ts';
import { ReferenceBackend } from '../backend/reference/reference.ts';
import { UnrolledError } from '../errors.ts';
import { indices, ones, setDefaultDtype, tensor, zeros } from '../tensor/create.ts';
import { Tensor } from '../tensor/tensor.ts';
import {
  AttentionPooling,
  BatchNorm1d,
  BatchNorm2d,
  bceWithLogits,
  Cell,
  Conv1d,
  Conv2d,
  type Conv2dOptions,
  Embedding,
  GRUCell,
  GRUResetBeforeCell,
  init,
  l1Loss,
  lastState,
  LayerNorm,
  LinearCell,
  LRUCell,
  LSTMCell,
  mapState,
  maxOverTime,
  meanOverTime,
  mseLoss,
  PeepholeLSTMCell,
  quantileLoss,
  Recurrent,
  type Reduction,
  RNNCell,
} from './index.ts';
import { stepCell } from './recurrent/step.ts';
import { tensorsOf } from './recurrent/state.ts';
import { checkSavedValues } from './saved-tensor.ts';

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
const near = (...numbers: number[]) => numbers.map((n) => expect.closeTo(n, 10) as number);
const wave = (...shape: number[]): Tensor =>
  tensor(
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, k) => Math.sin(1.3 * k + 0.7)),
    shape,
  );

describe('losses of x = 0, 2 where y = 1, 0', () => {
  const [ln2, e] = [Math.log(2), Math.exp(-2)];
  test.each<[string, (x: Tensor, y: Tensor, reduction?: Reduction) => Tensor, number, number]>([
    ['mse', mseLoss, 1, 4],
    ['l1', l1Loss, 1, 2],
    ['bce', bceWithLogits, ln2, 2 + Math.log(1 + e)], // −ln σ(0), −ln(1 − σ(2))
    ['quantile', (x, y, how) => quantileLoss(x, y, 0.9, how), 0.9, 0.2], // .9 · 1, .1 · 2
  ])('%s', (_name, loss, first, second) => {
    const [x, y] = [tensor([0, 2]), tensor([1, 0])];
    expect(values(loss(x, y, 'none'))).toEqual(near(first, second));
    expect(loss(x, y, 'sum').itemSync()).toBeCloseTo(first + second, 10);
    expect(loss(x, y).itemSync()).toBeCloseTo((first + second) / 2, 10);
  });
});

// Three steps of two rows; the second row ends after one, and what is behind it is 0.
describe('pooling over time', () => {
  const y = () =>
    tensor([
      [[1], [-5]],
      [[-2], [0]],
      [[4], [0]],
    ]);

  test('mean, maximum and attention count each row to its end', () => {
    const lengths = indices([3, 1]);
    expect(values(meanOverTime(y(), lengths))).toEqual([1, -5]);
    expect(values(meanOverTime(y(), null))).toEqual(near(1, -5 / 3));
    expect(values(maxOverTime(y(), lengths))).toEqual([4, -5]);
    expect(values(maxOverTime(y(), null))).toEqual([4, 0]);
    const pooling = new AttentionPooling(1);
    pooling.projection.weight.set([0]); // every step has the same score
    const [pooled, weights] = pooling.forward(y(), lengths);
    expect([...values(pooled), ...values(weights)]).toEqual(near(1, -5, 1 / 3, 1 / 3, 1 / 3, 1, 0, 0));
  });

  test('a row of no steps, and no steps at all, give zeros', () => {
    expect(values(maxOverTime(y(), indices([0, 1])))).toEqual([0, -5]);
    expect(values(maxOverTime(zeros([0, 2, 3]), null))).toEqual([0, 0, 0, 0, 0, 0]);
    expect(values(meanOverTime(zeros([0, 2, 1]), null))).toEqual([0, 0]);
    expect(values(meanOverTime(zeros([1, 1, 1]), indices([0])))).toEqual([0]);
  });

  test('the last state is the last layer’s, its directions side by side', () => {
    const h = tensor([[[1]], [[2]], [[3]], [[4]]]); // two layers of two directions
    expect(values(lastState(h, 2))).toEqual([3, 4]);
    expect(values(lastState(h, 1))).toEqual([4]);
  });
});

describe('normalization', () => {
  test('layer norm by hand, with and without what is learned', () => {
    const x = tensor([[1, 3]]); // mean 2, variance 1
    expect(values(new LayerNorm(2, { eps: 0 }).forward(x))).toEqual([-1, 1]);
    const plain = new LayerNorm([2], { elementwiseAffine: false, eps: 3 });
    expect([plain.weight, plain.bias, ...values(plain.forward(x))]).toEqual([null, null, -0.5, 0.5]);
    const { weight, bias } = new LayerNorm(2, { bias: false });
    expect([values(weight), bias]).toEqual([[1, 1], null]);
  });

  // Channels of 1, 3 and then 5, 9: means 2 and 7, variances over n − 1 are 2 and 8. A momentum of null is their plain average.
  test('batch norm tracks a moving average, a plain one, or none', () => {
    const track = (options: object) => {
      const norm = new BatchNorm1d(1, options);
      for (const batch of [
        [[1], [3]],
        [[5], [9]],
      ])
        norm.forward(tensor(batch));
      return norm;
    };
    const average = track({ momentum: null });
    expect([...values(average.runningMean), ...values(average.runningVar)]).toEqual(near(4.5, 5));
    expect(values(average.numBatchesTracked)).toEqual([2]);
    const moving = track({ momentum: 0.5 });
    expect([...values(moving.runningMean), ...values(moving.runningVar)]).toEqual(near(4, 4.75)); // (0 + 2)/2, (1 + 7)/2; (1 + 2)/2, (1.5 + 8)/2
    const none = track({ trackRunningStats: false, affine: false, eps: 0 });
    expect([none.runningMean, none.weight, none.bias]).toEqual([null, null, null]);
    expect(values(none.eval().forward(tensor([[5], [9]])))).toEqual([-1, 1]); // of its own batch
    average.eval().forward(tensor([[100]])); // one value is enough at rest, and leaves no trace
    expect(values(average.numBatchesTracked)).toEqual([2]);
  });
});

test('convolutions have the parameters that they say', () => {
  const grouped = new Conv2d(4, 6, [1, 3], { groups: 2, bias: false });
  expect([grouped.weight.shape, grouped.bias]).toEqual([[6, 2, 1, 3], null]);
  expect(values(grouped.weight).every((w) => Math.abs(w) <= 1 / Math.sqrt(2 * 3))).toBe(true);
  const row = new Conv1d(4, 6, 3, { stride: 2 });
  expect([row.weight.shape, row.bias?.shape]).toEqual([[6, 4, 3], [6]]);
  expect(String(grouped)).toContain('4, 6, 1×3, groups=2, bias=false');
  expect(String(row)).toContain('4, 6, 3, stride=2');
});

describe('a step in few ops is the cell’s equations', () => {
  const cells: Record<string, () => Cell<unknown>> = {
    lstm: () => new LSTMCell(3, 4),
    gru: () => new GRUCell(3, 4),
    'gru, reset before': () => new GRUResetBeforeCell(3, 4),
    rnn: () => new RNNCell(3, 4),
    'rnn, relu': () => new RNNCell(3, 4, { nonlinearity: 'relu' }),
    peephole: () => new PeepholeLSTMCell(3, 4),
    linear: () => new LinearCell(3, 4),
  };
  test.each(Object.entries(cells))('%s', (_name, make) => {
    const cell = make();
    const state = mapState(cell.initialState(2), (t) => wave(...t.shape));
    const [[y, next], [expected, after]] = [stepCell(cell, wave(2, 3), state), cell.step(wave(2, 3), state)];
    expect(values(y)).toEqual(near(...values(expected)));
    expect(tensorsOf(next).flatMap(values)).toEqual(near(...tensorsOf(after).flatMap(values)));
  });
});

/** A cell of somebody else, who took a kernel's name for it. */
class Borrowed extends Cell<Tensor> {
  override get fused() {
    return 'gru' as const;
  }
  override initialState(batchSize: number): Tensor {
    return zeros([batchSize, this.hiddenSize]);
  }
  override step(_x: Tensor, h: Tensor): [Tensor, Tensor] {
    return [h, h];
  }
}

describe('refused', () => {
  const odd = (value: unknown) => value as never;
  const deep = (depth: number): unknown => (depth === 0 ? ones([1]) : { inner: deep(depth - 1) });
  const own = { shape: [2], dtype: 'float32', size: 2 } as const;
  const save = (data: unknown, shape: unknown = [2], of: object = own) =>
    checkSavedValues('file', 'w', odd({ data, shape }), { ...own, ...of });
  const conv = (options: Conv2dOptions) => () => new Conv2d(4, 6, 3, options);
  test.each<[string, () => unknown, string]>([
    ...[-1, 5, 1.5, Number.NaN, '0', null].map((paddingIdx): [string, () => unknown, string] => [
      `row ${String(paddingIdx)} of five for padding`,
      () => new Embedding(5, 2, { paddingIdx: odd(paddingIdx) }),
      'Embedding: paddingIdx: expected a row from 0 to 4, got',
    ]),
    ['targets of another shape', () => mseLoss(ones([2]), ones([1])), 'mseLoss: expected a target of shape [2], got'],
    [
      'a reduction',
      () => l1Loss(ones([1]), ones([1]), odd('max')),
      'loss: reduction: expected one of mean, sum, none, got "max"',
    ],
    [
      'the lowest quantile',
      () => quantileLoss(ones([1]), ones([1]), 0),
      'q: expected a quantile between 0 and 1, got 0',
    ],
    ['the highest quantile', () => quantileLoss(ones([1]), ones([1]), 1), 'q: expected a quantile between 0 and 1'],
    ['groups of the inputs', conv({ groups: 3 }), 'Conv2d: groups: 3 does not divide inChannels 4'],
    ['groups of the outputs', conv({ groups: 4 }), 'Conv2d: groups: 4 does not divide outChannels 6'],
    ['Xavier of a vector', () => init.xavierUniform(ones([3])), 'xavierUniform: expected a weight of shape [fan out'],
    ['an identity of rank 3', () => init.identity(ones([1, 2, 2])), 'identity: expected a weight of shape [rows, col'],
    ['too short a time', () => init.chrono(ones([4]), 2), 'chrono: tMax: expected a number of steps above 2, got 2'],
    ['a bias of three gates', () => init.chrono(ones([6]), 9), 'chrono: expected an LSTM bias of shape [4·H], got [6]'],
    ['a bias of rank 2', () => init.forgetGateBias(ones([4, 4])), 'forgetGateBias: expected an LSTM bias of shape'],
    ['a mode', () => new Conv2d(1, 1, 1).train(odd('yes')), 'Conv2d: train: expected true or false, got "yes"'],
    ['one value in training', () => new BatchNorm1d(3).forward(ones([1, 3])), 'more than one value a channel in train'],
    ['a batch of rank 4', () => new BatchNorm1d(3).forward(ones([2, 3, 1, 1])), 'BatchNorm1d: expected input of shape'],
    ['a batch of other channels', () => new BatchNorm1d(3).forward(ones([2, 2])), '[B, 3] or [B, 3, n], got [2, 2]'],
    ['images of rank 3', () => new BatchNorm2d(3).forward(ones([2, 3, 1])), 'BatchNorm2d: expected images of shape'],
    [
      'images of other channels',
      () => new BatchNorm2d(3).forward(ones([2, 2, 1, 1])),
      '[B, 3, h, w], got [2, 2, 1, 1]',
    ],
    ['a momentum above 1', () => new BatchNorm1d(3, { momentum: 1.5 }), 'BatchNorm1d: momentum: expected'],
    ['no axes to norm', () => new LayerNorm([]), 'LayerNorm: normalizedShape: expected sizes from 1, got []'],
    ['an axis of 0', () => new LayerNorm([2, 0]), 'LayerNorm: normalizedShape: expected a whole number from 1, got 0'],
    ['a pooled step alone', () => new AttentionPooling(3).forward(ones([2, 3])), 'AttentionPooling: expected input of'],
    [
      'pooling of another width',
      () => new AttentionPooling(3).forward(ones([5, 2, 4])),
      '[time, batch, 3], got [5, 2, 4]',
    ],
    [
      'a state without c',
      () => new LSTMCell(3, 4).step(ones([2, 3]), odd({ h: ones([2, 4]) })),
      'expected a state { h, c }',
    ],
    [
      'no state',
      () => new LSTMCell(3, 4).step(ones([2, 3]), odd(null)),
      'expected a state { h, c } of tensors, got null',
    ],
    [
      'a ring turned inside out',
      () => new LRUCell(2, 3, { minRadius: 0.9, maxRadius: 0.9 }),
      'expected 0 ≤ minRadius < max',
    ],
    ['a ring beyond the disk', () => new LRUCell(2, 3, { maxRadius: 1.1 }), 'got 0 and 1.1'],
    ['no phase', () => new LRUCell(2, 3, { maxPhase: 0 }), 'LRUCell: maxPhase: expected an angle above 0, got 0'],
    ['what is no cell', () => new Recurrent(odd({})), 'Recurrent: cell: expected a cell, or a function that makes one'],
    [
      'one cell for two layers',
      () => new Recurrent(new RNNCell(2, 2), { numLayers: 2 }),
      'several layers or directions need',
    ],
    [
      'one cell both ways',
      () => new Recurrent(new RNNCell(2, 2), { bidirectional: true }),
      'several layers or directions',
    ],
    [
      'one cell for two layers both ways',
      () => new Recurrent(new RNNCell(2, 2), { numLayers: 2, bidirectional: true }),
      'several layers or directions',
    ],
    [
      'a function that makes no cell',
      () => new Recurrent(() => odd({ hiddenSize: 2 }), { inputSize: 2 }),
      'Recurrent: cell: expected a function that makes a cell, it gave an object with hiddenSize',
    ],
    [
      'cells of no size',
      () => new Recurrent((n) => new RNNCell(n, 2)),
      'inputSize: needed with a function that makes a cell',
    ],
    [
      'a mask for a cell without a product',
      () => new Recurrent(new LRUCell(2, 3), { recurrentDropout: 0.5 }),
      'recurrentDropout: LRUCell does not take a mask',
    ],
    [
      'a kernel for another cell',
      () => new Recurrent(new Borrowed(2, 3)).forward(ones([4, 1, 2])),
      'must extend GatedCell',
    ],
    [
      'directions of two kinds',
      () => {
        const cells: Cell<never>[] = [odd(new LRUCell(2, 3)), odd(new LinearCell(2, 3))];
        return new Recurrent(() => cells.shift() as Cell<never>, { bidirectional: true, inputSize: 2 }).forward(
          ones([4, 1, 2]),
        );
      },
      'LinearCell: every cell of a layer must be of one kind',
    ],
    ['a state without end', () => mapState(deep(18), (t) => t), 'state: expected tensors, or objects of them'],
    ['the tensors of a state without end', () => tensorsOf(deep(18)), 'state: expected tensors, or objects of them'],
    ['the root of a text', () => init.inverseSqrt(odd('4')), 'inverseSqrt: n: expected a number, got "4"'],
    [
      'saved values that are a list',
      () => save([1, 2]),
      'file: w: expected its data as a Float32Array, Float64Array or',
    ],
    [
      'saved values of another shape',
      () => save(new Float32Array(2), [1, 2]),
      'file: expected w of shape [2], got [1, 2]',
    ],
    ['saved values without a shape', () => save(new Float32Array(2), null), 'file: expected w of shape [2], got []'],
    ['too many saved values', () => save(new Float32Array(3)), 'w: expected 2 values for its shape, got 3'],
    [
      'a saved NaN',
      () => save(Float32Array.of(0, Number.NaN)),
      'w: expected finite float32 numbers, got NaN at element 1',
    ],
    [
      'a number too large',
      () => save(Float64Array.of(0, -1e39)),
      'w: expected finite float32 numbers, got -1e+39 at el',
    ],
    [
      'half a count',
      () => save(Float32Array.of(1, 0.5), [2], { dtype: 'int32' }),
      'w: expected whole numbers, got 0.5 at',
    ],
    [
      'a count of 33 bits',
      () => save(Float64Array.of(2 ** 31, 0), [2], { dtype: 'int32' }),
      'expected whole numbers, got',
    ],
  ])('%s', (_name, run, message) => {
    expect(run).toThrow(UnrolledError);
    expect(run).toThrow(message);
  });

  test('but not what is just inside', () => {
    expect(tensorsOf(mapState(deep(17), (t) => t)).length).toBe(1);
    expect(values(new Embedding(3, 2, { paddingIdx: 0 }).weight).slice(0, 2)).toEqual([0, 0]);
    expect(values(new Embedding(3, 2, { paddingIdx: 2 }).weight).slice(4)).toEqual([0, 0]);
    new LRUCell(2, 3, { minRadius: 0, maxRadius: 1 });
    init.chrono(ones([4]), 2.1);
    new Recurrent(new RNNCell(2, 2), { recurrentDropout: 0.5 });
    new BatchNorm1d(2, { momentum: 1 });
    save(Float32Array.of((2 - 2 ** -23) * 2 ** 127, -0));
    save(Float64Array.of(1e300, 0), [2], { dtype: 'float64' });
    save(Int32Array.of(1, 2), [2], { dtype: 'int32' });
    save(Float64Array.of(-(2 ** 31), 2 ** 31 - 1), [2], { dtype: 'int32' });
  });
});
