import { describe, expect, test } from 'vitest';
import { Random } from '../../../random.ts';
import { Matcher } from './regex.ts';
import { programOf } from './regex-program.ts';
import { processorTime } from '../../../../../../test/processor-time.ts';

const matcher = (pattern: string) => new Matcher(programOf(pattern), () => new Error('too much'));

const find = (pattern: string, text: string) =>
  Array.from(matcher(pattern).find(text), ({ start, end }) => `${start}–${end} ${text.slice(start, end)}`);

const native = (pattern: string, text: string) =>
  Array.from(
    text.matchAll(new RegExp(pattern, 'gu')),
    ({ 0: match, index }) => `${index}–${index + match.length} ${match}`,
  );

/** Engines differ in what they make of a repeated part that reads nothing. */
const canBeEmpty = (part: string) => new RegExp(`^(?:${part.replace(/\\b|\(\?<?[=!][^)]*\)/g, '')})$`, 'u').test('');

/** A pattern of what both engines mean alike. */
function randomPattern(random: Random, depth: number): string {
  const pick = <T>(some: readonly T[]): T => some[random.integer(some.length)];
  const atom = () =>
    depth > 0 && random.uniform() < 0.4
      ? `(?:${randomPattern(random, depth - 1)})`
      : pick(['a', 'b', 'c', '[ab]', '[^a]', '\\p{L}', 'é', '🙂', '\\b', '(?=a)', '(?!b)', '(?<=c)', '(?<![ab])']);
  const quantifier = () => pick(['', '', '', '*', '+', '?', '*?', '+?', '??', '{2}', '{1,3}', '{2,}', '{0,2}?']);
  const sequence = () =>
    Array.from({ length: random.integer(4) }, () => {
      const one = atom();
      return canBeEmpty(one) ? one : one + quantifier();
    }).join('');
  return Array.from({ length: 1 + random.integer(3) }, sequence).join('|');
}

describe('regular expressions', () => {
  test("JavaScript's engine finds the same, for a thousand patterns", () => {
    const random = new Random(5);
    let found = 0;
    for (let round = 0; round < 1000; round++) {
      const pattern = randomPattern(random, 2);
      // To JavaScript's \b é is no letter; and it looks about within a 🙂 too.
      const letters = [
        'a',
        'b',
        'c',
        pattern.includes('\\b') ? 'a' : 'é',
        /\(\?<?[=!]/.test(pattern) ? 'b' : '🙂',
        ' ',
      ];
      const text = Array.from({ length: random.integer(12) }, () => letters[random.integer(6)]).join('');
      expect([pattern, text, ...find(pattern, text)]).toEqual([pattern, text, ...native(pattern, text)]);
      found += find(pattern, text).length;
    }
    expect(found).toBeGreaterThan(2500); // so that something was compared
  });

  test('more forks than one word has bits are told apart', () => {
    const maybe = (part: string) => `${'(?:'.repeat(20)}${part}${')?'.repeat(20)}`; // 20 forks and one letter
    const [a, b] = [maybe('a'), maybe('b')];
    for (const pattern of [`${a}${b}c`, `(?:${a}${b}${a}b)+c`, `${a}${a}a`, `x?${b}${a}b`])
      for (const text of ['c', 'abc', 'abababc', 'aabbc', 'aaa', 'xbb', 'bbbab'])
        expect([pattern.length, text, ...find(pattern, text)]).toEqual([
          pattern.length,
          text,
          ...native(pattern, text),
        ]);
  });

  test('a pattern that reads far ahead of its matches, with a fork for everything, is stopped', () => {
    const maybe = `${'(?:'.repeat(20)}b${')?'.repeat(20)}`;
    const pattern = `a*c|${maybe.repeat(46)}d`; // 922 forks: 29 words of bits at each position
    expect(find(pattern, 'aac')).toEqual(['0–3 aac']);
    expect(() => find(pattern, 'a'.repeat(700_000))).toThrow('too much'); // 4 · 29 bytes each: above 2²⁶
  });

  test.each([
    ['(a+)+$', 'a'],
    ['(a|a)*b', 'a'],
    ['(?:a*)*b', 'a'],
    ['a*a*a*a*b', 'a'],
    ['a*b|a', 'a'],
    ['(?:a?){60}a{60}b', 'a'],
    ['\\s*[\\r\\n]+|\\s+(?!\\S)|\\S', ' '],
    ['(?:[^x]*[^y]*)+z', '한'],
  ])('%s takes a time that the text bounds', async (pattern, letter) => {
    const took = await processorTime(() => {
      for (const { start, end } of matcher(pattern).find(`${letter.repeat(30_000)}!`))
        expect(end).toBeGreaterThanOrEqual(start);
    });
    expect(took).toBeLessThan(5000); // (a+)+$ on 40 letters takes hours where every way is gone
  });

  test('lines begin and end at line breaks, and a dot is all but a line break, as Oniguruma has it', () => {
    expect(find('^a', 'a\nab a')).toEqual(['0–1 a', '2–3 a']);
    expect(find('a$', 'a\r\nba\na')).toEqual(['4–5 a', '6–7 a']);
    expect(find('.', '\r\n\u2028')).toEqual(['0–1 \r', '2–3 \u2028']);
    expect(find('(?i:don)’t', 'DoN’t')).toEqual(['0–5 DoN’t']);
    expect(find('\\d', 'a1٣')).toEqual(['1–2 1', '2–3 ٣']);
    expect(find('\\D', 'a1٣b')).toEqual(['0–1 a', '3–4 b']);
    expect(find('[a&b]', 'a&b')).toEqual(['0–1 a', '1–2 &', '2–3 b']);
    expect(find('\\w+|[^\\w\\s]', 'é_1 ٣!')).toEqual(['0–3 é_1', '4–5 ٣', '5–6 !']);
  });

  test.each([
    ['a++', 'a quantifier of a quantifier'],
    ['(a)\\1', '\\1 is not known'],
    ['(?=ab)', 'a look at more than one character'],
    ['(?<name>a)', 'a group of an unknown kind'],
    ['(?>a)', 'a group of an unknown kind'],
    ['[a[b]]', 'a class within a class'],
    ['[z-a]', 'Range out of order'],
    ['\\p{Nothing}', 'Invalid property name'],
    ['a{2}?', '{n}? is not known'],
    ['(a', 'a ( without its )'],
    ['a)', 'a ) without its ('],
    ['*a', 'nothing to repeat'],
    ['a\\', 'a backslash at the end'],
    [`${'('.repeat(10_000)}a${')'.repeat(10_000)}`, 'too deep'],
    ['(?:a{1000}){1000}', 'a pattern that is too long'],
    ['((((){1000}){1000}){1000}){1000}', 'a pattern that is too long'],
    [`[${'a'.repeat(100)}`, 'a class without its end'],
    ['a{', 'a { that begins no number of times'],
    ['a{3,2}', 'numbers out of order'],
    ['\\b*', 'nothing to repeat'],
    ['^*', 'nothing to repeat'],
    ['(?=a)*', 'nothing to repeat'],
    ['[a&&b]', '&& is not known'],
    ['(?i:[a])', 'a class within (?i:…)'],
    ['\\012', 'an octal number'],
    ['\\p', 'a property without a name'],
    ['[a\\', 'a backslash at the end'],
  ])('refused %#', (pattern, message) => {
    expect(() => programOf(pattern)).toThrow(message);
    expect(() => programOf(pattern)).toThrow(SyntaxError);
  });
});
