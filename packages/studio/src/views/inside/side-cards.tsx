// What belongs to the character that is looked at: the next one, and the unit's states and gates around it.

import { Lines } from '../../charts/lines.tsx';
import { around, at, next, type OpenReading, unit } from '../../state/reading.ts';
import { Figure } from '../../ui/figure.tsx';
import { brief } from '../../words/numbers.ts';
import { shownSymbol, shownText, unitName } from './names.ts';
import { words } from './words.ts';

/** Probabilities of the next character. */
export function NextCard({ open }: { readonly open: OpenReading }) {
  const w = words.value;
  const rows = next.value;
  const before = shownText(open.symbols.slice(Math.max(0, at.value - 11), at.value + 1));
  const came = rows.find((row) => row.came);
  const say = came ? w.nextSay(before, shownSymbol(came.symbol), brief(came.probability)) : w.nextNone(before);
  return (
    <Figure
      title={w.next}
      say={say}
      span={4}
      table={() => ({
        head: [w.symbolHead, w.probability],
        rows: rows.map(({ symbol, probability }) => [shownSymbol(symbol), probability.toPrecision(4)]),
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

const tones = ['neg', 'pos', 'muted'] as const;

/** All that a unit holds and gates, around the character. */
export function CurvesCard({ open }: { readonly open: OpenReading }) {
  const w = words.value;
  const [step, key] = [around.value, unit.value];
  if (!step || !key) return null;
  const say = w.curvesSay(unitName(key), shownSymbol(open.symbols[at.value]));
  const of = (kinds: readonly string[]) => step.tracks.filter(({ kind }) => kinds.includes(kind));
  const lines = (kinds: readonly string[]) =>
    of(kinds).map(({ what, values }, k) => ({
      name: what,
      tone: tones[k % tones.length],
      dashed: k >= 1,
      points: values.map((v, i) => [step.from + i, v] as const),
    }));
  return (
    <Figure
      title={w.curves}
      say={say}
      span={7}
      image="svg"
      table={() => ({
        head: [w.position, w.symbolHead, ...step.tracks.map(({ what }) => what)],
        rows: (step.tracks[0]?.values ?? []).map((_, i) => [
          step.from + i,
          shownSymbol(open.symbols[step.from + i]),
          ...step.tracks.map(({ values }) => brief(values[i])),
        ]),
      })}
    >
      {[['state', 'candidate'], ['gate']].map((kinds) =>
        of(kinds).length > 0 ? (
          <div key={kinds[0]}>
            <Lines lines={lines(kinds)} label={say} xLabel={w.position} mark={0} markX={at.value} height={150} />
            <div class="legend">
              {lines(kinds).map(({ name, tone, dashed }) => (
                <span key={name} class={`key ${tone}${dashed ? ' dash' : ''}`}>
                  {name}
                </span>
              ))}
            </div>
          </div>
        ) : null,
      )}
    </Figure>
  );
}
