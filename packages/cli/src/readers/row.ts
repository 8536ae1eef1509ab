// A row of a table, or a line of a text, on its way to an example.

/** A row's cells as texts, in the order of the columns asked for; lists and objects as JSON. */
export interface Row {
  readonly file: string;
  /** From 1, the header not counted; rows that are left out are. */
  readonly row: number;
  /** What `row` counts, where it is not rows. */
  readonly unit?: 'line';
  readonly cells: readonly (string | null)[];
}
