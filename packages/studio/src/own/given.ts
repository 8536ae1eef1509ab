// What the user gave, as the page shows it before it is learned from: its columns, its rows, and what is wrong with some of them.

import type { DataKind, Dataset } from '../data/dataset.ts';

/** A file and its path below what was dropped. */
export interface NamedFile {
  readonly path: string;
  readonly file: Blob;
}

/** What a table can be learned as. */
export type TableKind = 'labeled' | 'tagged' | 'pairs' | 'series';
export const tableKinds: readonly TableKind[] = ['labeled', 'tagged', 'pairs', 'series'];

/** What is learned, and from which columns: two of them in their order, or those of a series. */
export interface Picked {
  readonly kind: TableKind;
  readonly columns: readonly number[];
}

export type Given =
  | { readonly kind: 'text'; readonly name: string; readonly text: string }
  | {
      readonly kind: 'table';
      readonly name: string;
      readonly columns: readonly string[];
      readonly rows: number;
      /** Its first rows. */
      readonly preview: readonly (readonly string[])[];
      readonly guess: Picked;
    }
  | { readonly kind: 'images'; readonly name: string; readonly prepared: PreparedData }
  /** Clips that are gathered on the page: `state/gathered.ts` has them. */
  | { readonly kind: 'gathered' };

/** Data that can be learned from, and the rows that were left out. */
export interface PreparedData {
  readonly data: Dataset;
  readonly leftOut: readonly RowProblem[];
  readonly leftOutCount: number;
}

/** Why a row, or an image, cannot be used. `row` is that of the file, from 1; `file` a path. */
export type RowProblem =
  | { readonly what: 'cells'; readonly row: number; readonly expected: number; readonly got: number }
  | { readonly what: 'json' | 'quote'; readonly row: number }
  | { readonly what: 'empty'; readonly row: number; readonly column: string }
  | { readonly what: 'number'; readonly row: number; readonly column: string; readonly got: string }
  | { readonly what: 'lengths'; readonly row: number; readonly tokens: number; readonly tags: number }
  | { readonly what: 'image'; readonly file: string }
  | { readonly what: 'no-image'; readonly row: number; readonly file: string };

/** Why nothing can be learned from what was given. */
export type GivenProblem =
  | { readonly what: 'encoding' | 'empty' | 'one-column' | 'no-images' | 'no-labels'; readonly name: string }
  | { readonly what: 'large'; readonly name: string; readonly most: number }
  | { readonly what: 'many'; readonly name: string; readonly count: number; readonly most: number }
  | { readonly what: 'one-label'; readonly label: string }
  | { readonly what: 'few'; readonly usable: number; readonly least: number; readonly leftOut: readonly RowProblem[] };

/** Thrown where nothing can be learned: its message is the problem as JSON, so that it passes from a worker. */
export class Unusable extends Error {
  override name = 'Unusable';
  constructor(problem: GivenProblem) {
    super(JSON.stringify(problem));
  }
}

/** The problem of an `Unusable`, also of one that came from a worker; null for another error. */
export const problemOf = ({ name, message }: Error): GivenProblem | null =>
  name === 'Unusable' ? (JSON.parse(message) as GivenProblem) : null;

/** Height and width that images, and frames of clips, are reduced to. */
export const imageSize = 32; // pixels

/** Limits of what is read: no more work than a page can do. */
export const limits = {
  bytes: 64 * 2 ** 20,
  rows: 200_000,
  images: 5000,
  imageBytes: 20 * 2 ** 20,
  zipBytes: 256 * 2 ** 20,
  frames: 20,
  leastRows: 8,
  shownProblems: 5,
} as const;

/** The example's name that a kind of own data has. */
export const presetOf = {
  text: 'own',
  labeled: 'own-labeled',
  tagged: 'own-tagged',
  pairs: 'own-pairs',
  series: 'own-series',
  captions: 'own-captions',
  clips: 'own-clips',
} as const satisfies Partial<Record<DataKind, string>>;

export type OwnKind = keyof typeof presetOf;
