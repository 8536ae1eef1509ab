// Every limit of a tokenizer.json: what is just within it is read, what is one beyond is refused.

import { describe, expect, test } from 'vitest';
import { FormatError } from '../../../errors.ts';
import { Tokenizer } from '../../tokenizer.ts';
import { Matcher } from './regex.ts';
import { programOf } from './regex-program.ts';

const model = { type: 'WordLevel', vocab: { a: 0, '<unk>': 1 }, unk_token: '<unk>' };
const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));
const read = (change: object) => Tokenizer.fromHuggingFace({ model, ...change }, 'tok.json');
const groups = (depth: number) => `${'('.repeat(depth)}a${')'.repeat(depth)}`;

describe('a pattern', () => {
  test.each<[string, string, string, string]>([
    ['groups within groups', groups(32), groups(33), 'groups within groups, too deep'],
    ['groups that are not noted', groups(32).replaceAll('(', '(?:'), groups(33).replaceAll('(', '(?:'), 'too deep'],
    ['instructions', 'a'.repeat(1023), 'a'.repeat(1024), 'a pattern that is too long'],
    ['repetitions', 'a{1023}', 'a{1024}', 'a pattern that is too long'],
    ['parts that read nothing', `${'()'.repeat(2046)}(())`, `${'()'.repeat(2046)}((()))`, 'too long'],
    ['numbers in order', 'a{2,2}', 'a{2,1}', 'numbers out of order'],
  ])('%s', (_, within, beyond, message) => {
    expect(programOf(within).length).toBeGreaterThan(0);
    expect(() => programOf(beyond)).toThrow(message);
    expect(() => programOf(beyond)).toThrow(SyntaxError);
  });

  test('memory for what failed: as much as 2²⁶ bytes', () => {
    const maybe = `${'(?:'.repeat(20)}b${')?'.repeat(20)}`;
    const program = programOf(`a*c|${maybe.repeat(24)}d`); // 482 forks: 16 words of bits at each position, 2¹⁶ bytes a page
    const find = (n: number) => [...new Matcher(program, () => new Error('too much')).find(`${'a'.repeat(n)}c`)][0].end;
    expect(find(2 ** 20 - 1)).toBe(2 ** 20);
    expect(() => find(2 ** 20)).toThrow('too much');
  });

  test.each<[pattern: string, native: RegExp]>([
    ['\\p{Lu}', /\p{Lu}/gu],
    ['\\p{Han}', /\p{Script=Han}/gu],
    ['\\p{Script=Han}', /\p{Script=Han}/gu],
    ['\\p{^L}', /\P{L}/gu],
    ['\\P{L}', /\P{L}/gu],
    ['\\P{^L}', /\p{L}/gu],
    ['a{2,2}', /a{2}/gu],
    ['a{0}b', /b/gu],
    ['a{1,}?', /a/gu],
    ['(?i:aB)', /[aA][bB]/gu],
    ['[\\d\\-\\]]', /[\p{Nd}\-\]]/gu],
    ['[^\\s\\w]', /[^\s\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]/gu],
    ['\\t|\\n', /\t|\n/gu],
    ['(?<!a)b|(?<=a)A', /(?<!a)b|(?<=a)A/gu],
    ['a(?=a|B)', /a(?=[aB])/gu],
    ['\\.|\\(', /\.|\(/gu],
    ['[^a]', /[^a]/gu],
    ['\\Bb', /(?<=[\p{L}_])b/gu],
    ['|a', /(?:)/gu],
  ])("%s finds what JavaScript's %s does", (pattern, native) => {
    const text = 'aaB Ab漢字b-7٣\t(b).\n]aBaa_b\u0080\uffffa😀b';
    const found = [...new Matcher(programOf(pattern), () => new Error()).find(text)];
    expect(found.map(({ start, end }) => [start, text.slice(start, end)])).toEqual(
      Array.from(text.matchAll(native), ({ 0: match, index }) => [index, match]),
    );
    expect(found.length).toBeGreaterThan(0);
  });
});

describe('a file', () => {
  const step = { type: 'NFC' };
  const score = (length: number) => ({ model: { type: 'Unigram', vocab: [['a'.repeat(length), 0]] } });
  test.each<[string, object, object, string]>([
    ['lists within lists', { post_processor: nested(32) }, { post_processor: nested(33) }, 'more than 32 deep'],
    [
      'steps',
      { normalizer: { type: 'Sequence', normalizers: Array(64).fill(step) } },
      { normalizer: { type: 'Sequence', normalizers: Array(65).fill(step) } },
      'normalizers: more than 64 steps',
    ],
    [
      'steps within steps',
      { normalizer: { type: 'Sequence', normalizers: [{ type: 'Sequence', normalizers: Array(63).fill(step) }] } },
      { normalizer: { type: 'Sequence', normalizers: [{ type: 'Sequence', normalizers: Array(64).fill(step) }] } },
      'normalizers: more than 64 steps',
    ],
    [
      'steps within the last step',
      {
        normalizer: {
          type: 'Sequence',
          normalizers: [...Array(62).fill(step), { type: 'Sequence', normalizers: [step] }],
        },
      },
      {
        normalizer: {
          type: 'Sequence',
          normalizers: [...Array(63).fill(step), { type: 'Sequence', normalizers: [step] }],
        },
      },
      'normalizers: more than 64 steps',
    ],
    ['letters of a token', score(512), score(513), 'a token of 513 letters; at most 512'],
    [
      'numbers beyond the tokens',
      { model: { type: 'WordLevel', vocab: { a: 4099 } } },
      { model: { type: 'WordLevel', vocab: { a: 4100 } } },
      '"a" has the number 4100, with 1 tokens in all',
    ],
    [
      'numbers of added tokens', // 4 · (2 + 1) + 4096
      { added_tokens: [{ id: 4107, content: 'x' }] },
      { added_tokens: [{ id: 4108, content: 'x' }] },
      '"x" has the number 4108, with 3 tokens in all',
    ],
    [
      'an unknown token that is there',
      { model: { type: 'Unigram', vocab: [['a', 0]], unk_id: 0 } },
      { model: { type: 'Unigram', vocab: [['a', 0]], unk_id: 1 } },
      'unk_id: there is no token 1',
    ],
    [
      'one character',
      { pre_tokenizer: { type: 'Metaspace', replacement: '😀' } },
      { pre_tokenizer: { type: 'Metaspace', replacement: '😀😀' } },
      'replacement: expected one character',
    ],
    [
      'a strip from 0',
      { decoder: { type: 'Strip', content: 'a', start: 0, stop: 0 } },
      { decoder: { type: 'Strip', content: 'a', start: 0, stop: -1 } },
      'stop: expected a whole number from 0',
    ],
    ['an object', { normalizer: null }, { normalizer: [] }, 'tok.json: normalizer: expected an object, got []'],
  ])('%s', (_, within, beyond, message) => {
    expect(read(within).size).toBeGreaterThan(0);
    expect(() => read(beyond)).toThrow(message);
    expect(() => read(beyond)).toThrow(FormatError);
  });
});

describe('growth: 64 characters for each one, and 1024', () => {
  const long = 'makes more than 64 characters of each one';
  const ligature = 'ﷺ'; // 18 characters in NFKC
  const bytes = (count: number) => ({
    type: 'Sequence',
    pretokenizers: Array(count).fill({ type: 'ByteLevel', add_prefix_space: false, use_regex: false }),
  });
  const composed = (more: string) => ({
    type: 'Sequence',
    normalizers: [{ type: 'Replace', pattern: { String: 'a' }, content: ligature.repeat(60) + more }, { type: 'NFKC' }],
  });
  test.each<[string, object, object, string]>([
    [
      'Prepend',
      { normalizer: { type: 'Prepend', prepend: 'b'.repeat(1087) } },
      { normalizer: { type: 'Prepend', prepend: 'b'.repeat(1088) } },
      'a',
    ],
    [
      'Replace',
      { normalizer: { type: 'Replace', pattern: { String: 'a' }, content: 'b'.repeat(1088) } },
      { normalizer: { type: 'Replace', pattern: { String: 'a' }, content: 'b'.repeat(1089) } },
      'a',
    ],
    [
      'steps one after the other',
      { normalizer: composed('b'.repeat(8)) },
      { normalizer: composed('b'.repeat(9)) },
      'a',
    ],
    ['bytes of bytes', { pre_tokenizer: bytes(7) }, { pre_tokenizer: bytes(8) }, 'é'.repeat(16)], // 16 · 2⁷ = 64 · 16 + 1024
  ])('%s', (_, within, beyond, text) => {
    expect(ligature.normalize('NFKC').length).toBe(18);
    expect(read(within).encode(text).length).toBeGreaterThan(0);
    expect(() => read(beyond).encode(text)).toThrow(long);
  });

  test('a decoder has the room for all tokens together', () => {
    const replace = (n: number) => ({ type: 'Replace', pattern: { String: 'a' }, content: 'b'.repeat(n) });
    expect(read({ decoder: replace(1088) }).decode([0]).length).toBe(1088);
    expect(() => read({ decoder: replace(1089) }).decode([0])).toThrow(long);
    expect(read({ decoder: replace(576) }).decode([0, 0]).length).toBe(1152); // 64 · 2 + 1024
    expect(() => read({ decoder: replace(577) }).decode([0, 0])).toThrow(long);
    const sequence = (n: number) => ({ type: 'Sequence', decoders: [replace(n), { type: 'Fuse' }] });
    expect(read({ decoder: sequence(576) }).decode([0, 0]).length).toBe(1152);
    expect(() => read({ decoder: sequence(577) }).decode([0, 0])).toThrow(long);
  });
});
