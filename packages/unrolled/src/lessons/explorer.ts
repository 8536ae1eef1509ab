// A lesson's experiment with handles: a few numbers that a reader may move, an answer in milliseconds, and a sentence that says what it shows. What the
// lesson itself tells stays with its own numbers.

import { requireKinds } from '../checks.ts';
import { OptionError } from '../errors.ts';
import type { LessonFigure } from './figures.ts';
import type { LessonLanguage } from './lesson.ts';

/** A number that a reader may move. */
export interface LessonParameter {
  readonly name: string;
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** Where it starts. */
  readonly value: number;
}

/** What an explorer shows for some values of its parameters. */
export interface Explored {
  readonly says: string;
  readonly figures: readonly LessonFigure[];
}

/** An experiment with handles. */
export interface LessonExplorer {
  /** The parameters, labeled in a language. */
  parameters(language: LessonLanguage): readonly LessonParameter[];
  /** The experiment with these values; a parameter that is not given is where it starts. Throws an OptionError for one outside its limits. */
  explore(values: Readonly<Record<string, number>>, language: LessonLanguage): Promise<Explored>;
}

type Limits = Omit<LessonParameter, 'name' | 'label'>;

interface ExplorerDefinition<P extends string, W> {
  readonly name: string;
  readonly limits: Readonly<Record<P, Limits>>;
  readonly words: Readonly<Record<LessonLanguage, W & { readonly labels: Readonly<Record<P, string>> }>>;
  run(values: Readonly<Record<P, number>>, words: W, language: LessonLanguage): Promise<Explored> | Explored;
}

export function explorerOf<const P extends string, W extends object>(of: ExplorerDefinition<P, W>): LessonExplorer {
  const names = Object.keys(of.limits) as P[];
  return {
    parameters: (language) =>
      names.map((name) => ({ name, label: of.words[language].labels[name], ...of.limits[name] })),
    async explore(given, language) {
      const who = `lessonExplorers.${of.name}`;
      requireKinds(who, { values: given }, { values: 'object' });
      const values = Object.fromEntries(
        names.map((name) => {
          const { min, max, value: usual } = of.limits[name];
          const value = given[name] ?? usual;
          if (!(typeof value === 'number' && value >= min && value <= max))
            throw new OptionError(who, name, `expected a number from ${min} to ${max}, got ${String(value)}`);
          return [name, value] as const;
        }),
      ) as Record<P, number>;
      return of.run(values, of.words[language], language);
    },
  };
}
