// What comes out as it is, and with something changed: a text, numbers by label with the direction in which they went, or the curve of a forecast.

import { Plot } from '../../charts/plot.tsx';
import type { Held } from '../../reading/protocol.ts';
import { minus } from '../../words/numbers.ts';
import { words } from './words.ts';

interface ComparedProps {
  readonly of: Held;
  /** What the changed one is called. */
  readonly held: string;
  /** What a screen reader says of the curve. */
  readonly say: string;
}

/** See the top of this file. */
export function Compared({ of: { texts, rows, series }, held, say }: ComparedProps) {
  const w = words.value;
  return (
    <>
      {texts && (
        <div class="held">
          {(['free', 'held'] as const).map((which) => (
            <div key={which} class="sample newest">
              <small>{which === 'free' ? w.free : held}</small>
              <span>{texts[which]}</span>
            </div>
          ))}
        </div>
      )}
      {series && <Forecasts series={series} held={held} say={say} />}
      {rows.length > 0 && !series && <Rows rows={rows} held={held} />}
    </>
  );
}

/** NaN for one that is not among those that are compared. */
const shownNumber = (v: number) => (Number.isFinite(v) ? minus(v.toFixed(3)) : '–');
const shownDigits = (v: number) => (Number.isFinite(v) ? v.toPrecision(4) : '–');

/** The same as a table; `other` names what is not as it is. */
export function comparedTable({ texts, rows }: Held, other: string) {
  const w = words.value;
  return {
    head: ['', w.free, other],
    rows: [
      ...(texts ? [[w.output, texts.free, texts.held]] : []),
      ...rows.map(({ label, free, held }) => [label, shownDigits(free), shownDigits(held)]),
    ],
  };
}

/** A forecast as it is and with the unit held, behind what was read and over what came. */
function Forecasts({
  series,
  held,
  say,
}: Pick<ComparedProps, 'held' | 'say'> & { readonly series: NonNullable<Held['series']> }) {
  const w = words.value;
  const { history, actual, free, held: other } = series;
  const from = (values: readonly number[], start: number) => values.map((y, k) => [start + k, y] as const);
  return (
    <Plot
      label={say}
      xLabel={w.stepsAhead}
      height={240}
      marks={[{ axis: 'x', at: 0, label: '' }]}
      series={[
        { name: w.read, points: [...from(history, 1 - history.length), ...from(actual, 1)], color: 5 },
        { name: w.free, points: from(free, 1), kind: 'line', color: 1 },
        { name: held, points: from(other, 1), kind: 'dashes', color: 0 },
      ]}
    />
  );
}

function Rows({ rows, held: name }: Pick<ComparedProps, 'held'> & Pick<Held, 'rows'>) {
  const w = words.value;
  return (
    <table class="held-rows">
      <thead>
        <tr>
          <td />
          <th scope="col" class="number">
            {w.free}
          </th>
          <th scope="col" class="number">
            {name}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ label, free, held: other }) => (
          <tr key={label}>
            <th scope="row">{label}</th>
            <td class="number">{shownNumber(free)}</td>
            <td class="number">
              {shownNumber(other)} {!(Math.abs(other - free) >= 0.0005) ? '' : other > free ? '↑' : '↓'}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
