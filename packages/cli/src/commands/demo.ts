// `unrolled demo <task>`: a training command with its settings chosen, on synthetic data. A thin layer: what there is to be shown is
// read from the kinds of tasks, so that a new one is here by itself.

import { OptionError, suggest } from 'unrolled';
import { syntheticData, memoryProblems } from 'unrolled/data';
import { flagOf, type OptionTable, settle } from '../command-line/options.ts';
import type { CommandSpec } from '../command-line/program.ts';
import { shellWord } from '../command-line/shell.ts';
import { commonOptions, computeOptions } from '../command-line/tables.ts';
import type { Demo, TaskKind } from '../runs/kind.ts';
import { kinds } from '../tasks.ts';
import { trainKind } from './train.ts';
import { stderr, stdout, styleFor, table } from '../terminal/index.ts';

const demoOptions = {
  out: { kind: 'string', default: null, short: 'o', placeholder: 'folder', help: 'run folder' },
  fresh: { kind: 'flag', default: false, help: 'start over and replace the run in the folder' },
  minutes: {
    kind: 'number',
    default: null,
    min: 0,
    above: true,
    help: 'train for about this long on this machine (default: 1)',
  },
  steps: { kind: 'integer', default: null, min: 1, help: 'number of training steps, instead of --minutes' },
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
  summary: 'train on synthetic data for about a minute, with nothing to download',
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
    const demos = kind ? demosOf(kind) : new Map<string, Demo>();
    if (!kind || demos.size === 0) {
      const able = kinds.filter((k) => demosOf(k).size > 0).map(({ name }) => name);
      throw new OptionError('demo', task, `there is no demonstration of it; ${suggest(task, able)}`);
    }
    const name = which ?? [...demos.keys()][0];
    const chosen = demos.get(name);
    if (!chosen)
      throw new OptionError(
        `demo ${task}`,
        name,
        `there is no such demonstration; ${suggest(name, [...demos.keys()])}`,
      );
    const asked = Object.fromEntries(Object.entries(values).filter(([key]) => given.has(key)));
    // As of a file: what was asked for wins, `--minutes` over the steps of a demonstration.
    const settings = settle(`demo ${task}`, kind.options, chosen.values ?? {}, asked);
    const shown = { ...chosen.values, ...asked };
    const kept = Object.keys(shown).filter((key) => key in asked || settings[key] !== kind.options[key].default);
    if (!values.quiet)
      stderr.write(
        `${styleFor(process.stderr).dim(`the same as: npx unrolled ${commandLine(kind, chosen.inputs, settings, kept)}`)}\n`,
      );
    return trainKind(kind, settings, chosen.inputs ?? [], new Set(kept));
  },
};

/** The demonstrations of a kind: those it names, or what its `--demo` can be asked for. */
function demosOf({ name, options, demos }: TaskKind): ReadonlyMap<string, Demo> {
  const spec = options.demo;
  const own = new Map(Object.entries(demos ?? {}));
  if (spec?.kind === 'flag') return own.size > 0 ? own : new Map([[name, { values: { demo: true } }]]);
  if (spec?.kind !== 'choice') return own;
  return new Map(spec.choices.map((choice) => [choice, { values: { demo: choice, ...own.get(choice)?.values } }]));
}

function list(): string[] {
  const { bold, dim } = styleFor(process.stdout);
  const rows = kinds.flatMap((kind) =>
    [...demosOf(kind)].map(([name, { inputs }], k) => [
      k === 0 ? kind.name : '',
      name === kind.name ? '' : name,
      aboutOf(name) ?? inputs?.join(' ') ?? kind.summary,
    ]),
  );
  return [
    bold('about a minute each, with nothing to download:'),
    '',
    ...table(rows).map((line) => `  ${line.trimEnd()}`),
    '',
    dim('npx unrolled demo <task> [which]'),
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
