import { describe, expect, test } from 'vitest';
import { FormatError, OptionError } from './errors.ts';
import { Random } from './random.ts';

const draw = (random: Random, n: number) => Array.from({ length: n }, () => random.uniform());

describe('Random', () => {
  test('gives the published first numbers of xoshiro128** from the state 1 2 3 4', () => {
    const random = new Random();
    random.setState({ key: '0', words: [1, 2, 3, 4], spare: null });
    expect(Array.from({ length: 10 }, () => random.bits())).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ]);
  });

  test('spreads the seed with SplitMix64: the published first numbers for the seed 1234567', () => {
    const [a, b, c, d] = new Random(1234567).state.words.map(BigInt);
    expect((b << 32n) | a).toBe(6457827717110365317n);
    expect((d << 32n) | c).toBe(3203168211198807973n);
  });

  test('the same seed gives the same numbers, another seed others', () => {
    expect(draw(new Random(7), 5)).toEqual(draw(new Random(7), 5));
    expect(draw(new Random(7), 5)).not.toEqual(draw(new Random(8), 5));
    expect(draw(new Random(-7), 5)).not.toEqual(draw(new Random(7), 5));
  });

  test('normal numbers keep their bits from version to version', () => {
    const random = new Random(3);
    const values = Array.from({ length: 4 }, () => random.normal());
    expect(values).toMatchInlineSnapshot(`
      [
        -0.28360438826686163,
        1.9811419434072999,
        0.1732278033983755,
        0.4025744708768385,
      ]
    `);
  });

  test('uniform numbers have mean 1/2, variance 1/12, and stay in [0, 1)', () => {
    const values = draw(new Random(1), 200_000);
    const mean = values.reduce((s, x) => s + x, 0) / values.length;
    const variance = values.reduce((s, x) => s + (x - mean) ** 2, 0) / values.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.003);
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(0.001);
    expect(values.every((x) => x >= 0 && x < 1)).toBe(true);
  });

  test('normal numbers have moments 0, 1, 0 and 3, and the tails of a normal', () => {
    const random = new Random(2);
    const n = 200_000;
    const values = Array.from({ length: n }, () => random.normal());
    const moment = (k: number) => values.reduce((s, x) => s + x ** k, 0) / n;
    expect(Math.abs(moment(1))).toBeLessThan(0.01);
    expect(Math.abs(moment(2) - 1)).toBeLessThan(0.015);
    expect(Math.abs(moment(3))).toBeLessThan(0.04);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.1);
    const beyond2 = values.filter((x) => Math.abs(x) > 2).length / n;
    expect(Math.abs(beyond2 - 0.0455)).toBeLessThan(0.002);
  });

  test('integers are even over their range, in small and in huge ranges', () => {
    const random = new Random(5);
    const counts = new Array(6).fill(0);
    for (let i = 0; i < 60_000; i++) counts[random.integer(6)]++;
    const chi2 = counts.reduce((s, c) => s + (c - 10_000) ** 2 / 10_000, 0);
    expect(chi2).toBeLessThan(25.7); // 5 degrees of freedom, p = 1e-4
    const huge = 2 ** 53 - 1;
    expect(Array.from({ length: 100 }, () => random.integer(huge)).some((x) => x > huge / 2)).toBe(true);
    expect(random.integer(1)).toBe(0);
  });

  test('shuffle keeps the elements, of arrays and typed arrays', () => {
    const random = new Random(9);
    const array = random.shuffle(Int32Array.from({ length: 50 }, (_, i) => i));
    expect([...array]).not.toEqual([...array].sort((a, b) => a - b));
    expect([...array].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(random.shuffle(['a'])).toEqual(['a']);
  });

  test('every order of three is equally likely', () => {
    const random = new Random(4);
    const counts = new Map<string, number>();
    for (let i = 0; i < 12_000; i++) {
      const order = random.shuffle(['a', 'b', 'c']).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 2000)).toBeLessThan(200);
  });

  test('a saved state continues with the same numbers, through JSON and between a pair of normals', () => {
    const random = new Random(11);
    random.normal();
    const state = JSON.parse(JSON.stringify(random.state));
    const expected = [random.normal(), random.normal(), random.uniform(), random.integer(100)];
    const other = new Random(0);
    other.setState(state);
    expect([other.normal(), other.normal(), other.uniform(), other.integer(100)]).toEqual(expected);
    expect(draw(other.fork('x'), 3)).toEqual(draw(new Random(11).fork('x'), 3));
  });

  test('a fork depends on the seed and its name, not on what was drawn', () => {
    const random = new Random(1);
    const before = draw(random.fork('dropout'), 4);
    random.uniform();
    expect(draw(random.fork('dropout'), 4)).toEqual(before);
    expect(draw(random.fork('data'), 4)).not.toEqual(before);
    expect(draw(new Random(2).fork('dropout'), 4)).not.toEqual(before);
    expect(draw(new Random(1), 4)).not.toEqual(before);
  });

  test('refuses seeds, ranges and states that make no sense', () => {
    expect(() => new Random(1.5)).toThrow('Random: seed: expected an integer, got 1.5');
    expect(() => new Random(1).integer(0)).toThrow(OptionError);
    const good = new Random(1).state;
    for (const bad of [
      null,
      {},
      { ...good, key: 'xyz' },
      { ...good, words: [1, 2, 3] },
      { ...good, words: [0, 0, 0, 0] },
      { ...good, words: [1, 2, 3, 2 ** 32] },
      { ...good, words: [1, 2, 3, 0.5] },
      { ...good, spare: 'x' },
    ]) {
      expect(() => new Random(1).setState(bad as typeof good)).toThrow(FormatError);
    }
  });
});
