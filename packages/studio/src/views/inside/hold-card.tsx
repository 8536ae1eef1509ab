// A unit or a gate held at a value, and what comes out of it: a text written twice of the same random numbers, or scores before and after.

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Edit, TrackInfo } from '../../reading/protocol.ts';
import { askHold, at, busy, held, hold, type OpenReading, unit, values } from '../../state/reading.ts';
import { Figure } from '../../ui/figure.tsx';
import { brief } from '../../words/numbers.ts';
import { rangeOf } from '../../charts/scales.ts';
import { Compared, comparedTable } from './compared.tsx';
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
  const [least, most] = rangeOf(values.value ?? []);
  return [Math.floor(Math.min(low, least)), Math.ceil(Math.max(high, most)), usual];
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
  }, [key?.layer, key?.what, key?.unit, at.value, open]);
  if (!key || !edit) return null;
  const change = (changed: Partial<Edit>) => {
    value.value = changed.value ?? now;
    when.value = changed.when ?? when.value;
    if (live) askHold({ ...edit, ...changed });
  };
  const result = held.value;
  const say = kinds.value[open.kind].holdSay(unitName(key), brief(now));
  return (
    <Figure title={w.hold} say={say} span={5} table={result ? () => comparedTable(result, w.held) : null}>
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
      {result && <Compared of={result} held={w.held} say={say} />}
    </Figure>
  );
}
