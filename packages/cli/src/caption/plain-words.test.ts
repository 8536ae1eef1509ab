// Captions are learned, written and compared in one form, whatever form they came in.

import { expect, test } from 'vitest';
import { Tokenizer } from 'unrolled/data';
import { captionScores } from 'unrolled/metrics';
import { plainWords } from './data.ts';

const captions = [
  'Một con chó nâu – đang chạy.',
  'Ein GROSSER Hund läuft (sehr) schnell',
  "A dog's well-known İs",
  '개가 뛰고 있다',
];

test('letters whose accents stand apart are the letters', () => {
  for (const text of captions) {
    expect(plainWords(text.normalize('NFD'))).toBe(plainWords(text));
    expect(plainWords(text)).toBe(plainWords(text).normalize('NFC'));
  }
});

test('who says every caption word for word is right, in every measure', () => {
  const references = captions.map((text) => [plainWords(text.normalize('NFD'))]);
  const words = Tokenizer.train(references.flat(), { unit: 'word' });
  const predicted = captions.map((text) => words.decode(words.encode(plainWords(text))));
  const wanted = references.map((some) => some.map((text) => words.normalize(text)));
  const { exact, bleu1 } = captionScores(predicted, wanted);
  expect(exact).toBe(1);
  expect(bleu1).toBeCloseTo(1, 12);
});
