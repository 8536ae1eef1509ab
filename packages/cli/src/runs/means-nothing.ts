// Options of a command that works with runs of every task: those that mean nothing to the run at hand are refused.

import { OptionError } from 'unrolled';
import { flagOf, type OptionTable } from '../command-line/options.ts';
import { commonOptions, computeOptions } from '../command-line/tables.ts';

const always = new Set(['checkpoint', ...Object.keys(commonOptions), ...Object.keys(computeOptions)]);

/** Throws for an option that was given, is not at its default, and is none of `known`. */
export function refuseOthers(
  command: string,
  table: OptionTable,
  values: Readonly<Record<string, unknown>>,
  task: string,
  known: readonly string[],
): void {
  for (const [key, spec] of Object.entries(table)) {
    if (always.has(key) || known.includes(key) || values[key] === spec.default) continue;
    const able = known.filter((name) => Object.hasOwn(table, name)).map((name) => `--${flagOf(name)}`);
    throw new OptionError(
      command,
      `--${flagOf(key)}`,
      `means nothing to a run of ${task}${able.length > 0 ? `; what does is ${able.join(', ')}` : ''}`,
    );
  }
}
