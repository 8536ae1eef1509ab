// A sweep's results in a terminal, and the words that the terminal and the page have in common.

import { flagOf } from '../command-line/options.ts';
import { shellPath } from '../command-line/shell.ts';
import { formatMetric } from '../runs/metrics.ts';
import { grouped, type Screen, stringWidth, table } from '../terminal/index.ts';
import type { SweepPlan } from './plan.ts';
import { sorted, type SweepResults, type TrialResult } from './results.ts';

const states: Readonly<Record<TrialResult['state'], string>> = {
  finished: 'finished',
  'no improvement': 'stopped early',
  diverged: 'diverged',
  failed: 'failed',
  waiting: 'waiting',
  'left out': 'left out',
};

export const stateOf = ({ state }: TrialResult): string => states[state];

/** `24 trials: 20 finished, 3 stopped early, 1 waiting` */
export function countsOf({ trials }: SweepResults): string {
  const counts = Object.keys(states)
    .map((state) => [state, trials.filter((one) => one.state === state).length] as const)
    .filter(([, count]) => count > 0);
  return `${trials.length} ${trials.length === 1 ? 'trial' : 'trials'}: ${counts.map(([state, count]) => `${count} ${states[state as TrialResult['state']]}`).join(', ')}`;
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
  const header = ['trial', plan.sweep.metric, ...keys.map(flagOf), 'steps', 'state'];
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
  const head = results.complete ? bold(green('sweep complete')) : bold('sweep not complete');
  return [
    `${head}   ${countsOf(results)}`,
    ...(best ? [`  best    trial ${best.trial}, ${results.metric} ${formatMetric(best.value as number)} after ${grouped(best.steps)} steps`, `  command npx ${best.command}`] : []), // biome-ignore format: a line
    `  page    ${path}/results.html   (also results.csv and results.json)`,
    '',
    dim('  next'),
    ...(results.complete ? [] : ['  the same command goes on where the sweep is']),
    ...(best ? [`  npx unrolled eval ${shellPath(`${path}/${best.run}`)}`] : []),
    '',
  ];
}
