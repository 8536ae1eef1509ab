// Which units mean something, and the proof: found by comparison, held by ablation, edited by hand.

import type { UnitKey } from '../../reading/protocol.ts';
import {
  ablate,
  ablated,
  brushed,
  busy,
  chooseUnit,
  fewestSteps,
  find,
  found,
  isComparable,
  keyText,
  lookAt,
  type OpenReading,
  reading,
  stretch,
} from '../../state/reading.ts';
import { Figure } from '../../ui/figure.tsx';
import { common } from '../../words/common.ts';
import { brief, loss, minus } from '../../words/numbers.ts';
import { placeName, propertyName, shownText, unitName } from './names.ts';
import { words } from './words.ts';

const comparedWith = ({ kind, frames, series }: OpenReading) =>
  kind === 'text' || kind === 'graph'
    ? kind
    : frames
      ? 'steps'
      : series
        ? series.forecast
          ? 'series'
          : 'steps'
        : 'words';

/** Units that follow properties of what was read. */
export function UnitsCard({ open }: { readonly open: OpenReading }) {
  const w = words.value;
  const list = found.value;
  const best = list?.at(0);
  const say = () => {
    if (busy.value === 'find') return w.finding;
    if (!isComparable()) return w.tooFew(fewestSteps);
    if (!list) return `${w.unitsSay} ${w.unitsOf[comparedWith(open)]}`;
    if (!best) return w.unitsNone;
    return w.unitsFound(
      list.length,
      propertyName(best.name),
      unitName(best),
      brief(best.correlation),
      brief(best.control),
    );
  };
  return (
    <Figure
      title={w.units}
      say={say()}
      span={12}
      table={
        list
          ? () => ({
              head: [w.property, w.unitHead, w.r, w.control],
              rows: list.map((one) => [
                propertyName(one.name),
                unitName(one),
                brief(one.correlation),
                brief(one.control),
              ]),
            })
          : null
      }
    >
      {!list && isComparable() && (
        <button type="button" disabled={busy.value !== null} onClick={() => void find()}>
          {w.find}
        </button>
      )}
      {list && list.length > 0 && (
        <div class="table-scroll tall" role="region" aria-label={`${w.units}, ${common.value.table}`} tabIndex={0}>
          <table class="found-units">
            <thead>
              <tr>
                <th scope="col">{w.property}</th>
                <th scope="col">{w.unitHead}</th>
                <th scope="col" class="number">
                  {w.r}
                </th>
                <th scope="col" class="number">
                  {w.control}
                </th>
                <th scope="col">
                  <span class="visually-hidden">{w.ablate}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {list.map((one) => (
                <tr key={one.name}>
                  <td>{propertyName(one.name)}</td>
                  <td>
                    <button type="button" class="link" onClick={() => chooseUnit(one)}>
                      {unitName(one)}
                    </button>
                  </td>
                  <td class="number">{minus(one.correlation.toFixed(3))}</td>
                  <td class="number">{one.control.toFixed(3)}</td>
                  <td class="number">
                    <Ablate unit={one} name={one.name} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <AblationSentence />
    </Figure>
  );
}

export function Ablate({ unit: key, name }: { readonly unit: UnitKey; readonly name: string | null }) {
  return (
    <button
      type="button"
      class="link"
      disabled={busy.value !== null}
      aria-label={`${words.value.ablate}: ${unitName(key)}`}
      onClick={() => void ablate(key, name)}
    >
      {words.value.ablate}
    </button>
  );
}

function AblationSentence() {
  const w = words.value;
  const now = ablated.value;
  if (busy.value === 'ablate') return <p class="say">{w.ablating}</p>;
  if (!now) return null;
  const { all, focus, elsewhere } = now;
  return (
    <p class="explain" role="status">
      {reading.value?.kind === 'graph'
        ? w.ablatedOutputs(unitName(now.key), brief(all.held))
        : w.ablated(unitName(now.key), loss(all.whole), loss(all.held))}{' '}
      {focus &&
        elsewhere &&
        w.ablatedFocus(
          placeName(focus.name),
          loss(focus.whole),
          loss(focus.held),
          loss(elsewhere.whole),
          loss(elsewhere.held),
        )}
    </p>
  );
}

/** Units of a stretch, and where they are on together. */
export function BrushCard({ open }: { readonly open: OpenReading }) {
  const w = words.value;
  if (stretch.value === null) return null;
  const [from, to] = stretch.value.split(' ').map(Number);
  const now = brushed.value?.from === from && brushed.value.to === to ? brushed.value : null;
  const best = now?.units.at(0);
  const text = shownText(open.symbols.slice(from, Math.min(to, from + 24)));
  const say =
    !best || !now
      ? w.brushing
      : now.p <= 0.05
        ? w.brushSay(text, unitName(best), brief(best.correlation), brief(now.control))
        : w.brushNone(text, brief(now.control));
  return (
    <Figure
      title={w.brush}
      say={say}
      span={12}
      table={
        now ? () => ({ head: [w.unitHead, w.r], rows: now.units.map((one) => [unitName(one), one.correlation]) }) : null
      }
    >
      {now && (
        <>
          <p class="chips">
            {now.units.slice(0, 5).map((one) => (
              <button type="button" key={keyText(one)} onClick={() => chooseUnit(one)}>
                {`${unitName(one)}  ${brief(one.correlation)}`}
              </button>
            ))}
          </p>
          <p class="say">{now.elsewhere.length > 0 ? w.elsewhere : w.elsewhereNone}</p>
          <p class="chips">
            {now.elsewhere.map((place) => (
              <button type="button" key={place.from} class="mono" onClick={() => lookAt(place.from)}>
                {shownText(open.symbols.slice(Math.max(0, place.from - 4), place.to + 8))}
              </button>
            ))}
          </p>
        </>
      )}
    </Figure>
  );
}
