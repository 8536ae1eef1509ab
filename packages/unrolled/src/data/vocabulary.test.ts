import { describe, expect, test } from 'vitest';
import { FormatError, OptionError, VocabularyError } from '../errors.ts';
import { Random } from '../random.ts';
import { characterEnd, type Unit } from './characters.ts';
import { Vocabulary } from './vocabulary.ts';
import { processorTime } from '../../../../test/processor-time.ts';

function split(text: string, unit: Unit = 'character'): string[] {
  const parts: string[] = [];
  for (let start = 0, end = 0; start < text.length; start = end) {
    end = characterEnd(text, start, unit);
    parts.push(text.slice(start, end));
  }
  return parts;
}

const characters = [
  'a',
  ' ',
  '\n',
  '\r',
  'é',
  'e\u0301',
  'ß',
  '가',
  '힣',
  '漢',
  'あ',
  'か\u3099',
  'й',
  'ع',
  'नि',
  'क्',
  '𠮷',
  '½',
  '😀',
  '👍🏽',
  '❤️',
  '👩‍👩‍👧',
  '🏳️‍🌈',
  '🇰🇷',
  '🇯🇵',
  '1️⃣',
  '☎',
  '🏴\u{e0067}\u{e0062}\u{e007f}',
  '©',
  '™️',
  '\u1112\u1161\u11ab',
];

describe('characters', () => {
  test('a text falls into what a reader sees as one character', () => {
    expect(split(characters.join(''))).toEqual(characters);
    expect(split([...characters].reverse().join(''))).toEqual([...characters].reverse());
  });

  test('agrees with Intl.Segmenter on ordinary text of many scripts', () => {
    const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
    const random = new Random(1);
    for (let n = 0; n < 300; n++) {
      const text = Array.from({ length: 12 }, () => characters[random.integer(characters.length)]).join('');
      if (text.includes('\r\n')) continue; // ours keeps line breaks apart
      const expected = Array.from(segmenter.segment(text), (s) => s.segment);
      // Newer Unicode joins क् with the consonant after it; older engines do not.
      if (!text.includes('क्')) expect(split(text)).toEqual(expected);
    }
  });

  test('as code points, only surrogate pairs stay together', () => {
    expect(split('e\u0301👍🏽\ud800', 'codepoint')).toEqual(['e', '\u0301', '👍', '🏽', '\ud800']);
  });

  test('marks without an end, without a base, or after a line break make no endless character', () => {
    expect(split(`a${'\u0301'.repeat(40)}`)[0]).toBe(`a${'\u0301'.repeat(16)}`);
    expect(split('\u0301a')).toEqual(['\u0301', 'a']);
    expect(split('\n\u0301')).toEqual(['\n', '\u0301']);
    expect(split('🇰🇷🇯')).toEqual(['🇰🇷', '🇯']);
    expect(split('\ud800a\udc00')).toEqual(['\ud800', 'a', '\udc00']);
  });

  test('the time is linear: a megabyte of marks, joiners and flags', async () => {
    for (const piece of ['\u0301', '👩\u200d', '🇰', '\u1100', '\u200d'])
      expect(await processorTime(() => split(piece.repeat(1e6 / piece.length)))).toBeLessThan(3000);
  });
});

describe('Vocabulary', () => {
  test('numbers the symbols of a text in the order of their code points', () => {
    const vocabulary = Vocabulary.fromText('hello');
    expect(vocabulary.symbols).toEqual(['e', 'h', 'l', 'o']);
    expect(vocabulary.size).toBe(4);
    expect(vocabulary.encode('hole')).toEqual(Int32Array.of(1, 3, 2, 0));
    expect(vocabulary.decode([1, 3, 2, 0])).toBe('hole');
    expect(Vocabulary.fromText('😀\uffe6a').symbols).toEqual(['a', '\uffe6', '😀']);
  });

  test('Korean and emoji are whole characters', () => {
    const text = '안녕 👩‍👩‍👧 🇰🇷!';
    const vocabulary = Vocabulary.fromText(text);
    expect(vocabulary.encode(text).length).toBe(7);
    expect(vocabulary.decode(vocabulary.encode(text))).toBe(text);
    expect(vocabulary.has('👩‍👩‍👧')).toBe(true);
    expect(vocabulary.has('👩')).toBe(false);
  });

  test('as code points, the parts of an emoji are symbols', () => {
    const vocabulary = Vocabulary.fromText('👍🏽', { unit: 'codepoint' });
    expect(vocabulary.symbols).toEqual(['🏽', '👍']);
    expect(vocabulary.decode(vocabulary.encode('👍🏽👍'))).toBe('👍🏽👍');
  });

  test('composed and decomposed text are the same, unless asked otherwise', () => {
    const vocabulary = Vocabulary.fromText('한글 é');
    expect(vocabulary.encode('한글 é'.normalize('NFD'))).toEqual(vocabulary.encode('한글 é'));
    expect(vocabulary.decode(vocabulary.encode('e\u0301'))).toBe('é');
    const exact = Vocabulary.fromText('é', { normalization: 'none' });
    expect(() => exact.encode('e\u0301')).toThrow(VocabularyError);
  });

  test('decode undoes encode for random text in both units', () => {
    const random = new Random(2);
    for (const unit of ['character', 'codepoint'] as const) {
      const vocabulary = Vocabulary.fromText(characters.join('\u0301'), { unit, normalization: 'none' });
      for (let n = 0; n < 200; n++) {
        const ids = Array.from({ length: 20 }, () => random.integer(vocabulary.size));
        const text = vocabulary.decode(ids);
        if (unit === 'codepoint') expect([...vocabulary.encode(text)]).toEqual(ids);
      }
      const text = characters.join('');
      const known = Vocabulary.fromText(text, { unit });
      expect(known.decode(known.encode(text))).toBe(text.normalize('NFC'));
    }
  });

  test('an unknown symbol is named, with its place and what to do', () => {
    const vocabulary = Vocabulary.fromText('hello 😀');
    try {
      vocabulary.encode('h😀llO');
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(VocabularyError);
      expect(error).toMatchObject({ symbol: 'O', position: 4 });
      expect((error as Error).message).toBe(
        'unknown symbol "O" at position 4; did you mean "o"? leave it out, or train on a text that has it; known are " ehlo😀"',
      );
    }
    expect(() => vocabulary.encode('é')).toThrow('did you mean "e"?');
    expect(() => vocabulary.encode('漢')).toThrow(/unknown symbol "漢" at position 0; leave it out/);
  });

  test('half a surrogate pair is never a symbol', () => {
    expect(() => Vocabulary.fromText('ab\ud83d')).toThrow('half of a surrogate pair at position 2');
    expect(() => new Vocabulary(['\ud83d'])).toThrow(OptionError);
    expect(() => Vocabulary.fromText('a').encode('a\ude00')).toThrow('the text was cut inside an emoji');
  });

  test('a number without a symbol is refused', () => {
    for (const id of [4, -1, 0.5, Number.NaN]) {
      expect(() => Vocabulary.fromText('hello').decode([0, id])).toThrow(`${id} at position 1; known are 0 to 3`);
    }
  });

  test('the empty text has no symbols, and none are decoded', () => {
    expect(Vocabulary.fromText('').size).toBe(0);
    expect(Vocabulary.fromText('a').encode('')).toEqual(new Int32Array(0));
    expect(Vocabulary.fromText('a').decode([])).toBe('');
  });

  test('saved as JSON it comes back the same', () => {
    const vocabulary = Vocabulary.fromText('안녕 👩‍👩‍👧 "\\\n', { unit: 'codepoint', normalization: 'none' });
    const back = Vocabulary.fromJSON(JSON.parse(JSON.stringify(vocabulary)));
    expect(back.toJSON()).toEqual(vocabulary.toJSON());
    expect(back.encode('안👩')).toEqual(vocabulary.encode('안👩'));
  });

  test('JSON that is no vocabulary is refused', () => {
    const good = JSON.parse(JSON.stringify(Vocabulary.fromText('ab')));
    const bad: [unknown, RegExp][] = [
      [null, /not a vocabulary/],
      [[], /not a vocabulary/],
      ['ab', /not a vocabulary/],
      [{ symbols: ['a'] }, /not a vocabulary/],
      [{ ...good, version: 2 }, /version 2 is not known here; update unrolled/],
      [{ ...good, symbols: 'ab' }, /no symbols/],
      [{ ...good, symbols: [] }, /no symbols/],
      [{ ...good, symbols: ['a', 'a'] }, /"a" occurs twice/],
      [{ ...good, symbols: ['a', ''] }, /at least one character/],
      [{ ...good, symbols: ['a', 1] }, /at least one character/],
      [{ ...good, symbols: ['a', null] }, /at least one character/],
      [{ ...good, symbols: ['\udc00'] }, /surrogate/],
      [{ ...good, unit: 'byte' }, /'character' or 'codepoint'/],
      [{ ...good, normalization: 'NFD' }, /'NFC' or 'none'/],
    ];
    for (const [json, message] of bad) {
      expect(() => Vocabulary.fromJSON(json, 'vocabulary.json')).toThrow(FormatError);
      expect(() => Vocabulary.fromJSON(json, 'vocabulary.json')).toThrow(message);
    }
  });

  test('what is not known can be left out and listed, each once', () => {
    const vocabulary = Vocabulary.fromText('helo wrd👩‍👩‍👧é');
    expect(vocabulary.encodeKnown('hello, wörld!,')).toEqual({
      ids: vocabulary.encode('hello wrld'),
      unknown: [',', 'ö', '!'],
      left: 4,
    });
    expect(vocabulary.encodeKnown('👩‍👩‍👧👩‍👧e\u0301')).toEqual({
      ids: vocabulary.encode('👩‍👩‍👧é'),
      unknown: ['👩‍👧'],
      left: 1,
    });
    expect(vocabulary.encodeKnown('')).toEqual({ ids: new Int32Array(0), unknown: [], left: 0 });
    expect(vocabulary.encodeKnown('\ud83d').unknown).toEqual(['\ud83d']);
    expect(() => vocabulary.encodeKnown(7 as never)).toThrow('Vocabulary.encodeKnown');
  });

  test('a misspelt option is noticed', () => {
    expect(() => Vocabulary.fromText('a', { units: 'codepoint' } as object)).toThrow('did you mean unit?');
  });

  test('five megabytes take well below a few seconds', async () => {
    const english = 'First Citizen:\nBefore we proceed any further, hear me speak.\n\n'.repeat(80_000);
    const mixed = '안녕하세요 👩‍👩‍👧 그리고 é… “quotes” 😀\n'.repeat(70_000);
    for (const text of [english, mixed]) {
      const took = await processorTime(() => {
        const ids = Vocabulary.fromText(text).encode(text);
        expect(ids.length).toBeGreaterThan(1e6);
      });
      expect(took).toBeLessThan(4000);
    }
  });
});
