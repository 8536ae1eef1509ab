// What a trained network can be asked, and what it answers: with numbers that say why.

import type { RawImage } from 'unrolled/data';
import type { TaskName } from 'unrolled/pipelines';
import type { SampleChart } from '../training/history.ts';

/** What the network is for, and what it needs to be asked. */
export interface Askable {
  readonly task: TaskName;
  /** Whether a picture is needed, and of what size; frames one below the other. */
  readonly picture: { readonly height: number; readonly width: number } | null;
  /** What a classifier of clips reads of a camera: so many frames, and how many there are a second. */
  readonly clip: { readonly frames: number; readonly rate: number } | null;
  /** Names of the columns of a series, and how many rows are read. */
  readonly series: { readonly columns: readonly string[]; readonly length: number } | null;
}

/** A question. What the task does not need is left out. */
export interface Question {
  readonly text?: string;
  readonly picture?: RawImage;
  /** Rows of numbers, the oldest first. */
  readonly rows?: readonly (readonly number[])[];
  /** What came after them, to be compared. */
  readonly after?: readonly number[];
  /** Whether the scores of all labels are wanted, and not those of the most probable alone. */
  readonly all?: boolean;
  readonly temperature?: number;
  readonly seed?: number;
}

export interface Scored {
  readonly label: string;
  /** From 0 to 1. */
  readonly score: number;
}

export type Answer =
  /** A text, symbol by symbol, with the probability that each had. */
  | { readonly kind: 'text'; readonly pieces: readonly { readonly text: string; readonly probability: number }[] }
  /** Labels, and by how much the score of the first falls without each word; none for pictures. */
  | {
      readonly kind: 'labels';
      readonly scores: readonly Scored[];
      readonly words: readonly { readonly text: string; readonly effect: number }[];
    }
  | { readonly kind: 'tags'; readonly tokens: readonly (Scored & { readonly token: string })[] }
  /** A text, and where each of its tokens looked. */
  | {
      readonly kind: 'translation';
      readonly text: string;
      readonly tokens: readonly string[];
      readonly source: readonly string[];
      readonly attention: readonly (readonly number[])[] | null;
    }
  /** Words, and where in the picture each looked. */
  | {
      readonly kind: 'caption';
      readonly tokens: readonly string[];
      readonly map: readonly [rows: number, columns: number] | null;
      readonly attention: readonly (readonly number[])[] | null;
    }
  | { readonly kind: 'forecast'; readonly chart: SampleChart };
