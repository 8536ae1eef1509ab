// `unrolled train <task>`, from the description of its kind.

import { OptionError } from 'unrolled';
import type { CommandSpec } from '../command-line/program.ts';
import { presetLines } from '../command-line/preset.ts';
import type { OptionTable, Values } from '../command-line/options.ts';
import { chooseBackend, describeBackend } from './compute.ts';
import { Interrupted, interruptible } from '../interrupt.ts';
import { ProgressLine, stderr, screenOf, wrap } from '../terminal/index.ts';
import type { Prepared, TaskKind } from '../runs/kind.ts';
import { type RunValues, trainingOf } from '../runs/options.ts';
import { isKnownToAll } from '../runs/hand-over.ts';
import { prepareRun } from '../runs/prepare.ts';
import { agree, inEach, joinRanks, type Ranks, requireShards, together } from '../runs/ranks.ts';
import { followRun, runTask } from '../runs/run.ts';
import { type RunResult, RunView } from '../runs/view.ts';
import { t } from '../language/index.ts';

/** Values that every training command has, whatever its task. */
export type TrainValues = RunValues & {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly backend: string | null;
  readonly threads: number | null;
  readonly demo?: string | boolean | null;
  /** Of a task that can: train once more on all rows. */
  readonly refit?: boolean;
};

export function trainCommand(kind: TaskKind): CommandSpec<OptionTable> {
  const { name, summary, args, options, examples } = kind;
  return {
    name,
    summary,
    args,
    options,
    examples,
    run: (values, inputs, given) => trainKind(kind, values, inputs, given),
  };
}

/** What the processes of one command have to have in common: the task, the model, the data and how it is trained. */
async function agreeOn(ranks: Ranks, kind: TaskKind, prepared: Prepared, values: TrainValues): Promise<void> {
  const { model, settings, data } = prepared;
  const { steps, epochs, minutes } = values;
  const training = { ...settings, ...trainingOf(values), steps, epochs, minutes };
  await agree(ranks, { task: kind.name, data: { sha256: data.sha256 }, model, training });
}

/** Trains, and shows it. What is returned is what --json prints; null where another process tells it. */
export async function trainKind(
  kind: TaskKind,
  settled: Values<OptionTable>,
  inputs: readonly string[],
  given: ReadonlySet<string>,
): Promise<object | null> {
  const values = settled as typeof settled & TrainValues; // every training command's table has these options
  if (values.demo && inputs.length > 0)
    throw new OptionError(
      `train ${kind.name}`,
      '--demo',
      `trains on synthetic data, and ${inputs.join(', ')} would not be read; leave one of them out`,
    );
  const ranks = await joinRanks();
  const follows = (ranks?.world.rank ?? 0) > 0;
  const screen = screenOf(stderr);
  const line = new ProgressLine(values.quiet || follows ? { write: () => true } : stderr);
  const say = (text: string) => line.print(t(text));
  for (const [k, text] of presetLines(kind.options, settled).entries())
    for (const part of wrap(text, screen.width - 4)) say(k === 0 ? part : `  ${part}`);
  // Before the data are read: a pretrained encoder computes their features.
  const backend = await chooseBackend({ ...values, threads: values.threads ?? ranks?.threads ?? null });
  const { own, prepared } = await inEach(ranks, async () => {
    requireShards(`train ${kind.name}`, values.shards, ranks);
    if (ranks && values.refit)
      throw new OptionError(
        `train ${kind.name}`,
        '--refit',
        'trains a second time, and only in one process; leave it out',
      );
    return prepareRun(kind, settled, inputs, { given, say });
  });
  const folder = values.out ?? `runs/${prepared.name}`;
  if (ranks) await agreeOn(ranks, own, prepared, values);
  const view = new RunView(own, prepared, { line, screen, backend: describeBackend(backend), ranks });
  await interruptible(
    () => {
      say(screen.style.yellow(t('stopping after this step, and saving (Ctrl-C again to leave at once)')));
      ranks?.world.hurry();
    },
    async (signal) => {
      const run = { kind: own, prepared, folder, values, given, signal, say, world: ranks?.world };
      await together(ranks, isKnownToAll, async () => {
        if (ranks && follows) return followRun(run, ranks.world);
        for await (const event of runTask(run)) view.show(event);
      });
    },
  );
  if (follows) return null;
  const result = view.result();
  if (!values.json && !values.quiet) view.lastScreen(result);
  if (result.reason === 'stopped') throw new Interrupted(result);
  if (!values.refit) return result;
  return { ...result, refit: await fitToAll(kind, settled, inputs, { folder, result }) };
}

/** Once more on all rows, from the beginning, for as many steps as the best checkpoint of the run had. Nothing is kept to validate on. */
async function fitToAll(
  kind: TaskKind,
  settled: Values<OptionTable>,
  inputs: readonly string[],
  { folder, result }: { readonly folder: string; readonly result: RunResult },
): Promise<object | null> {
  const { best, steps: all } = result as RunResult & { readonly best?: { readonly step: number } | null };
  const steps = best?.step ?? all;
  const values = { ...settled };
  Object.assign(values, kind.refit?.(result.metrics ?? {}), {
    out: `${folder}-all`,
    valFrac: 0,
    steps,
    epochs: null,
    minutes: null,
    patience: 0,
    refit: false,
  });
  return trainKind(kind, values, inputs, new Set(['steps', 'valFrac', 'out']));
}
