// Linear and general dependence between two series.

/** Standardizes a series to mean 0 and variance 1; a constant series becomes zeros. */
export function standardized(values: ArrayLike<number>): Float64Array {
  const N = values.length;
  let mean = 0;
  for (let n = 0; n < N; n++) mean += values[n] / N;
  let variance = 0;
  for (let n = 0; n < N; n++) variance += (values[n] - mean) ** 2 / N;
  const scale = variance > 1e-20 ? 1 / Math.sqrt(variance) : 0;
  return Float64Array.from({ length: N }, (_, n) => (values[n] - mean) * scale);
}

/** Pearson's r = Σ x y / N of two standardized series. */
export function correlation(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let n = 0; n < x.length; n++) sum += x[n] * y[n];
  return sum / x.length;
}

/** A series quantized into classes. */
export interface Classes {
  readonly of: Uint8Array;
  readonly count: number;
}

const most = 8;

/** Quantizes into at most eight classes of about equal counts; equal values share a class. */
export function ranks(values: ArrayLike<number>): Classes {
  const sorted = Float64Array.from(values).sort();
  const N = sorted.length;
  const distinct = new Set(sorted);
  const edges =
    distinct.size <= most
      ? [...distinct].slice(1)
      : [...new Set(Array.from({ length: most - 1 }, (_, k) => sorted[Math.floor(((k + 1) * N) / most)]))].filter(
          (edge) => edge > sorted[0],
        );
  const of = Uint8Array.from(values, (v) => {
    let k = 0;
    while (k < edges.length && v >= edges[k]) k++;
    return k;
  });
  return { of, count: edges.length + 1 };
}

const counts = new Float64Array(most * most);

/**
 * I(X; Y) = Σ p(x, y) log₂ p(x, y) / (p(x) p(y)) in bits, Y shifted by `shift`, minus its bias for N independent values (Miller 1955):
 * (cells − rows − columns + 1) / (2 N ln 2).
 */
export function mutualInformation(x: Classes, y: Classes, shift: number): number {
  const N = x.of.length;
  const [rows, columns] = [x.count, y.count];
  counts.fill(0, 0, rows * columns);
  const first = N - shift;
  for (let n = 0; n < first; n++) counts[x.of[n] * columns + y.of[n + shift]]++;
  for (let n = first; n < N; n++) counts[x.of[n] * columns + y.of[n - first]]++;
  const byRow = new Float64Array(rows);
  const byColumn = new Float64Array(columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      byRow[i] += counts[i * columns + j];
      byColumn[j] += counts[i * columns + j];
    }
  }
  let [bits, cells] = [0, 0];
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const c = counts[i * columns + j];
      if (c === 0) continue;
      cells++;
      bits += (c / N) * Math.log2((c * N) / (byRow[i] * byColumn[j]));
    }
  }
  const used = (sums: Float64Array) => sums.reduce((k, s) => k + Number(s > 0), 0);
  const bias = (cells - used(byRow) - used(byColumn) + 1) / (2 * N * Math.LN2);
  return Math.max(0, bits - bias);
}
