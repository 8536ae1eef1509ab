// What a translator writes is compared with what it can write: texts as its tokenizer writes them.

import { expect, test } from 'vitest';
import { Tokenizer } from 'unrolled/data';
import { bleu } from 'unrolled/metrics';
import { bleuOf, scoresOf } from './evaluate.ts';
import { encodePairs } from './tokens.ts';

const encode = (targets: readonly string[], options: object) => {
  const target = Tokenizer.train(targets, { unit: 'word', ...options });
  const rows = targets.map((text, row) => ({ file: 'x.tsv', row, cells: { source: 'a', target: text, group: '' } }));
  const pairs = encodePairs(rows, { source: target, target }, Infinity);
  const predicted = pairs.targets.map((ids) => target.decode(ids)); // a model that is always right
  return { target, pairs, predicted };
};

const listed = (wanted: readonly string[]) => wanted.map((text) => [text]);

const vietnamese = 'Tôi thích đọc sách mỗi buổi tối';

test('targets in NFD: who writes all of them in NFC is right', () => {
  const { target, pairs, predicted } = encode(
    [vietnamese.normalize('NFD'), '한국어를 배우는 사람이 많다'.normalize('NFD')],
    {},
  );
  const scores = scoresOf(predicted, listed(pairs.wanted), target, { tokenize: '13a' });
  expect(scores.bleu.score).toBeCloseTo(100, 10);
  expect(scores.chrf.score).toBeCloseTo(100, 10);
  expect(scores.exactMatch).toBe(1);
  expect(bleuOf(predicted, pairs.wanted, target)).toBeCloseTo(100, 10);
});

test('capitals that are read as lowercase: the score is that of lowercase, and says so', () => {
  const targets = ['The Dog bit the Man in Berlin .', 'IT WAS not the DOG'];
  const { target, pairs, predicted } = encode(targets, { lowercase: true });
  const wrong = predicted.map((text) => text.replace('dog', 'cat'));
  const scores = scoresOf(wrong, listed(pairs.wanted), target, { tokenize: '13a' });
  const small = bleu(wrong, targets, { lowercase: true });
  expect(scores.bleu.score).toBeCloseTo(small.score, 10);
  expect(small.score).toBeGreaterThan(bleu(wrong, targets).score + 5);
  expect([scores.bleu.signature, scores.chrf.signature]).toEqual([
    'nrefs:1|case:lc|eff:no|tok:13a|smooth:exp|version:2.6.0',
    'nrefs:1|case:lc|eff:yes|nc:6|nw:0|space:no|version:2.6.0',
  ]);
  expect(bleuOf(wrong, pairs.wanted, target)).toBeCloseTo(small.score, 10);
  expect(scoresOf(predicted, listed(pairs.wanted), target, { tokenize: '13a' }).exactMatch).toBe(1);
});

test('where capitals are kept they count', () => {
  const { target, pairs, predicted } = encode(['The Dog bit the Man'], {});
  const { bleu: score, exactMatch } = scoresOf([predicted[0].toLowerCase()], listed(pairs.wanted), target, {
    tokenize: '13a',
  });
  expect(score.signature).toContain('case:mixed');
  expect(exactMatch).toBe(0);
});

test('a target with a word that is not known is never written', () => {
  const { target, pairs } = encode(['a b', 'a c', 'a b'], { minCount: 2 });
  expect(pairs.wanted[1]).toBe('a c');
  expect(scoresOf(['a b', 'a', 'a b'], listed(pairs.wanted), target, { tokenize: '13a' }).exactMatch).toBe(2 / 3);
});

test('error rates are of words, characters and tokens, against the target, without case where that is asked for', () => {
  const { target } = encode(['the cat sat', 'down'], {});
  const references = [
    ['the cat sat', 'a cat sat'],
    ['Down', 'below'],
  ];
  const scores = scoresOf(['a cat sat', 'down'], references, target, { tokenize: '13a' });
  expect(scores.wordErrorRate).toBe(2 / 4); // the → a, Down → down
  expect(scores.tokenErrorRate).toBe(2 / 4);
  expect(scores.characterErrorRate).toBe(4 / 15); // the → a: 3 edits; D → d
  expect(scores.exactMatch).toBe(1 / 2); // another reference is as right as the target
  expect(scores.bleu.signature).toContain('nrefs:2|case:mixed');
  const small = scoresOf(['a cat sat', 'down'], references, target, { tokenize: '13a', ignoreCase: true });
  expect(small.wordErrorRate).toBe(1 / 4);
  expect(small.exactMatch).toBe(1);
  expect(small.bleu.signature).toContain('nrefs:2|case:lc');
});
