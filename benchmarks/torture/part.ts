// A part of the torture: one family of hostile input, and the bars that it measures.

/** One bar: what is wanted, what was measured, and whether the one meets the other. */
export interface Row {
  readonly bar: string;
  readonly wanted: string;
  readonly measured: string;
  readonly met: boolean;
}

export interface Part {
  /** As it is called on the command line: the name of its file in `parts/`. */
  readonly name: string;
  /** One sentence on what is done to whom. */
  readonly about: string;
  /** Measures all its bars: in full with `long`, or in the form that takes seconds. */
  run(long: boolean): Promise<Row[]>;
}
