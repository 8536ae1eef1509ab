// Numbers over time: one row a step, one column a channel.

/** A multivariate series. A day of weather: 24 rows of temperature, pressure, wind. */
export interface Series {
  /** [T, C], row by row. */
  readonly values: Float32Array | Float64Array;
  /** What the C channels are called. */
  readonly names: readonly string[];
}

/** The number of rows. */
export function seriesLength({ values, names }: Series): number {
  return names.length > 0 ? values.length / names.length : 0;
}
