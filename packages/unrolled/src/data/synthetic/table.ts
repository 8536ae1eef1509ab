// Every synthetic data set by name.

import type { Series } from '../series.ts';
import { makeActivities } from './activities.ts';
import { makeBrackets } from './brackets.ts';
import { makeDates } from './dates.ts';
import type { LabeledSeries, LabeledText, TaggedSeries, TaggedText, TextPair } from './synthetic.ts';
import { makeNumberWords } from './number-words.ts';
import { makeClips, type MotionClip } from './images/clips.ts';
import { makeQuestions, type SceneQuestion } from './images/questions.ts';
import { type CaptionedScene, makeScenes } from './images/scenes.ts';
import { makeWhere, type WhereScene } from './images/where.ts';
import { makeReversals } from './reversals.ts';
import { makeSentiment } from './sentiment.ts';
import { makeSines } from './sines.ts';
import { makeStrokes } from './strokes.ts';
import { makeSums } from './sums.ts';

interface Entry<Kind extends string, Data> {
  /** Type of the examples, and with it the task: a classifier, a tagger, a translator, a forecaster, … */
  readonly kind: Kind;
  /** One line for a list. */
  readonly about: string;
  readonly make: (count: number, seed: number) => Data;
}

/** A synthetic data set: its examples and what kind they are. */
export type SyntheticData =
  | Entry<'labeled', LabeledText[]>
  | Entry<'tagged', TaggedText[]>
  | Entry<'pairs', TextPair[]>
  | Entry<'series', Series>
  | Entry<'labeled-series', LabeledSeries[]>
  | Entry<'tagged-series', TaggedSeries[]>
  | Entry<'captions', CaptionedScene[] | WhereScene[]>
  | Entry<'questions', SceneQuestion[]>
  | Entry<'clips', MotionClip[]>;

/**
 *     for (const [name, { about }] of Object.entries(syntheticData)) console.log(name, about);
 *     syntheticData.sums.make(2, 7);    // [{ source: '135+62', target: '197' }, …]
 */
export const syntheticData = {
  sentiment: {
    kind: 'labeled',
    about: 'reviews where word order decides: “good , not bad” against “bad , not good”',
    make: (count, seed) => makeSentiment(count, seed),
  },
  'sentiment-ko': {
    kind: 'labeled',
    about: 'the same in Korean: “안 나쁘다 , 좋다” against “안 좋다 , 나쁘다”',
    make: (count, seed) => makeSentiment(count, seed, { language: 'ko' }),
  },
  brackets: {
    kind: 'tagged',
    about: 'how deep in brackets each character is: a(b[c]) → 0 1 1 2 2 2 1',
    make: (count, seed) => makeBrackets(count, seed),
  },
  'bracket-match': {
    kind: 'tagged',
    about: 'whether each bracket has its partner, which may still be to come',
    make: (count, seed) => makeBrackets(count, seed, { tags: 'match' }),
  },
  sums: {
    kind: 'pairs',
    about: 'sums of numbers of up to three digits: 135+62 → 197',
    make: (count, seed) => makeSums(count, seed),
  },
  reversal: {
    kind: 'pairs',
    about: 'letters back to front: cabe → ebac',
    make: (count, seed) => makeReversals(count, seed),
  },
  dates: {
    kind: 'pairs',
    about: 'English dates to ISO: Friday, March 5, 2021 → 2021-03-05',
    make: (count, seed) => makeDates(count, seed),
  },
  'dates-ko': {
    kind: 'pairs',
    about: 'Korean dates to ISO: 이천이십일년 삼월 오일 → 2021-03-05',
    make: (count, seed) => makeDates(count, seed, { language: 'ko' }),
  },
  'number-words': {
    kind: 'pairs',
    about: 'numbers in English words: 405 → four hundred five',
    make: (count, seed) => makeNumberWords(count, seed),
  },
  'number-words-ko': {
    kind: 'pairs',
    about: 'numbers in Korean words (Chinese numerals): 123405 → 십이만 삼천사백오',
    make: (count, seed) => makeNumberWords(count, seed, { language: 'ko' }),
  },
  sines: {
    kind: 'series',
    about: 'three noisy waves, a day on a week, to be forecast',
    make: (count, seed) => makeSines(count, seed),
  },
  strokes: {
    kind: 'labeled-series',
    about: 'numbers: figures drawn with a pen, x and y at each step; a circle against the same drawn back',
    make: (count, seed) => makeStrokes(count, seed),
  },
  activity: {
    kind: 'tagged-series',
    about: 'numbers: a motion sensor, and at every step whether its wearer rests, walks, runs or takes stairs',
    make: (count, seed) => makeActivities(count, seed),
  },
  scenes: {
    kind: 'captions',
    about: 'images of one shape or two: a small red circle left of a big blue square',
    make: (count, seed) => makeScenes(count, seed),
  },
  where: {
    kind: 'captions',
    about: 'images with one star among other shapes, and its row and column',
    make: (count, seed) => makeWhere(count, seed),
  },
  'scene-questions': {
    kind: 'questions',
    about:
      'images of shapes and questions that cannot be answered by the question alone: is the circle left of the star?',
    make: (count, seed) => makeQuestions(count, seed),
  },
  motions: {
    kind: 'clips',
    about: 'video of a shape in motion, which no single frame tells: left or right, growing or shrinking',
    make: (count, seed) => makeClips(count, seed),
  },
} satisfies Record<string, SyntheticData>;

/** The name of a synthetic data set. */
export type SyntheticName = keyof typeof syntheticData;

/** The names of all synthetic data sets. */
export const syntheticNames = Object.keys(syntheticData) as SyntheticName[];
