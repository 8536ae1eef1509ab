// Matrices of constants, which become Dense layers that are not trained.

import { ConvertError } from '../../../errors.ts';
import type { Hdf5Floats } from '../../hdf5/write.ts';

const mostNumbers = 2 ** 26; // 256 MB: a table of one-hot rows for 8192 symbols

/** A matrix of zeros. Throws a ConvertError for one that would be larger than any model. */
export function zeros(rows: number, columns: number): Hdf5Floats {
  if (rows * columns > mostNumbers)
    throw new ConvertError('model', {
      expected: `a matrix of at most ${mostNumbers} numbers in the place of an operation`,
      got: `${rows} × ${columns}`,
      advice: 'export it as onnx',
    });
  return { shape: [rows, columns], values: new Float32Array(rows * columns) };
}

/** These numbers on the diagonal, zeros around them. */
export function diagonal(numbers: Float32Array, rows = numbers.length, columns = rows): Hdf5Floats {
  const matrix = zeros(rows, columns);
  for (const [i, v] of numbers.entries()) matrix.values[i * columns + i] = v;
  return matrix;
}

/** The same number n times on the diagonal. */
export function scaled(n: number, factor: number): Hdf5Floats {
  const matrix = zeros(n, n);
  for (let i = 0; i < n; i++) matrix.values[i * (n + 1)] = factor;
  return matrix;
}

/** [n, to − from]: takes rows from … to. */
export function selection(n: number, from: number, to: number): Hdf5Floats {
  const matrix = zeros(n, to - from);
  for (let k = from; k < to; k++) matrix.values[k * (to - from) + k - from] = 1;
  return matrix;
}

/** [n, 1]: the sum, times a factor. */
export function sums(n: number, factor: number): Hdf5Floats {
  return { shape: [n, 1], values: new Float32Array(n).fill(factor) };
}
