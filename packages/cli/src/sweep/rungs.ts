// What follows from the records: which trials a rung has, whether it is complete, and which trial is the best.

import type { SweepPlan } from './plan.ts';
import type { RungRecord, TrialRecord } from './records.ts';
import type { SweepSpec } from './spec.ts';

/** The metric of a record; null where it has none. */
export function valueOf({ metric }: Pick<SweepSpec, 'metric'>, record: RungRecord | undefined): number | null {
  if (!record || record.reason === 'diverged') return null;
  return metric === 'loss' ? record.loss : (record.metrics[metric] ?? null);
}

/** The best first; what has no value last; those that are equal in the order of their numbers. */
export function ranked(
  sweep: SweepSpec,
  trials: readonly number[],
  recordOf: (trial: number) => RungRecord | undefined,
): number[] {
  const sign = sweep.direction === 'minimize' ? 1 : -1;
  const key = (trial: number) => {
    const value = valueOf(sweep, recordOf(trial));
    return value === null ? Infinity : sign * value;
  };
  return trials.toSorted((a, b) => key(a) - key(b) || a - b);
}

/** The trials of a rung, in the order of their numbers; null while the rung before it is not complete. */
export function entrantsOf(plan: SweepPlan, records: readonly TrialRecord[], rung: number): number[] | null {
  const all = plan.trials.map((_, trial) => trial);
  if (rung === 0) return all;
  const before = entrantsOf(plan, records, rung - 1);
  if (!before || missingOf(before, records, rung - 1).length > 0) return null;
  const recordOf = (trial: number) => records[trial][rung - 1];
  return ranked(plan.sweep, before, recordOf)
    .filter((trial) => recordOf(trial)?.reason !== 'diverged')
    .slice(0, plan.rungs[rung].trials)
    .sort((a, b) => a - b);
}

/** Those of a rung that have not ended it. */
export function missingOf(trials: readonly number[], records: readonly TrialRecord[], rung: number): number[] {
  return trials.filter((trial) => records[trial].length <= rung);
}

/** Whether all that is to be trained was. */
export function isComplete(plan: SweepPlan, records: readonly TrialRecord[]): boolean {
  const last = plan.rungs.length - 1;
  const entrants = entrantsOf(plan, records, last);
  return entrants !== null && missingOf(entrants, records, last).length === 0;
}
