// Rows, columns and weights as they are shown: gates' rows by their letters, as units are.

import { matrixOf } from '../../reading/matrix-of.ts';
import type { WeightChange, WeightStatistics } from '../../reading/protocol.ts';

type Named = Pick<WeightStatistics, 'name' | 'shape' | 'gates'>;

/** `f[12]`, or `12` where rows are no gates'. */
export function rowName({ shape, gates }: Pick<Named, 'shape' | 'gates'>, row: number): string {
  const size = matrixOf(shape)[0] / gates.length;
  return gates.length > 1 ? `${gates[Math.floor(row / size)]}[${row % size}]` : String(row);
}

/** `weight_hh_l0[f[12], 3]`; a whole row or column has a colon, as in PyTorch. */
export function weightName(tensor: Named, { row, column }: Pick<WeightChange, 'row' | 'column'>): string {
  const places = [row === null ? ':' : rowName(tensor, row), column === null ? ':' : String(column)];
  return `${tensor.name}[${(tensor.shape.length > 1 ? places : places.slice(0, 1)).join(', ')}]`;
}
