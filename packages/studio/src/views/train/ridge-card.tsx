// The gradient's way back through time, and how it changed in training.

import { useSignal } from '@preact/signals';
import { Ridge, type RidgePlace } from '../../charts/ridge.tsx';
import { navigate, parameters } from '../../state/address.ts';
import { type FlowOfLayer, flowOf, type Look } from '../../training/history.ts';
import { Figure } from '../../ui/figure.tsx';
import { brief, grouped, steps } from '../../words/numbers.ts';
import { layerText } from './layer-text.ts';
import { words } from './words.ts';

const powers = 5; // of ten, from top to bottom

/** Norms relative to the last step's, on a logarithmic scale from 0 to 1. */
export function heights({ norms }: Pick<FlowOfLayer, 'norms'>): number[] {
  const last = norms.at(-1) ?? 0;
  return norms.map((norm) => {
    if (!(norm > 0 && last > 0)) return 0;
    return Math.min(1.2, Math.max(0, 1 + Math.log10(norm / last) / powers));
  });
}

const rowOf = ({ flow }: Look, state: string) => flow.find(({ layer, of }) => `${layer} ${of}` === state);

/** See the top of this file. */
export function RidgeCard({ looks: all }: { readonly looks: readonly Look[] }) {
  const w = words.value;
  const hovered = useSignal<RidgePlace | null>(null);
  const flow = flowOf(all, parameters.value.get('state'));
  if (!flow)
    return (
      <Figure title={w.ridge} say={w.ridgeNone} span={7} explain={w.ridgeExplain}>
        <div class="chart-box empty" />
      </Figure>
    );
  const state = `${flow.layer} ${flow.of}`;
  const looks = all.filter((look) => rowOf(look, state));
  const lines = looks.map((look) => ({
    label: grouped(look.step),
    values: heights(rowOf(look, state) as FlowOfLayer),
  }));
  const name = w.stateName(layerText(flow.layer), flow.of);
  const half = flow.halfLife === null ? null : w.steps(steps(flow.halfLife));
  const say = w.ridgeSay(brief(flow.factor), half, name);
  const T = flow.norms.length;
  const relative = (row: FlowOfLayer, t: number) => row.norms[t] / (row.norms.at(-1) ?? 1);
  const place = hovered.value;
  const at = place && looks[place.line] && place.index < T ? place : null;
  return (
    <Figure
      title={w.ridge}
      say={say}
      span={7}
      explain={w.ridgeExplain}
      image="svg"
      table={() => ({
        head: [w.back, w.norm],
        rows: flow.norms.map((_, t) => [T - 1 - t, relative(flow, t)]).toReversed(),
      })}
    >
      <Ridge
        lines={lines}
        label={say}
        left={w.stepsBack(T - 1)}
        right={w.theEnd}
        at={at}
        onHover={(to) => {
          hovered.value = to;
        }}
      />
      <div class="legend" aria-live="polite">
        {at && (
          <span>
            {w.atStep(grouped(looks[at.line].step))} ·{' '}
            {w.ridgeHover(T - 1 - at.index, brief(relative(rowOf(looks[at.line], state) as FlowOfLayer, at.index)))}
          </span>
        )}
        <label class="toggle toggles">
          {w.ridgeState}
          <select
            class="small"
            value={state}
            onChange={(event) => navigate({ state: event.currentTarget.value }, 'push')}
          >
            {(all.at(-1)?.flow ?? []).map(({ layer, of }) => (
              <option key={`${layer} ${of}`} value={`${layer} ${of}`}>
                {w.stateName(layerText(layer), of)}
              </option>
            ))}
          </select>
        </label>
      </div>
    </Figure>
  );
}
