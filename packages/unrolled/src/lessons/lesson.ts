// The form of a lesson. A question, a guess to make before looking, an experiment of seconds, what it shows and what it does not, and where to go on.
// Measuring and telling are apart: what was measured is numbers, without a word, so that a reader can change the language, and a test can compare
// every number that is told with the one that was measured.

import type { LessonFigure } from './figures.ts';

/** Languages of the lessons. */
export type LessonLanguage = 'en' | 'ko';

/** The words of a lesson in one language; `V` is what it measures. */
export interface LessonWords<V> {
  readonly title: string;
  readonly question: string;
  /** What to guess before the numbers are there. */
  readonly prediction: string;
  /** Guesses to choose from; which of them is right, the numbers say. */
  readonly choices: readonly string[];
  /** What is done: sizes, data, settings. */
  readonly experiment: string;
  /** What the numbers say. */
  shows(values: V): readonly string[];
  /** What they do not say: one seed, one size, a special case. */
  readonly limits: readonly string[];
  /** Commands that do the same with a reader's own data. */
  readonly commands?: readonly string[];
}

/** What can be read before the experiment. */
export interface LessonIntroduction {
  readonly name: string;
  readonly language: LessonLanguage;
  readonly title: string;
  readonly question: string;
  readonly prediction: string;
  /** Guesses to choose from. */
  readonly choices: readonly string[];
  readonly experiment: string;
  /** Commands that do the same with a reader's own data. */
  readonly commands: readonly string[];
}

/** A lesson with its numbers, in one language. */
export interface LessonReport extends LessonIntroduction {
  /** The place of the right guess among the choices. */
  readonly answer: number;
  readonly figures: readonly LessonFigure[];
  readonly shows: readonly string[];
  readonly limits: readonly string[];
}

/** How an experiment is run. */
export interface MeasureOptions {
  /** Told how far it is, from 0 to 1; awaited, so that a page stays alive. */
  readonly onProgress?: (part: number) => void | Promise<void>;
  /** Part of the training steps, above 0 and up to 1: for tests, which look at the form. Default 1. */
  readonly effort?: number;
}

/** What an experiment is given. */
export interface Measuring {
  progress(part: number): Promise<void>;
  /** So many training steps at full effort, at least `least`. */
  steps(count: number, least?: number): number;
}

/** An experiment and its words. `V` is plain data: what JSON can hold. */
export interface Lesson<V extends object = object> {
  readonly name: string;
  measure(options?: MeasureOptions): Promise<V>;
  introduction(language: LessonLanguage): LessonIntroduction;
  /** `values` are what `measure` returned. */
  tell(values: V, language: LessonLanguage): LessonReport;
}

interface Definition<V, W> {
  readonly name: string;
  readonly words: Readonly<Record<LessonLanguage, W>>;
  measure(measuring: Measuring): Promise<V>;
  /** Which of the choices the values say is right. */
  answer(values: V): number;
  /** Drawn from the values alone. */
  figures(values: V, words: W, language: LessonLanguage): readonly LessonFigure[];
}

/** A lesson from its experiment, its figures and its words. */
export function lessonOf<V extends object, W extends LessonWords<V>>(definition: Definition<V, W>): Lesson<V> {
  const { name, words } = definition;
  const introduction = (language: LessonLanguage): LessonIntroduction => {
    const { title, question, prediction, choices, experiment, commands = [] } = words[language];
    return { name, language, title, question, prediction, choices, experiment, commands };
  };
  return {
    name,
    introduction,
    async measure({ onProgress, effort = 1 } = {}) {
      const values = await definition.measure({
        progress: async (part) => onProgress?.(part),
        steps: (count, least = 1) => Math.max(least, Math.round(count * effort)),
      });
      await onProgress?.(1);
      return values;
    },
    tell: (values, language) => ({
      ...introduction(language),
      answer: definition.answer(values),
      figures: definition.figures(values, words[language], language),
      shows: words[language].shows(values),
      limits: words[language].limits,
    }),
  };
}
