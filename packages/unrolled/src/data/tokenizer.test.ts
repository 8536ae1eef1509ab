import { describe, expect, test } from 'vitest';
import { DataError } from '../errors.ts';
import { Random } from '../random.ts';
import { PairMerger } from './tokenizer/byte-pair.ts';
import { Tokenizer } from './tokenizer.ts';
import type { TokenUnit } from './tokenizer/scheme.ts';

const units: readonly TokenUnit[] = ['character', 'codepoint', 'word', 'word-line', 'jamo', 'bpe'];
const texts = [
  'Stop, (really)! It costs 3.5 or 1,000 at 12:30; e-mail “me”.',
  '나는 학교에 갔다. 정말 재미있었다ㅋㅋㅋ',
  'café 👩‍👩‍👧 naïve 👍🏽 漢字かな交じり文',
];
const tokensOf = (tokenizer: Tokenizer, text: string) =>
  Array.from(tokenizer.encode(text), (id) => tokenizer.token(id));

describe.each(units)('unit %s', (unit) => {
  const tokenizer = Tokenizer.train(texts, { unit, size: unit === 'bpe' ? 300 : undefined });

  test('text it was trained on comes back', () => {
    for (const text of texts) expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
  });

  test('special tokens are the first four, and decode leaves them out', () => {
    const ids = [...tokenizer.encode(texts[0])];
    expect([0, 1, 2, 3].map((id) => tokenizer.token(id))).toEqual(['<pad>', '<unk>', '<s>', '</s>']);
    expect(tokenizer).toMatchObject({ pad: 0, unknown: 1, start: 2, end: 3 });
    expect(tokenizer.decode([2, ...ids, 3, 0, 0])).toBe(texts[0]);
    for (const id of tokenizer.encode('<s> </s> <pad>')) expect([0, 2, 3]).not.toContain(id);
  });

  test('saved and loaded it is the same', () => {
    const loaded = Tokenizer.fromJSON(JSON.parse(JSON.stringify(tokenizer)));
    expect(loaded.size).toBe(tokenizer.size);
    for (const text of [...texts, 'unseen words 처음']) expect(loaded.encode(text)).toEqual(tokenizer.encode(text));
  });

  test('a text of nothing is no tokens', () => {
    expect(tokenizer.encode('')).toEqual(new Int32Array(0));
    expect(tokenizer.decode([])).toBe('');
  });

  test('decomposed text is the composed one', () => {
    expect(tokenizer.encode(texts[2].normalize('NFD'))).toEqual(tokenizer.encode(texts[2]));
  });

  test('half a surrogate pair is not learned, and harms nothing', () => {
    const trained = Tokenizer.train(['ab \ud800 cd'], { unit });
    expect([...Array(trained.size).keys()].map((id) => trained.token(id)).join('')).not.toMatch(/\p{Surrogate}/u);
    expect(trained.encode('\udc00').length).toBeGreaterThan(0);
  });

  test('a long run without a space takes no longer than other text', () => {
    for (const text of ['a'.repeat(1e5), '한'.repeat(1e5), '\ud800'.repeat(1e5), '漢字'.repeat(5e4)]) {
      expect(Tokenizer.train([text, 'x'], { unit }).encode(text).length).toBeGreaterThan(0);
    }
  }, 60_000);

  test('nothing to learn is an error', () => {
    expect(() => Tokenizer.train([], { unit })).toThrow(
      'Tokenizer.train: there is nothing to learn: the texts are empty',
    );
    expect(() => Tokenizer.train(['', ''], { unit })).toThrow(DataError);
  });
});

describe('Tokenizer', () => {
  test('what is not known is unknown, except to byte pairs', () => {
    for (const unit of units) {
      const ids = Tokenizer.train(['abc abc'], { unit }).encode('쀍');
      if (unit === 'bpe') expect(ids).not.toContain(1);
      else expect(new Set(ids)).toEqual(new Set([1]));
    }
  });

  test('words: signs are tokens of their own and carry the joiner', () => {
    const tokenizer = Tokenizer.train(texts, { unit: 'word' });
    expect(tokensOf(tokenizer, 'Stop, (really)! at 12:30')).toEqual('Stop ￭, (￭ really ￭) ￭! at 12 ￭:￭ 30'.split(' '));
    expect(tokenizer.decode(tokenizer.encode('  Stop,\n (really)\t'))).toBe('Stop, (really)');
  });

  test('words: a joiner in the text is read as a square', () => {
    const tokenizer = Tokenizer.train(['a￭b ￭ c'], { unit: 'word' });
    expect(tokenizer.decode(tokenizer.encode('a￭b ￭ c'))).toBe('a■b ■ c');
  });

  test('jamo: a syllable is its letters, and comes back composed', () => {
    const tokenizer = Tokenizer.train(['한글 가'], { unit: 'jamo' });
    expect(tokensOf(tokenizer, '한가')).toEqual(['ᄒ', 'ᅡ', 'ᆫ', 'ᄀ', 'ᅡ']);
    expect(tokenizer.decode(tokenizer.encode('글한'))).toBe('글한');
    expect(tokenizer.encode('난')).toEqual(Int32Array.of(1, ...tokenizer.encode('한').slice(1)));
  });

  test('the most frequent tokens come first, as many as asked for, and rare ones are unknown', () => {
    const counted = Tokenizer.train(['b b b a a c'], { unit: 'word', size: 6 });
    expect([4, 5].map((id) => counted.token(id))).toEqual(['b', 'a']);
    expect(Tokenizer.train(['b b b a a c'], { unit: 'word', minCount: 2 }).size).toBe(6);
  });

  test('lower-casing and compatibility forms, where asked for', () => {
    const tokenizer = Tokenizer.train(['ﬁne ROOM ％'], { lowercase: true, normalization: 'NFKC' });
    expect(tokenizer.decode(tokenizer.encode('Fine room %'))).toBe('fine room %');
  });

  // Sennrich, Haddow and Birch (2016) by hand: low ×5, lower ×2, newest ×6, widest ×3, each a word of its own.
  // Pairs: e s 9, s t 9, w e 8 …: of the equally frequent e s and s t, the smaller numbers (e < s) go first, then es t 9,
  // then of l o 7, o w 7 the former, lo w 7; then n e 6, e w 6, w est 6: e w is the smallest.
  test('byte pairs are merged by their counts', () => {
    const words = [
      ['low', 5],
      ['lower', 2],
      ['newest', 6],
      ['widest', 3],
    ] as const;
    const text = words.flatMap(([word, n]) => Array<string>(n).fill(word));
    const { merges } = Tokenizer.train(text, { unit: 'bpe', size: 266 }).toJSON() as { merges?: string[] };
    expect(merges).toEqual(['e s', 'es t', 'l o', 'lo w', 'e w', 'n ew']);
  });

  test('byte pairs know every text, byte by byte where they must', () => {
    const tokenizer = Tokenizer.train(['the the the'], { unit: 'bpe', size: 270 });
    expect(tokensOf(tokenizer, 'the the')).toEqual(['the', 'Ġthe']);
    const odd = '\uFEFF\0 쀍 👩‍👩‍👧\r\n';
    expect(tokenizer.decode(tokenizer.encode(odd))).toBe(odd);
    expect(tokenizer.decode(tokenizer.encode('\ud800'))).toBe('\uFFFD');
  });

  test('both ways of merging do what the definition says: again and again the first rank, leftmost first', () => {
    const random = new Random(7);
    const merges = Array.from(
      { length: 40 },
      (_, k) => [random.integer(5 + k), random.integer(5 + k), 5 + k] as const, // of letters and of what was merged before
    );
    const define = (symbols: readonly number[]): number[] => {
      const ranks = symbols.slice(1).map((right, k) => merges.findIndex(([l, r]) => l === symbols[k] && r === right));
      const first = Math.min(...ranks.filter((rank) => rank >= 0));
      if (first === Infinity) return [...symbols];
      const at = ranks.indexOf(first);
      return define([...symbols.slice(0, at), merges[first][2], ...symbols.slice(at + 2)]);
    };
    const merger = new PairMerger(merges, 45);
    let merged = 0;
    for (let round = 0; round < 300; round++) {
      const symbols = Array.from({ length: random.integer(80) }, () => random.integer(6) - +(random.uniform() < 0.02));
      const expected = define(symbols);
      expect(merger.mergeLong(symbols)).toEqual(expected);
      expect(merger.mergeShort(symbols)).toEqual(expected);
      expect(merger.merge(symbols)).toEqual(expected);
      merged += symbols.length - expected.length;
    }
    expect(merged).toBeGreaterThan(1500);
  });

  test.each<[string, () => unknown, string]>([
    [
      'a unit',
      () => Tokenizer.train(['a'], { unit: 'words' as 'word' }),
      `unit: expected one of 'character', 'codepoint', 'word', 'word-line', 'jamo', 'bpe', got "words"`,
    ],
    ['an option', () => Tokenizer.train(['a'], { min_count: 2 } as object), 'did you mean minCount?'],
    [
      'a size',
      () => Tokenizer.train(['a'], { unit: 'bpe', size: 100 }),
      'size: expected a whole number from 260 (the special tokens and the 256 bytes)',
    ],
    [
      'a row that is no text',
      () => Tokenizer.train(['a', null as unknown as string]),
      'Tokenizer.train: row 1: expected a text, got null',
    ],
    ['a number that no token has', () => Tokenizer.train(['a']).decode([9]), 'there is no token 9; known are 0 to 4'],
    [
      'no text',
      () => Tokenizer.train(['a']).encode(undefined as unknown as string),
      'Tokenizer.encode: text: expected a text, got undefined',
    ],
    [
      'words that are too rare',
      () => Tokenizer.train(['a b'], { unit: 'word', minCount: 2 }),
      'no word occurs 2 times',
    ],
  ])('%s is refused', (_, run, message) => {
    expect(run).toThrow(message);
  });

  test.each<[string, object, string]>([
    ['something else', { format: 'gif' }, 'tok.json: this is not a tokenizer'],
    ['a later version', { version: 2 }, 'version 2 is not known here; update unrolled to read it'],
    ['a unit', { unit: 'x' }, 'unit cannot be "x"'],
    ['no tokens', { tokens: [] }, 'there are no tokens'],
    ['an empty token', { tokens: ['a', ''] }, 'token 5 cannot be ""'],
    ['a token twice', { tokens: ['a', 'b', 'a'] }, 'token "a" occurs twice'],
    ['merges out of order', { unit: 'bpe', merges: ['ab c', 'a b'] }, 'merge 0: "ab" is no token before it'],
    ['merges of three', { unit: 'bpe', merges: ['a b c'] }, 'merge 0: expected two tokens'],
  ])('a file with %s is refused', (_, change, message) => {
    const file = { ...Tokenizer.train(['abc']).toJSON(), ...change };
    expect(() => Tokenizer.fromJSON(file, 'tok.json')).toThrow(message);
  });
});

describe('a text as it is written again', () => {
  const odd = 'Cafe\u0301  ﬁn, (really)! 한\u1112\u1161\u11ab 👩‍👩‍👧\n쀍';

  test.each(['character', 'codepoint', 'word', 'word-line', 'jamo', 'bpe'] as const)(
    '%s: what is known is decoded to it',
    (unit) => {
      for (const lowercase of [false, true]) {
        const tokenizer = Tokenizer.train([odd], { unit, lowercase });
        expect(tokenizer.normalize(odd)).toBe(tokenizer.decode(tokenizer.encode(odd)));
        expect(tokenizer.lowercase).toBe(lowercase);
        expect(tokenizer.normalize('QZ é')).toBe(lowercase ? 'qz é' : 'QZ é'); // not known, and there all the same
        expect(tokenizer.normalize(tokenizer.normalize(odd))).toBe(tokenizer.normalize(odd));
      }
    },
  );

  test('what is no text is refused', () => {
    const tokenizer = Tokenizer.train(['a']);
    expect(() => tokenizer.normalize(null as unknown as string)).toThrow('Tokenizer.normalize: text: expected a text');
    expect(() => tokenizer.decode(7 as unknown as number[])).toThrow(
      'Tokenizer.decode: ids: expected a list of numbers',
    );
  });
});

test('tokens of a text are one for each id, unknown ones as they are written, and give the text again', () => {
  const tokenizer = Tokenizer.train(['the cat sat, twice'], { unit: 'word' });
  expect(tokenizer.tokenize('the Zorblax sat,')).toEqual(['the', 'Zorblax', 'sat', '￭,']);
  expect(tokenizer.encode('the Zorblax sat,')[1]).toBe(tokenizer.unknown);
  for (const unit of units) {
    const other = Tokenizer.train(['ab ba\nba ab'], { unit });
    const text = 'ba ab\nab';
    const tokens = other.tokenize(text);
    expect(tokens, unit).toHaveLength(other.encode(text).length);
    expect(other.detokenize(tokens), unit).toBe(other.normalize(text));
  }
  expect(() => tokenizer.detokenize([1] as never)).toThrow('Tokenizer.detokenize');
});

test('words with the ends of lines as tokens: lines are restored, spaces around their ends are not', () => {
  const tokenizer = Tokenizer.train(['a b,\nc\n'], { unit: 'word-line' });
  expect(tokenizer.tokenize('c, a\n\n b ')).toEqual(['c', '￭,', 'a', '\n', '\n', 'b']);
  expect(tokenizer.decode(tokenizer.encode('c, a\r\n\n  b'))).toBe('c, a\n\nb');
  expect(Tokenizer.fromJSON(JSON.parse(JSON.stringify(tokenizer))).encode('a\nb')).toEqual(tokenizer.encode('a\nb'));
});
