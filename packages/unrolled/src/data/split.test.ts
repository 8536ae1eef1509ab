import { describe, expect, test } from 'vitest';
import { DataError } from '../errors.ts';
import { split, splitByPosition } from './split.ts';

const everyone = ({ train, validation, test }: ReturnType<typeof split>) =>
  [...train, ...validation, ...test].sort((a, b) => a - b);
const count = (n: number) => [...Array(n).keys()];

describe('split', () => {
  test('every example is in one part, and the parts have the sizes asked for', () => {
    const parts = split(200, { validation: 0.1, test: 0.2 });
    expect(everyone(parts)).toEqual(count(200));
    expect([parts.train.length, parts.validation.length, parts.test.length]).toEqual([140, 20, 40]);
  });

  test('the seed decides', () => {
    expect(split(100, { seed: 1 })).toEqual(split(100, { seed: 1 }));
    expect(split(100, { seed: 1 })).not.toEqual(split(100, { seed: 2 }));
  });

  test('stratified, every part has the labels in proportion, and one seen once is learned from', () => {
    const labels = count(1000).map((n) => (n === 7 ? 'once' : n % 10 === 0 ? 'rare' : 'common'));
    const parts = split(1000, { validation: 0.2, stratify: labels });
    expect(parts.validation.filter((n) => labels[n] === 'rare').length).toBe(20);
    expect(parts.train).toContain(7);
    expect(everyone(parts)).toEqual(count(1000));
  });

  test('many labels seen a few times still add up to their share', () => {
    // 100 labels of three examples each: .3 of one for each part, and neither 0 nor 1 of every label.
    const labels = count(300).map((n) => n % 100);
    const parts = split(300, { validation: 0.1, test: 0.1, stratify: labels });
    expect([parts.train.length, parts.validation.length, parts.test.length]).toEqual([240, 30, 30]);
    expect(new Set(Array.from(parts.train, (n) => labels[n])).size).toBe(100);
    expect(everyone(parts)).toEqual(count(300));
  });

  test('a group is on one side only', () => {
    const group = count(500).map((n) => `speaker ${n % 17}`);
    const parts = split(500, { validation: 0.2, test: 0.1, group });
    const sides = [parts.train, parts.validation, parts.test].map((part) => new Set(Array.from(part, (n) => group[n])));
    expect(sides.reduce((sum, side) => sum + side.size, 0)).toBe(17);
    expect(Math.abs(parts.validation.length - 100)).toBeLessThan(30);
    expect(everyone(parts)).toEqual(count(500));
  });

  test('a few large groups: one validates, whatever part was asked for, and one is learned from', () => {
    const group = count(40).map((n) => `patient ${n % 4}`);
    const parts = split(40, { validation: 0.05, group });
    expect([parts.train.length, parts.validation.length]).toEqual([30, 10]);
    const halves = split(40, { validation: 0.5, test: 0.4, group: count(40).map((n) => n % 3) });
    expect(everyone(halves)).toEqual(count(40));
    for (const part of Object.values(halves)) expect(part.length).toBeGreaterThan(0);
  });

  test.each<[string, () => unknown, string]>([
    ['a part that would be empty', () => split(3), '0.1 of 3 examples leaves none for validation'],
    ['one group', () => split(9, { group: Array(9).fill('a') }), 'all examples are of one group'],
    ['labels of other data', () => split(9, { stratify: [1] }), 'stratify: expected one for each of 9 examples, got 1'],
    ['nothing to train', () => split(9, { validation: 0.5, test: 0.5 }), 'together they leave nothing for training'],
    ['no examples', () => split(0), 'count: expected a whole number from 1, got 0'],
  ])('%s is refused', (_, run, message) => {
    expect(run).toThrow(message);
  });
});

describe('a part', () => {
  test.each([-0.1, 1, Number.NaN, '0.1' as unknown as number])('of %o is none', (part) => {
    expect(() => split(100, { validation: part })).toThrow('validation: expected a part from 0 to below 1');
    expect(() => splitByPosition(100, { test: part })).toThrow('test: expected a part from 0 to below 1');
  });

  test('of 0 is empty, and both may be', () => {
    expect(split(3, { validation: 0 }).train).toEqual(Int32Array.of(0, 1, 2));
    expect(splitByPosition(3, { validation: 0 }).train).toEqual(Int32Array.of(0, 1, 2));
  });

  test('by group may be all of two groups but one, and one group stays to train', () => {
    const two = split(4, { validation: 0.5, group: ['a', 'a', 'b', 'b'] });
    expect([two.train.length, two.validation.length]).toEqual([2, 2]);
    const most = split(4, { validation: 0.9, group: ['a', 'a', 'b', 'b'] });
    expect([most.train.length, most.validation.length]).toEqual([2, 2]);
    expect(split(8, { validation: 0.25, group: 'aaaabbbb'.split('') }).validation.length).toBe(4); // at least one
    // And a further one where at least half of it is wanted.
    const of = (validation: number) => split(8, { validation, group: 'aabbccdd'.split('') }).validation.length;
    expect([of(0.25), of(0.36), of(0.375)]).toEqual([2, 2, 4]);
  });

  test('of a label seen three times leaves one of it to train', () => {
    const parts = split(3, { validation: 0.6, test: 0.35, stratify: ['a', 'a', 'a'] });
    expect([parts.train.length, parts.validation.length, parts.test.length]).toEqual([1, 1, 1]); // and not two to validate
  });
});

describe('splitByPosition', () => {
  test('parts that would be empty are refused, and no other', () => {
    const few = 'examples are too few for these parts';
    expect(() => splitByPosition(4, { validation: 0.1 })).toThrow(`4 ${few}`);
    expect(() => splitByPosition(4, { validation: 0.5, test: 0.1 })).toThrow(`4 ${few}`);
    expect(() => splitByPosition(2, { validation: 0.4, test: 0.4 })).toThrow(`2 ${few}`);
    expect(splitByPosition(2, { validation: 0.5 })).toEqual({ train: Int32Array.of(0), validation: Int32Array.of(1), test: new Int32Array(0) }); // biome-ignore format: one line
  });

  test('the first to train, the last to test', () => {
    const parts = splitByPosition(10, { validation: 0.2, test: 0.1 });
    expect(parts).toEqual({
      train: Int32Array.from(count(7)),
      validation: Int32Array.of(7, 8),
      test: Int32Array.of(9),
    });
  });

  test('data sorted by class is refused, with what to do', () => {
    const labels = count(100).map((n) => (n < 50 ? 'bad' : 'good'));
    expect(() => splitByPosition(100, { labels })).toThrow(DataError);
    expect(() => splitByPosition(100, { validation: 0.5, labels })).toThrow(
      'splitByPosition: the data is sorted by class (100 examples in 2 runs, about 51 were to be expected): ' +
        'the first 50 examples have none of "good"; use split(count, { stratify: labels })',
    );
  });

  test('mixed data is not', () => {
    const labels = count(100).map((n) => (n * 7919) % 3);
    expect(splitByPosition(100, { labels }).validation.length).toBe(10);
    expect(splitByPosition(100, { labels: Array(100).fill(1) }).train.length).toBe(90);
  });
});

test('a stratum or a group of more examples than a call has arguments is split too', () => {
  const many = 150_000;
  const labels = new Array(many).fill('a');
  expect(split(many, { stratify: labels, validation: 0.1 }).train.length).toBe(0.9 * many);
  const group = [...labels.slice(2), 'b', 'b'];
  const { train, validation } = split(many, { group, validation: 0.1 });
  expect([train.length, validation.length].sort((a, b) => a - b)).toEqual([2, many - 2]);
});
