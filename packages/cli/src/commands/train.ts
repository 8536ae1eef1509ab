// `unrolled train <task>`, from the description of its kind.

import { OptionError } from 'unrolled';
import type { CommandSpec } from '../command-line/program.ts';
import { presetLines } from '../command-line/preset.ts';
import type { OptionTable, Values } from '../command-line/options.ts';
import { chooseBackend, describeBackend } from './compute.ts';
import { Interrupted, interruptible } from '../interrupt.ts';
import { ProgressLine, stderr, screenOf, wrap } from '../terminal/index.ts';
import type { TaskKind } from '../runs/kind.ts';
import type { RunValues } from '../runs/options.ts';
import { runTask } from '../runs/run.ts';
import { type RunResult, RunView } from '../runs/view.ts';

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

/** Trains, and shows it. What is returned is what --json prints. */
export async function trainKind(
  kind: TaskKind,
  settled: Values<OptionTable>,
  inputs: readonly string[],
  given: ReadonlySet<string>,
): Promise<object> {
  const values = settled as typeof settled & TrainValues; // every training command's table has these options
  if (values.demo && inputs.length > 0)
    throw new OptionError(
      `train ${kind.name}`,
      '--demo',
      `trains on synthetic data, and ${inputs.join(', ')} would not be read; leave one of them out`,
    );
  const screen = screenOf(stderr);
  const line = new ProgressLine(values.quiet ? { write: () => true } : stderr);
  const say = (text: string) => line.print(text);
  for (const [k, text] of presetLines(kind.options, settled).entries())
    for (const part of wrap(text, screen.width - 4)) say(k === 0 ? part : `  ${part}`);
  const prepared = await kind.prepare(settled, inputs, say);
  const folder = values.out ?? `runs/${prepared.name}`;
  const backend = await chooseBackend(values);
  const view = new RunView(kind, prepared, { line, screen, backend: describeBackend(backend) });
  await interruptible(
    () => say(screen.style.yellow('stopping after this step, and saving (Ctrl-C again to leave at once)')),
    async (signal) => {
      for await (const event of runTask({ kind, prepared, folder, values, given, signal, say })) view.show(event);
    },
  );
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
): Promise<object> {
  const { best, steps: all } = result as RunResult & { readonly best?: { readonly step: number } | null };
  const steps = best?.step ?? all;
  const values = { ...settled };
  Object.assign(values, {
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
