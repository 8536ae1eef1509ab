// A sweep's results in a terminal, and the words that the terminal and the page have in common.

import { flagOf } from '../command-line/options.ts';
import { invoked, typed } from '../installed.ts';
import { shellPath } from '../shell.ts';
import { formatMetric } from '../runs/metrics.ts';
import { grouped, type Screen, stringWidth, table } from '../terminal/index.ts';
import type { SweepPlan } from './plan.ts';
import { sorted, type SweepResults, type TrialResult } from './results.ts';
import { english, t } from '../language/index.ts';

const states: Readonly<Record<TrialResult['state'], string>> = {
  finished: english('finished'),
  'no improvement': english('stopped early'),
  diverged: english('diverged'),
  failed: english('failed'),
  waiting: english('waiting'),
  'left out': english('left out'),
};

export const stateOf = ({ state }: TrialResult): string => t(states[state]);

/** `24 trials: 20 finished, 3 stopped early, 1 waiting` */
export function countsOf({ trials }: SweepResults): string {
  const counts = Object.keys(states)
    .map((state) => [state, trials.filter((one) => one.state === state).length] as const)
    .filter(([, count]) => count > 0);
  const list = counts.map(([state, count]) => t`${count} ${t(states[state as TrialResult['state']])}`).join(', ');
  return trials.length === 1 ? t`1 trial: ${list}` : t`${trials.length} trials: ${list}`;
}

const leastState = 12; // columns

/** The trials as a table, the best first. `live` says what those are at that have begun and not ended. */
export function resultLines(
  plan: SweepPlan,
  results: SweepResults,
  screen: Screen,
  live: ReadonlyMap<number, string> = new Map(),
): readonly string[] {
  const keys = Object.keys(plan.sweep.parameters);
  const rows = sorted(results.direction, results.trials).map((one) => [
    one.trial,
    one.value === null ? '–' : formatMetric(one.value),
    ...keys.map((key) => {
      const value = one.values[key];
      return value === null ? '–' : typeof value === 'boolean' ? String(value) : value;
    }),
    one.steps,
    live.get(one.trial) ?? stateOf(one),
  ]);
  const header = [t('trial'), plan.sweep.metric, ...keys.map(flagOf), t('steps'), t('state')];
  // The last column gives way, but has to stay legible: lines that are too long are the terminal's to wrap.
  const lines = table(rows, { header, style: screen.style });
  const needed = Math.max(...lines.map((line) => stringWidth(line)));
  const states = Math.max(...rows.map((row) => stringWidth(String(row.at(-1)))));
  const narrow = needed > screen.width && needed - states + leastState <= screen.width;
  return narrow ? table(rows, { header, style: screen.style, width: screen.width }) : lines;
}

/** How the sweep stands, and what to type next. `path` is of its folder. */
export function summaryLines(results: SweepResults, path: string, screen: Screen): readonly string[] {
  const { bold, green, dim } = screen.style;
  const best = results.best === null ? null : results.trials[results.best];
  const head = results.complete ? bold(green(t('sweep complete'))) : bold(t('sweep not complete'));
  return [
    `${head}   ${countsOf(results)}`,
    ...(best ? [t`  best    trial ${best.trial}, ${results.metric} ${formatMetric(best.value as number)} after ${grouped(best.steps)} steps`, t`  command ${typed(best.command)}`] : []), // biome-ignore format: a line
    t`  page    ${path}/results.html   (also results.csv and results.json)`,
    '',
    dim(t('  next')),
    ...(results.complete ? [] : [t('  the same command goes on where the sweep is')]),
    ...(best ? [`  ${invoked()} eval ${shellPath(`${path}/${best.run}`)}`] : []),
    '',
  ];
}
