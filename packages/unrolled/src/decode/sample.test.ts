import { describe, expect, test } from 'vitest';
import { NonFiniteError } from '../errors.ts';
import { Random } from '../random.ts';
import { Sampler, type SampleOptions } from './sample.ts';

const logits = Float32Array.of(1.2, -0.3, 0.5, 2.1, -1.7, 0.1);

function frequencies(options: SampleOptions, draws = 100_000, seed = 7): number[] {
  const sampler = new Sampler(new Random(seed), options);
  const counts = new Array<number>(logits.length).fill(0);
  for (let i = 0; i < draws; i++) counts[sampler.draw(logits)]++;
  return counts;
}

function softmax(y: Iterable<number>, temperature = 1): number[] {
  const e = Array.from(y, (v) => Math.exp(v / temperature));
  const sum = e.reduce((a, b) => a + b);
  return e.map((v) => v / sum);
}

describe('Sampler', () => {
  test.each([0.5, 1, 1.7])(
    'draws from the softmax at temperature %d (χ² of 100,000 draws, p > 0.001)',
    (temperature) => {
      const counts = frequencies({ temperature });
      const expected = softmax(logits, temperature).map((p) => p * 100_000);
      const chiSquare = counts.reduce((sum, n, v) => sum + (n - expected[v]) ** 2 / expected[v], 0);
      expect(chiSquare).toBeLessThan(20.5); // 5 degrees of freedom
    },
  );

  test('a lower temperature has less entropy, and a very low one is greedy', () => {
    const entropy = (temperature: number) =>
      frequencies({ temperature }, 20_000).reduce((h, n) => (n ? h - (n / 20_000) * Math.log(n / 20_000) : h), 0);
    expect(entropy(0.5)).toBeLessThan(entropy(1));
    expect(entropy(0.1)).toBeLessThan(entropy(0.5));
    expect(frequencies({ temperature: 1e-4 }, 100)[3]).toBe(100);
    expect(frequencies({ greedy: true }, 100)[3]).toBe(100);
  });

  test('topK leaves the k most probable in their proportions', () => {
    const counts = frequencies({ topK: 2 });
    expect(counts.map((n) => n > 0)).toEqual([true, false, false, true, false, false]);
    expect(counts[0] / counts[3]).toBeCloseTo(Math.exp(1.2 - 2.1), 1);
  });

  test('topP leaves the fewest that reach p, at least one', () => {
    const p = softmax(logits);
    const two = p[3] + p[0];
    expect(frequencies({ topP: two - 0.01 }).filter((n) => n > 0).length).toBe(2);
    expect(frequencies({ topP: two + 0.01 }).filter((n) => n > 0).length).toBe(3);
    expect(frequencies({ topP: 1e-9 }, 50)[3]).toBe(50);
  });

  const drawn = (scores: readonly number[], options: SampleOptions) => {
    const sampler = new Sampler(new Random(3), options);
    return [...new Set(Array.from({ length: 400 }, () => sampler.draw(scores)))].sort((a, b) => a - b);
  };

  test('at the borders: k of all is all, p that is just reached is enough, of equal scores the first', () => {
    const equal = [0, 0, 0, 0];
    expect(drawn(equal, { topK: 4 })).toEqual([0, 1, 2, 3]);
    expect(drawn(equal, { topK: 3 })).toEqual([0, 1, 2]);
    expect(drawn(equal, { topK: 1 })).toEqual([0]);
    expect(drawn(equal, { topK: 9 })).toEqual([0, 1, 2, 3]);
    expect(drawn(equal, { topP: 0.5 })).toEqual([0, 1]); // .25 + .25 is .5: no third
    expect(drawn(equal, { topP: 0.51 })).toEqual([0, 1, 2]);
    expect(drawn(equal, { topP: 1 })).toEqual([0, 1, 2, 3]);
    expect(drawn(equal, { topK: 3, topP: 0.5 })).toEqual([0, 1]);
    expect(drawn(equal, { topK: 1, topP: 0.9 })).toEqual([0]);
    expect(drawn(equal, { greedy: true })).toEqual([0]);
  });

  test('minP leaves those that are at least so probable, beside the most probable one', () => {
    const scores = [Math.log(4), Math.log(2), 0, Math.log(3)]; // 4 : 2 : 1 : 3
    expect(drawn(scores, { minP: 0 })).toEqual([0, 1, 2, 3]);
    expect(drawn(scores, { minP: 0.26 })).toEqual([0, 1, 3]);
    expect(drawn(scores, { minP: 0.51 })).toEqual([0, 3]);
    expect(drawn(scores, { minP: 1 })).toEqual([0]);
    expect(drawn(scores, { minP: 0.51, temperature: 2 })).toEqual([0, 1, 3]); // √½ is 0.71, √¼ is ½
    expect(drawn(scores, { minP: 0.26, topK: 2 })).toEqual([0, 3]);
    const counts = frequencies({ minP: Math.exp(1.2 - 2.1) * 0.99 });
    expect(counts.map((n) => n > 0)).toEqual([true, false, false, true, false, false]);
    expect(counts[0] / counts[3]).toBeCloseTo(Math.exp(1.2 - 2.1), 1);
  });

  test('the temperature comes before topP: 4 : 1 : 1 : 1 : 1 are ½ …, at temperature 2 they are 2 : 1 : 1 : 1 : 1', () => {
    const scores = [Math.log(4), 0, 0, 0, 0];
    expect(drawn(scores, { topP: 0.49 })).toEqual([0]);
    expect(drawn(scores, { topP: 0.49, temperature: 2 })).toEqual([0, 1]); // ⅓ + ⅙
  });

  test('the same seed draws the same', () => {
    const draws = (seed: number) =>
      Array.from(
        { length: 40 },
        (
          (s) => () =>
            s.draw(logits)
        )(new Sampler(new Random(seed))),
      );
    expect(draws(3)).toEqual(draws(3));
    expect(draws(3)).not.toEqual(draws(4));
  });

  test('huge scores do not overflow, and −∞ never comes', () => {
    const sampler = new Sampler(new Random(1));
    const draws = new Set(Array.from({ length: 200 }, () => sampler.draw([1e30, -Infinity, 1e30, -1e30])));
    expect(draws).toEqual(new Set([0, 2]));
  });

  test('a score that is not a number says which', () => {
    expect(() => new Sampler(new Random(1)).draw([0, Number.NaN])).toThrow(
      'Sampler: a score is NaN; it began in the score of symbol 1. Nothing was sampled',
    );
  });

  test('scores of which none can come are an error, greedy or not', () => {
    for (const greedy of [false, true]) {
      const sampler = new Sampler(new Random(1), { greedy });
      expect(() => sampler.draw([-Infinity, -Infinity])).toThrow(NonFiniteError);
      expect(() => sampler.draw([-Infinity, -Infinity])).toThrow(
        'Sampler: all 2 scores are -Infinity, so no symbol can come; it began in the scores. Nothing was sampled',
      );
    }
  });

  test.each<[object, string]>([
    [{ temperature: 0 }, 'temperature: expected a number above 0, got 0; for the most probable symbol use greedy'],
    [{ topK: -1 }, 'topK: expected a whole number from 0, got -1'],
    [{ topP: 0 }, 'topP: expected a probability in (0, 1], got 0'],
    [{ temperature: Infinity }, 'temperature: expected a number above 0, got Infinity'],
    [{ topK: 1.5 }, 'topK: expected a whole number from 0, got 1.5'],
    [{ topP: 1.5 }, 'topP: expected a probability in (0, 1], got 1.5'],
    [{ minP: 1.1 }, 'minP: expected a fraction in [0, 1], got 1.1'],
    [{ minP: -0.1 }, 'minP: expected a fraction in [0, 1], got -0.1'],
    [{ temprature: 1 }, 'temprature: unknown option; did you mean temperature?'],
  ])('refuses %o', (options, message) => {
    expect(() => new Sampler(new Random(1), options)).toThrow(message);
  });
});
