// Where a saved run reads what it was trained on: a file that has moved meanwhile is an error that says so, and what can be named instead.

import { existsSync } from 'node:fs';
import { OptionError } from 'unrolled';
import type { RunConfig } from './config.ts';
import { pathsOf } from './trust.ts';

const isThere = (path: string) => path === '-' || existsSync(path);

/** What `read` gives. `instead` is a command that reads other data; null where there is none. */
export async function orLostData<T>(
  who: string,
  config: RunConfig,
  instead: string | null,
  read: () => T | Promise<T>,
): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const lost = pathsOf(config).find((path) => !isThere(path) && !path.split(/,\s*/).every(isThere)); // several in one text
    if (!(error instanceof OptionError) || lost === undefined) throw error;
    const at = process.cwd();
    throw new OptionError(
      who,
      lost,
      instead === null
        ? `the run was trained on it, and it is not there (looked in ${at}); bring it back`
        : `the run was trained on it, and it is not there (looked in ${at}); bring it back, or name other data: ${instead}`,
    );
  }
}
