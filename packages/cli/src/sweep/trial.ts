// One trial until the end of a rung: a run as `unrolled train` has them, in its own folder, which goes on from its last checkpoint. What it ends in is
// recorded while the run is locked, so that no two processes record the same trial.

import { type EvaluationEvent, NonFiniteError, OptionError } from 'unrolled';
import type { TaskKind } from '../runs/kind.ts';
import type { RunValues } from '../runs/options.ts';
import { prepareRun } from '../runs/prepare.ts';
import { runTask } from '../runs/run.ts';
import { RunFolder, RunFolderError } from '../run-folder.ts';
import type { ProgressLine } from '../terminal/index.ts';
import { parseTraining } from './command.ts';
import { type SweepPlan, wordsOfTrial } from './plan.ts';
import type { RungRecord, SweepFolder } from './records.ts';
import { t } from '../language/index.ts';

export interface TrialRequest {
  readonly plan: SweepPlan;
  readonly folder: SweepFolder;
  readonly trial: number;
  readonly rung: number;
  /** Shows how far it is. */
  readonly line: ProgressLine;
  readonly signal: AbortSignal;
}

/** `recorded`, now or before; `stopped` by the signal, and saved; `busy`: another process trains it. */
export type TrialOutcome =
  | { readonly state: 'recorded'; readonly record: RungRecord }
  | { readonly state: 'stopped' }
  | { readonly state: 'busy'; readonly why: string };

/** Trains a trial to the end of a rung, and records it. Rejects with any other error than a loss that is not finite; the trial can be started again then. */
export async function runTrial(request: TrialRequest): Promise<TrialOutcome> {
  const { folder, trial, plan, rung } = request;
  const before = folder.record(trial, plan.rungs.length);
  if (before.length > rung) return { state: 'recorded', record: before[rung] };
  const last = before.at(-1);
  // One that ended before its rung did stays as it is.
  if (last && last.reason !== 'rung') return { state: 'recorded', record: folder.addRecord(plan, trial, rung, last) };
  try {
    return await train(request);
  } catch (error) {
    if (!(error instanceof RunFolderError)) throw error;
    if (error.code !== 'run-locked' && error.code !== 'run-exists') throw error;
    return { state: 'busy', why: error.message };
  }
}

async function train({ plan, folder, trial, rung, line, signal }: TrialRequest): Promise<TrialOutcome> {
  const say = (text: string) => line.print(t`trial ${trial}: ${text}`);
  const { kind, values, inputs, given } = await parseTraining('sweep', wordsOfTrial(plan, trial));
  const { own, prepared } = await prepareRun(kind, values, inputs, { given, say });
  const until = plan.rungs[rung].steps ?? Infinity;
  const path = folder.runOf(trial);
  const atEnd = new AbortController();
  const run = runTask({
    kind: own,
    prepared: { ...prepared, sample: undefined, showcase: undefined },
    folder: path,
    values: { ...(values as typeof values & RunValues), check: false },
    given,
    signal: AbortSignal.any([signal, atEnd.signal]),
    say,
  });
  const show = progressOf(line, own);
  let step = 0;
  const record = async (reason: RungRecord['reason'], problem?: string): Promise<TrialOutcome> => {
    const measured = { ...(await bestOf(path, until)), step: Math.min(step, until), reason };
    if (reason === 'rung' && measured.loss === null)
      throw new OptionError('sweep', 'halving', 'compares validations, and these trials have none: their command keeps no data for it'); // biome-ignore format: a line
    const whole = problem === undefined ? measured : { ...measured, problem };
    return { state: 'recorded', record: folder.addRecord(plan, trial, rung, whole) };
  };
  try {
    for await (const event of run) {
      if (event.type === 'start') {
        step = event.resumedAt;
        show.begin(event.resumedAt, Math.min(until, event.config.training.steps));
        if (step >= until && step < event.config.training.steps) return await record('rung');
      } else if (event.type === 'step') {
        step = event.step;
        show.step(event);
        if (step >= until) atEnd.abort(); // it is validated and saved before it ends
      } else if (event.type === 'evaluation') {
        requireMetric(plan, event);
      } else if (event.type === 'end') {
        line.clear();
        if (event.reason !== 'stopped') return await record(event.reason);
        return step >= until ? await record('rung') : { state: 'stopped' };
      }
    }
  } catch (error) {
    line.clear();
    if (error instanceof NonFiniteError) return record('diverged', error.message);
    throw error;
  }
  throw new Error('unreachable: every run ends with an end event');
}

/** The best validation of a run up to a step, as its metrics tell it: the same whenever it is asked. */
async function bestOf(path: string, until: number): Promise<Pick<RungRecord, 'loss' | 'metrics'>> {
  const lines = (await RunFolder.open(path)).readMetrics() as unknown as EvaluationEvent[];
  const best = lines.findLast(({ type, step, best }) => type === 'evaluation' && best && step <= until);
  const { loss = null, metrics = {} } = (best ?? {}) as { loss?: number | null; metrics?: Record<string, number> };
  const finite = Object.entries(metrics).filter(([, value]) => Number.isFinite(value));
  return { loss: Number.isFinite(loss) ? loss : null, metrics: Object.fromEntries(finite) };
}

/** Throws at the first validation where the metric that decides is none of it. */
function requireMetric({ sweep: { metric } }: SweepPlan, event: EvaluationEvent): void {
  const { metrics = {} } = event as EvaluationEvent & { readonly metrics?: object };
  if (metric === 'loss' || Object.hasOwn(metrics, metric)) return;
  const names = ['loss', ...Object.keys(metrics)].join(', ');
  throw new OptionError('sweep', 'metric', `a validation of these trials has no ${metric}; it has ${names}. Name one of them, and begin with another --out`); // biome-ignore format: a line
}

interface TrialProgress {
  begin(from: number, total: number): void;
  step(event: { readonly step: number; readonly smoothLoss: number; readonly targets: number }): void;
}

/** The progress line of a trial. */
function progressOf(line: ProgressLine, { counts, progress }: TaskKind): TrialProgress {
  let [begun, from, total, counted] = [performance.now(), 0, 0, 0];
  const losses: number[] = [];
  return {
    begin(at, steps) {
      [begun, from, total] = [performance.now(), at, steps];
    },
    step({ step, smoothLoss, targets }) {
      counted += targets;
      losses.push(smoothLoss);
      const seconds = (performance.now() - begun) / 1000;
      if (seconds < 1 || step >= total) return; // a short trial has one line, its result
      line.update({
        done: step,
        total,
        loss: smoothLoss,
        more: progress?.(smoothLoss),
        rate: counted / seconds,
        counts,
        secondsLeft: ((total - step) * seconds) / Math.max(1, step - from),
        losses,
      });
    },
  };
}
