// Intervals that hold what they say. A network learns its quantiles from the training windows, and on new ones the interval between the outermost is mostly
// too narrow. Conformal prediction measures by how much, on windows that it was not trained on: by which factor the distance from the middle quantile m
// would have had to be multiplied to reach a target y,
//
//   E = (y − m) / (q_high − m)   above m,      E = (m − y) / (m − q_low)   below it
//
// and the factor is the ⌈(n + 1) · level⌉-th smallest of them: conformalized quantile regression (Romano, Patterson and Candès 2019,
// https://arxiv.org/abs/1905.03222) in its form with a factor (Kivaranovic, Johnson and Leeb 2020, https://arxiv.org/abs/1905.10634). The proof
// is for examples that are exchangeable, which windows of a series are not; so what the interval holds is measured on windows that come later.

import type { Forecaster, WindowForecast } from '../models/forecaster.ts';

const leastWindows = 10; // below, a factor would be chance
const mostScores = 2 ** 22;
const leastFactor = 0.01;

/** How far the targets of some windows, in their order, lie from the middle quantile, in units of the distance of the outermost one on their side. */
export class IntervalScores {
  readonly #level: number;
  readonly #every: number;
  readonly #windows: number[][] = [];
  #seen = 0;

  /** For `count` windows of a model with two quantiles or more. Of very many some are looked at, evenly spaced. */
  constructor({ config: { quantiles, horizon, channels } }: Forecaster, count: number) {
    this.#level = quantiles[quantiles.length - 1] - quantiles[0];
    this.#every = Math.max(1, Math.ceil((count * horizon * channels) / mostScores));
  }

  /** Windows as `forecastWindows` forecasts them, and their targets: all [horizon, B, C], the quantiles [horizon, B, C, Q]. Missing targets don't count. */
  add({ values, quantiles }: WindowForecast, targets: ArrayLike<number>, B: number, C: number): void {
    const Q = quantiles.length / values.length;
    const rows = Array.from({ length: B }, (): number[] => []);
    for (const [i, m] of values.entries())
      if (!Number.isNaN(targets[i]))
        rows[Math.floor(i / C) % B].push(scoreOf(targets[i], m, quantiles[i * Q], quantiles[i * Q + Q - 1]));
    for (const row of rows) if (this.#seen++ % this.#every === 0) this.#windows.push(row);
  }

  /** The factor by which the distances have to be multiplied; 1 where there are too few windows to know. */
  factor(from = 0, to = this.#windows.length): number {
    if (to - from < leastWindows) return 1;
    const scores = Float64Array.from(this.#windows.slice(from, to).flat()).sort();
    const factor = scores[Math.ceil((scores.length + 1) * this.#level) - 1];
    return Number.isFinite(factor) ? Math.max(leastFactor, factor) : 1;
  }

  /** The part of the targets of the later half that the interval holds with the factor of the earlier half: what is to be expected of rows to come. */
  coverage(): number {
    const half = Math.floor(this.#windows.length / 2);
    const factor = this.factor(0, half);
    const later = this.#windows.slice(factor === 1 ? 0 : half).flat();
    return later.filter((score) => score <= factor).length / Math.max(1, later.length);
  }
}

function scoreOf(y: number, m: number, low: number, high: number): number {
  if (y === m) return 0;
  return y > m ? (y - m) / (high - m) : (m - y) / (m - low);
}
