// Builds commander's commands from the tables: names, --help, "did you mean", and checked values.

import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { FormatError, OptionError } from 'unrolled';
import { typed } from '../installed.ts';
import { stderr } from '../terminal/index.ts';
import { byKey, flagOf, type OptionSpec, type OptionTable, placeholderOf, settle, type Values } from './options.ts';
import { presetValues } from './preset.ts';
import type { Hint } from './renamed.ts';
import { speak, t } from '../language/index.ts';

export interface CommandSpec<T extends OptionTable> {
  readonly name: string;
  readonly summary: string;
  /** Positional arguments, as `[run]` or `<files...>`, with their descriptions. */
  readonly args?: readonly (readonly [name: string, help: string])[];
  readonly options: T;
  readonly examples?: readonly string[];
  /** Returns the object that --json prints; null where everything was printed. */
  run(values: Values<T>, args: readonly string[], given: ReadonlySet<string>): Promise<object | null>;
}

/** Renders the outcome. */
export interface Finishing {
  readonly json: boolean;
  readonly debug: boolean;
  readonly options: OptionTable;
}

/** A commander command that calls `finish` with the outcome. `who`: the command in errors, with those that it is under, as `train text`. */
export function commandOf<T extends OptionTable>(
  spec: CommandSpec<T>,
  finish: (result: Promise<object | null>, about: Finishing) => Promise<void>,
  who: string = spec.name,
): Command {
  const command = new Command(spec.name)
    .summary(t(spec.summary))
    .description(t(spec.summary))
    .allowExcessArguments(false);
  for (const [name, help] of spec.args ?? []) command.argument(name, t(help));
  for (const [key, option] of Object.entries(spec.options)) command.addOption(commanderOption(key, option));
  if (spec.examples)
    command.addHelpText(
      'after',
      `\n${t('Examples:')}\n${spec.examples.map((line) => `  $ ${typed(line)}`).join('\n')}\n`,
    );
  command.action(async () => {
    // A flag that is switched off by --no-… has a value before anybody gave one.
    const opts: Record<string, unknown> = command.opts();
    const flags = Object.fromEntries(
      Object.entries(opts).filter(([key]) => command.getOptionValueSource(key) !== 'default'),
    );
    const outcome = async () => {
      const saved = 'config' in spec.options && typeof flags.config === 'string' ? readConfig(flags.config) : {};
      const own = byKey(who, spec.options, saved, hint);
      const file = { ...presetValues(who, spec.options, flags, own), ...own };
      const values: Values<T> & { readonly lang?: unknown } = settle(who, spec.options, file, flags);
      if (values.lang === 'en' || values.lang === 'ko') await speak(values.lang); // of a configuration file, too
      return spec.run(values, command.args, new Set([...Object.keys(file), ...Object.keys(flags)]));
    };
    await finish(outcome(), {
      json: flags.json === true,
      debug: flags.debug === true,
      options: spec.options,
    });
  });
  return command;
}

/** Tells on standard error that an option has a new name. */
export const hint: Hint = (line) => void stderr.write(`${line}\n`);

function commanderOption(key: string, spec: OptionSpec): Option {
  const short = spec.short ? `-${spec.short}, ` : '';
  if (spec.kind === 'flag') {
    // A flag that is on by default is switched off: --no-test.
    const option = new Option(`${short}--${spec.default ? 'no-' : ''}${flagOf(key)}`, t(spec.help));
    return group(spec, option);
  }
  const shown = spec.default === null || spec.default === '' ? '' : t` (default: ${spec.default})`;
  const help = t(spec.help);
  const choices = spec.kind === 'choice' && !namesAll(help, spec.choices) ? spec.choices.join(', ') : '';
  const chosen = choices === '' ? '' : t` (choices: ${choices})`;
  return group(spec, new Option(`${short}--${flagOf(key)} ${placeholderOf(spec)}`, help + chosen + shown));
}

/** Whether a help text has each of these names, as a word. */
function namesAll(help: string, choices: readonly string[]): boolean {
  const words = new Set(help.match(/[\w-]+/g));
  return choices.every((choice) => words.has(choice));
}

function group(spec: OptionSpec, option: Option): Option {
  return spec.group ? option.helpGroup(`${spec.group}:`) : option;
}

function readConfig(path: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new OptionError('configuration file', path, `cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch (error) {
    throw new FormatError(path, `is not JSON: ${(error as Error).message}`, { cause: error });
  }
  throw new FormatError(path, 'expected a JSON object with the options by their names');
}
