// The five shapes of sequence problems, each with a real example of the library's own data sets.

import { makeBrackets, makeDates, makeReversals, makeScenes, makeSentiment } from '../data/index.ts';
import type { LessonFigure, UnrolledFigure } from './figures.ts';
import { lessonOf } from './lesson.ts';
import { type ShapesValues, type ShapesWords, shapesWords } from './words/shapes.ts';

const longest = 6; // symbols of an example that are drawn

/** A long text by its ends: its meaning may turn in what is left out, and at its end. */
const endsOf = (words: readonly string[]): readonly string[] =>
  words.length <= longest ? words : [...words.slice(0, 3), '…', ...words.slice(-2)];

export const shapes = lessonOf<ShapesValues, ShapesWords>({
  name: 'shapes',
  words: shapesWords,
  measure: async () => {
    const [scene] = makeScenes(1, 5, { size: 24 });
    const [brackets] = makeBrackets(1, 4);
    const [reversal] = makeReversals(1, 3, { minLength: 4, maxLength: 4 });
    const pairsOf = (language: 'en' | 'ko') => {
      const [review] = makeSentiment(1, 2, { language });
      const [date] = makeDates(1, 6, { language });
      return { review: { text: review.text, label: review.label }, date: { source: date.source, target: date.target } };
    };
    return {
      caption: scene.captions[0].split(' '),
      brackets: { letters: Array.from(brackets.text), depths: [...brackets.tags] },
      reversal: { source: reversal.source, target: reversal.target },
      texts: { en: pairsOf('en'), ko: pairsOf('ko') },
    };
  },
  answer: () => 0,
  figures: (v, t, language): LessonFigure[] => {
    const { review, date } = v.texts[language];
    const words = endsOf(review.text.split(' '));
    const [source, target] = [Array.from(v.reversal.source), Array.from(v.reversal.target)];
    const drawn = (title: string, steps: UnrolledFigure['steps']): UnrolledFigure => ({
      kind: 'unrolled',
      title,
      steps,
    });
    const step = (input: string | null, output: string | null) => ({
      ...(input === null ? {} : { input: [input] }),
      state: ['h'],
      ...(output === null ? {} : { output: [output] }),
    });
    return [
      drawn(t.oneToOne, [step('0 1', '1')]),
      drawn(
        t.oneToMany,
        [...endsOf(v.caption), t.end].map((word, k) => step(k === 0 ? t.image : null, word)),
      ),
      drawn(
        t.manyToOne,
        words.map((word, k) => step(word, k + 1 === words.length ? review.label : null)),
      ),
      drawn(t.manyToMany, [
        ...source.map((letter) => step(letter, null)),
        ...[...target, t.end].map((letter) => step(null, letter)),
      ]),
      drawn(
        t.aligned,
        v.brackets.letters.slice(0, longest).map((letter, k) => step(letter, String(v.brackets.depths[k]))),
      ),
      {
        kind: 'table',
        header: t.header,
        rows: [
          [t.names[0], '0 1 → 1', 'npx unrolled lesson tanh'],
          [t.names[1], `${t.image} → ${v.caption.join(' ')}`, 'npx unrolled demo caption'],
          [
            t.names[2],
            `${review.text} → ${review.label}`,
            language === 'ko' ? 'npx unrolled demo classify sentiment-ko' : 'npx unrolled demo classify sentiment',
          ],
          [
            t.names[3],
            `${date.source} → ${date.target}`,
            language === 'ko' ? 'npx unrolled demo translate dates-ko' : 'npx unrolled demo translate dates',
          ],
          [t.names[4], `${v.brackets.letters.join('')} → ${v.brackets.depths.join(' ')}`, 'npx unrolled demo tag'],
        ],
      },
    ];
  },
});
