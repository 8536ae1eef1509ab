// What each step does, against the definitions: Hugging Face's documentation has the example of the behaviors.

import { describe, expect, test } from 'vitest';
import { Random } from '../../../random.ts';
import { Tokenizer } from '../../tokenizer.ts';
import { type AddedToken, finder } from './added-tokens.ts';
import { readDecoder } from './decoders.ts';
import { readModel } from './models.ts';
import { readNormalizer } from './normalizers.ts';
import { Part } from './part.ts';
import { exactly, replaceBy, splitBy } from './patterns.ts';
import { readPreTokenizer } from './pre-tokenizers.ts';

const part = (json: object) => new Part('x', json);

describe('splitting', () => {
  test.each([
    ['Removed', 'the final countdown'],
    ['Isolated', 'the - final - - countdown'],
    ['MergedWithPrevious', 'the- final- - countdown'],
    ['MergedWithNext', 'the -final - -countdown'],
    ['Contiguous', 'the - final -- countdown'],
  ] as const)('%s', (behavior, pieces) => {
    expect(splitBy('the-final--countdown', /-/gu, behavior).join(' ')).toBe(pieces);
    expect(splitBy('the-final--countdown', exactly('-'), behavior).join(' ')).toBe(pieces);
  });

  test('inverted, what is between is the match', () => {
    const words = (behavior: 'Removed' | 'Isolated' | 'MergedWithPrevious' | 'MergedWithNext' | 'Contiguous') =>
      splitBy('ab, cd', /[a-z]+/gu, behavior, true);
    expect(words('Removed')).toEqual(['ab', 'cd']);
    expect(words('Isolated')).toEqual(['ab', ', ', 'cd']);
    expect(words('MergedWithPrevious')).toEqual(['ab, ', 'cd']);
    expect(words('MergedWithNext')).toEqual(['ab', ', cd']);
    expect(splitBy('-a-', /-/gu, 'MergedWithPrevious')).toEqual(['-', 'a-']);
    expect(splitBy('-a-', /-/gu, 'MergedWithNext')).toEqual(['-a', '-']);
    expect(splitBy('', /-/gu, 'Isolated')).toEqual([]);
  });

  test('replacing is what a string does, at its ends and in a row', () => {
    for (const text of ['', 'a', 'ba', 'ab', 'aab', 'baaab', 'bbb', 'aaa'])
      for (const content of ['', 'x', 'aa'])
        expect(replaceBy(text, exactly('a'), content, 99, part({}))).toBe(text.replaceAll('a', content));
  });
});

describe('steps', () => {
  const normal = (json: object, text: string) => readNormalizer(part(json))(text, 1e6);
  const pieces = (json: object, text: string, first = true) => readPreTokenizer(part(json))(text, first);
  const decode = (json: object, ...tokens: string[]) => readDecoder(part(json))(tokens, 1e6);

  test('Strip, on either side or both, and of nothing but spaces', () => {
    const strip = (left: boolean, right: boolean, text: string) =>
      normal({ type: 'Strip', strip_left: left, strip_right: right }, text);
    for (const text of [' a b ', '\n\u3000a', 'a\t', 'a', '', ' ', ' \n ']) {
      expect(strip(true, true, text)).toBe(text.trim());
      expect(strip(true, false, text)).toBe(text.trimStart());
      expect(strip(false, true, text)).toBe(text.trimEnd());
      expect(strip(false, false, text)).toBe(text);
    }
  });

  test('BertNormalizer, one switch at a time', () => {
    const off = { type: 'BertNormalizer', clean_text: false, handle_chinese_chars: false, lowercase: false };
    const text = 'É\u200b漢\tΣ';
    expect(normal(off, text)).toBe(text);
    expect(normal({ ...off, clean_text: true }, text)).toBe('É漢 Σ');
    expect(normal({ ...off, handle_chinese_chars: true }, text)).toBe('É\u200b 漢 \tΣ');
    expect(normal({ ...off, lowercase: true }, text)).toBe('e\u200b漢\tσ'); // and accents, unless strip_accents is set
    expect(normal({ ...off, lowercase: true, strip_accents: false }, text)).toBe('é\u200b漢\tσ');
    expect(normal({ ...off, strip_accents: true }, text)).toBe('E\u200b漢\tΣ');
    expect(normal({ type: 'Prepend', prepend: '▁' }, '')).toBe('');
    expect(normal({ type: 'Prepend', prepend: '▁' }, 'a')).toBe('▁a');
  });

  test('Metaspace puts its mark before, always, at the first or never, and not twice', () => {
    const meta = (more: object) => ({ type: 'Metaspace', replacement: '▁', ...more });
    expect(pieces(meta({}), 'a b')).toEqual(['▁a', '▁b']);
    expect(pieces(meta({}), ' a')).toEqual(['▁a']);
    expect(pieces(meta({ prepend_scheme: 'always' }), 'a', false)).toEqual(['▁a']);
    expect(pieces(meta({ prepend_scheme: 'first' }), 'a', true)).toEqual(['▁a']);
    expect(pieces(meta({ prepend_scheme: 'first' }), 'a', false)).toEqual(['a']);
    expect(pieces(meta({ prepend_scheme: 'never' }), 'a b')).toEqual(['a', '▁b']);
    expect(pieces(meta({ add_prefix_space: false }), 'a b')).toEqual(['a', '▁b']);
    expect(pieces(meta({ split: false }), 'a b')).toEqual(['▁a▁b']);
    expect(decode(meta({}), '▁a', '▁b▁')).toEqual(['a', ' b ']);
    expect(decode(meta({ prepend_scheme: 'never' }), '▁a', '▁b')).toEqual([' a', ' b']);
  });

  test('ByteLevel with and without a space before, and its pieces', () => {
    const bytes = (more: object) => ({ type: 'ByteLevel', add_prefix_space: true, ...more });
    expect(pieces(bytes({}), "it's")).toEqual(['Ġit', "'s"]);
    expect(pieces(bytes({}), ' it')).toEqual(['Ġit']);
    expect(pieces(bytes({ add_prefix_space: false }), 'it is')).toEqual(['it', 'Ġis']);
    expect(pieces(bytes({ use_regex: false }), 'it is')).toEqual(['ĠitĠis']);
  });

  test('a Sequence knows which piece is the first', () => {
    const json = {
      type: 'Sequence',
      pretokenizers: [{ type: 'WhitespaceSplit' }, { type: 'Metaspace', replacement: '▁', prepend_scheme: 'first' }],
    };
    expect(pieces(json, 'a b')).toEqual(['▁a', 'b']);
    expect(pieces(json, 'a b', false)).toEqual(['a', 'b']);
    expect(pieces({ type: 'Digits', individual_digits: true }, 'a12b')).toEqual(['a', '1', '2', 'b']);
    expect(pieces({ type: 'Digits', individual_digits: false }, 'a12b')).toEqual(['a', '12', 'b']);
  });

  test('decoders, token by token', () => {
    const pieces = { type: 'WordPiece', prefix: '##', cleanup: false };
    expect(decode(pieces, 'a', '##b', 'c', '.')).toEqual(['a', 'b', ' c', ' .']);
    expect(decode(pieces, '##b', 'c')).toEqual(['##b', ' c']);
    expect(decode({ ...pieces, cleanup: true }, 'a', '.', "n't")).toEqual(['a', '.', "n't"]);
    expect(decode({ type: 'BPEDecoder', suffix: '</w>' }, 'a</w>', 'b', 'c</w>')).toEqual(['a ', 'b', 'c']);
    const strip = (start: number, stop: number, token: string) =>
      decode({ type: 'Strip', content: '_', start, stop }, token)[0];
    expect([strip(1, 0, '__a__'), strip(2, 1, '__a__'), strip(9, 9, '__a__')]).toEqual(['_a__', 'a_', 'a']);
    expect([strip(0, 0, '_'), strip(1, 1, '_'), strip(9, 0, '___'), strip(1, 1, '__')]).toEqual(['_', '', '', '']);
    const fallback = (...tokens: string[]) => decode({ type: 'ByteFallback' }, ...tokens);
    expect(fallback('a', '<0xC3>', '<0xA9>', 'b')).toEqual(['a', 'é', 'b']);
    expect(fallback('<0xC3>', 'b', '<0xA9>', '<0x41>')).toEqual(['�', 'b', '��']);
    expect(fallback()).toEqual([]);
  });
});

describe('added tokens', () => {
  const token = (content: string, more: Partial<AddedToken> = {}): AddedToken => ({
    id: 7,
    content,
    special: true,
    normalized: false,
    singleWord: false,
    left: false,
    right: false,
    ...more,
  });
  const find = (tokens: AddedToken[], text: string) =>
    finder(tokens, ({ content }) => content, part({}))(text).map((one) => ('id' in one ? one.id : one.text));

  test('the first counts, of several the longest, and no pair is cut', () => {
    const [x, xy] = [token('x', { id: 1 }), token('xy', { id: 2 })];
    expect(find([x, xy], 'axyxb')).toEqual(['a', 2, 1, 'b']);
    expect(find([], 'ab')).toEqual(['ab']);
    expect(find([x], '\uffffx')).toEqual(['\uffff', 1]);
    expect(find([token('\uffff')], 'a\uffffb')).toEqual(['a', 7, 'b']);
    expect(find([x], '')).toEqual([]);
    expect(find([x], 'x')).toEqual([1]);
    expect(find([token('\ud83d')], '😀')).toEqual(['😀']);
    expect(find([token('\ude00')], '😀\ude00')).toEqual(['😀', 7]);
    const firsts = finder([x], ({ content }) => content, part({}))('axb');
    expect(firsts).toEqual([{ text: 'a', first: true }, { id: 1 }, { text: 'b', first: false }]);
  });

  test('a single word stands next to no letter, before or after', () => {
    const word = [token('x', { singleWord: true })];
    expect(find(word, 'x')).toEqual([7]);
    expect(find(word, 'ax')).toEqual(['ax']);
    expect(find(word, 'xa')).toEqual(['xa']);
    expect(find(word, '-x-')).toEqual(['-', 7, '-']);
    expect(find(word, '𐐷x')).toEqual(['𐐷x']);
    expect(find(word, 'x𐐷')).toEqual(['x𐐷']);
    expect(find(word, 'a-x')).toEqual(['a-', 7]);
    expect(find(word, 'x-a')).toEqual([7, '-a']);
  });

  test('white space on a side belongs to it, if it says so', () => {
    expect(find([token('x', { left: true })], ' a  x  b')).toEqual([' a', 7, '  b']);
    expect(find([token('x', { right: true })], ' a  x  b')).toEqual([' a  ', 7, 'b']);
    expect(find([token('x', { left: true })], ' x x')).toEqual([7, 7]);
    expect(find([token('x', { right: true })], 'x  ')).toEqual([7]);
    expect(find([token('x', { left: true, right: true })], ' x  x ')).toEqual([7, 7]);
  });
});

describe('models', () => {
  const encode = (json: object, piece: string) => [...readModel(part(json)).encode(piece, 99)];

  test('Unigram finds a split of the highest sum, of all there are', () => {
    const random = new Random(3);
    const letters = ['a', 'b', '한', '😀'];
    for (let round = 0; round < 200; round++) {
      const scores = new Map<string, number>();
      for (let k = 0; k < 8; k++) {
        const token = Array.from({ length: 1 + random.integer(3) }, () => letters[random.integer(4)]).join('');
        scores.set(token, -random.integer(6));
      }
      const vocab = [...scores];
      const unknownScore = Math.min(0, ...scores.values()) - 10;
      const text = Array.from({ length: random.integer(8) }, () => letters[random.integer(4)]).join('');
      /** Every split, as its sum and its ids with a run of unknown characters as one. */
      const splits = (rest: string): [number, number[]][] => {
        if (rest === '') return [[0, []]];
        const starts = vocab.flatMap(([token, score], id) =>
          rest.startsWith(token) ? [[token, score, id] as const] : [],
        );
        const [first] = rest;
        if (!scores.has(first)) starts.push([first, unknownScore, 99]);
        return starts.flatMap(([token, score, id]) =>
          splits(rest.slice(token.length)).map(([sum, ids]): [number, number[]] => [
            sum + score,
            id === 99 && ids[0] === 99 ? ids : [id, ...ids],
          ]),
        );
      };
      const all = splits(text);
      const highest = Math.max(...all.map(([sum]) => sum));
      const best = all.filter(([sum]) => sum === highest).map(([, ids]) => ids);
      expect(best).toContainEqual(encode({ type: 'Unigram', vocab }, text));
    }
  });

  test('Unigram: of two equal sums the token found first, from the left', () => {
    const vocab = [
      ['a', -1],
      ['b', -1],
      ['ab', -2],
    ];
    expect(encode({ type: 'Unigram', vocab }, 'ab')).toEqual([2]);
  });

  test('Unigram: unknown characters as bytes, where all of them are there', () => {
    const bytes = [0xc3, 0xa9].map((byte) => [`<0x${byte.toString(16).toUpperCase()}>`, -3]);
    const json = { type: 'Unigram', vocab: [['<unk>', 0], ['a', -1], ...bytes], unk_id: 0, byte_fallback: true };
    expect(encode(json, 'aéa')).toEqual([1, 2, 3, 1]);
    expect(encode(json, 'aèa')).toEqual([1, 99, 1]);
    expect(encode({ ...json, byte_fallback: false }, 'aéa')).toEqual([1, 99, 1]);
    expect(encode(json, 'éé')).toEqual([2, 3, 2, 3]);
  });

  test('WordPiece: a word of as many characters as it may have, and of one more', () => {
    const json = {
      type: 'WordPiece',
      vocab: { '😀': 0, '##😀': 1, ab: 2, '##c': 3, '##': 4 },
      max_input_chars_per_word: 3,
    };
    expect(encode(json, '😀😀😀')).toEqual([0, 1, 1]);
    expect(encode(json, '😀😀😀😀')).toEqual([99]);
    expect(encode(json, 'abc')).toEqual([2, 3]);
    expect(encode(json, 'abcc')).toEqual([99]);
    expect(encode(json, 'ba')).toEqual([99]);
    const long = { type: 'WordPiece', vocab: { a: 0, '##a': 1 } };
    expect([encode(long, 'a'.repeat(100)).length, encode(long, 'a'.repeat(101))]).toEqual([100, [99]]);
  });

  test('BPE: unknown characters fused or not, the whole word first or not, prefixes and suffixes', () => {
    const json = { type: 'BPE', vocab: { a: 0, b: 1, ab: 2, aba: 3 }, merges: ['a b'] };
    expect(encode(json, 'xxaxab')).toEqual([99, 99, 0, 99, 2]);
    expect(encode({ ...json, fuse_unk: true }, 'xxaxab')).toEqual([99, 0, 99, 2]);
    expect(encode(json, 'aba')).toEqual([2, 0]);
    expect(encode({ ...json, ignore_merges: true }, 'aba')).toEqual([3]);
    const ends = { type: 'BPE', vocab: { a: 0, 'b</w>': 1, 'ab</w>': 2, 'a</w>': 3 }, merges: [['a', 'b</w>']] };
    expect(encode({ ...ends, end_of_word_suffix: '</w>' }, 'aab')).toEqual([0, 2]);
    expect(encode({ ...ends, end_of_word_suffix: '</w>' }, 'a')).toEqual([3]);
    const begins = { type: 'BPE', vocab: { a: 0, '##b': 1, ab: 2, '##a': 3 }, merges: [['a', '##b']] };
    expect(encode({ ...begins, continuing_subword_prefix: '##' }, 'aba')).toEqual([2, 3]);
    const bytes = { ...json, vocab: { ...json.vocab, '<0xC3>': 4, '<0xA9>': 5 }, byte_fallback: true };
    expect(encode(bytes, 'aéè')).toEqual([0, 4, 5, 99]);
  });

  test('a file from before there were types is of byte pairs where it has merges, else of word pieces', () => {
    expect(encode({ vocab: { a: 0, b: 1, ab: 2 }, merges: ['a b'] }, 'ab')).toEqual([2]);
    expect(encode({ vocab: { a: 0, '##b': 1 } }, 'ab')).toEqual([0, 1]);
  });

  test('without a decoder there is a space between two tokens', () => {
    const vocab = { a: 0, b: 1, '<unk>': 2 };
    const json = { model: { type: 'WordLevel', vocab }, pre_tokenizer: { type: 'WhitespaceSplit' } };
    expect(Tokenizer.fromHuggingFace(json).decode([0, 1])).toBe('a b');
  });
});
