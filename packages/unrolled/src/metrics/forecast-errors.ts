// Errors of forecasts, over all columns and column by column: squared and absolute, of standardized values and in units, and the two that have no unit.
//
//   sMAPE = 200/n Σ |y − ŷ| / (|y| + |ŷ|)          0 where both are 0; Makridakis and Hibon 2000
//   MASE  = 1/n Σ |y − ŷ| / scale                   scale: the mean change over a season in the training rows; Hyndman and Koehler 2006

/** Errors of a forecast, of one column or of all. */
export interface ColumnErrors {
  /** Mean squared and mean absolute error of standardized values. */
  readonly mse: number;
  readonly mae: number;
  /** The same in the data's units. */
  readonly mseInUnits: number;
  readonly maeInUnits: number;
  /** Percent, from 0 to 200. */
  readonly smape: number;
  /** Null without a scale. */
  readonly mase: number | null;
}

/** Errors of a forecast over all columns, and of each. */
export interface ForecastErrors extends ColumnErrors {
  readonly columns: readonly (ColumnErrors & { readonly column: string })[];
}

/** Sums of the errors of one column. */
interface Sums {
  count: number;
  mse: number;
  mae: number;
  square: number;
  absolute: number;
  smape: number;
  mase: number;
  /** Errors that MASE is the mean of: those of series with a scale. */
  scaled: number;
}

const nothing: Sums = { count: 0, mse: 0, mae: 0, square: 0, absolute: 0, smape: 0, mase: 0, scaled: 0 };

/** Sums the errors of one batch of forecasts after the other. */
export class ForecastErrorSums {
  readonly #deviation: ArrayLike<number>;
  readonly #scales: readonly ArrayLike<number>[];
  readonly #columns: readonly Sums[];

  /** `deviation`: of each column, for standardized errors. `scales`: of each series, for each column; none for no MASE. */
  constructor(deviation: ArrayLike<number>, scales: readonly ArrayLike<number>[] = []) {
    this.#deviation = deviation;
    this.#scales = scales;
    this.#columns = Array.from(deviation, () => ({ ...nothing }));
  }

  /** Targets that were there. */
  get count(): number {
    return this.#columns.reduce((sum, { count }) => sum + count, 0);
  }

  /** Both [horizon, B, C]; `parts`: the series of each of the B windows. A target that is missing (NaN) is not counted. */
  add(predicted: ArrayLike<number>, target: ArrayLike<number>, parts: ArrayLike<number>): void {
    const C = this.#columns.length;
    for (let i = 0; i < target.length; i++) {
      const y = target[i];
      if (Number.isNaN(y)) continue;
      const c = i % C;
      const sums = this.#columns[c];
      const error = Math.abs(predicted[i] - y);
      const standard = error / this.#deviation[c];
      sums.count++;
      sums.mse += standard * standard;
      sums.mae += standard;
      sums.square += error * error;
      sums.absolute += error;
      const size = Math.abs(y) + Math.abs(predicted[i]);
      if (size > 0) sums.smape += (200 * error) / size;
      const scale = this.#scales[parts[Math.floor(i / C) % parts.length]]?.[c];
      if (scale === undefined || !(scale > 0)) continue;
      sums.mase += error / scale;
      sums.scaled++;
    }
  }

  /** Of all columns together. */
  metrics(): Pick<ColumnErrors, 'mse' | 'mae' | 'mseInUnits' | 'maeInUnits'> {
    const { mse, mae, mseInUnits, maeInUnits } = means(this.#columns);
    return { mse, mae, mseInUnits, maeInUnits };
  }

  /** The errors without a unit, and those of each column by its name. */
  scaled(names: readonly string[]): Pick<ForecastErrors, 'smape' | 'mase' | 'columns'> {
    const { smape, mase } = means(this.#columns);
    return { smape, mase, columns: names.map((column, c) => ({ column, ...means([this.#columns[c]]) })) };
  }
}

function means(some: readonly Sums[]): ColumnErrors {
  const sum = (name: keyof Sums) => some.reduce((total, one) => total + one[name], 0);
  const n = sum('count');
  return {
    mse: sum('mse') / n,
    mae: sum('mae') / n,
    mseInUnits: sum('square') / n,
    maeInUnits: sum('absolute') / n,
    smape: sum('smape') / n,
    mase: sum('scaled') > 0 ? sum('mase') / sum('scaled') : null,
  };
}
