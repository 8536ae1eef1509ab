import { describe, expect, test } from 'vitest';
import { BucketBatcher, padSequences } from './batches.ts';

/** Lengths from 1 to 60, most of them short. */
const lengths = Array.from({ length: 500 }, (_, n) => 1 + Math.floor(59 * ((n * 0.618034) % 1) ** 2));
const all = lengths.map((_, n) => n);
const take = (batcher: BucketBatcher, count: number) => Array.from({ length: count }, () => [...batcher.next()]);
const sorted = (batches: readonly number[][]) => batches.flat().sort((a, b) => a - b);
const padded = (batch: ArrayLike<number>) => batch.length * Math.max(...Array.from(batch, (n) => lengths[n]));

describe('BucketBatcher', () => {
  test.each([
    ['a batch size', { batchSize: 32 }],
    ['a budget of tokens', { tokens: 300 }],
    ['both', { batchSize: 16, tokens: 300 }],
  ])(
    'with %s, every epoch has every example once, in the same number of batches, in an order of its own',
    (_, options) => {
      const batcher = new BucketBatcher(lengths, options);
      const epochs = [0, 1, 2].map(() => take(batcher, batcher.batchesPerEpoch));
      for (const epoch of epochs) expect(sorted(epoch)).toEqual(all);
      expect(epochs[0]).not.toEqual(epochs[1]);
      expect(batcher.position).toEqual({ epoch: 3, batch: 0 });
    },
  );

  test('no batch is over the budget, and most of a batch is not padding', () => {
    const batcher = new BucketBatcher(lengths, { tokens: 300, batchSize: 64 });
    const epoch = take(batcher, batcher.batchesPerEpoch);
    for (const batch of epoch) {
      expect(padded(batch)).toBeLessThanOrEqual(300);
      expect(batch.length).toBeLessThanOrEqual(64);
    }
    const used = lengths.reduce((sum, n) => sum + n, 0) / epoch.reduce((sum, batch) => sum + padded(batch), 0);
    expect(used).toBeGreaterThan(0.85);
  });

  test('without a budget only one batch is smaller than the others', () => {
    const batcher = new BucketBatcher(lengths, { batchSize: 32 });
    const sizes = take(batcher, batcher.batchesPerEpoch).map((batch) => batch.length);
    expect(batcher.batchesPerEpoch).toBe(16);
    expect(sizes.filter((size) => size !== 32)).toEqual([500 % 32]);
  });

  test('the order depends on the seed and the epoch alone', () => {
    const [a, b] = [1, 1].map((seed) => new BucketBatcher(lengths, { batchSize: 8, seed }));
    take(a, 100);
    b.position = a.position;
    expect(b.position).toEqual({ epoch: 1, batch: 100 - 63 });
    expect(take(b, 80)).toEqual(take(a, 80));
    const other = new BucketBatcher(lengths, { batchSize: 8, seed: 2 });
    a.position = { epoch: 0, batch: 0 };
    expect(take(other, 63)).not.toEqual(take(a, 63));
  });

  test('rows of nine tenths of the longest are read with it, shorter ones are not', () => {
    const mixed = (some: readonly number[]) =>
      Array.from({ length: 40 }, (_, seed) => new BucketBatcher(some, { batchSize: 2, seed })).some((batcher) =>
        take(batcher, 2).some(([a, b]) => some[a] !== some[b]),
      );
    expect(mixed([10, 10, 9, 9])).toBe(true);
    expect(mixed([20, 20, 17, 17])).toBe(false);
  });

  test('at the borders: a row as long as the budget fits, one longer does not; a position is in the epoch', () => {
    expect(take(new BucketBatcher([3, 6, 3], { tokens: 6, shuffle: false }), 2)).toEqual([[1], [0, 2]]);
    expect(() => new BucketBatcher([3, 7], { tokens: 6 })).toThrow('example 1 is 7 long and a batch may have 6');
    const batcher = new BucketBatcher([1, 1, 1], { batchSize: 1 });
    batcher.position = { epoch: 0, batch: 2 };
    batcher.next();
    expect(batcher.position).toEqual({ epoch: 1, batch: 0 });
    expect(() => (batcher.position = { epoch: 0, batch: 3 })).toThrow('expected a batch from 0 to 2, got 3');
    expect(() => (batcher.position = { epoch: -1, batch: 0 })).toThrow('expected an epoch from 0, got -1');
  });

  test('validation reads in one fixed order, longest first, and moves nothing', () => {
    const batcher = new BucketBatcher(lengths, { tokens: 200 });
    const first = [...batcher.epoch()].map((batch) => [...batch]);
    batcher.next();
    expect([...batcher.epoch()].map((batch) => [...batch])).toEqual(first);
    expect(batcher.position).toEqual({ epoch: 0, batch: 1 });
    expect(sorted(first)).toEqual(all);
    const read = first.flat().map((n) => lengths[n]);
    expect(read).toEqual([...read].sort((a, b) => b - a));
    expect(take(new BucketBatcher(lengths, { tokens: 200, shuffle: false }), first.length)).toEqual(first);
  });

  test('changing a batch changes nothing that comes', () => {
    const [a, b] = [0, 0].map(() => new BucketBatcher([1, 1, 1], { batchSize: 3, shuffle: false }));
    a.next().fill(9);
    b.next();
    expect(a.next()).toEqual(b.next());
  });

  test('rows of no length are ordinary rows', () => {
    const batcher = new BucketBatcher([0, 2, 0], { tokens: 2 });
    expect(sorted([...batcher.epoch()].map((batch) => [...batch]))).toEqual([0, 1, 2]);
  });

  test.each<[string, () => unknown, string]>([
    ['no examples', () => new BucketBatcher([]), 'BucketBatcher: lengths: there are no examples'],
    [
      'an example over the budget',
      () => new BucketBatcher([3, 9], { tokens: 8 }),
      'example 1 is 9 long and a batch may have 8',
    ],
    ['a length that is none', () => new BucketBatcher([3, Number.NaN]), 'example 1: expected a whole number, got NaN'],
    [
      'a batch size of none',
      () => new BucketBatcher([3], { batchSize: 0 }),
      'batchSize: expected a whole number from 1',
    ],
    ['a misspelt option', () => new BucketBatcher([3], { batch_size: 2 } as object), 'did you mean batchSize?'],
    [
      'a position of other data',
      () => (new BucketBatcher([3]).position = { epoch: 0, batch: 7 }),
      'was the data changed?',
    ],
  ])('%s is refused', (_, make, message) => {
    expect(make).toThrow(message);
  });
});

test('lengths are whole numbers from 0, up to the budget', () => {
  for (const length of [-1, 1.5, Number.NaN])
    expect(() => new BucketBatcher([3, length])).toThrow('example 1: expected a whole number, got');
  expect(new BucketBatcher([0, 3], { tokens: 3, batchSize: 1 }).batchesPerEpoch).toBe(2);
  expect(() => new BucketBatcher([0, 4], { tokens: 3 })).toThrow('example 1 is 4 long and a batch may have 3');
});

describe('padSequences', () => {
  test('sets rows side by side, time first, with their lengths', () => {
    expect(padSequences([[5, 6, 7], [8], []], 9)).toEqual({
      ids: Int32Array.of(5, 8, 9, 6, 9, 9, 7, 9, 9),
      lengths: Int32Array.of(3, 1, 0),
      T: 3,
      B: 3,
    });
  });

  test('no rows are an empty batch', () => {
    expect(padSequences([])).toEqual({ ids: new Int32Array(0), lengths: new Int32Array(0), T: 0, B: 0 });
  });
});
