// What one process of a sweep does: its trials of each rung, one after the other. A rung begins when the one before it is complete, which every process
// sees from the records alone; where others are still at it, ranks of one job wait, and a process that was started by its index ends and is started again.

import { setTimeout as sleep } from 'node:timers/promises';
import { OptionError, UnrolledError } from 'unrolled';
import { formatMetric } from '../runs/metrics.ts';
import { RunFolderError } from '../run-folder.ts';
import type { ProgressLine, Style } from '../terminal/index.ts';
import { describeValues } from './parameters.ts';
import { type Place, shareOf } from './place.ts';
import type { SweepPlan } from './plan.ts';
import { writeResults } from './publish.ts';
import type { RungRecord, SweepFolder } from './records.ts';
import { entrantsOf, missingOf, valueOf } from './rungs.ts';
import { runTrial } from './trial.ts';
import { errorText, t } from '../language/index.ts';

export interface SweepRun {
  readonly plan: SweepPlan;
  readonly folder: SweepFolder;
  readonly place: Place;
  /** This trial alone; null for all that are this place's. */
  readonly only: number | null;
  readonly signal: AbortSignal;
  readonly line: ProgressLine;
  /** Where the progress of a trial is shown: the same line, or none. */
  readonly progress: ProgressLine;
  readonly style: Style;
}

/** How a process ended: `done` with what is its, `stopped` by its signal, or to be started `again`, since others were not ready. */
export interface SweepEnd {
  readonly state: 'done' | 'stopped' | 'again';
  /** Why it is to be started again: a sentence. */
  readonly why: string | null;
  /** Trials that failed, with their errors. They can be started again. */
  readonly failed: ReadonlyMap<number, Error>;
}

const publishEvery = 5000; // milliseconds
const lookEvery = 500;
/** Milliseconds of a process's life. Before that, a failure may be noted that an earlier job had, and that another rank of this one is about to forget. */
const settled = 20_000;

/** Trains what is this process's. Rejects where nothing could be trained at all. */
export async function runSweep(run: SweepRun): Promise<SweepEnd> {
  const { plan, folder } = run;
  const failed = new Map<number, Error>();
  const busy: string[] = [];
  let end: SweepEnd = { state: 'done', why: null, failed };
  for (const rung of plan.rungs.keys()) {
    const entrants = await entrantsWhenReady(run, rung);
    if (Array.isArray(entrants)) {
      const stopped = await trainRung(run, rung, entrants, { failed, busy });
      const isFirst = run.place.index === 0 && rung === plan.rungs.length - 1; // which shows the results of all
      if (!stopped && (isFirst || failed.size + busy.length > 0)) await whenOthersAreDone(run, rung, entrants);
      if (!stopped && failed.size === 0) continue;
      if (stopped) end = { ...end, state: 'stopped' };
    } else {
      end = { ...end, ...entrants };
    }
    break;
  }
  await writeResults(plan, folder);
  if (end.state === 'done' && busy.length > 0) return { ...end, state: 'again', why: busy[0] };
  return end;
}

interface Troubles {
  readonly failed: Map<number, Error>;
  /** Why trials are another process's. */
  readonly busy: string[];
}

/** Trains this process's trials of a rung. Returns whether it was stopped. */
async function trainRung(
  run: SweepRun,
  rung: number,
  entrants: readonly number[],
  { failed, busy }: Troubles,
): Promise<boolean> {
  const { plan, folder, place, only, signal, line, progress } = run;
  const own = only === null ? shareOf(entrants, place) : entrants.filter((trial) => trial === only);
  let published = performance.now();
  for (const trial of own) folder.forgetFailure(trial);
  for (const trial of own) {
    if (folder.record(trial, plan.rungs.length).length > rung) continue;
    if (signal.aborted) return true;
    try {
      const outcome = await runTrial({ plan, folder, trial, rung, line: progress, signal });
      if (outcome.state === 'stopped') return true;
      if (outcome.state === 'busy') busy.push(t`trial ${trial}: ${t(outcome.why)}`);
      else say(run, trial, outcome.record);
    } catch (error) {
      // What the next trial would meet too ends them all: a disk that is full, data that are not there, a metric that is none.
      const again = Array.from(failed.values()).at(-1)?.message === (error as Error).message;
      const ofAll = error instanceof OptionError && error.who === 'sweep';
      if (!(error instanceof UnrolledError) || error instanceof RunFolderError || again || ofAll) throw error;
      failed.set(trial, error);
      folder.addFailure(trial, error.message);
      line.print(run.style.yellow(t`trial ${trial}  ${errorText(error)}`));
    }
    if (performance.now() - published < publishEvery) continue;
    await writeResults(plan, folder);
    published = performance.now();
  }
  return false;
}

/** The trials of a rung, as soon as the one before is complete; where that is others' to do, why this process ends instead. */
async function entrantsWhenReady(run: SweepRun, rung: number): Promise<number[] | Pick<SweepEnd, 'state' | 'why'>> {
  const { plan, folder, place, only, signal, line } = run;
  // A rung has so many trials at most, and this process would get none.
  if (only === null && place.index >= plan.rungs[rung].trials) return [];
  for (let told = false; ; told = true) {
    const records = folder.records(plan);
    const entrants = entrantsOf(plan, records, rung);
    if (entrants) return entrants;
    if (signal.aborted) return { state: 'stopped', why: null };
    const failures = folder.failures(plan);
    const missing = missingOf(entrantsOf(plan, records, rung - 1) ?? [], records, rung - 1);
    const list = `${missing.slice(0, 8).join(', ')}${missing.length > 8 ? ', …' : ''}`;
    const why =
      missing.length === 1
        ? t`rung ${rung} begins when all trials have ended rung ${rung - 1}; waiting for trial ${list}`
        : t`rung ${rung} begins when all trials have ended rung ${rung - 1}; waiting for trials ${list}`;
    const canCome = performance.now() < settled || missing.some((trial) => !failures.has(trial));
    if (!place.together || !canCome || only !== null) return { state: 'again', why };
    if (!told) line.print(why);
    await sleep(lookEvery, undefined, { signal }).catch(() => {});
  }
}

/** Waits for the other ranks of the job, where this is one: a launcher ends all of them when one exits with an error. */
async function whenOthersAreDone({ plan, folder, place, signal }: SweepRun, rung: number, entrants: readonly number[]) {
  const own = new Set(shareOf(entrants, place));
  const others = entrants.filter((trial) => !own.has(trial));
  while (place.together && !signal.aborted) {
    const failures = folder.failures(plan);
    const missing = missingOf(others, folder.records(plan), rung);
    if (missing.length === 0 || (performance.now() > settled && missing.every((trial) => failures.has(trial)))) return;
    await sleep(lookEvery, undefined, { signal }).catch(() => {});
  }
}

function say({ plan, line, style }: SweepRun, trial: number, record: RungRecord): void {
  const value = valueOf(plan.sweep, record);
  const result = value === null ? t(record.reason) : `${plan.sweep.metric} ${formatMetric(value)}`;
  const early = record.reason === 'no improvement' ? t`, stopped early at step ${record.step}` : '';
  const rung = record.reason === 'rung' ? t`, after ${record.step} steps` : '';
  line.print(t`trial ${trial}  ${style.bold(result)}${early}${rung}  ${style.dim(describeValues(plan.trials[trial]))}`);
  if (record.problem) line.print(style.yellow(`  ${t(record.problem)}`));
}
