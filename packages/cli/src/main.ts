// The `unrolled` command. Exit codes: 0 done · 1 failed · 2 used wrongly · 130 interrupted (and saved).

import { Command, CommanderError } from 'commander';
import { OptionError, UnrolledError } from 'unrolled';
import { withOwners } from './command-line/advice.ts';
import { withHelp } from './command-line/help.ts';
import { namesOf, withFlags } from './command-line/names.ts';
import type { OptionTable } from './command-line/options.ts';
import { commandOf, type Finishing, hint } from './command-line/program.ts';
import { type Commands, commandsFor } from './commands.ts';
import { forgetFound, forgetPipes, RefusedFile } from './files/index.ts';
import { Interrupted, ToldElsewhere } from './interrupt.ts';
import { version } from './version.ts';
import { jsonText, stderr, stdout } from './terminal/index.ts';
import { afterLanguage, askedLanguage, errorText, speak, t } from './language/index.ts';

/** Other names for flags, of the command that is asked for: what is one flag here may be another there. */
function namesFor([command, task]: readonly string[], { train, others }: Commands): ReadonlyMap<string, string> {
  const asked = command === 'train' ? train.filter(({ name }) => name === task) : others;
  return namesOf((asked.length > 0 ? asked : [...train, ...others]).map(({ options }) => options));
}

/** For advice that names an option of training. */
async function trainTables(): Promise<ReadonlyMap<string, OptionTable>> {
  const { train } = await commandsFor('train');
  return new Map(train.map(({ name, options }) => [`train ${name}`, options]));
}

export const exitCodes = { done: 0, failed: 1, usedWrongly: 2, interrupted: 130 } as const;

const help = () => ['help [command]', t('display help for command')] as const;

/** The command with these subcommands. `finished` is told of what came out. */
export function programOf(commands: Commands, finished: typeof finish): Command {
  const program = new Command('unrolled')
    .description(t('Recurrent networks: train them, look inside them, ship them.'))
    .version(version, '-v, --version', t('output the version number'))
    .helpCommand(...help());
  if (commands.train.length > 0) program.addCommand(trainOf(commands, finished));
  for (const command of commands.others) program.addCommand(commandOf(command, finished));
  for (const command of [program, ...program.commands, ...program.commands.flatMap((one) => one.commands)])
    withHelp(command).exitOverride();
  return program;
}

function trainOf({ train }: Commands, finished: typeof finish): Command {
  const command = new Command('train')
    .summary(t('train a model'))
    .description(t('Train a model on your own data.'))
    .helpCommand(...help());
  for (const spec of train) command.addCommand(commandOf(spec, finished, `train ${spec.name}`));
  return command;
}

/** Runs one command line and sets the process's exit code. Command lines can follow each other in a process. */
export async function main(given: readonly string[]): Promise<void> {
  const args = afterLanguage(given);
  try {
    await speak(askedLanguage(given, process.env));
    const commands = await commandsFor(args[0]);
    await programOf(commands, finish).parseAsync(withFlags(args, namesFor(args, commands), hint), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.usedWrongly;
  } finally {
    forgetFound();
    forgetPipes();
  }
}

/** Prints what came out, or what went wrong. */
async function finish(result: Promise<object | null>, { json, debug, options }: Finishing): Promise<void> {
  try {
    const value = await result;
    if (json && value) stdout.write(`${jsonText(value)}\n`);
  } catch (error) {
    if (error instanceof ToldElsewhere) {
      process.exitCode = exitCodes.failed;
      return;
    }
    if (error instanceof Interrupted) {
      if (json) stdout.write(`${jsonText(error.result)}\n`);
      process.exitCode = exitCodes.interrupted;
      return;
    }
    if (!(error instanceof UnrolledError) && !(error instanceof RefusedFile) && !isSystemError(error)) {
      process.exitCode = exitCodes.failed;
      stderr.write(
        t`unrolled failed in a way it should not; please report this:\n${(error as Error)?.stack ?? String(error)}\n`,
      );
      return;
    }
    stderr.write(`${debug ? (error as Error).stack : withOwners(errorText(error), options, await trainTables())}\n`);
    if (json)
      stdout.write(
        `${jsonText({ error: { code: error instanceof RefusedFile ? `file-${error.refusal}` : error.code, message: error.message } })}\n`,
      );
    const isTheirs = error instanceof OptionError || error instanceof RefusedFile;
    process.exitCode = isTheirs ? exitCodes.usedWrongly : exitCodes.failed;
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException & { code: string } {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).code === 'string' && 'syscall' in error;
}
