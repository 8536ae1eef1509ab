/** The sizes of a tensor as a matrix: rows along its first axis, and all others side by side. */
export const matrixOf = ([rows = 1, ...rest]: readonly number[]): readonly [rows: number, columns: number] => [
  rows,
  rest.reduce((n, d) => n * d, 1),
];
