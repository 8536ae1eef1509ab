// Numbers over time: one row a step, one column a channel.

import { requireKinds } from '../checks.ts';

/** A multivariate series. A day of weather: 24 rows of temperature, pressure, wind. */
export interface Series {
  /** [T, C], row by row. */
  readonly values: Float32Array | Float64Array;
  /** What the C channels are called. */
  readonly names: readonly string[];
}

/** The number of rows. */
export function seriesLength(given: Series): number {
  requireKinds('seriesLength', { given }, { given: { names: 'texts', values: 'numbers' } });
  const { values, names } = given;
  return names.length > 0 ? values.length / names.length : 0;
}
