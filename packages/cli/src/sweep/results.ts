// The results of a sweep as data: results.json and results.csv in its folder. Both follow from the plan and the records alone, hold no times and no
// paths of a machine, and are the same bytes for any number of processes, in any order, killed or not.

import { flagOf } from '../command-line/options.ts';
import { shellWord } from '../shell.ts';
import { csvCell } from '../terminal/index.ts';
import type { TrialValues } from './parameters.ts';
import { type SweepPlan, wordsOfTrial } from './plan.ts';
import { numbered, type RungRecord, type TrialRecord } from './records.ts';
import { entrantsOf, isComplete, valueOf } from './rungs.ts';
import type { SweepSpec } from './spec.ts';

/** How a trial ended; `waiting` to be trained or to be compared, `left out` of the rungs that followed, or `failed` and to be started again. */
export type TrialState = Exclude<RungRecord['reason'], 'rung'> | 'waiting' | 'left out' | 'failed';

export interface TrialResult {
  readonly trial: number;
  readonly state: TrialState;
  readonly values: TrialValues;
  /** The metric that decides; null where it is not known. */
  readonly value: number | null;
  readonly loss: number | null;
  readonly metrics: Readonly<Record<string, number>>;
  readonly steps: number;
  /** Rungs that it has ended. */
  readonly rungs: number;
  /** The run folder, from the sweep's. */
  readonly run: string;
  readonly command: string;
}

export interface SweepResults {
  readonly format: 'unrolled sweep results';
  readonly version: 1;
  readonly method: string;
  readonly metric: string;
  readonly direction: SweepSpec['direction'];
  readonly complete: boolean;
  /** Number of the best trial so far; null before one has ended. */
  readonly best: number | null;
  readonly trials: readonly TrialResult[];
}

/** What the records come to, trials in the order of their numbers. */
export function resultsOf(
  plan: SweepPlan,
  records: readonly TrialRecord[],
  failures: ReadonlyMap<number, string> = new Map(),
): SweepResults {
  const { method, metric, direction } = plan.sweep;
  const entrants = plan.rungs.map((_, rung) => entrantsOf(plan, records, rung));
  const isOut = (trial: number) => entrants[records[trial].length]?.includes(trial) === false;
  const openState = (trial: number) => (isOut(trial) ? 'left out' : failures.has(trial) ? 'failed' : 'waiting');
  const trials = plan.trials.map((values, trial) => resultOf(plan, trial, values, records[trial], openState(trial)));
  const [first] = sorted(direction, trials);
  return {
    format: 'unrolled sweep results',
    version: 1,
    method,
    metric,
    direction,
    complete: isComplete(plan, records),
    best: first.value === null ? null : first.trial,
    trials,
  };
}

function resultOf(
  plan: SweepPlan,
  trial: number,
  values: TrialValues,
  record: TrialRecord,
  open: TrialState,
): TrialResult {
  const last = record.at(-1);
  return {
    trial,
    state: last && last.reason !== 'rung' ? last.reason : open,
    values,
    value: valueOf(plan.sweep, last),
    loss: last?.loss ?? null,
    metrics: last?.metrics ?? {},
    steps: last?.step ?? 0,
    rungs: record.length,
    run: `trials/${numbered(trial)}`,
    command: ['unrolled', ...wordsOfTrial(plan, trial)].map(shellWord).join(' '),
  };
}

/** The best first: those that came further before those that were left behind, and what has no value last. */
export function sorted(direction: SweepSpec['direction'], trials: readonly TrialResult[]): TrialResult[] {
  const sign = direction === 'minimize' ? 1 : -1;
  const key = ({ value }: TrialResult) => (value === null ? Infinity : sign * value);
  return trials.toSorted((a, b) => b.rungs - a.rungs || key(a) - key(b) || a.trial - b.trial);
}

/** A line for each trial under a header. */
export function csvOf(plan: SweepPlan, { trials }: SweepResults): string {
  const parameters = Object.keys(plan.sweep.parameters);
  const metrics = Array.from(new Set(trials.flatMap((one) => Object.keys(one.metrics)))).sort();
  const header = ['trial', 'state', ...parameters.map(flagOf), 'loss', ...metrics, 'steps', 'rungs', 'run'];
  const cell = (value: unknown) => (value === null || value === undefined ? '' : csvCell(value as string | number));
  const rows = trials.map((one) => [
    one.trial,
    one.state,
    ...parameters.map((key) => (typeof one.values[key] === 'boolean' ? String(one.values[key]) : one.values[key])),
    one.loss,
    ...metrics.map((name) => one.metrics[name]),
    one.steps,
    one.rungs,
    one.run,
  ]);
  return `${[header, ...rows].map((row) => row.map(cell).join(',')).join('\n')}\n`;
}
