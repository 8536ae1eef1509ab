// What a lesson shows, as data: the terminal, a page and the studio each draw it in their way, from the same numbers.

import type { LineChart } from '../analysis/index.ts';
import type { RawImage } from '../data/index.ts';

/** Rows under a header. */
export interface TableFigure {
  readonly kind: 'table';
  readonly title?: string;
  readonly header: readonly string[];
  /** Numbers are counts: they are shown grouped. */
  readonly rows: readonly (readonly (string | number)[])[];
}

/** Lines over an axis. */
export interface ChartFigure {
  readonly kind: 'chart';
  readonly chart: LineChart;
}

/** Text as it is, line by line. */
export interface TextFigure {
  readonly kind: 'text';
  readonly title?: string;
  readonly lines: readonly string[];
}

/** A bar for each value, from 0 to `most`. */
export interface BarsFigure {
  readonly kind: 'bars';
  readonly title?: string;
  readonly rows: readonly {
    readonly label: string;
    readonly value: number;
    /** The value as it is written. */
    readonly text: string;
    /** Whether this is the row to look at. */
    readonly marked?: boolean;
  }[];
  /** The longest bar. Default: the largest value. */
  readonly most?: number;
}

/** One matrix with its numbers, the deeper the color, the larger the number: blue above 0, orange below. */
export interface NumberGrid {
  readonly name: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly values: readonly (readonly number[])[];
}

/** Matrices next to each other, on one scale of colors. */
export interface GridsFigure {
  readonly kind: 'grids';
  readonly title?: string;
  readonly grids: readonly NumberGrid[];
  /** Digits after the point. Default 2. */
  readonly digits?: number;
}

/** A recurrent network drawn once for every step, from left to right; below, what it reads, above, what it writes. */
export interface UnrolledFigure {
  readonly kind: 'unrolled';
  readonly title?: string;
  readonly steps: readonly {
    /** Lines in the box below; without them nothing is read at this step. */
    readonly input?: readonly string[];
    readonly state: readonly string[];
    /** Lines in the box above; without them nothing is written at this step. */
    readonly output?: readonly string[];
  }[];
  /** Names of the weights on the arrows: into the state, from state to state, out of it. */
  readonly weights?: readonly [input: string, state: string, output: string];
  /** Whether each output is the next step's input. Default false. */
  readonly feedback?: boolean;
  /** Whether the loop that is unrolled here stands in front. Default false. */
  readonly loop?: boolean;
}

/** A hypothesis of a beam search and what it was continued with. */
export interface TreeNode {
  readonly label: string;
  /** Its score, as it is written. */
  readonly text: string;
  /** Whether it stayed in the beam. */
  readonly kept: boolean;
  readonly children: readonly TreeNode[];
}

/** A tree from left to right: what was dropped is pale. */
export interface TreeFigure {
  readonly kind: 'tree';
  readonly title?: string;
  readonly roots: readonly TreeNode[];
}

/** Images, each with a caption and, if there is one, the weights of an attention map over its regions. */
export interface ImagesFigure {
  readonly kind: 'images';
  readonly title?: string;
  readonly images: readonly {
    readonly image: RawImage;
    readonly caption: string;
    /** Row by row; they add up to 1. */
    readonly map?: readonly (readonly number[])[];
  }[];
}

/** Anything a lesson shows. */
export type LessonFigure =
  | TableFigure
  | ChartFigure
  | TextFigure
  | BarsFigure
  | GridsFigure
  | UnrolledFigure
  | TreeFigure
  | ImagesFigure;
