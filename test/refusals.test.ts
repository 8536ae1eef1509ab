// What the ops refuse, one line for each: arguments that are one axis, one size or one type off the ones that are taken. A kernel that got them would
// read memory that is another tensor's.

import { describe, expect, test } from 'vitest';
import { ReferenceBackend } from '../packages/unrolled/src/backend/reference/reference.ts';
import { UnrolledError } from '../packages/unrolled/src/errors.ts';
import {
  attention,
  type AttentiveInputs,
  attentiveSequence,
  avgPool2d,
  batchNorm,
  cat,
  conv1d,
  conv2d,
  crossEntropy,
  embedding,
  full,
  indices,
  layerNorm,
  linear,
  linearCrossEntropy,
  localContrast,
  ones,
  polar,
  randomState,
  recurrentStep,
  scan,
  sequence,
  setRandomState,
  slstmSequence,
  type SLSTMSequence,
  Tensor,
  tensor,
  zeros,
} from '../packages/unrolled/src/tensor/index.ts';

const options = { backend: new ReferenceBackend() };
const f = (...shape: number[]): Tensor => ones(shape, options);
const int = (...values: number[]): Tensor => indices(values, undefined, options);
const odd = (value: unknown) => value as never;

// [B, S, A] = [2, 3, 4], values of 5.
const [query, keys, values] = [f(2, 4), f(2, 3, 4), f(2, 3, 5)];
// [T, B, I] = [5, 2, 3] into H = 4, an LSTM.
const x = f(5, 2, 3);
const direction = {
  weightIh: f(16, 3),
  weightHh: f(16, 4),
  biasIh: f(16),
  biasHh: f(16),
  h0: f(2, 4),
  c0: f(2, 4),
  mask: null,
};
const lstm = (more: object, also: object = {}, input = x) => sequence('lstm', input, [{ ...direction, ...more }], also);
const attentive = (more: Partial<AttentiveInputs>) =>
  attentiveSequence('lstm', {
    gates: f(5, 2, 16),
    weightHh: f(16, 4),
    biasHh: f(16),
    h0: f(2, 4),
    c0: f(2, 4),
    weightQuery: f(6, 4),
    keys: f(2, 3, 6),
    values: f(2, 3, 16),
    v: f(6),
    lengths: int(3, 1),
    gate: { weight: f(1, 4), bias: f(1) },
    ...more,
  });
const slstm = (more: Partial<SLSTMSequence>) =>
  slstmSequence({ gates: f(5, 2, 16), weightHh: f(16, 4), h: f(2, 4), c: f(2, 4), m: f(2, 4), mask: f(2, 4), ...more });
const images = f(2, 4, 7, 6);
const lossOf = (more: object, target = int(0, 1)) =>
  linearCrossEntropy(f(2, 3), f(4, 3), f(4), target, more as { reduction?: 'mean' });

test('what the lines below change is taken as it is', () => {
  f(...wide(6))
    .permute(5, 4, 3, 2, 1, 0)
    .add(f(...mixed(6)));
  f(2, 0).slice(1, -Infinity, Infinity).split([0, 0], 1);
  attention(query, keys, values, { v: f(4), lengths: int(0, 3) });
  attention(f(3, 2, 4), keys, values);
  lstm({ mask: f(2, 4) }, { lengths: int(0, 5) });
  attentive({});
  slstm({ lengths: int(0, 5) });
  scan(f(5, 2, 4), f(5, 2, 4), { h0: f(2, 4), lengths: int(0, 5), complex: true });
  scan(f(4), f(5, 2, 4));
  conv2d(images, f(6, 2, 3, 3), f(6), { groups: 2, padding: 'same' });
  conv1d(f(2, 4, 7), f(6, 4, 3), f(6));
  avgPool2d(images, 4, { padding: 2 });
  localContrast(images, { window: 1 });
  batchNorm(f(3, 2), f(2), f(2), { eps: 0 });
  layerNorm(f(3, 2, 4), [2, 4], f(2, 4), f(2, 4), 0);
  lossOf({});
  crossEntropy(f(2, 3), int(0, 1), { weight: [1, 0, 2] });
  recurrentStep('lstm', f(2, 16), f(2, 16), f(2, 4), f(2, 4));
});

describe('refused', () => {
  test.each<[string, () => unknown, string]>([
    ['values that do not fill a shape', () => tensor([1, 2, 3], [2, 2], options), 'tensor: expected 3 values for a'],
    ['a fill that is a text', () => full([2], odd('3'), options), 'full: value: expected a number, got "3" (a string)'],
    ['float64 where there is none', () => zeros([1], { dtype: 'float64', backend: odd(fake) }), 'float64 is the ref'],
    ['big integers', () => tensor(odd(BigInt64Array.of(1n)), undefined, options), 'values: expected numbers, got'],
    ['half an index', () => int(1, 2.5), 'expected whole numbers of 32 bits for int32, got 2.5 at 1'],
    ['an index of 33 bits', () => int(2 ** 31), 'got 2147483648 at 0'],
    ['a text in a list', () => tensor(odd([['a']]), undefined, options), 'expected numbers, or lists of them, got "a"'],
    ['a list without end', () => tensor(odd(endless()), undefined, options), 'expected numbers, or lists of them'],
    ['half a size', () => zeros([2, 1.5], options), 'shape: expected whole numbers from 0, got 1.5 for axis 1'],
    ['a negative size', () => zeros([-1], options), 'shape: expected whole numbers from 0, got -1 for axis 0'],
    ['one number of many', () => f(2).itemSync(), 'item: expected a tensor with one element'],
    ['another number of values', () => f(2).set([1]), 'set: expected 2 values for Tensor(float32 [2]), got 1'],
    ['what is no tensor', () => linear(odd([1]), f(1, 1)), 'linear: expected a tensor, got [1]'],
    ['a number of a generator', () => setRandomState({ ...randomState(), counter: -1 }), 'counter is not what a run'],
    ['half a key', () => setRandomState({ ...randomState(), key: 0.5 }), 'key is not what a run saves: 0.5'],

    ['an axis that is not of size 1', () => f(2, 3).squeeze(0), 'squeeze: expected an axis 0 of size 1'],
    ['more of what is not 1', () => f(2).expand(4), 'expand: expected a tensor that broadcasts to of shape [4], got'],
    ['fewer axes', () => f(2, 1).expand(2), 'expand: expected a tensor that broadcasts to'],
    ['steps of 0', () => f(4).slice(0, 0, 4, 0), 'slice: step: expected a whole number from 1, got 0'],
    ['half a position', () => f(4).slice(0, 0.5), 'slice: start: expected a whole number, got 0.5'],
    ['half an end', () => f(4).slice(0, 0, 3.5), 'slice: end: expected a whole number, got 3.5'],
    ['a position behind the last', () => f(4).select(0, 4), 'select: index: expected one from 0 to 3 along axis 0'],
    ['a position before the first', () => f(4).select(0, -5), 'select: index: expected one from 0 to 3'],
    ['parts of another sum', () => f(4).split([1, 2], 0), 'split: sizes: expected a sum of 4'],
    ['nothing to join', () => cat([]), 'cat: tensors: expected at least one'],
    ['floats and integers to join', () => cat([f(1), int(1)]), 'cat: cannot join'],
    ['floats that count', () => f(2).gather(0, f(2)), 'gather: expected an int32 index, got float32'],
    ['an index of another rank', () => f(2, 2).gather(0, int(1)), 'gather: expected an index that equals the input'],
    ['seven axes that do not join', () => f(...wide(7)).permute(6, 5, 4, 3, 2, 1, 0), 'at most 6 axes'],
    ['seven axes that broadcast', () => f(...wide(7)).add(f(...mixed(7))), 'operands of at most 6 axes'],
    ['an axis that is a text', () => f(2).sum(odd('0')), 'sum: dims: expected an axis or a list of axes, got "0"'],

    ['a query of rank 1', () => attention(f(4), keys, values), 'attention: expected query of shape [B, A], got [4]'],
    ['keys of another width', () => attention(query, f(2, 3, 5), values), 'keys of shape [2, S, 4], got [2, 3, 5]'],
    ['values of another length', () => attention(query, keys, f(2, 2, 5)), 'values of shape [2, 3, C]'],
    ['another v', () => attention(query, keys, values, { v: f(5) }), 'attention: expected v of shape [4], got [5]'],
    ['lengths of 3 rows', () => attention(query, keys, values, { lengths: int(1, 1, 1) }), 'lengths of shape [2]'],
    ['a length of −1', () => attention(query, keys, values, { lengths: int(1, -1) }), 'row 1 has -1; there are 3'],

    ['gates of rank 2', () => attentive({ gates: f(2, 16) }), 'gates of shape [T, B, 16], got [2, 16]'],
    ['gates of a GRU', () => attentive({ gates: f(5, 2, 12) }), 'gates of shape [T, B, 16], got [5, 2, 12]'],
    ...(
      [
        ['weightHh', f(12, 4)],
        ['biasHh', f(12)],
        ['h0', f(3, 4)],
        ['c0', f(2, 5)],
        ['weightQuery', f(6, 5)],
        ['keys', f(3, 3, 6)],
        ['values', f(2, 3, 12)],
        ['v', f(5)],
      ] as const
    ).map(
      ([name, t]) =>
        [`${name} that does not fit an attentive layer`, () => attentive({ [name]: t }), `expected ${name} of`] as [
          string,
          () => unknown,
          string,
        ],
    ),
    ['a gate of two', () => attentive({ gate: { weight: f(2, 4), bias: f(1) } }), 'gate.weight of shape [1, 4]'],
    ['biases of two', () => attentive({ gate: { weight: f(1, 4), bias: f(2) } }), 'gate.bias of shape [1]'],
    ['an LSTM without c', () => attentive({ c0: null }), 'expected c0 for an LSTM alone'],

    [
      'a state of rank 1',
      () => recurrentStep('rnnTanh', f(2, 4), f(2, 4), f(4)),
      'the state h of shape [B, H], got [4]',
    ],
    [
      'gatesX of a GRU',
      () => recurrentStep('rnnTanh', f(2, 12), f(2, 4), f(2, 4)),
      'gatesX of shape [2, 4], got [2, 12]',
    ],
    [
      'gatesH of a GRU',
      () => recurrentStep('rnnTanh', f(2, 4), f(2, 12), f(2, 4)),
      'gatesH of shape [2, 4], got [2, 12]',
    ],
    [
      'a state c of another size',
      () => recurrentStep('lstm', f(2, 16), f(2, 16), f(2, 4), f(2, 3)),
      'the state c of shape [2, 4], got [2, 3]',
    ],
    [
      'a state c of a GRU',
      () => recurrentStep('gru', f(2, 12), f(2, 12), f(2, 4), f(2, 4)),
      'gru: has no cell state c',
    ],

    ['an image without channels', () => conv2d(f(2, 7, 6), f(6, 4, 3, 3)), 'conv2d: expected images of shape [B, 4, h'],
    ['an image of other channels', () => conv2d(images, f(6, 3, 3, 3)), 'images of shape [B, 3, h, w], got [2, 4, 7'],
    ['a filter of rank 3', () => conv2d(images, f(6, 4, 3)), 'weight of shape [O, C/groups, kh, kw], got [6, 4, 3]'],
    ['a filter of rank 2', () => conv1d(f(2, 4, 7), f(6, 4)), 'weight of shape [O, C/groups, k], got [6, 4]'],
    ['a row of rank 2', () => conv1d(f(4, 7), f(6, 4, 3)), 'conv1d: expected input of shape [B, C, n], got [4, 7]'],
    ['no groups', () => conv2d(images, f(6, 4, 3, 3), null, { groups: 0 }), 'groups: expected a whole number from 1'],
    ['groups of 4 of 6', () => conv2d(images, f(6, 1, 3, 3), null, { groups: 4 }), '4 does not divide the 6 output'],
    ['a bias of 5', () => conv2d(images, f(6, 4, 3, 3), f(5)), 'conv2d: expected bias of shape [6], got [5]'],
    ['the same size in strides', () => conv2d(images, f(6, 4, 3, 3), null, { padding: 'same', stride: 2 }), 'stride 1'],
    ['the same size, even', () => conv2d(images, f(6, 4, 2, 2), null, { padding: 'same' }), 'odd window, got 2×2'],
    ['a stride of 0', () => conv2d(images, f(6, 4, 3, 3), null, { stride: [1, 0] }), 'stride: expected a whole number'],
    ['three strides', () => conv2d(images, f(6, 4, 3, 3), null, { stride: odd([1, 1, 1]) }), 'from 1, or two, got'],
    [
      'a window that does not fit',
      () => conv2d(images, f(6, 4, 8, 3)),
      'conv2d: expected a height of shape [8 or more]',
    ],
    ['padding of more than half', () => avgPool2d(images, 3, { padding: 2 }), 'at most half of the window 3×3, got 2'],
    [
      'an even neighborhood',
      () => localContrast(images, { window: 2 }),
      'window: expected an odd number of pixels, got 2',
    ],
    ['an eps of 0', () => localContrast(images, { eps: 0 }), 'localContrast: eps: expected a number above 0, got 0'],

    ['indices that are floats', () => embedding(f(2), f(3, 2)), 'embedding: expected int32 indices, got float32'],
    ['a table of rank 1', () => embedding(int(0), f(3)), 'embedding: expected weight of shape [V, E], got [3]'],
    ['a bias of another size', () => linear(f(2, 3), f(4, 3), f(3)), 'linear: expected bias of shape [4], got [3]'],
    ['a reduction', () => lossOf({ reduction: 'none' }), "reduction: expected 'mean' or 'sum', got \"none\""],
    ['targets that are floats', () => lossOf({}, f(2)), 'linearCrossEntropy: expected int32 targets, got float32'],
    ['targets of other rows', () => lossOf({}, int(0)), 'linearCrossEntropy: expected target of shape [2], got [1]'],
    ['smoothing by 1', () => lossOf({ labelSmoothing: 1 }), 'labelSmoothing: expected a probability in [0, 1), got 1'],
    ['a weight of rank 1', () => linearCrossEntropy(f(2, 3), f(3), null, int(0, 1)), 'weight of shape [V, 3], got [3]'],
    [
      'a weight of 2',
      () => linearCrossEntropy(f(2, 3), f(4, 2), null, int(0, 1)),
      'weight of shape [V, 3], got [4, 2]',
    ],
    ['a bias of 3', () => linearCrossEntropy(f(2, 3), f(4, 3), f(3), int(0, 1)), 'bias of shape [4], got [3]'],
    [
      'two class weights',
      () => crossEntropy(f(2, 3), int(0, 1), { weight: [1, 2] }),
      'one for each class, of shape [3]',
    ],
    ['a class weight below 0', () => crossEntropy(f(2, 3), int(0, 1), { weight: [1, -1, 1] }), 'weight of class 1'],

    ['a batch of rank 1', () => batchNorm(f(3)), 'batchNorm: expected input of shape [B, C, …], got [3]'],
    ['a weight of 3', () => batchNorm(f(3, 2), f(3)), 'batchNorm: expected weight of shape [2], got [3]'],
    ['a negative eps', () => batchNorm(f(3, 2), null, null, { eps: -1 }), 'batchNorm: eps: expected a number from 0'],
    ['no axes', () => layerNorm(f(3, 2), []), 'layerNorm: expected input of shape […], got [3, 2]'],
    ['other axes', () => layerNorm(f(3, 2), [3]), 'layerNorm: expected input of shape […, 3], got [3, 2]'],
    ['another bias', () => layerNorm(f(3, 2), [2], f(2), f(3)), 'layerNorm: expected bias of shape [2], got [3]'],
    ['radii of rank 2', () => polar(f(2, 2), f(2, 2)), 'polar: expected r and φ of shape [2, 2]'],
    ['another number of angles', () => polar(f(2), f(3)), 'polar: expected r and φ of shape [2], got [3]'],

    ['a scan of rank 2', () => scan(f(4), f(2, 4)), 'scan: expected b of shape [T, B, W], got [2, 4]'],
    ['a of other steps', () => scan(f(4, 2, 4), f(5, 2, 4)), 'scan: expected a of shape [5, 2, 4], got [4, 2, 4]'],
    ['a of another width', () => scan(f(3), f(5, 2, 4)), 'scan: expected a of shape [5, 2, 4], got [3]'],
    ['half a complex number', () => scan(f(3), f(5, 2, 3), { complex: true }), 'complex b of shape [T, B, 2·H]'],
    ['a state of a scan', () => scan(f(4), f(5, 2, 4), { h0: f(4) }), 'scan: expected h0 of shape [2, 4], got [4]'],
    [
      'a scan of 6 steps',
      () => scan(f(4), f(5, 2, 4), { lengths: int(5, 6) }),
      'the length of row 1 is 6; the sequence',
    ],
    ['a scan of −1 steps', () => scan(f(4), f(5, 2, 4), { lengths: int(-1, 5) }), 'the length of row 0 is -1'],
    ['a scan of 3 rows', () => scan(f(4), f(5, 2, 4), { lengths: int(1, 1, 1) }), 'scan: expected lengths (int32)'],

    ['no direction', () => sequence('lstm', x, []), 'sequence: directions: expected one or two'],
    ['a step alone', () => lstm({}, {}, f(2, 3)), 'lstm: expected input of shape [T, B, 3], got [2, 3]'],
    [
      'steps of another width',
      () => lstm({}, {}, f(5, 2, 4)),
      'lstm: expected input of shape [T, B, 3], got [5, 2, 4]',
    ],
    ...(
      [
        ['weightIh', f(12, 3)],
        ['weightHh', f(12, 4)],
        ['biasIh', f(12)],
        ['biasHh', f(4)],
        ['h0', f(3, 4)],
        ['c0', f(2, 3)],
        ['mask', f(4)],
      ] as const
    ).map(
      ([name, t]) =>
        [`${name} that does not fit an LSTM`, () => lstm({ [name]: t }), `lstm: expected ${name} of shape`] as [
          string,
          () => unknown,
          string,
        ],
    ),
    ['lengths that are floats', () => lstm({}, { lengths: f(2) }), 'lstm: expected lengths (int32) of shape [2]'],
    ['a row of 6 steps', () => lstm({}, { lengths: int(6, 1) }), 'the length of row 0 is 6; the sequence has 5 steps'],
    ['a row of −1 steps', () => lstm({}, { lengths: int(5, -1) }), 'the length of row 1 is -1'],
    ['gates of an sLSTM', () => slstm({ gates: f(5, 2, 12) }), 'slstm: expected gates of shape [T, B, 16]'],
    ['gates of a step', () => slstm({ gates: f(2, 16) }), 'slstm: expected gates of shape [T, B, 16], got [2, 16]'],
    ...(['h', 'c', 'm', 'mask'] as const).map(
      (name) =>
        [`${name} of 3 rows`, () => slstm({ [name]: f(3, 4) }), `slstm: expected ${name} of shape [2, 4]`] as [
          string,
          () => unknown,
          string,
        ],
    ),
  ])('%s', (_name, run, message) => {
    expect(run).toThrow(UnrolledError);
    expect(run).toThrow(message);
  });
});

test('a state that is refused changes nothing', () => {
  const before = randomState();
  expect(() => setRandomState({ ...before, key: before.key + 1, counter: Number.NaN })).toThrow('counter');
  expect(randomState()).toEqual(before);
});

// A backend in all but its numbers.
const fake = { name: 'native', allocate: () => undefined };

function endless(): unknown[] {
  const list: unknown[] = [];
  list.push(list);
  return list;
}

function wide(rank: number): number[] {
  return new Array<number>(rank).fill(2);
}

/** Sizes 2, 1, 2, 1 …: neighbors that are never walked as one. */
function mixed(rank: number): number[] {
  return Array.from({ length: rank }, (_, d) => 2 - (d % 2));
}
