// What became of each trial: one small file a trial, written whole when a rung of it has ended and never changed in place. Everything that is shown or
// decided follows from the plan and these files, whoever reads them and in whatever order they came.

import { join } from 'node:path';
import { OptionError } from 'unrolled';
import { RunFolder } from '../run-folder.ts';
import { filesBelow } from '../run-folder/contained.ts';
import { type FileLayer, guard, makeFolders, remove, writeAtomic } from '../run-folder/files.ts';
import { parseJSON, toJSONBytes } from '../run-folder/layout.ts';
import type { SweepPlan } from './plan.ts';

/** A trial at the end of one rung. */
export interface RungRecord {
  /** Steps that it was trained for. */
  readonly step: number;
  /** `rung`: more steps may follow. `diverged`: a loss or a gradient was not finite. */
  readonly reason: 'finished' | 'no improvement' | 'rung' | 'diverged';
  /** Of the best validation so far; null where nothing was validated. */
  readonly loss: number | null;
  readonly metrics: Readonly<Record<string, number>>;
  /** Of one that diverged: what was not finite. */
  readonly problem?: string;
}

/** The records of a trial, one for each rung that it has ended. */
export type TrialRecord = readonly RungRecord[];

/** Validation losses by step. */
export type Curve = readonly (readonly [step: number, loss: number])[];

const reasons = ['finished', 'no improvement', 'rung', 'diverged'];

/** The folder of a sweep. */
export class SweepFolder {
  readonly path: string;
  readonly files: FileLayer;

  constructor(path: string) {
    this.path = path;
    this.files = filesBelow(path);
  }

  /** The run folder of a trial. */
  runOf(trial: number): string {
    return join(this.path, 'trials', numbered(trial));
  }

  recordPath(trial: number): string {
    return join(this.path, 'records', `${numbered(trial)}.json`);
  }

  /** Reads the records of all trials. Throws an OptionError for a file that holds none. */
  records({ trials, rungs }: SweepPlan): readonly TrialRecord[] {
    return trials.map((_, trial) => this.record(trial, rungs.length));
  }

  record(trial: number, rungs: number): TrialRecord {
    const path = this.recordPath(trial);
    if (!guard(path, 'read', () => this.files.stat(path))) return [];
    const { rungs: found } = Object(parseJSON(this.files, path)) as { rungs?: unknown };
    if (Array.isArray(found) && found.length <= rungs && found.every(isRecord)) return found as TrialRecord;
    throw new OptionError(path, 'rungs', 'is not what a trial leaves; remove the file, and start the trial again');
  }

  /** Trials that failed when they were last trained, and their errors. They can be started again. */
  failures({ trials }: Pick<SweepPlan, 'trials'>): ReadonlyMap<number, string> {
    const failures = new Map<number, string>();
    for (const trial of trials.keys()) {
      const path = this.#failurePath(trial);
      if (!guard(path, 'read', () => this.files.stat(path))) continue;
      const { problem } = Object(parseJSON(this.files, path)) as { problem?: unknown };
      failures.set(trial, String(problem));
    }
    return failures;
  }

  addFailure(trial: number, problem: string): void {
    makeFolders(this.files, join(this.path, 'failures'));
    writeAtomic(this.files, this.#failurePath(trial), toJSONBytes({ trial, problem }));
  }

  /** Called where the trial is begun anew. */
  forgetFailure(trial: number): void {
    const path = this.#failurePath(trial);
    if (guard(path, 'read', () => this.files.stat(path))) remove(this.files, path);
  }

  #failurePath(trial: number): string {
    return join(this.path, 'failures', `${numbered(trial)}.json`);
  }

  /** The validation losses of each trial by step, as far as it has come. */
  async curves({ trials }: Pick<SweepPlan, 'trials'>): Promise<readonly Curve[]> {
    const curves: Curve[] = [];
    for (const trial of trials.keys()) curves.push(await this.#curveOf(trial));
    return curves;
  }

  async #curveOf(trial: number): Promise<Curve> {
    const path = this.runOf(trial);
    if (!guard(path, 'read', () => this.files.stat(join(path, 'config.json')))) return [];
    const lines = (await RunFolder.open(path)).readMetrics();
    return lines.flatMap(({ type, step, loss }) =>
      type === 'evaluation' && Number.isFinite(step) && Number.isFinite(loss)
        ? [[step as number, loss as number] as const]
        : [],
    );
  }

  /** Adds what a rung of a trial ended in, unless that stands there already, and returns what stands there. Called while the trial's run is locked. */
  addRecord({ rungs }: Pick<SweepPlan, 'rungs'>, trial: number, rung: number, record: RungRecord): RungRecord {
    const before = this.record(trial, rungs.length);
    if (before.length > rung) return before[rung];
    makeFolders(this.files, join(this.path, 'records'));
    writeAtomic(this.files, this.recordPath(trial), toJSONBytes({ trial, rungs: [...before, record] }));
    return record;
  }
}

/** `007`: names that stand in the order of their numbers, up to a thousand trials. */
export function numbered(trial: number): string {
  return String(trial).padStart(3, '0');
}

function isRecord(one: unknown): one is RungRecord {
  const { step, reason, loss, metrics, problem } = Object(one) as Partial<RungRecord>;
  const numbers = typeof metrics === 'object' && metrics !== null && Object.values(metrics).every(Number.isFinite);
  return (
    Number.isSafeInteger(step) &&
    reasons.includes(reason as string) &&
    (loss === null || Number.isFinite(loss)) &&
    numbers &&
    (problem === undefined || typeof problem === 'string')
  );
}
