// Values of every op against plain arithmetic, what the table cannot say, and that the table has everything.

import { describe, expect, test } from 'vitest';
import { ReferenceBackend } from '../packages/unrolled/src/backend/reference/reference.ts';
import { OptionError, ShapeError, TensorError } from '../packages/unrolled/src/errors.ts';
import * as library from '../packages/unrolled/src/tensor/index.ts';
import {
  attention,
  cat,
  crossEntropy,
  dropout,
  embedding,
  indices,
  linear,
  manualSeed,
  matmul,
  stack,
  Tensor,
  tensor,
  where,
} from '../packages/unrolled/src/tensor/index.ts';
import { expectClose, tolerances } from './close.ts';
import { ops, samples } from './ops.ts';

const options = { dtype: 'float64', backend: new ReferenceBackend() } as const;
const float64 = (values: library.NestedArray, requiresGrad = false): Tensor => {
  const x = tensor(values, undefined, options);
  x.requiresGrad = requiresGrad;
  return x;
};
const int32 = (values: library.NestedArray): Tensor => indices(values, undefined, options);

describe('an op gives what plain arithmetic gives:', () => {
  test.each(samples.filter(([, sample]) => sample.plain))('%s', (_name, { inputs, run, plain }) => {
    const outputs = [run(...inputs.map((x) => tensor(x.values, x.shape, options)))].flat();
    const values = outputs.flatMap((y) => [...y.dataSync()]);
    expectClose(values, plain?.(...inputs.map((x) => x.values)) ?? [], tolerances.float64);
  });
});

// Exports and methods that compute nothing from tensors, or only hand on to what is in the table.
const notOps = {
  exports: `AnomalyError Tensor backward detectAnomaly noGrad nodesOf record recordMany scope
    arange empty full indices linspace ones rand randn tensor zeros setDefaultDtype
    globalRandom manualSeed randomState setRandomState`.split(/\s+/),
  methods: `constructor attach backward retainGrad detach zeroGrad keep
    data item dataSync itemSync toArray set toString`.split(/\s+/),
};

describe('the table of ops', () => {
  const exported = Object.entries(library).flatMap(([name, value]) => (typeof value === 'function' ? [name] : []));
  const methods = Object.entries(Object.getOwnPropertyDescriptors(Tensor.prototype)).flatMap(([name, { value }]) =>
    typeof value === 'function' ? [name] : [],
  );

  test.each(exported.filter((name) => !notOps.exports.includes(name)))('has the exported %s', (name) => {
    expect(Object.keys(ops)).toContain(name);
  });
  test.each(methods.filter((name) => !notOps.methods.includes(name)))('has the method %s', (name) => {
    expect(Object.keys(ops)).toContain(name);
  });
  test('has nothing that is gone', () => {
    for (const name of Object.keys(ops)) expect([...exported, ...methods]).toContain(name);
    for (const name of notOps.exports) expect(exported).toContain(name);
    for (const name of notOps.methods) expect(methods).toContain(name);
  });
});

describe('where a derivative has a choice', () => {
  test('equals of maximum and minimum share it evenly', () => {
    for (const op of ['maximum', 'minimum'] as const) {
      const [a, b] = [float64([1, 2], true), float64([1, 5], true)];
      a[op](b).sum().backward();
      expect(a.grad?.toArray()).toEqual([0.5, op === 'minimum' ? 1 : 0]);
      expect(b.grad?.toArray()).toEqual([0.5, op === 'minimum' ? 0 : 1]);
    }
  });

  test('the first of several largest takes it all', () => {
    const x = float64(
      [
        [3, 1, 3],
        [2, 2, 2],
      ],
      true,
    );
    x.max(1).sum().backward();
    expect(x.grad?.toArray()).toEqual([
      [1, 0, 0],
      [1, 0, 0],
    ]);
  });

  test('relu, abs and sign have none at zero', () => {
    for (const op of ['relu', 'abs', 'sign'] as const) {
      const x = float64([0], true);
      x[op]().sum().backward();
      expect(x.grad?.toArray()).toEqual([0]);
    }
  });

  test('a constant power of zero has none, rather than NaN', () => {
    const x = float64([0, 2], true);
    const y = float64([0, 0], true);
    x.pow(y).sum().backward();
    expect(x.grad?.toArray()).toEqual([0, 0]);
    expect(y.grad?.toArray()).toEqual([0, Math.log(2)]);
  });

  test('the side that where did not take gets none, not even a NaN', () => {
    const x = float64([0, 4], true);
    where(x.gt(1), x.log(), 0).sum().backward();
    expect(x.grad?.toArray()).toEqual([Number.NaN, 0.25]); // 0 · ln′(0): a zero arrives at log, which makes of it what it must
    const safe = float64([0, 4], true);
    where(safe.gt(1), where(safe.gt(1), safe, 1).log(), 0)
      .sum()
      .backward();
    expect(safe.grad?.toArray()).toEqual([0, 0.25]);
  });

  test('padding has no gradient, and other rows keep theirs', () => {
    const weight = float64(
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      true,
    );
    embedding(int32([0, 2, 0, 1]), weight, 0)
      .sum()
      .backward();
    expect(weight.grad?.toArray()).toEqual([
      [0, 0],
      [1, 1],
      [1, 1],
    ]);
  });

  test('a cast from one float to another hands it back in the dtype of its input', () => {
    const x = float64([1, 2], true);
    x.cast('float32').mul(3).sum().backward();
    expect(x.grad?.dtype).toBe('float64');
    expect(x.grad?.toArray()).toEqual([3, 3]);
  });
});

describe('dropout', () => {
  test('keeps the expectation, and about as many as it should', () => {
    manualSeed(1);
    const y = dropout(float64(new Array<number>(4000).fill(1)), 0.25).dataSync();
    const kept = y.filter((v: number) => v !== 0);
    expect(new Set(kept)).toEqual(new Set([1 / 0.75]));
    expect(kept.length / 4000).toBeCloseTo(0.75, 1);
  });

  test('draws anew at each call, and the same again after the same seed', () => {
    const x = float64(new Array<number>(64).fill(1));
    manualSeed(9);
    const [first, second] = [dropout(x, 0.5).toArray(), dropout(x, 0.5).toArray()];
    expect(second).not.toEqual(first);
    manualSeed(9);
    expect(dropout(x, 0.5).toArray()).toEqual(first);
  });
});

describe('large and small numbers', () => {
  test('softmax, its logarithm and the loss stay finite', () => {
    const x = float64([[1000, 0, -1000]]);
    expect(x.softmax().toArray()).toEqual([[1, 0, 0]]);
    expect(x.logSoftmax().toArray()).toEqual([[0, -1000, -2000]]);
    expect(crossEntropy(x, int32([2])).itemSync()).toBe(2000);
  });

  test('sigmoid and softplus stay finite', () => {
    const x = float64([-800, 800]);
    expect(x.sigmoid().toArray()).toEqual([0, 1]);
    expect(x.softplus().toArray()).toEqual([0, 800]);
  });
});

describe('an op refuses what it cannot use, and says why:', () => {
  const x = float64([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  const float32 = tensor([1, 2, 3], undefined, { ...options, dtype: 'float32' });
  const elsewhere = tensor([1, 2, 3], undefined, { ...options, backend: new ReferenceBackend() });
  const cases: [string, () => unknown, new (...args: never[]) => Error, RegExp][] = [
    [
      'shapes that do not broadcast',
      () => x.add(float64([1, 2])),
      ShapeError,
      /add: expected .* broadcasts with \[2, 3\], got \[2\]/,
    ],
    ['two dtypes', () => x.mul(float32), TensorError, /float64 and float32; cast/],
    ['two backends', () => x.add(elsewhere.cast('float64')), TensorError, /backend/],
    ['int32 where floats are needed', () => int32([1]).exp(), TensorError, /exp: expected a float tensor, got int32/],
    ['factors that do not fit', () => matmul(x, x), ShapeError, /matmul: .* got \[2, 3\]/],
    ['factors of two dtypes', () => matmul(x, float32), TensorError, /cast/],
    [
      'an input that does not fit the weight',
      () => linear(x, float64([[1, 2]])),
      ShapeError,
      /linear: expected input of shape \[…, 2\], got \[2, 3\]/,
    ],
    ['a weight that is no matrix', () => linear(x, float64([1, 2, 3])), ShapeError, /weight/],
    ['an axis that is not there', () => x.sum(2), OptionError, /expected an axis from -2 to 1, got 2/],
    ['axes given twice', () => x.permute(0, 1, 0), OptionError, /each of 2 axes once/],
    ['a reshape of another size', () => x.reshape(4, 2), ShapeError, /6 elements/],
    ['the largest of nothing', () => tensor([], [2, 0], options).max(1), OptionError, /no elements/],
    ['an index that is not there', () => embedding(int32([0, 7]), x), OptionError, /from 0 to 1, got 7 at position 1/],
    ['a class that is not there', () => crossEntropy(x, int32([0, 3])), OptionError, /from 0 to 2, got 3/],
    ['targets that are floats', () => crossEntropy(x, float64([0, 1])), TensorError, /int32/],
    [
      'targets of another shape',
      () => crossEntropy(x, int32([[0], [1]])),
      ShapeError,
      /target of shape \[2\], got \[2, 1\]/,
    ],
    ['parts of another rank', () => cat([x, float64([1])]), ShapeError, /cat/],
    ['no parts', () => stack([]), OptionError, /at least one/],
    ['chunks that do not come out even', () => x.chunk(2), OptionError, /3 positions, which 2 does not divide/],
    ['a probability of 1', () => dropout(x, 1), OptionError, /\[0, 1\), got 1/],
    [
      'lengths beyond the end',
      () =>
        attention(x, tensor(x.dataSync(), [2, 1, 3], options), tensor(x.dataSync(), [2, 1, 3], options), {
          lengths: int32([1, 2]),
        }),
      OptionError,
      /row 1 has 2/,
    ],
    ['rows of unequal length', () => float64([[1, 2], [3]]), ShapeError, /rows/],
  ];
  test.each(cases)('%s', (_name, run, kind, text) => {
    expect(run).toThrow(kind);
    expect(run).toThrow(text);
  });
});
