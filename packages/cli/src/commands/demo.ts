// `unrolled demo <task>`: a training command with its settings chosen, on synthetic data. A thin layer: what there is to be shown is
// in ../demos.ts.

import { OptionError, suggest } from 'unrolled';
import { syntheticData, memoryProblems } from 'unrolled/data';
import { flagOf, type OptionTable, settle } from '../command-line/options.ts';
import type { CommandSpec } from '../command-line/program.ts';
import { invoked } from '../installed.ts';
import { shellWord } from '../shell.ts';
import { commonOptions, computeOptions } from '../command-line/tables.ts';
import { type Demo, demos, type Goal } from '../demos.ts';
import type { TaskKind } from '../runs/kind.ts';
import { formatMetric } from '../runs/metrics.ts';
import { kinds } from '../tasks.ts';
import { trainKind } from './train.ts';
import { stderr, stdout, type Style, styleFor, table } from '../terminal/index.ts';
import { t } from '../language/index.ts';

const demoOptions = {
  out: { kind: 'string', default: null, short: 'o', placeholder: 'folder', help: 'run folder' },
  fresh: { kind: 'flag', default: false, help: 'start over and replace the run in the folder' },
  minutes: {
    kind: 'number',
    default: null,
    min: 0,
    above: true,
    help: 'train for about this long on this machine, instead of the steps of the demonstration',
  },
  steps: {
    kind: 'integer',
    default: null,
    min: 1,
    help: 'number of training steps, instead of those of the demonstration',
  },
  seed: {
    kind: 'integer',
    default: null,
    min: 0,
    help: 'random seed; the same seed and data give the same run, bit for bit',
  },
  ...computeOptions,
  ...commonOptions,
} as const satisfies OptionTable;

export const demo: CommandSpec<typeof demoOptions> = {
  name: 'demo',
  summary: 'train on synthetic data for up to a minute, with nothing to download',
  args: [
    [
      '[task]',
      `${kinds
        .filter((kind) => demosOf(kind).size > 0)
        .map(({ name }) => name)
        .join(', ')}; without it they are listed`,
    ],
    ['[which]', 'name of the demonstration (default: the first of the task)'],
  ],
  options: demoOptions,
  examples: ['unrolled demo', 'unrolled demo forecast', 'unrolled demo memory parity --minutes 0.5'],
  async run(values, [task, which], given) {
    if (task === undefined) {
      if (!values.json) for (const line of list()) stdout.write(`${line}\n`);
      return Object.fromEntries(kinds.map((kind) => [kind.name, [...demosOf(kind).keys()]]));
    }
    const kind = kinds.find(({ name }) => name === task);
    const own = kind ? demosOf(kind) : new Map<string, Demo>();
    if (!kind || own.size === 0) {
      const able = kinds.filter((k) => demosOf(k).size > 0).map(({ name }) => name);
      throw new OptionError('demo', task, `there is no demonstration of it; ${suggest(task, able)}`);
    }
    const name = which ?? [...own.keys()][0];
    const chosen = own.get(name);
    if (!chosen)
      throw new OptionError(`demo ${task}`, name, `there is no such demonstration; ${suggest(name, [...own.keys()])}`);
    const asked = Object.fromEntries(Object.entries(values).filter(([key]) => given.has(key)));
    // As of a file: what was asked for wins, `--minutes` over the steps of a demonstration.
    const settings = settle(`demo ${task}`, kind.options, chosen.values, asked);
    const shown = { ...chosen.values, ...asked };
    const kept = Object.keys(shown).filter((key) => key in asked || settings[key] !== kind.options[key].default);
    if (!values.quiet)
      stderr.write(
        `${styleFor(process.stderr).dim(t`the same as: ${invoked()} ${commandLine(kind, chosen.inputs, settings, kept)}`)}\n`,
      );
    const result = await trainKind(kind, settings, chosen.inputs ?? [], new Set(kept));
    const verdict = verdictOf(chosen.goal, result as GoalResult);
    if (!values.quiet) stderr.write(`${verdict.line(styleFor(process.stderr))}\n\n`);
    return { ...result, goal: { ...chosen.goal, value: verdict.value, reached: verdict.reached } };
  },
};

type GoalResult = Readonly<Record<string, unknown>> & { readonly metrics?: Readonly<Record<string, number>> };

/** Whether a run came to what its demonstration shows. */
function verdictOf({ metric, least = -Infinity, most = Infinity, what }: Goal, result: GoalResult) {
  const value = Number(result.metrics?.[metric] ?? result[metric] ?? Number.NaN);
  const reached = value >= least && value <= most;
  const bound = most === Infinity ? `≥ ${least}` : `≤ ${most}`;
  const line = ({ green, yellow }: Style) =>
    `${reached ? green('✓') : yellow('–')} ${t`${t(what)}: ${metric} ${formatMetric(value)}; with its own number of steps this demonstration reaches ${bound}`}`;
  return { value, reached, line };
}

/** The demonstrations of a kind. Where a `--demo` chooses the data, their names are its choices. */
function demosOf({ name, options }: TaskKind): ReadonlyMap<string, Demo> {
  const chosen = options.demo?.kind === 'choice';
  return new Map(
    Object.entries(demos[name] ?? {}).map(([which, demo]) => [
      which,
      chosen ? { ...demo, values: { demo: which, ...demo.values } } : demo,
    ]),
  );
}

function list(): string[] {
  const { bold, dim } = styleFor(process.stdout);
  const rows = kinds.flatMap((kind) =>
    [...demosOf(kind)].map(([name, { about, inputs }], k) => [
      k === 0 ? kind.name : '',
      name === kind.name ? '' : name,
      t(about ?? aboutOf(name) ?? inputs?.join(' ') ?? kind.summary),
    ]),
  );
  return [
    bold(t('a minute at most, on one thread, with nothing to download:')),
    '',
    ...table(rows).map((line) => `  ${line.trimEnd()}`),
    '',
    dim(t`${invoked()} demo <task> [which]`),
  ];
}

function aboutOf(name: string): string | null {
  const made: Readonly<Record<string, { readonly about: string }>> = { ...syntheticData, ...memoryProblems };
  return Object.hasOwn(made, name) ? made[name].about : null;
}

/** What would do the same without `demo`. */
function commandLine(
  kind: TaskKind,
  inputs: readonly string[] = [],
  settings: Readonly<Record<string, unknown>>,
  keys: readonly string[],
): string {
  const flags = keys.flatMap((key) =>
    settings[key] === true ? [`--${flagOf(key)}`] : [`--${flagOf(key)}`, shellWord(String(settings[key]))],
  );
  return ['train', kind.name, ...inputs, ...flags].join(' ');
}
