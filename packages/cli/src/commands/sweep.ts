// `unrolled sweep sweep.json`: many trainings whose options differ, and which of them is the best.

import { readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { FormatError, OptionError } from 'unrolled';
import type { CommandSpec } from '../command-line/program.ts';
import type { Values } from '../command-line/options.ts';
import { sweepOptions } from '../command-line/sweep-options.ts';
import { Interrupted, interruptible } from '../interrupt.ts';
import { writePage } from '../pages/page.ts';
import { realPlace } from '../run-folder/contained.ts';
import { requireTrustedPlan } from '../runs/trust.ts';
import { liveTrials } from '../sweep/live.ts';
import { sweepPage } from '../sweep/page.ts';
import { type Place, placeOf } from '../sweep/place.ts';
import { planOf, type SweepPlan } from '../sweep/plan.ts';
import { currentResults, hashOf, savedPlan, settlePlan } from '../sweep/publish.ts';
import { SweepFolder } from '../sweep/records.ts';
import type { SweepResults } from '../sweep/results.ts';
import { runSweep, type SweepEnd } from '../sweep/run.ts';
import { resultLines, summaryLines } from '../sweep/shown.ts';
import { asker } from '../terminal/confirm.ts';
import { ProgressLine, screenOf, stderr, stdout } from '../terminal/index.ts';
import { chooseBackend, describeBackend } from './compute.ts';
import { t } from '../language/index.ts';

type SweepValues = Values<typeof sweepOptions>;

/** Exit code of a process that has done its part of an unfinished sweep and is to be started again: EX_TEMPFAIL of sysexits.h. */
export const startAgain = 75;

export const sweep: CommandSpec<typeof sweepOptions> = {
  name: 'sweep',
  summary: 'train many models with different options and compare them: grid, random search, successive halving',
  args: [['<file>', 'sweep.json, or the folder of a sweep that was begun']],
  options: sweepOptions,
  examples: [
    'unrolled sweep sweep.json',
    'unrolled sweep sweep.json --status',
    'mpirun -n 4 npx unrolled sweep sweep.json',
  ],
  async run(values, [file]) {
    const { folder, plan } = await openSweep(file, values);
    if (values.trial !== null && values.trial >= plan.trials.length)
      throw new OptionError('sweep', '--trial', `there are ${plan.trials.length} trials, from 0 to ${plan.trials.length - 1}, got ${values.trial}`); // biome-ignore format: a line
    if (values.status) return status(plan, folder, values);
    const place = values.trial === null ? placeOf(values, plan.trials.length) : alone;
    const end = await train(plan, folder, place, values);
    const results = currentResults(plan, folder);
    // Of ranks the first shows the results of all; of indices the one that ended last.
    const shows = place.together ? place.index === 0 : place.of === 1 || results.complete;
    if (shows && !values.json && !values.quiet) show(plan, folder, results);
    if (shows && values.html !== null) writePage(values.html, await pageOf(plan, folder, results));
    if (end.state === 'stopped') throw new Interrupted(results);
    if (end.failed.size > 0) process.exitCode = 1;
    else if (end.state === 'again') process.exitCode = startAgain;
    return place.together && !shows ? null : results;
  },
};

const alone: Place = { index: 0, of: 1, by: null, together: false, threads: null };

interface OpenSweep {
  readonly folder: SweepFolder;
  readonly plan: SweepPlan;
}

/** The sweep that a file describes, begun or continued in its folder; or the one that a folder holds. */
async function openSweep(file: string, { out, status, trustPaths }: SweepValues): Promise<OpenSweep> {
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) {
    if (out !== null) throw new OptionError('sweep', '--out', `${file} is the folder of a sweep already`);
    const folder = new SweepFolder(realPlace(file));
    const plan = await savedPlan(folder);
    if (plan && !status) {
      const asked = { command: plan.sweep.command.join(' '), sha256: hashOf(plan) };
      await requireTrustedPlan(file, asked, { trustPaths, ask: asker() });
    }
    if (plan) return { folder, plan };
    throw new OptionError('sweep', file, 'is not the folder of a sweep: there is no plan.json in it');
  }
  const asked = await planOf(file, readJson(file));
  const folder = new SweepFolder(realPlace(out ?? join('sweeps', basename(file).replace(/\.json$/i, ''))));
  return { folder, plan: await settlePlan(folder, file, asked, { write: !status }) };
}

function readJson(file: string): unknown {
  const text = readFileSync(file, 'utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new FormatError(file, `is not JSON: ${(error as Error).message}`, { cause: error });
  }
}

async function train(plan: SweepPlan, folder: SweepFolder, place: Place, values: SweepValues): Promise<SweepEnd> {
  const backend = await chooseBackend({ ...values, threads: values.threads ?? place.threads });
  const screen = screenOf(stderr);
  const { bold, dim, yellow } = screen.style;
  const silent = { write: () => true };
  const line = new ProgressLine(values.quiet ? silent : stderr);
  // Ranks share a screen, and the first has its progress line.
  const progress = place.together && place.index > 0 ? new ProgressLine(silent) : line;
  const { sweep, trials, rungs } = plan;
  progress.print(bold(t`unrolled: sweep of ${trials.length} trials, ${sweep.method}`));
  const halving = rungs.map((rung) => t`${rung.trials} for ${rung.steps} steps`).join(t(', then '));
  const about = [
    t`  command ${sweep.command.join(' ')}`,
    ...(sweep.halving ? [t`  rungs   ${halving}`] : []),
    ...(place.by === null ? [] : [t`  here    ${t(place.by)}`]),
    t`  folder  ${folder.path}   (${describeBackend(backend)})`,
  ];
  for (const text of about) progress.print(dim(text));
  const end = await interruptible(
    () => line.print(yellow(t('stopping after this step, and saving (Ctrl-C again to leave at once)'))),
    (signal) => runSweep({ plan, folder, place, only: values.trial, signal, line, progress, style: screen.style }),
  );
  if (end.why !== null) line.print(yellow(t`${end.why}. Start the same command again to go on.`));
  return end;
}

async function status(plan: SweepPlan, folder: SweepFolder, values: SweepValues): Promise<object> {
  const results = currentResults(plan, folder);
  const live = await liveTrials(folder, results);
  if (!values.json) {
    const screen = screenOf(stdout);
    const lines = [...resultLines(plan, results, screen, live), '', ...summaryLines(results, folder.path, screen)];
    for (const line of lines) stdout.write(`${line}\n`);
  }
  if (values.html !== null) writePage(values.html, await pageOf(plan, folder, results));
  return results;
}

function show(plan: SweepPlan, folder: SweepFolder, results: SweepResults): void {
  const screen = screenOf(stderr);
  const lines = ['', ...resultLines(plan, results, screen), '', ...summaryLines(results, folder.path, screen)];
  for (const line of lines) stderr.write(`${line}\n`);
}

async function pageOf(plan: SweepPlan, folder: SweepFolder, results: SweepResults): Promise<string> {
  return sweepPage(plan, { path: folder.path, results, curves: await folder.curves(plan) });
}
