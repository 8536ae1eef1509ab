// A matrix with its numbers: the stronger the color, the larger the number. Where there is a sign, what is above zero is orange, and what is below it
// blue, with a dotted line beneath.

import { minus } from '../words/numbers.ts';

interface MatrixProps {
  readonly label: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly values: readonly (readonly number[])[];
  /** The number with the strongest color. */
  readonly most: number;
  readonly digits: number;
  /** Whether values are above and below zero, which are two colors. */
  readonly signed: boolean;
}

/** See the top of this file. */
export function Matrix({ label, rows, columns, values, most, digits, signed }: MatrixProps) {
  return (
    <div class="matrix-scroll" role="group" aria-label={label} tabIndex={0}>
      <table class={signed ? 'matrix' : 'matrix unsigned'}>
        <thead>
          <tr>
            <td />
            {columns.map((name, c) =>
              name === '' ? (
                <td key={c} />
              ) : (
                <th scope="col" key={c}>
                  {name}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {values.map((row, r) => (
            <tr key={r}>
              <th scope="row">{rows[r]}</th>
              {row.map((value, c) => (
                <td
                  key={c}
                  class={value < 0 ? 'below' : ''}
                  style={{ '--v': `${Math.round(62 * Math.min(1, Math.abs(value) / most))}%` }}
                >
                  {minus(value.toFixed(digits))}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
