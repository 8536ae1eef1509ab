// What costs nothing to say, for comparison: it stays as it is, and it repeats itself.

import { type Forecaster, naiveForecast } from 'unrolled';
import { type Windows } from 'unrolled/data';

export interface Naive {
  readonly name: string;
  readonly mse: number;
  readonly mae: number;
  readonly mseInUnits: number;
  readonly maeInUnits: number;
}

export function naives(model: Forecaster, windows: Windows | null, period: number | null): Naive[] {
  if (!windows) return [];
  const last = { name: 'the last value again', ...naiveForecast(model, windows, 1) };
  if (period === null || period === 1) return [last];
  return [last, { name: `as ${period} steps before`, ...naiveForecast(model, windows, period) }];
}
