// Number sequences as every reader of this folder gives them, and where they are read from.

import type { ExampleSource } from '../examples/parts.ts';
import type { Place, Skipped } from '../readers/index.ts';

/** Whether a sequence has one label, or each of its steps. */
export type Per = 'sequence' | 'step';

/** What is done about missing values: the value before stands in their place, their sequences are left out, or nothing is trained. */
export const missingChoices = ['fill', 'skip', 'stop'] as const;

/** Where number sequences are: kept in config.json, so that a run's own validation part can be found again. */
export interface NumberSource extends ExampleSource {
  /** Names with commas between them, or a list of names; null for all columns of numbers. Of an .npz the array of the features. */
  readonly features: string | readonly string[] | null;
  readonly label: string | null;
  /** The column that says which sequence a row belongs to. */
  readonly series: string | null;
  /** The column that the steps of a sequence are in order of. */
  readonly time: string | null;
  readonly decimal: string | null;
  readonly missing: string;
}

/** Numbers as a file holds them. */
export type NumberValues = Float64Array | Float32Array | Int32Array | Int16Array | Int8Array | Uint8Array;

/** A number sequence. */
export interface NumberExample extends Place {
  /** For a person: its file, or what the column of series says. */
  readonly name: string;
  /** [T, F] row by row, NaN where a value is missing. */
  readonly values: NumberValues;
  /** One for the sequence, or one for each step, null where there is none. Empty where the data have no labels. */
  readonly labels: readonly (string | null)[];
  /** Sequences of one group stay on one side of the split. */
  readonly group: string | null;
}

/** The columns that something was read from; null where there was none. */
export type NumberColumns = Readonly<Record<'label' | 'series' | 'time' | 'group', string | null>>;

/** What was read. */
export interface NumberSet {
  /** For a person. */
  readonly source: string;
  /** Names of the F features. */
  readonly features: readonly string[];
  readonly examples: readonly NumberExample[];
  readonly skipped: Skipped;
  readonly notices: readonly string[];
  readonly columns: NumberColumns;
}

/** What readers are told. */
export interface NumberReading {
  readonly source: NumberSource;
  readonly per: Per;
  /** Whether sequences without labels are an error; for predictions they are not. */
  readonly labeled: boolean;
  /** Features of the model, for data that were not trained on. */
  readonly known: readonly string[] | null;
}

export const labelNames = ['label', 'class', 'category', 'target', 'activity', 'gesture'];
export const timeNames = ['time', 'timestamp', 'date', 'datetime', 'step', 'frame', 't'];
export const seriesNames = ['series', 'series_id', 'sequence', 'sequence_id', 'unique_id', 'recording', 'recording_id'];

/** Steps of a sequence. */
export const stepsOf = ({ values }: NumberExample, features: number): number => values.length / features;

/** As a pipeline reads it: its steps. */
export const numberSequence = (values: NumberValues, features: number): NumberValues[] =>
  Array.from({ length: values.length / features }, (_, t) => values.subarray(t * features, (t + 1) * features));
