// A point in time as a cell of a table says it.

/** A time by the clock on the wall where it was written, and how far that is from UTC. */
export interface Moment {
  /** Milliseconds since 1970 of the wall clock; the number itself for a column of numbers. */
  readonly wall: number;
  /** Milliseconds that the wall clock is ahead of UTC. */
  readonly offset: number;
  /** What the cell was made of, to write others like it. */
  readonly parts: Readonly<Record<string, string | undefined>>;
}
