// Limits of the readers of data, from both sides.

import { describe, expect, test } from 'vitest';
import { Random } from '../random.ts';
import { augment } from './augment.ts';
import { guessEncoding } from './encodings.ts';
import { readIdx } from './idx.ts';
import { clipSet, imageSet } from './images.ts';
import { momentsOf } from './moments.ts';
import { questionTypes } from './questions.ts';
import { seriesLength } from './series.ts';
import { split, splitByPosition } from './split.ts';
import { StreamBatcher } from './streams.ts';
import { TokenVocabulary } from './token-vocabulary.ts';
import { Tokenizer } from './tokenizer.ts';
import { Vocabulary } from './vocabulary.ts';
import { Windows } from './windows.ts';

const odd = (value: unknown) => value as never;
const most = 2 ** 22;

describe('tokenizers', () => {
  const file = (more: object) => () => Tokenizer.fromJSON({ ...Tokenizer.train(['ab']).toJSON(), ...more }, 'tok.json');

  test('the smallest and the largest size, and one beyond', () => {
    const train = (size: number, unit: 'word' | 'bpe' = 'word') => Tokenizer.train(['a b'], { unit, size });
    expect([train(5).size, train(6).size, train(most).size, train(Infinity).size]).toEqual([5, 6, 6, 6]);
    expect([train(260, 'bpe').size, train(most, 'bpe').size]).toEqual([260, 260]);
    for (const size of [4, most + 1, 5.5, Number.NaN])
      expect(() => train(size)).toThrow('size: expected a whole number');
    for (const size of [259, most + 1]) expect(() => train(size, 'bpe')).toThrow('size: expected a whole number');
  });

  test('texts of which nothing is learned', () => {
    expect(() => Tokenizer.train([' '], { unit: 'word' })).toThrow('there is nothing to learn: the texts are empty');
    expect(() => Tokenizer.train(['a'], { unit: 'word', minCount: 2 })).toThrow('no word occurs 2 times');
  });

  test('as many tokens and merges as are read: what is wrong is the first', () => {
    expect(file({ tokens: Array(most) })).toThrow('tok.json: token 4 cannot be undefined');
    expect(file({ tokens: Array(most + 1) })).toThrow('there are 4194305 tokens');
    expect(file({ tokens: ['', 'a'] })).toThrow('token 4 cannot be ""');
    expect(file({ unit: 'bpe', merges: Array(most).fill(null) })).toThrow('merge 0: expected two tokens');
    const read = (model: object) => () => Tokenizer.fromHuggingFace({ model }, 'tok.json');
    expect(read({ type: 'BPE', vocab: { a: 0 }, merges: Array(most).fill(null) })).toThrow('merges[0]: null is not');
    expect(read({ type: 'Unigram', vocab: Array(most) })).toThrow('vocab[0]: expected a token and its score');
    const symbols = { ...Vocabulary.fromText('ab').toJSON(), symbols: Array(most) };
    expect(() => Vocabulary.fromJSON(symbols, 'v.json')).toThrow('v.json: Vocabulary: symbol 0: expected a text');
  });

  test('a host without a segmenter of words says so', () => {
    const { Segmenter } = Intl;
    try {
      Object.defineProperty(Intl, 'Segmenter', { value: undefined, configurable: true, writable: true });
      expect(() => Tokenizer.train(['a'], { unit: 'word' })).toThrow("unit 'word' needs Intl.Segmenter");
    } finally {
      Object.defineProperty(Intl, 'Segmenter', { value: Segmenter, configurable: true, writable: true });
    }
  });

  test('pairs of the first and of the highest number are told apart', () => {
    const model = { type: 'BPE', vocab: { x: 0, a: 1, b: 2, az: 3, z: 4 }, merges: ['a z'] };
    const tokenizer = Tokenizer.fromHuggingFace({ model });
    expect([...tokenizer.encode('azbx')]).toEqual([3, 2, 0]);
  });
});

describe('vocabularies', () => {
  test('the first symbol is one like the others', () => {
    expect(() => new Vocabulary(['a', 'b', 'a'])).toThrow('symbol 2: "a" occurs twice');
    expect(() => new Vocabulary(['\ud800'])).toThrow('symbol 0: half of a surrogate pair is not a character');
    expect(() => Vocabulary.fromText('\ud800a')).toThrow('half of a surrogate pair at position 0');
    expect(() => Vocabulary.fromText('ab').encode('\ud800')).toThrow('it is half of a character');
    expect(new Vocabulary(['b', 'a']).has('b')).toBe(true);
  });

  test('a symbol that another begins with comes before it', () => {
    expect(Vocabulary.fromText('x\u0301\u0302x\u0301x', { normalization: 'none' }).symbols).toEqual([
      'x',
      'x\u0301',
      'x\u0301\u0302',
    ]);
  });

  test('up to a hundred symbols are shown', () => {
    const of = (count: number) =>
      Vocabulary.fromText(String.fromCodePoint(...Array.from({ length: count }, (_, k) => 0x4e00 + k)));
    expect(() => of(100).encode('a')).toThrow('known are "一');
    expect(() => of(101).encode('a')).toThrow('known are 101 symbols, "一');
  });

  test('tokens of a file are texts, the first too', () => {
    const json = { format: 'unrolled tokens', version: 1, lowercase: false, tokens: ['a'] };
    expect(TokenVocabulary.fromJSON(json, 't').size).toBe(3);
    for (const tokens of [[5, 'a'], ['a', 5], 'a', null])
      expect(() => TokenVocabulary.fromJSON({ ...json, tokens }, 't')).toThrow('t: this is not a list of tokens');
    const rows = [['a', 'a', 'b']];
    const of = (minCount: number, size: number | null) =>
      TokenVocabulary.of(rows, { size, minCount, lowercase: false }).size;
    expect([of(1, null), of(2, null), of(3, null), of(1, 3), of(1, 2)]).toEqual([4, 3, 2, 3, 2]);
  });
});

describe('images, series and splits', () => {
  const image = (value: number) => ({ height: 1, width: 1, data: Uint8Array.of(value, value, value) });

  test('a set is read up to its last, a clip may be one frame', async () => {
    const [images, clips] = [imageSet([image(1), image(2)]), clipSet([{ ...image(3), frames: 1 }])];
    expect([...(await images.read([1, 0]))]).toEqual([2, 2, 2, 1, 1, 1]);
    expect([...(await clips.read([0]))]).toEqual([3, 3, 3]);
    for (const n of [2, -1, 0.5]) await expect(images.read([n])).rejects.toThrow('imageSet.read: which[0]: expected');
    await expect(clips.read([1])).rejects.toThrow('clipSet.read: which[0]: expected');
    expect(() => clipSet([{ ...image(3), frames: 0 }])).toThrow('a clip has no frames');
    expect(() => imageSet([])).toThrow('the set is empty');
    expect(() => imageSet([image(1), { ...image(2), width: 3 }])).toThrow('all of one size');
    expect(() => imageSet([image(1), { ...image(2), height: 3 }])).toThrow('all of one size');
  });

  test('every image takes seven numbers of the generator', () => {
    const [a, b] = [new Random(1), new Random(1)];
    augment(new Uint8Array(2 * 12), [2, 2, 2, 3], { flip: 0.5 }, a);
    for (let k = 0; k < 14; k++) b.uniform();
    expect(a.uniform()).toBe(b.uniform());
  });

  test('an IDX file of nothing but its header', () => {
    expect(readIdx(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 0))).toEqual({ shape: [0], data: new Uint8Array(0) });
    expect(() => readIdx(Uint8Array.of(0, 0, 8, 0))).toThrow('should hold');
  });

  test('rows of series', () => {
    expect(seriesLength({ names: [], values: new Float64Array(0) })).toBe(0);
    const series = { names: ['a'], values: Float64Array.of(1, 2, 3, 4) };
    const windows = new Windows(series, { length: 2, horizon: 1 });
    expect([windows.count, windows.origin(1), windows.part(1)]).toEqual([2, 3, 0]);
    for (const n of [2, -1]) {
      expect(() => windows.origin(n)).toThrow('Windows.origin: n: expected');
      expect(() => windows.part(n)).toThrow('Windows.part: n: expected');
      expect(() => windows.batch([0, n])).toThrow('Windows.batch: windows[1]: expected');
    }
    expect(new Windows(series, { length: 2, horizon: 2 }).count).toBe(1);
    expect(() => new Windows(series, { length: 3, horizon: 2 })).toThrow('a window has 3 + 2 rows, and there are 4');
    expect([...momentsOf(series, { from: 1, to: 3 }).mean]).toEqual([2.5]);
    const first = { names: ['a'], values: Float64Array.of(5, Number.NaN, 7) };
    expect(new Windows(first, { length: 2, horizon: 1, missing: 'fill' }).batch([0]).input).toEqual(
      Float64Array.of(5, 5),
    );
  });

  test('an epoch without a remainder has none', () => {
    const ids = Int32Array.from({ length: 9 }, (_, k) => k);
    expect([...new StreamBatcher(ids, { streams: 2, windowLength: 2 }).epoch()].map((w) => w.input.length)).toEqual([
      4, 4,
    ]);
  });

  test('the smallest splits', () => {
    const sizes = (of: { train: Int32Array; validation: Int32Array; test: Int32Array }) => [of.train, of.validation, of.test].map((part) => part.length); // biome-ignore format: one line
    expect(sizes(splitByPosition(2, { validation: 0.5 }))).toEqual([1, 1, 0]);
    expect(sizes(splitByPosition(4, { validation: 0, test: 0.25 }))).toEqual([3, 0, 1]);
    expect(() => splitByPosition(1, { validation: 0.5 })).toThrow('are too few for these parts');
    expect(sizes(split(2, { validation: 0.5, group: ['a', 'b'] }))).toEqual([1, 1, 0]);
    expect(() => split(2, { validation: 0.5, group: ['a', 'a'] })).toThrow('all examples are of one group');
    expect(sizes(split(2, { validation: 0.99 }))).toEqual([1, 1, 0]); // one is left for training
    expect(() => split(4, { validation: 1 })).toThrow('validation: expected a part from 0 to below 1');
    expect(() => split(4, { validation: 0.5, test: 0.5 })).toThrow('together they leave nothing for training');
    expect(sizes(split(4, { validation: 0 }))).toEqual([4, 0, 0]);
  });

  test('sorted data is refused with the number of its runs, two classes and more', () => {
    const labels = (...counts: number[]) => counts.flatMap((n, label) => Array<number>(n).fill(label));
    const refuse = (some: number[]) => () => splitByPosition(some.length, { labels: some });
    expect(refuse(labels(50, 50))).toThrow('(100 examples in 2 runs, about 51 were to be expected)'); // 1 + 99 / 2
    expect(refuse(labels(95, 5))).toThrow('the data is sorted by class'); // 1 + 99 · .095 ≈ 10
    expect(refuse(labels(90, 10))).toThrow('the first 90 examples have none of 1;');
    expect(refuse(labels(89, 11))).toThrow('the last 10 examples have other classes than the first');
    expect(refuse(labels(90, 3, 3, 2, 2))).toThrow('the first 90 examples have none of 1, 2, 3 …');
    for (const some of [labels(100), Array.from({ length: 100 }, (_, n) => n % 2)]) expect(refuse(some)).not.toThrow();
  });

  test('a type as frequent as asked is one', () => {
    expect(questionTypes(['a b', 'a c', 'd', 'e'], { words: 1, rare: 0.5 })).toEqual(['a', 'a', 'other', 'other']);
    expect(questionTypes(['a b', 'a c', 'd', 'e'], { words: 1, rare: 0.51 })).toEqual(Array(4).fill('other'));
  });
});

describe('a guess of the encoding at its bounds', () => {
  const guess = (...values: (number | string)[]) =>
    guessEncoding(Uint8Array.from(values.flatMap((v) => (typeof v === 'number' ? [v] : Array.from(v, (c) => c.charCodeAt(0))))))?.label ?? null; // biome-ignore format: one line
  const hangul = [0xb0, 0xa1]; // 가 in CP949

  test('Hangul for two characters, nothing for one', () => {
    expect([guess(...hangul, ...hangul), guess(...hangul)]).toEqual(['CP949', null]);
    expect(guess(...hangul, ...hangul, ...hangul, 0x0a)).toBe('CP949');
  });

  test('letters of an alphabet from six on', () => {
    const cyrillic = [0xee, 0xe5, 0xe0, 0xe8, 0xed, 0xf2]; // оеаинт in Windows-1251
    expect(guess(...cyrillic, ' ')).toBe('WINDOWS-1251');
    expect(guess(...cyrillic.slice(1), ' ')).toBeNull();
  });

  test('accents that stand alone are Latin letters, at the ends of a text as well', () => {
    for (const text of [
      ['caf', 0xe9],
      [0xe9, 't', 0xe9],
      ['a', 0xe9, 'z'],
      ['Z', 0xe9, 'A'],
      ['d', 0xe9, 'j', 0xe0],
    ])
      expect([text, guess(...text)]).toEqual([text, 'WINDOWS-1252']);
    expect(odd(guess('a', 0x81, 'b', 0x8d, 'c'))).toBeNull(); // of no character
  });

  test('signs that stand alone are not read as pairs, unless no more of them do', () => {
    const signs = [0x83, 'A ']; // ƒ and a letter; in Shift-JIS ア
    expect(guess(' ', ...signs, ...signs, ...signs)).toBe('WINDOWS-1252');
    expect(guess(0x83, 0x81, ' ', ...signs, ...signs)).toBe('SHIFT-JIS'); // two alone, two not
  });

  test('accents side by side are Latin where most touch a letter', () => {
    const accents = [0xe9, 0xe8];
    for (const letter of ['a', 'z', 'A', 'Z']) {
      expect([letter, guess(letter, ...accents)]).toEqual([letter, 'WINDOWS-1252']);
      expect([letter, guess(' ', ...accents, letter.toLowerCase())]).toEqual([letter, 'WINDOWS-1252']);
    }
    for (const sign of ['`', '{', '@', '[', '1']) expect([sign, guess(sign, ...accents, sign)]).toEqual([sign, null]);
    expect(guess('a', ...accents, ' 1', ...accents, '1')).toBeNull(); // one of two
    expect(guess('a', ...accents, ' b', ...accents, ' 1', ...accents, '1')).toBe('WINDOWS-1252');
  });

  test('nine tenths have to be where they are written', () => {
    const word = ['caf', 0xe9, ' '];
    const times = ['a', 0xd7, 'b']; // a × between letters is not
    expect(guess(...Array<typeof word>(9).fill(word).flat(), ...times)).toBe('WINDOWS-1252');
    expect(guess(...Array<typeof word>(8).fill(word).flat(), ...times)).toBeNull();
  });

  test('shares of Hangul, kana and Chinese characters', () => {
    const some = (n: number, ...pair: number[]) => Array<number[]>(n).fill(pair).flat();
    const [a, alpha] = [
      [0xa4, 0xa2],
      [0xa6, 0xc1],
    ]; // あ, α
    expect(guess(...some(9, ...hangul), 0xd8, 0xa1)).toBe('CP949');
    expect(guess(...some(8, ...hangul), 0xd8, 0xa1)).not.toBe('CP949');
    expect(guess(...a, 0xba, 0xa3, 0xc6, 0xfc, 0xcb, 0xdc, 0xb9, 0xf1)).toBe('EUC-JP'); // あ今日本国: a fifth
    expect(guess(...a, 0xba, 0xa3, 0xc6, 0xfc, 0xcb, 0xdc, 0xb9, 0xf1, 0xc6, 0xfc)).not.toBe('EUC-JP');
    expect(guess(...some(19, ...a), ...alpha)).toBe('EUC-JP');
    expect(guess(...some(18, ...a), ...alpha)).not.toBe('EUC-JP');
    expect(guess(...some(19, 0xca, 0xc7), ...alpha)).toBe('GB18030'); // 是
    expect(guess(...some(18, 0xca, 0xc7), ...alpha)).not.toBe('GB18030');
    expect(guess(0xb5, 0xc4, 0xd8, 0xa1, 0xd8, 0xa2, 0xd8, 0xa3)).toBe('GB18030'); // 的, and three rare ones
    expect(guess(0xb5, 0xc4, 0xd8, 0xa1, 0xd8, 0xa2, 0xd8, 0xa3, 0xd8, 0xa5)).not.toBe('GB18030');
  });
});
