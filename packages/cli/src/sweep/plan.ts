// The plan of a sweep: its trials with their values, and for how many steps each rung trains. It follows from sweep.json, is written into the sweep's
// folder once, by whichever process comes first, and is what all of them go by from then on.

import { OptionError } from 'unrolled';
import { difference } from '../runs/config.ts';
import { kindOfCommand, parseTraining } from './command.ts';
import { checkParameters, flagsOf, ofSweep, type TrialValues, valuesOf } from './parameters.ts';
import { type Halving, readSpec, type SweepSpec } from './spec.ts';

/** Trials that are trained for so many steps and then compared. */
export interface Rung {
  readonly trials: number;
  /** Null in a sweep without halving: as many as the command says. */
  readonly steps: number | null;
}

export interface SweepPlan {
  readonly format: 'unrolled sweep';
  readonly version: 1;
  readonly sweep: SweepSpec;
  /** Values of each trial, by the names of options. */
  readonly trials: readonly TrialValues[];
  readonly rungs: readonly Rung[];
}

/** What halving decides itself. */
const ofHalving = ['steps', 'epochs', 'minutes', 'evalEvery'];

/** Makes the plan, and checks the command line of every trial. `path` is of sweep.json, for messages. */
export async function planOf(path: string, content: unknown): Promise<SweepPlan> {
  const spec = readSpec(path, content);
  const { options } = kindOfCommand(path, spec.command);
  const sweep = { ...spec, parameters: checkParameters(path, options, spec) };
  const { given, values } = await parseTraining(path, sweep.command);
  for (const key of ofSweep)
    if (given.has(key)) throw new OptionError(path, 'command', `--${key} belongs to the sweep; leave it out`);
  for (const key of Object.keys(sweep.parameters))
    if (given.has(key)) throw new OptionError(path, `parameters.${key}`, 'stands in the command too; leave one out');
  const trials = valuesOf(path, sweep);
  const { steps = null, evalEvery = null } = values as { steps?: number | null; evalEvery?: number | null };
  const rungs = sweep.halving
    ? rungsOf(path, sweep, trials.length, { steps, evalEvery })
    : [{ trials: trials.length, steps: null }];
  // Trials that are compared are validated at the end of each rung.
  const every = rungs[0].steps === null || evalEvery !== null ? [] : ['--eval-every', String(rungs[0].steps)];
  const command = [...sweep.command, ...every];
  const plan: SweepPlan = { format: 'unrolled sweep', version: 1, sweep: { ...sweep, command }, trials, rungs };
  for (const trial of trials.keys()) await parseTraining(path, wordsOfTrial(plan, trial));
  return plan;
}

/** Each rung trains `eta` times as long as the one before, the last as long as the command says, and has an eta-th of its trials. */
function rungsOf(
  path: string,
  sweep: SweepSpec,
  count: number,
  { steps, evalEvery }: { readonly steps: number | null; readonly evalEvery: number | null },
): Rung[] {
  const { eta, rungs } = sweep.halving as Halving;
  const decided = Object.keys(sweep.parameters).find((key) => ofHalving.includes(key));
  if (decided !== undefined) throw new OptionError(path, `parameters.${decided}`, 'is the same for all trials that halving compares'); // biome-ignore format: a line
  if (steps === null)
    throw new OptionError(path, 'command', 'halving needs --steps: how long the last rung is trained');
  const parts = eta ** (rungs - 1);
  if (steps % parts !== 0) {
    const near = Math.max(1, Math.round(steps / parts)) * parts;
    throw new OptionError(path, 'command', `--steps has to be a multiple of ${parts} for ${rungs} rungs with eta ${eta}, got ${steps}; ${near} is one`); // biome-ignore format: a line
  }
  const first = steps / parts;
  if (evalEvery !== null && first % evalEvery !== 0)
    throw new OptionError(path, 'command', `the first rung ends at step ${first}, where trials are validated: --eval-every has to divide it, got ${evalEvery}`); // biome-ignore format: a line
  if (count < parts)
    throw new OptionError(path, 'trials', `${rungs} rungs with eta ${eta} need at least ${parts} trials, got ${count}`);
  return Array.from({ length: rungs }, (_, k) => ({
    trials: Math.floor(count / eta ** k),
    steps: first * eta ** k,
  }));
}

/** The command line that a trial is, without `unrolled` and without its run folder. */
export function wordsOfTrial({ sweep, trials }: SweepPlan, trial: number): string[] {
  return [...sweep.command, ...flagsOf(kindOfCommand('sweep', sweep.command).options, trials[trial])];
}

/** The content of plan.json as a plan; `source` is its path. All of it follows from the sweep that stands in it, and is made from that again. */
export async function readPlan(source: string, content: unknown): Promise<SweepPlan> {
  const { format, version, sweep } = Object(content) as Partial<SweepPlan>;
  if (format !== 'unrolled sweep') throw new OptionError(source, 'format', 'is not the plan of a sweep');
  if (version !== 1) throw new OptionError(source, 'version', `expected 1, got ${String(version)}; update unrolled`);
  const again = await planOf(source, withoutNulls(sweep));
  const found = difference(again, content);
  if (found !== null)
    throw new OptionError(source, found.path, `was changed: expected ${found.values[0]}, got ${found.values[1]}`);
  return again;
}

/** Throws for a sweep.json that is not the one the folder was begun with. */
export function requireSamePlan(path: string, folder: string, saved: SweepPlan, asked: SweepPlan): void {
  const found = difference(saved.sweep, asked.sweep) ?? difference(saved.trials, asked.trials, 'trials');
  if (found === null) return;
  throw new OptionError(
    path,
    found.path,
    `is ${found.values[1]}, and ${found.values[0]} in the sweep that ${folder} holds; choose another --out, or undo the change`,
  );
}

/** What was left out of sweep.json is null in a plan. */
function withoutNulls(sweep: unknown): unknown {
  return Object.fromEntries(Object.entries(Object(sweep)).filter(([, value]) => value !== null));
}
