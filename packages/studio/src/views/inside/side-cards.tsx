// What belongs to the place that is looked at: what the network gives there, its scores along the passage, and the unit's states and gates around it.

import { Plot } from '../../charts/plot.tsx';
import { around, at, next, type OpenReading, scores, unit } from '../../state/reading.ts';
import { Figure } from '../../ui/figure.tsx';
import { brief } from '../../words/numbers.ts';
import { shownSymbol, shownText, unitName } from './names.ts';
import { words } from './words.ts';

/** Probabilities of what comes next, or of the labels. */
export function NextCard({ open }: { readonly open: OpenReading }) {
  const w = words.value;
  const kind = w.kinds[open.kind];
  const rows = next.value;
  const { from } = open.passages.find(({ to }) => at.value < to) ?? open.passages[0];
  const before = shownText(open.symbols.slice(Math.max(from, at.value - 11), at.value + 1)).trim();
  const came = rows.find((row) => row.came);
  const say =
    rows.length === 0
      ? w.nextEmpty
      : came
        ? kind.nextSay(before, shownSymbol(came.symbol), brief(came.probability))
        : kind.nextNone(before);
  return (
    <Figure
      title={kind.next}
      say={say}
      span={4}
      table={() => ({
        head: [kind.output, w.probability],
        rows: rows.map(({ symbol, probability }) => [shownSymbol(symbol), probability]),
      })}
    >
      <ol class="next">
        {rows.map(({ symbol, probability, came: isIt }) => (
          <li key={symbol} class={isIt ? 'came' : ''}>
            <code>{shownSymbol(symbol)}</code>
            <span class="next-bar" style={{ '--part': `${100 * probability}%` }} />
            <span>{probability < 0.0005 ? '< .001' : probability.toFixed(3)}</span>
            {isIt && <small>{w.came}</small>}
          </li>
        ))}
      </ol>
    </Figure>
  );
}

/** Probabilities of the labels along the passage. */
export function ScoresCard({ open }: { readonly open: OpenReading }) {
  const w = words.value;
  const now = scores.value;
  if (!now || now.lines.length === 0) return null;
  const T = now.lines[0].values.length;
  const symbols = open.symbols.slice(now.from, now.from + T);
  const [best] = now.lines;
  const say = w.scoresSay(best.label, brief(best.values[0]), brief(best.values[T - 1]));
  return (
    <Figure
      title={w.scores}
      say={say}
      span={7}
      image="svg"
      table={() => ({
        head: [w.position, w.kinds[open.kind].symbol, ...now.lines.map(({ label }) => label)],
        rows: symbols.map((symbol, t) => [t, shownSymbol(symbol), ...now.lines.map(({ values }) => values[t])]),
      })}
    >
      <Plot
        series={now.lines.map(({ label, values }) => ({
          name: label,
          points: values.map((v, t) => [t + 1, v] as const),
          kind: T > 1 ? 'line' : 'dots',
        }))}
        label={say}
        xLabel={w.position}
        include={[
          [1, 0],
          [1, 1],
        ]}
        marks={[
          { axis: 'x', at: at.value - now.from + 1, label: shownSymbol(symbols[at.value - now.from] ?? '').trim() },
        ]}
        height={220}
      />
    </Figure>
  );
}

/** All that a unit holds and gates, around the character. */
export function CurvesCard({ open }: { readonly open: OpenReading }) {
  const w = words.value;
  const [step, key] = [around.value, unit.value];
  if (!step || !key) return null;
  const say = w.curvesSay(unitName(key), shownSymbol(open.symbols[at.value]));
  const of = (kinds: readonly string[]) => step.tracks.filter(({ kind }) => kinds.includes(kind));
  const series = (kinds: readonly string[]) =>
    of(kinds).map(({ what, values }, k) => ({
      name: what,
      kind: k === 0 ? ('line' as const) : ('dashes' as const),
      points: values.map((v, i) => [step.from + i, v] as const),
    }));
  return (
    <Figure
      title={w.curves}
      say={say}
      span={7}
      image="svg"
      table={() => ({
        head: [w.position, w.kinds[open.kind].symbol, ...step.tracks.map(({ what }) => what)],
        rows: (step.tracks[0]?.values ?? []).map((_, i) => [
          step.from + i,
          shownSymbol(open.symbols[step.from + i]),
          ...step.tracks.map(({ values }) => values[i]),
        ]),
      })}
    >
      {[['state', 'candidate'], ['gate']].map((kinds) =>
        of(kinds).length > 0 ? (
          <div key={kinds[0]}>
            <Plot
              series={series(kinds)}
              label={say}
              xLabel={w.position}
              marks={[
                { axis: 'y', at: 0, label: '' },
                { axis: 'x', at: at.value, label: '' },
              ]}
              height={170}
            />
          </div>
        ) : null,
      )}
    </Figure>
  );
}
