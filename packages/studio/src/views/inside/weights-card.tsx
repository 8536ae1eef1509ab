// The tensors of weights: their sizes, their statistics, and how their numbers are distributed.

import { askWeights, busy, weights } from '../../state/reading.ts';
import { place } from '../../state/weights.ts';
import { Figure } from '../../ui/figure.tsx';
import { common } from '../../words/common.ts';
import { brief, grouped } from '../../words/numbers.ts';
import { words } from './words.ts';

const height = 22;

/** See the top of this file. */
export function WeightsCard() {
  const w = words.value;
  const all = weights.value;
  const count = (shape: readonly number[]) => shape.reduce((n, d) => n * d, 1);
  const heads = [w.tensor, w.shape, w.weightNorm, w.mean, w.deviation, w.least, w.most];
  const rowOf = ({ name, shape, norm, mean, deviation, low, high }: NonNullable<typeof all>[number]) =>
    [name, shape.join(' × '), norm, mean, deviation, low, high] as const;
  const say = () => {
    if (!all) return w.weightsSay;
    if (all.length === 0) return w.noWeights;
    const largest = all.reduce((a, b) => (b.norm > a.norm ? b : a));
    const sum = all.reduce((n, { shape }) => n + count(shape), 0);
    return w.weightsFound(grouped(all.length), grouped(sum), largest.name, brief(largest.norm));
  };
  return (
    <Figure
      title={w.weights}
      say={say()}
      span={12}
      table={all?.length ? () => ({ head: heads, rows: all.map(rowOf) }) : null}
    >
      {!all && (
        <button type="button" disabled={busy.value !== null} onClick={() => void askWeights()}>
          {w.showWeights}
        </button>
      )}
      {all && all.length > 0 && (
        <div class="table-scroll tall" role="region" aria-label={`${w.weights}, ${common.value.table}`} tabIndex={0}>
          <table>
            <thead>
              <tr>
                {[...heads, w.distribution].map((head) => (
                  <th scope="col" key={head}>
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {all.map((one) => (
                <tr key={one.name}>
                  <td>
                    <button
                      type="button"
                      class="link"
                      disabled={one.shape.includes(0)}
                      onClick={() => choose(one.name)}
                    >
                      {one.name}
                    </button>
                  </td>
                  {rowOf(one)
                    .slice(1)
                    .map((cell, c) => (
                      <td key={heads[c + 1]}>{typeof cell === 'number' ? brief(cell) : cell}</td>
                    ))}
                  <td>
                    <Histogram counts={one.counts} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Figure>
  );
}

/** Has a tensor be the one whose weights can be changed. */
function choose(tensor: string): void {
  place.value = { tensor, row: 0, column: 0 };
  document.querySelector('.change-weights')?.scrollIntoView({ block: 'center' });
}

function Histogram({ counts }: { readonly counts: readonly number[] }) {
  const most = Math.max(1, ...counts);
  const path = counts.map((n, k) => `M${k} ${height}h1v${-(height * n) / most}h-1z`).join('');
  return (
    <svg class="histogram" viewBox={`0 0 ${counts.length} ${height}`} preserveAspectRatio="none" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}
