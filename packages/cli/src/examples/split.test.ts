import { describe, expect, test } from 'vitest';
import { ownPart } from './parts.ts';
import { splitExamples } from './split.ts';
import { spread } from './spread.ts';
import { textsOf } from './text-input.ts';

const of = (count: number, key: (n: number) => string) => Array.from({ length: count }, (_, n) => key(n));
const seeds = Array.from({ length: 20 }, (_, seed) => seed);

describe('a split', () => {
  test('has every example on one side, the same for a seed and others for another', () => {
    const drawn = seeds.map((seed) => splitExamples(40, 0.25, seed));
    for (const { train, validation } of drawn) {
      expect(validation.length).toBe(10);
      expect([...train, ...validation].sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, n) => n));
    }
    expect(splitExamples(40, 0.25, 3)).toEqual(drawn[3]);
    expect(new Set(drawn.map(({ validation }) => validation.join())).size).toBe(20);
  });

  test('keeps nothing for a share of 0', () => {
    expect(splitExamples(3, 0, 1)).toEqual({ train: [0, 1, 2], validation: [] });
  });

  // A quarter of 8, 12 and 20. Of ten labels with two rows each half a row is owed by every second label: five rows in all.
  test('has each label in its proportion, rare ones together', () => {
    for (const seed of seeds) {
      const labels = of(40, (n) => (n < 8 ? 'a' : n < 20 ? 'b' : 'c'));
      const { validation } = splitExamples(40, 0.25, seed, { labels });
      expect(['a', 'b', 'c'].map((label) => validation.filter((n) => labels[n] === label).length)).toEqual([2, 3, 5]);
      const pairs = of(20, (n) => String(n >> 1));
      const rare = splitExamples(20, 0.25, seed, { labels: pairs });
      expect(rare.validation.length).toBe(5);
      expect(new Set(rare.train.map((n) => pairs[n])).size).toBe(10); // each label is trained on
      expect(splitExamples(5, 0.5, seed, { labels: ['only', 'x', 'x', 'x', 'x'] }).train).toContain(0);
    }
  });

  // Ten groups of one row: a third row is still as near to 3 as it gets. Five groups of two: after two rows the next two end as far above 3 as below.
  test('never tears a group, and stops where another one would lead away from the share', () => {
    for (const seed of seeds) {
      const size = (groups: string[], share: number) => {
        const { train, validation } = splitExamples(groups.length, share, seed, { groups });
        const [left, right] = [train, validation].map((part) => new Set(part.map((n) => groups[n])));
        expect([...left].filter((group) => right.has(group))).toEqual([]);
        return validation.length;
      };
      expect(size(of(10, String), 0.3)).toBe(3);
      expect(
        size(
          of(10, (n) => String(n >> 1)),
          0.3,
        ),
      ).toBe(4);
      expect(
        size(
          of(12, (n) => String(n >> 2)),
          0.1,
        ),
      ).toBe(4); // one group at least
    }
  });

  test.each<[string, () => unknown, string]>([
    ['one example', () => splitExamples(1, 0.5, 1), '1 examples are too few to keep 0.5 of them for validation'],
    ['too small a share', () => splitExamples(2, 0.1, 1), '2 examples are too few to keep 0.1 of them'],
    [
      'one group',
      () => splitExamples(4, 0.5, 1, { groups: ['g', 'g', 'g', 'g'] }),
      '4 examples in 1 groups cannot be split',
    ],
  ])('of %s is refused', (_name, split, message) => {
    expect(split).toThrow(message);
  });
});

test('the part that a run kept is named, and refused where it is not the same any more, or none', () => {
  const read = { validation: null };
  const own = { source: 'a.csv', sha256: 'x', count: 3 };
  expect(ownPart(own, { sha256: 'x', read })).toBe('a.csv (its validation part)');
  expect(ownPart(own, { sha256: 'x', read: { validation: 'b.csv' } })).toBe('b.csv');
  expect(() => ownPart(own, { sha256: 'y', read })).toThrow('a.csv: is not what this run was trained on any more');
  expect(() => ownPart({ ...own, count: 0 }, { sha256: 'x', read })).toThrow('nothing was kept for validation');
});

test('some of a list are taken evenly', () => {
  expect(spread([0, 1, 2, 3, 4, 5], 3)).toEqual([0, 2, 4]);
  expect(spread([0, 1], 3)).toEqual([0, 1]);
  expect(spread([], 3)).toEqual([]);
});

test('nothing to predict is refused', async () => {
  const reading = { column: null, guesses: ['text'], header: true };
  await expect(textsOf([], { file: null, where: null }, reading)).rejects.toThrow('text: say a text, --file file');
});
