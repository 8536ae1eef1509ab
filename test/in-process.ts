// A command line run in this process, as a process of its own would run it: what it prints, and its exit code. Starting a process costs a second.

import { vi } from 'vitest';
import { main } from '../packages/cli/src/main.ts';

export interface Printed {
  readonly code: number | string;
  readonly out: string;
  readonly err: string;
}

/** Paths are taken from the working directory. */
export async function inProcess(...args: string[]): Promise<Printed> {
  const printed = { out: '', err: '' };
  const into = (name: 'out' | 'err') => (text: unknown) => {
    printed[name] += String(text);
    return true;
  };
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(into('out')),
    vi.spyOn(process.stderr, 'write').mockImplementation(into('err')),
  ];
  process.exitCode = 0;
  try {
    await main(args);
    return { code: process.exitCode ?? 0, ...printed };
  } finally {
    process.exitCode = 0;
    process.stdout.removeAllListeners('error');
    for (const spy of spies) spy.mockRestore();
  }
}
