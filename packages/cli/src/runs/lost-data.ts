// Where a saved run reads what it was trained on: a file that has moved meanwhile is an error that says so, and what can be named instead.

import { OptionError } from 'unrolled';
import { MissingError } from '../files/index.ts';
import { invoked } from '../installed.ts';
import { shellPath } from '../shell.ts';
import type { SavedRun } from './kind.ts';
import { pathsOf } from './trust.ts';

/** What `read` gives. `instead`: the arguments with which the command `who` reads other data; null where it cannot. */
export async function orLostData<T>(
  who: string,
  { path, config }: Pick<SavedRun, 'path' | 'config'>,
  instead: string | null,
  read: () => T | Promise<T>,
): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const named = new Set(pathsOf(config).flatMap((one) => [one, ...one.split(/,\s*/)])); // several in one text
    if (!(error instanceof MissingError) || !named.has(error.option)) throw error;
    const { option: lost, problem } = error;
    const line = `${invoked()} ${who} ${shellPath(path)} ${instead}`;
    throw new OptionError(
      who,
      lost,
      instead === null
        ? `the run was trained on it, and ${problem}; bring it back`
        : `the run was trained on it, and ${problem}; bring it back, or name other data: ${line}`,
    );
  }
}
