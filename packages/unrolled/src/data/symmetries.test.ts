import { expect, test } from 'vitest';
import { exchangeWords, imageSymmetries, mirrorImages, parseWordPairs } from './symmetries.ts';

const sides = parseWordPairs('left=right, West=east');

test('words of a pair are exchanged, whole words in any case, and twice is once', () => {
  const text = 'Left of the RIGHT door, leftmost, turn_left; west';
  const other = 'Right of the LEFT door, leftmost, turn_right; east';
  expect(exchangeWords(text, sides)).toBe(other);
  expect(exchangeWords(other, sides)).toBe(text);
  expect(exchangeWords('왼쪽에 왼쪽', parseWordPairs('왼쪽=오른쪽'))).toBe('왼쪽에 오른쪽');
  expect(exchangeWords(text, [])).toBe(text);
});

test('pairs are read as they are typed, and what is none is told', () => {
  expect(sides).toEqual([
    ['left', 'right'],
    ['west', 'east'],
  ]);
  expect(parseWordPairs('')).toEqual([]);
  expect(() => parseWordPairs('left')).toThrow('expected pairs of words as left=right, got "left"');
  expect(() => parseWordPairs('left=right=up')).toThrow('expected pairs of words');
  expect(() => parseWordPairs('far left=right')).toThrow('expected pairs of words');
  expect(() => parseWordPairs('left=right,up=left')).toThrow('left is in two pairs; each word has one partner');
});

test('an image of 2 × 3 is mirrored along each axis', () => {
  const image = Uint8Array.from([1, 2, 3, 4, 5, 6]);
  expect([...mirrorImages(image, [2, 3, 1], { horizontal: true })]).toEqual([3, 2, 1, 6, 5, 4]);
  expect([...mirrorImages(image, [2, 3, 1], { vertical: true })]).toEqual([4, 5, 6, 1, 2, 3]);
  expect([...mirrorImages(image, [2, 1, 3, 1], { horizontal: true, vertical: true })]).toEqual([3, 2, 1, 6, 5, 4]);
  expect([...image]).toEqual([1, 2, 3, 4, 5, 6]);
  expect(() => mirrorImages(image, [2, 2, 1], {})).toThrow('expected the bytes of the images of shape [4], got [6]');
});

test('the views of an image are itself, one for each axis and both, with the words of its axes', () => {
  const vertical = parseWordPairs('above=below');
  expect(imageSymmetries({ horizontal: null, vertical: null })).toEqual([
    { horizontal: false, vertical: false, words: [] },
  ]);
  expect(imageSymmetries({ horizontal: sides, vertical })).toEqual([
    { horizontal: false, vertical: false, words: [] },
    { horizontal: true, vertical: false, words: sides },
    { horizontal: false, vertical: true, words: vertical },
    { horizontal: true, vertical: true, words: [...sides, ...vertical] },
  ]);
  expect(() => imageSymmetries({ horizontal: sides, vertical: [['right', 'up']] })).toThrow(
    'right is exchanged along both axes',
  );
});
