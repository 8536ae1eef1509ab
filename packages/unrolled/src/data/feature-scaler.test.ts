import { describe, expect, test } from 'vitest';
import { FeatureScaler } from './feature-scaler.ts';

const names = ['a', 'b'];
// a: 1 3 5 7, mean 4, deviation √5; b: 10 everywhere but one missing value.
const training = [
  [1, 10, 3, NaN],
  [5, 10, 7, 10],
];

describe('a feature scaler', () => {
  test('standardizes by the training sequences alone, and a constant feature by 1', () => {
    const { mean, deviation, clip } = FeatureScaler.fit(training, names).toJSON();
    expect(mean).toEqual([4, 10]);
    expect(deviation).toEqual([Math.sqrt(5), 1]);
    expect(clip).toBe(10);
  });

  test('of the training values has mean 0 and variance 1', () => {
    const scaler = FeatureScaler.fit(training, names);
    const a = training.flatMap((one) => [...scaler.encode(one).values].filter((_, k) => k % 2 === 0));
    expect(a.reduce((sum, z) => sum + z, 0)).toBeCloseTo(0, 6);
    expect(a.reduce((sum, z) => sum + z * z, 0) / a.length).toBeCloseTo(1, 6);
  });

  test('fills a missing value with the one before it, the first with the mean, and counts them', () => {
    const scaler = FeatureScaler.fit(training, names);
    const { values, missing } = scaler.encode([NaN, 11, 4 + Math.sqrt(5), Infinity, NaN, null as unknown as number]);
    expect(missing).toBe(4);
    expect([...values]).toEqual([0, 1, 1, 1, 1, 1]);
  });

  test('limits what is far from everything to ±10 deviations', () => {
    const scaler = FeatureScaler.fit(training, names);
    expect([...scaler.encode([4, 1e9, 4, -1e9]).values]).toEqual([0, 10, 0, -10]);
  });

  test('with differences reads how each feature changed, standardized alike, 0 at the first step before scaling', () => {
    const scaler = FeatureScaler.fit([[0, 1, 3]], ['x'], { differences: true });
    expect(scaler.inputSize).toBe(2);
    // Δ = 0 1 2: mean 1, deviation √(2/3)
    const d = 1 / Math.sqrt(2 / 3);
    const changes = [...scaler.encode([5, 6, 8]).values].filter((_, k) => k % 2 === 1);
    expect(changes.map((z) => Number(z.toFixed(5)))).toEqual([-d, 0, d].map((z) => Number(z.toFixed(5))));
  });

  test('without standardization reads values as they are', () => {
    const scaler = FeatureScaler.fit(training, names, { standardize: false });
    expect([...scaler.encode([1, 2000, NaN, -3]).values]).toEqual([1, 2000, 1, -3]);
  });

  test('survives JSON, to the bit', () => {
    for (const options of [{}, { differences: true }, { standardize: false }]) {
      const scaler = FeatureScaler.fit(training, names, options);
      const again = FeatureScaler.fromJSON(JSON.parse(JSON.stringify(scaler)));
      expect(again.encode([1.5, 2, 3, 4])).toEqual(scaler.encode([1.5, 2, 3, 4]));
      expect(again.toJSON()).toEqual(scaler.toJSON());
    }
  });

  test('one at the level of a clock keeps what float32 would lose', () => {
    const scaler = FeatureScaler.fit([[1_700_000_000, 1_700_000_001, 1_700_000_002]], ['seconds']);
    const { values } = scaler.encode([1_700_000_000, 1_700_000_001]);
    expect(values[1] - values[0]).toBeCloseTo(1 / Math.sqrt(2 / 3), 5);
  });

  test.each<[what: string, act: () => unknown, message: string]>([
    [
      'part of a step',
      () => FeatureScaler.fit([[1, 2, 3]], names),
      'sequence 0: expected whole steps of 2 features, got 3 numbers',
    ],
    [
      'an empty sequence',
      () => FeatureScaler.fit(training, names).encode([]),
      'sequence: expected whole steps of 2 features, got none',
    ],
    ['no features', () => FeatureScaler.fit([], []), 'expected 1 to 1048576 features, got 0'],
    [
      'a feature without a number',
      () => FeatureScaler.fit([[1, NaN]], names),
      'feature b: has no number in the training data',
    ],
  ])('refuses %s', (_what, act, message) => {
    expect(act).toThrow(message);
  });

  test.each([
    [{ names: 3 }, 'names: expected a list of names, got 3'],
    [{ differences: 1 }, 'differences: expected true or false, got 1'],
    [{ mean: [1] }, 'mean: expected 2 numbers'],
    [{ deviation: [0, 1] }, 'deviation: expected 2 numbers above 0'],
    [{ clip: -1 }, 'clip: expected a number above 0 or null, got -1'],
  ])('refuses a file with %j', (wrong, message) => {
    const json = { ...FeatureScaler.fit(training, names).toJSON(), ...wrong };
    expect(() => FeatureScaler.fromJSON(json, 'run/features.json')).toThrow(`run/features.json: ${message}`);
  });
});
