import { describe, expect, test } from 'vitest';
import { UnrolledError } from '../errors.ts';
import { Random } from '../random.ts';
import { linearPattern } from './linear-pattern.ts';
import { processorTime } from '../../../../test/processor-time.ts';

describe('linearPattern', () => {
  test.each([
    ['_g(\\d+)_', 'v_g07_c01.avi', '_g07_', '07'],
    ['([a-z]|\\d)\\w*(\\.|$)', 'waving/10', 'waving', null],
    ['^(\\w+)/', 'waving/10', 'waving/', 'waving'],
    ['(?<person>p\\d+)-', 'a/p3-x.mp4', 'p3-', 'p3'],
    ['(?:x|(y))z', 'xz', 'xz', null],
    ['(a+)(b?)c', 'aab aac', 'aac', 'aa'],
    ['nothing', 'here', null, null],
  ])('%s in %s', (pattern, text, whole, group) => {
    const own = new RegExp(pattern).exec(text);
    const found = linearPattern(pattern).match(text);
    expect(found).toEqual(own && { text: own[0], group: own[1] ?? null });
    if (pattern !== '([a-z]|\\d)\\w*(\\.|$)')
      expect([found?.text ?? null, found?.group ?? null]).toEqual([whole, group]);
  });

  test("the first group is that of JavaScript's engine, for five hundred patterns", () => {
    const random = new Random(3);
    const pick = <T>(some: readonly T[]): T => some[random.integer(some.length)];
    const piece = () => pick(['a', 'b', '[ab]', '\\d', '(?:a|bb)', '.']) + pick(['', '', '*', '+', '?', '+?', '{1,2}']);
    const pieces = (n: number) => Array.from({ length: random.integer(n) }, piece).join('');
    let groups = 0;
    for (let round = 0; round < 500; round++) {
      const pattern = `${pieces(3)}(${pieces(3)}${pick(['', '|b', '|'])})${pieces(3)}`;
      const text = Array.from({ length: random.integer(10) }, () => pick(['a', 'b', '1'])).join('');
      const own = new RegExp(pattern).exec(text);
      expect([pattern, text, linearPattern(pattern).match(text)]).toEqual([
        pattern,
        text,
        own && { text: own[0], group: own[1] ?? null },
      ]);
      if (own?.[1]) groups++;
    }
    expect(groups).toBeGreaterThan(100); // so that something was compared
  });

  test.each(['(a+)+$', '(a|aa)+$', '(.*a){12}$', '((a*)*)*b'])('%s is bounded', async (pattern) => {
    const took = await processorTime(() => linearPattern(pattern).match(`${'a'.repeat(2000)}!`));
    expect(took).toBeLessThan(2000);
  });

  test.each(['(', '[', '(a)\\1', 'a**', '(?<=ab)c'])('%s is refused', (pattern) => {
    expect(() => linearPattern(pattern)).toThrow(UnrolledError);
    expect(() => linearPattern(pattern)).toThrow(/cannot be read as a pattern/);
  });
});
