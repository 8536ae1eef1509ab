// Time series: a row for each step, a column for each channel.

import { requireKinds } from '../checks.ts';

/** A multivariate series. A day of weather: 24 rows of temperature, pressure, wind. */
export interface Series {
  /** Values [T, C], row by row. */
  readonly values: Float32Array | Float64Array;
  /** Names of the C channels. */
  readonly names: readonly string[];
}

/** Number of rows. */
export function seriesLength(given: Series): number {
  requireKinds('seriesLength', { given }, { given: { names: 'texts', values: 'numbers' } });
  const { values, names } = given;
  return names.length > 0 ? values.length / names.length : 0;
}
