// A unit or a gate held at a value, and what comes out of it: a text written twice of the same random numbers, or scores before and after.

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Edit, TrackInfo } from '../../reading/protocol.ts';
import { askHold, at, busy, held, hold, type OpenReading, unit, values } from '../../state/reading.ts';
import { Figure } from '../../ui/figure.tsx';
import { brief } from '../../words/numbers.ts';
import { Plot } from '../../charts/plot.tsx';
import { kinds } from './kind-words.ts';
import { unitName } from './names.ts';
import { Ablate } from './unit-cards.tsx';
import { words } from './words.ts';

const limits: Readonly<Record<TrackInfo['kind'], readonly [low: number, high: number, usual: number]>> = {
  state: [-2, 2, 1],
  gate: [0, 1, 0],
  candidate: [-1, 1, 0],
};
/** A state may be held wherever it has been, and a little beyond. */
function limitsOf(kind: TrackInfo['kind']): readonly [low: number, high: number, usual: number] {
  const [low, high, usual] = limits[kind];
  if (kind !== 'state') return [low, high, usual];
  const column = values.value ?? [];
  return [Math.floor(Math.min(low, ...column)), Math.ceil(Math.max(high, ...column)), usual];
}

const whens = ['onward', 'here', 'always'] as const;

/** See the top of this file. */
export function HoldCard({ open }: { readonly open: OpenReading }) {
  const w = words.value;
  const key = unit.value;
  const track = open.tracks.find((one) => one.layer === key?.layer && one.what === key.what);
  const [low, high, usual] = limitsOf(track?.kind ?? 'state');
  const value = useSignal<number | null>(null);
  const when = useSignal<Edit['when']>('onward');
  const now = Math.min(high, Math.max(low, value.value ?? usual));
  const edit: Edit | null = key && { ...key, value: now, when: when.value, n: at.value };
  const live = open.kind !== 'text'; // a text takes a moment to write, scores do not
  useEffect(() => {
    held.value = null;
    if (live && edit) askHold(edit);
  }, [key?.layer, key?.what, key?.unit, at.value]);
  if (!key || !edit) return null;
  const change = (changed: Partial<Edit>) => {
    value.value = changed.value ?? now;
    when.value = changed.when ?? when.value;
    if (live) askHold({ ...edit, ...changed });
  };
  const result = held.value;
  return (
    <Figure
      title={w.hold}
      say={kinds.value[open.kind].holdSay(unitName(key), brief(now))}
      span={5}
      table={result ? () => tableOf(result) : null}
    >
      <div class="inside-controls">
        <label class="wide">
          {w.value}
          <input
            type="range"
            min={low}
            max={high}
            step={0.05}
            value={now}
            aria-valuetext={brief(now)}
            onInput={(event) => change({ value: event.currentTarget.valueAsNumber })}
          />
        </label>
        <label>
          {w.when}
          <select
            class="small"
            value={when.value}
            onChange={(event) => change({ when: whens[event.currentTarget.selectedIndex] })}
          >
            {whens.map((one) => (
              <option key={one} value={one}>
                {w.whens[one]}
              </option>
            ))}
          </select>
        </label>
        {!live && (
          <button type="button" disabled={busy.value !== null} onClick={() => void hold(edit)}>
            {w.write}
          </button>
        )}
        {track?.kind === 'state' && <Ablate unit={key} name={null} />}
      </div>
      {result?.texts && (
        <div class="held">
          {(['free', 'held'] as const).map((which) => (
            <div key={which} class="sample newest">
              <small>{w[which]}</small>
              <span>{result.texts?.[which]}</span>
            </div>
          ))}
        </div>
      )}
      {result?.series && (
        <Forecasts series={result.series} say={kinds.value[open.kind].holdSay(unitName(key), brief(now))} />
      )}
      {result && result.rows.length > 0 && !result.series && <Rows rows={result.rows} />}
    </Figure>
  );
}

function tableOf({ texts, rows }: NonNullable<typeof held.value>) {
  const w = words.value;
  return {
    head: ['', w.free, w.held],
    rows: [
      ...(texts ? [[w.output, texts.free, texts.held]] : []),
      ...rows.map(({ label, free, held: other }) => [label, free.toPrecision(4), other.toPrecision(4)]),
    ],
  };
}

/** A forecast as it is and with the unit held, behind what was read and over what came. */
function Forecasts({
  series,
  say,
}: {
  readonly series: NonNullable<NonNullable<typeof held.value>['series']>;
  readonly say: string;
}) {
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
        { name: w.held, points: from(other, 1), kind: 'dashes', color: 0 },
      ]}
    />
  );
}

function Rows({ rows }: { readonly rows: NonNullable<typeof held.value>['rows'] }) {
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
            {w.held}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ label, free, held: other }) => (
          <tr key={label}>
            <th scope="row">{label}</th>
            <td class="number">{free.toFixed(3)}</td>
            <td class="number">
              {other.toFixed(3)} {Math.abs(other - free) < 0.0005 ? '' : other > free ? '↑' : '↓'}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
