// Asks the person at the terminal a yes/no question. Without a person there is no question.

import { createInterface } from 'node:readline/promises';

/** Asks on standard error, so that what is printed stays clean; null where nobody can answer. */
export function asker({
  stdin,
  stderr,
}: Pick<NodeJS.Process, 'stdin' | 'stderr'> = process): ((question: string) => Promise<boolean>) | null {
  if (!stdin.isTTY || !stderr.isTTY) return null;
  return async (question) => {
    const terminal = createInterface({ input: stdin, output: stderr });
    try {
      return /^\s*(?:y(?:es)?|네|예|ㅇ)\s*$/i.test(await terminal.question(`${question} [y/N] `));
    } finally {
      terminal.close();
    }
  };
}
