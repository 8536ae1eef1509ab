// Where a saved run reads what it was trained on: a file that has moved meanwhile is an error that says so, and what can be named instead.

import { existsSync } from 'node:fs';
import { OptionError } from 'unrolled';
import { invoked } from '../installed.ts';
import { shellPath } from '../shell.ts';
import type { SavedRun } from './kind.ts';
import { pathsOf } from './trust.ts';

const isThere = (path: string) => path === '-' || existsSync(path);

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
    const lost = pathsOf(config).find((one) => !isThere(one) && !one.split(/,\s*/).every(isThere)); // several in one text
    if (!(error instanceof OptionError) || lost === undefined) throw error;
    const at = process.cwd();
    const line = `${invoked()} ${who} ${shellPath(path)} ${instead}`;
    throw new OptionError(
      who,
      lost,
      instead === null
        ? `the run was trained on it, and it is not there (looked in ${at}); bring it back`
        : `the run was trained on it, and it is not there (looked in ${at}); bring it back, or name other data: ${line}`,
    );
  }
}
