// The training command of a sweep: which task it is, and what the command line of a trial comes to. It is parsed as the shell's is, with aliases,
// presets, configuration files and checks, and nothing is trained yet.

import { CommanderError } from 'commander';
import { OptionError, suggest } from 'unrolled';
import { namesOf, withFlags } from '../command-line/names.ts';
import type { OptionTable, Values } from '../command-line/options.ts';
import { commandOf, hint } from '../command-line/program.ts';
import type { TaskKind } from '../runs/kind.ts';
import { kinds } from '../tasks.ts';

/** A command line that was parsed. */
export interface TrainingCommand {
  readonly kind: TaskKind;
  readonly values: Values<OptionTable>;
  readonly inputs: readonly string[];
  readonly given: ReadonlySet<string>;
}

/** The task of `train <task> …`. */
export function kindOfCommand(path: string, [, task]: readonly string[]): TaskKind {
  const kind = kinds.find(({ name }) => name === task);
  if (kind) return kind;
  const known = kinds.map(({ name }) => name);
  throw new OptionError(path, 'command', `there is no train ${task}; ${suggest(task, known)}`);
}

/** Parses `train <task> …`. Rejects with an OptionError where the command would be refused. */
export async function parseTraining(path: string, words: readonly string[]): Promise<TrainingCommand> {
  const kind = kindOfCommand(path, words);
  const { summary, args, options } = kind;
  let parsed: TrainingCommand | null = null;
  const printed: string[] = [];
  const command = commandOf(
    {
      name: `train ${kind.name}`,
      summary,
      args,
      options,
      async run(values: Values<OptionTable>, inputs: readonly string[], given: ReadonlySet<string>) {
        parsed = { kind, values, inputs, given };
        return null;
      },
    },
    async (result) => void (await result),
  );
  command.exitOverride().configureOutput({ writeErr: (text) => printed.push(text), writeOut: () => {} });
  try {
    await command.parseAsync(withFlags(words.slice(2), namesOf([options]), hint), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) throw new OptionError(path, 'command', 'asks for help and trains nothing');
    const [problem = error.message] = printed.join('').split('\n');
    throw new OptionError(path, 'command', problem.replace(/^error: /, ''));
  }
  if (parsed) return parsed;
  throw new Error('unreachable: what was parsed was run');
}
