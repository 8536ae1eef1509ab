// Training and validation loss, with other runs behind them for comparison.

import { useSignal } from '@preact/signals';
import { useCallback, useEffect, useMemo } from 'preact/hooks';
import { fewer } from '../../charts/fewer.ts';
import type { LossSeries } from '../../charts/loss-chart.tsx';
import { navigate, parameters } from '../../state/address.ts';
import { historyOf, runs } from '../../state/trainer.ts';
import { bestOf, type History, recentLoss } from '../../training/history.ts';
import type { TableData } from '../../ui/csv.ts';
import { Figure } from '../../ui/figure.tsx';
import { Link } from '../link.tsx';
import { lazy } from '../../ui/lazy.tsx';
import { grouped, loss } from '../../words/numbers.ts';
import { words } from './words.ts';

/** Loaded with the first run that trains: it is a third of the page's scripts. */
const LossChart = lazy(async () => (await import('../../charts/loss-chart.tsx')).LossChart, 'loss-chart');

/** What the curves say, as a key of the words. */
export function lossSentence(history: History): 'none' | 'start' | 'falling' | 'flat' | 'over' | 'noValidation' {
  const { validations, step } = history;
  const now = recentLoss(history);
  if (now === null || step.length < 2) return 'none';
  if (validations.length === 0) return step.length < 200 ? 'start' : 'noValidation';
  if (validations.length < 4) return 'start';
  const best = bestOf(history);
  const last = validations.at(-1);
  if (best && last && last.loss > 1.03 * best.loss && now < last.loss) return 'over';
  const before = validations.at(-Math.min(validations.length, 6));
  return last && before && last.loss > 0.98 * before.loss ? 'flat' : 'falling';
}

/** Means over the points around each, so that a batch's luck does not hide the slope. */
function smooth(values: readonly number[]): number[] {
  const reach = Math.max(1, Math.round(values.length / 80));
  const out: number[] = [];
  let [sum, from, to] = [0, 0, 0];
  for (let k = 0; k < values.length; k++) {
    for (; to < Math.min(values.length, k + reach + 1); to++) sum += values[to];
    for (; from < k - reach; from++) sum -= values[from];
    out.push(sum / (to - from));
  }
  return out;
}

const trainingLine = ({ step, loss: values }: History) => fewer(step, smooth(values));
const validationLine = (validations: History['validations']) =>
  fewer(
    validations.map(({ step }) => step),
    validations.map((one) => one.loss),
  );

const compared = () => (parameters.value.get('compare') ?? '').split(',').filter((id) => id !== '');

interface LossCardProps extends Pick<History, 'validations'> {
  readonly id: string;
  readonly history: History;
  /** Changes with the columns of the history, which are changed in place. */
  readonly points: number;
}

/** The runs to compare when another one of them is looked at. */
const swapped = (from: string, to: string): string =>
  compared()
    .map((id) => (id === to ? from : id))
    .join();

/** See the top of this file. */
export function LossCard({ id, history, points, validations }: LossCardProps) {
  const w = words.value;
  const others = useSignal<readonly LossSeries[]>([]);
  const hovered = useSignal<{ readonly step: number; readonly values: readonly (number | null)[] } | null>(null);
  const [logX, logY] = [parameters.value.get('logx') === '1', parameters.value.get('logy') !== '0'];
  const ids = compared().join();
  useEffect(() => void readOthers(ids.split(','), (found) => (others.value = found)), [ids]);
  const training = useMemo(() => trainingLine(history), [history, points]);
  const validation = useMemo(() => validationLine(validations), [validations]);
  const series = useMemo(
    (): readonly LossSeries[] => [
      ...others.value,
      { name: w.seriesTraining, ...training, kind: 'training' },
      { name: w.seriesValidation, ...validation, kind: 'validation' },
    ],
    [others.value, training, validation, w],
  );
  const say = w.lossSay[lossSentence(history)];
  const table = useCallback(() => tableOf(history, w), [validations, w]);
  return (
    <Figure title={w.loss} say={say} span={7} table={table} explain={w.lossExplain} image="canvas">
      <LossChart
        series={series}
        logX={logX}
        logY={logY}
        label={say}
        stepLabel={w.step1}
        onHover={(at) => {
          hovered.value = at;
        }}
      />
      <div class="legend" aria-live="polite">
        {hovered.value && <span>{w.hover(grouped(hovered.value.step))}</span>}
        {series.map(({ name, kind, run }, k) => {
          const value = hovered.value ? (hovered.value.values[k] ?? null) : null;
          return (
            <span class={`key ${kind}`} key={`${kind} ${name}`}>
              {run ? <Link to={{ run, compare: swapped(id, run) }}>{name}</Link> : name}
              {value !== null && ` ${loss(value)}`}
            </span>
          );
        })}
        <span class="toggles">
          <Toggle label={w.logX} on={logX} onChange={(on) => navigate({ logx: on ? '1' : null })} />
          <Toggle label={w.logY} on={logY} onChange={(on) => navigate({ logy: on ? null : '0' })} />
        </span>
      </div>
      <Compare id={id} />
    </Figure>
  );
}

/** The validations, and the training loss at each. */
function tableOf({ validations, step: steps, loss: losses }: History, w: typeof words.value): TableData {
  let k = 0;
  const rows = validations.map(({ step, loss: value }) => {
    while (steps[k + 1] <= step) k++;
    return [step, steps[k] <= step ? losses[k] : Number.NaN, value];
  });
  return { head: [w.step1, w.seriesTraining, w.seriesValidation], rows };
}

function Toggle({
  label,
  on,
  onChange,
}: {
  readonly label: string;
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
}) {
  return (
    <label class="toggle">
      <input type="checkbox" checked={on} onChange={(event) => onChange(event.currentTarget.checked)} />
      {label}
    </label>
  );
}

/** A box for every other run. */
function Compare({ id: own }: { readonly id: string }) {
  const w = words.value;
  const rest = runs.value.filter(({ spec }) => spec.id !== own).slice(0, 12);
  if (rest.length === 0) return null;
  const chosen = compared();
  const choose = (id: string, on: boolean) => {
    const next = on ? [...chosen, id] : chosen.filter((one) => one !== id);
    navigate({ compare: next.length > 0 ? next.join() : null });
  };
  return (
    <fieldset class="compare">
      <legend>{w.compareWith}</legend>
      {rest.map(({ spec, loss: value }) => (
        <Toggle
          key={spec.id}
          label={`${spec.name} ${loss(value)}`}
          on={chosen.includes(spec.id)}
          onChange={(on) => choose(spec.id, on)}
        />
      ))}
    </fieldset>
  );
}

async function readOthers(ids: readonly string[], take: (series: readonly LossSeries[]) => void): Promise<void> {
  const found: LossSeries[] = [];
  for (const id of ids) {
    const history = id === '' ? null : await historyOf(id).catch(() => null);
    if (!history) continue;
    const name = runs.peek().find(({ spec }) => spec.id === id)?.spec.name ?? id;
    const line = history.validations.length > 0 ? validationLine(history.validations) : trainingLine(history);
    found.push({ name, ...line, kind: 'other', run: id });
  }
  take(found);
}
