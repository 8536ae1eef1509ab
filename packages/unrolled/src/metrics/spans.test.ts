import { describe, expect, test } from 'vitest';
import { marksSpans, spanScores, spansOf } from './spans.ts';

const spans = (text: string) => spansOf(text.split(' ')).map(({ type, start, end }) => `${type} ${start}-${end}`);

describe('spansOf', () => {
  test.each([
    ['B-PER I-PER O B-LOC', ['PER 0-2', 'LOC 3-4']],
    ['B-PER B-PER I-PER', ['PER 0-1', 'PER 1-3']],
    ['B-PER E-PER S-PER S-LOC', ['PER 0-2', 'PER 2-3', 'LOC 3-4']],
    ['B-PER I-PER L-PER U-LOC', ['PER 0-3', 'LOC 3-4']],
    // IOB1: B only where one follows another of its type.
    ['I-PER I-PER B-PER O I-LOC', ['PER 0-2', 'PER 2-3', 'LOC 4-5']],
    // What no scheme allows.
    ['O I-PER I-LOC', ['PER 1-2', 'LOC 2-3']],
    ['B-PER I-LOC', ['PER 0-1', 'LOC 1-2']],
    ['S-PER I-PER', ['PER 0-1', 'PER 1-2']],
    ['E-PER E-PER', ['PER 0-1', 'PER 1-2']],
    ['B I O B', [' 0-2', ' 3-4']],
    ['O O', []],
  ])('%s', (text, expected) => {
    expect(spans(text)).toEqual(expected);
  });

  test('a tag that nobody knows ends a span', () => {
    expect(spansOf(['B-X', null, 'I-X'])).toEqual([
      { type: 'X', start: 0, end: 1 },
      { type: 'X', start: 2, end: 3 },
    ]);
  });

  test('refuses other tags', () => {
    expect(() => spansOf(['O', 'NOUN'])).toThrow('step 1: expected O or B-, I-, E-, L-, S- or U-type, got "NOUN"');
  });
});

test('marksSpans', () => {
  expect(marksSpans(['O', 'B-PER', 'I-PER'])).toBe(true);
  expect(marksSpans(['O'])).toBe(false);
  expect(marksSpans(['B-PER', 'NOUN'])).toBe(false);
});

describe('spanScores', () => {
  test('by hand: two of three found, one of four said is wrong', () => {
    const targets = ['B-PER I-PER O B-LOC', 'B-LOC O O O'].map((s) => s.split(' '));
    const predicted = ['B-PER I-PER O B-PER', 'B-LOC O B-LOC I-LOC'].map((s) => s.split(' '));
    const { perType, ...all } = spanScores(predicted, targets);
    expect(all).toEqual({ precision: 2 / 4, recall: 2 / 3, f1: 4 / 7, support: 3 });
    expect(perType).toEqual({
      LOC: { precision: 1 / 2, recall: 1 / 2, f1: 1 / 2, support: 2 },
      PER: { precision: 1 / 2, recall: 1, f1: 2 / 3, support: 1 },
    });
  });

  test('seqeval’s example: a name that is cut differently is not found', () => {
    const targets = [
      ['O', 'O', 'O', 'B-MISC', 'I-MISC', 'I-MISC', 'O'],
      ['B-PER', 'I-PER', 'O'],
    ];
    const predicted = [
      ['O', 'O', 'B-MISC', 'I-MISC', 'I-MISC', 'I-MISC', 'O'],
      ['B-PER', 'I-PER', 'O'],
    ];
    expect(spanScores(predicted, targets).f1).toBe(0.5);
  });

  test('steps without a tag count for nothing', () => {
    expect(spanScores([['B-X', 'B-X']], [['B-X', null]]).f1).toBe(1);
  });

  test('nothing to find and nothing found is 0, as in conlleval', () => {
    expect(spanScores([['O']], [['O']])).toEqual({ precision: 0, recall: 0, f1: 0, support: 0, perType: {} });
  });

  test('refuses rows that do not fit', () => {
    expect(() => spanScores([], [['O']])).toThrow('expected one for each of 1 targets, got 0');
    expect(() => spanScores([['O', 'O']], [['O']])).toThrow('row 0: expected one for each of 1 tags, got 2');
  });
});
