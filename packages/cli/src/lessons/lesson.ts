// A lesson is an experiment of at most a minute: what is asked, what was measured, what it says. Every figure is one description that the terminal
// shows as rows and the page as an image. The words are in texts/, a file a language; the experiments hold none.

import type { LineChart } from 'unrolled/analysis';
import type { Texts } from './texts/en.ts';

export interface Table {
  readonly header: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

export type Figure =
  | { readonly kind: 'table'; readonly table: Table }
  | { readonly kind: 'chart'; readonly chart: LineChart }
  | { readonly kind: 'text'; readonly lines: readonly string[] };

export interface Told {
  readonly title: string;
  readonly question: string;
  readonly figures: readonly Figure[];
  readonly conclusion: readonly string[];
  /** What was measured, for programs. */
  readonly values: object;
}

export interface Lesson {
  readonly name: LessonName;
  /** `progress` is told how far it is, from 0 to 1. */
  run(texts: Texts, progress: (part: number) => Promise<void>): Promise<Told>;
}

export type LessonName = keyof Texts['lessons'];
