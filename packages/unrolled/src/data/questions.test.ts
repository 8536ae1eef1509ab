import { expect, test } from 'vitest';
import { vqaAccuracy } from '../metrics/vqa.ts';
import { imageBatch } from './image-batch.ts';
import { answerType, questionOnlyBaseline, frequentAnswers, questionOnlyAnswers, questionTypes } from './questions.ts';

test('the most frequent answers come first, and among equals the one seen first', () => {
  expect(frequentAnswers(['red', 'yes', 'no', 'yes', 'blue'], 3)).toEqual(['yes', 'red', 'no']);
});

test('a count is a whole number from 1, and a baseline has an answer for each of its questions', () => {
  for (const n of [0, 1.5, -1])
    expect(() => frequentAnswers(['a'], n)).toThrow('count: expected a whole number from 1');
  expect(frequentAnswers(['a', 'b'], 1)).toEqual(['a']);
  expect(() => questionOnlyBaseline([], [])).toThrow('questions: expected at least one');
  expect(() => questionOnlyBaseline(['a', 'b'], ['x'])).toThrow('answers: expected one for each of 2 questions, got 1');
});

test('a beginning as frequent as `rare` says is not rare', () => {
  expect(questionTypes(['is it', 'is he', 'why'], { words: 1, rare: 1 / 3 })).toEqual(['is', 'is', 'why']);
});

test('a question’s type is its first two words, its first where two are rare, and other where that is rare too', () => {
  const questions = ['What color is it?', 'what color is the cat', 'Is it red?', 'Is a dog there?', 'why?'];
  expect(questionTypes(questions, { rare: 0.3 })).toEqual(['what color', 'what color', 'is', 'is', 'other']);
});

test('an answer is yes or no, a number, or something else', () => {
  expect(['Yes', 'false', '3', '1,000', 'two dogs', '2 dogs'].map(answerType)).toEqual([
    'yes/no',
    'yes/no',
    'number',
    'number',
    'other',
    'other',
  ]);
});

test('the question-only baseline predicts the question’s most frequent answer, and for a new question the most frequent of all', () => {
  const guess = questionOnlyBaseline(['a', 'a', 'a', 'b', 'constructor'], ['x', 'y', 'y', 'x', 'x']);
  expect(['a', 'b', 'constructor', 'new', 'toString'].map((q) => questionOnlyAnswers(guess, q))).toEqual([
    'y',
    'x',
    'x',
    'x',
    'x',
  ]);
});

test('an answer is as right as the people who gave it: Antol’s mean over ten times nine of them', () => {
  const people = (n: number) => [...Array<string>(n).fill('red'), ...Array<string>(10 - n).fill('blue')];
  // Of ten subsets of nine, n leave out one who said it: (n · min((n − 1)/3, 1) + (10 − n) · min(n/3, 1)) / 10.
  expect([0, 1, 2, 3, 4].map((n) => vqaAccuracy('red', people(n)))).toEqual(
    [0, 0.3, 0.6, 0.9, 1].map((v) => expect.closeTo(v, 12)),
  );
  expect(vqaAccuracy('red', ['red'])).toBe(1);
  expect(vqaAccuracy('red', ['blue', 'red'])).toBe(1);
});

test('answers and questions that differ in spaces or in the normal form are one', () => {
  const [nfc, nfd] = ['caf\u00e9', ' cafe\u0301'];
  expect(frequentAnswers([nfc, nfd, 'bar', 'bar', nfd], 2)).toEqual([nfc, 'bar']);
  const guess = questionOnlyBaseline([`a ${nfc}?`, 'b', 'b'], [nfd, 'x', 'x']);
  expect([`a ${nfc}?`, `a  ${nfd.trim()}? `].map((question) => questionOnlyAnswers(guess, question))).toEqual([
    nfc,
    nfc,
  ]);
  expect(questionOnlyAnswers({ byQuestion: { [nfd]: 'old' }, otherwise: 'x' }, nfd)).toBe('old'); // a baseline of before
  expect([vqaAccuracy(nfd, [nfc]), vqaAccuracy(nfc, [nfd, nfd, `${nfc} `, nfc])]).toEqual([1, 1]);
});

test('bytes become planes of 0 to 1, features stay as they are', () => {
  const data = Uint8Array.of(0, 51, 102, 153, 204, 255, 1, 2, 3, 4, 5, 6);
  const batch = imageBatch({ shape: [2, 1, 3, 2], data }, [0]);
  expect(batch.shape).toEqual([1, 2, 1, 3]);
  expect([...batch.dataSync()]).toEqual([0, 0.4, 0.8, 0.2, 0.6, 1].map((v) => expect.closeTo(v, 6)));
  const features = imageBatch({ shape: [2, 2], data: Float32Array.of(1, 2, 300, 4) }, [1, 0]);
  expect(features.toArray()).toEqual([
    [300, 4],
    [1, 2],
  ]);
  expect(() => imageBatch({ shape: [2, 2], data: new Float32Array(4) }, [2])).toThrow(
    'expected images from 0 to 1, got 2',
  );
});
