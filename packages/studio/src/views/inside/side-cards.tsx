// What belongs to the place that is looked at: what the network gives there, its scores along the passage, and the unit's states and gates around it.

import { Picture } from '../../charts/picture.tsx';
import { Plot } from '../../charts/plot.tsx';
import { around, at, gradient, next, type OpenReading, scores, unit } from '../../state/reading.ts';
import { Figure } from '../../ui/figure.tsx';
import { brief, grouped } from '../../words/numbers.ts';
import { kinds } from './kind-words.ts';
import { shownSymbol, shownText, unitName } from './names.ts';
import { words } from './words.ts';

/** Probabilities of what comes next, or of the labels. */
export function NextCard({ open }: { readonly open: OpenReading }) {
  const w = words.value;
  const kind = kinds.value[open.kind];
  const rows = next.value;
  if (open.kind === 'forecast') return null;
  const before = readBefore(open);
  const most = open.kind === 'graph' ? Math.max(1e-12, ...rows.map(({ probability: v }) => Math.abs(v))) : 1;
  const came = rows.find((row) => row.came);
  const say =
    rows.length === 0
      ? w.nextEmpty
      : came
        ? kind.nextSay(before, shownSymbol(came.symbol), came.probability.toFixed(3))
        : kind.nextNone(before);
  return (
    <Figure
      title={kind.next}
      say={say}
      span={4}
      table={() => ({
        head: [kind.output, open.kind === 'graph' ? w.valueHead : w.probability],
        rows: rows.map(({ symbol, probability }) => [shownSymbol(symbol), probability]),
      })}
    >
      <ol class={open.kind === 'graph' ? 'next of-numbers' : 'next'}>
        {rows.map(({ symbol, probability, came: isIt }) => (
          <li key={symbol} class={isIt ? 'came' : ''}>
            <code>{shownSymbol(symbol)}</code>
            <span class="next-bar" style={{ '--part': `${(100 * Math.abs(probability)) / most}%` }} />
            <span>{shownNumber(open, probability)}</span>
            {isIt && <small>{kind.came}</small>}
          </li>
        ))}
      </ol>
    </Figure>
  );
}

/** A probability, or a number of any size. */
const shownNumber = ({ kind }: OpenReading, value: number): string =>
  kind === 'graph' ? brief(value) : value < 0.0005 ? '< .001' : value.toFixed(3);

/** What the network has read at the place: some of it as text, or the number of the step. */
function readBefore({ kind, scored, frames, series, passages, symbols, backward }: OpenReading): string {
  const n = at.value;
  const { from, to } = passages.find((passage) => n < passage.to) ?? passages[0];
  if (kind === 'graph') return grouped((scored ? n + 1 : to) - from); // one output for the whole comes after its last step
  if (frames || series) return symbols[n].trim();
  const part = backward ? symbols.slice(n, Math.min(to, n + 12)) : symbols.slice(Math.max(from, n - 11), n + 1);
  return shownText(part).trim();
}

/** The image at the place and the gradient on it, where there is one. */
function imageAt({ frames, passages }: OpenReading) {
  const image = frames?.[at.value] ?? passages.find(({ to }) => at.value < to)?.image;
  const images = gradient.value?.images ?? [];
  return image && images.length > 0 ? { image, images } : null;
}

const hasScores = () => (scores.value?.lines.length ?? 0) > 0;

/** The gradient of what is given at the place, on the image: by its regions and by its pixels. */
export function ImageCard({ open }: { readonly open: OpenReading }) {
  const w = words.value;
  const now = imageAt(open);
  if (!now) return null;
  const given = shownSymbol(next.value[0]?.symbol ?? '');
  return (
    <Figure
      title={w.onImage}
      say={w.onImageSay(given)}
      span={hasScores() ? 5 : 12}
      image="canvas"
      table={() => ({
        head: [w.part, w.row, w.column, w.norm],
        rows: now.images.flatMap(({ of, map }) =>
          map.flatMap((row, r) => row.map((v, c) => [w.parts[of], r + 1, c + 1, v.toPrecision(3)])),
        ),
      })}
    >
      <div class="pictures">
        {now.images.map(({ of, map }) => {
          const { row, column, most } = strongest(map);
          return (
            <figure key={of}>
              <Picture
                image={now.image}
                map={map}
                heat
                label={w.partSay(w.parts[of], row + 1, column + 1, brief(most))}
                size={168}
              />
              <figcaption>{w.parts[of]}</figcaption>
            </figure>
          );
        })}
      </div>
    </Figure>
  );
}

function strongest(map: readonly (readonly number[])[]) {
  let best = { row: 0, column: 0, most: -1 };
  for (const [row, values] of map.entries())
    for (const [column, most] of values.entries()) if (most > best.most) best = { row, column, most };
  return best;
}

/** Probabilities of the labels along the passage. */
export function ScoresCard({ open }: { readonly open: OpenReading }) {
  const w = words.value;
  const now = scores.value;
  if (!now || now.lines.length === 0) return null;
  const T = now.lines[0].values.length;
  const symbols = open.symbols.slice(now.from, now.from + T);
  const [best] = now.lines;
  const ends = [best.values[0], best.values[T - 1]].map(brief);
  const [first, last] = open.backward ? ends.reverse() : ends;
  const say = w.scoresSay(best.label, first, last);
  return (
    <Figure
      title={open.kind === 'graph' ? w.outputs : w.scores}
      say={say}
      span={7}
      image="svg"
      table={() => ({
        head: [w.position, kinds.value[open.kind].symbol, ...now.lines.map(({ label }) => label)],
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
        include={
          open.kind === 'graph'
            ? []
            : [
                [1, 0],
                [1, 1],
              ]
        }
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
    of(kinds).map(({ what, values }) => ({
      name: what,
      points: values.map((v, i) => [step.from + i, v] as const),
    }));
  return (
    <Figure
      title={w.curves}
      say={say}
      span={hasScores() && !imageAt(open) ? 12 : 7} // beside the image, or the unit that is held
      image="svg"
      table={() => ({
        head: [w.position, kinds.value[open.kind].symbol, ...step.tracks.map(({ what }) => what)],
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
