// A command line run in this process, as a process of its own would run it: what it prints, and its exit code. Starting a process costs
// more than most of these commands. What only a process has (signals, kills, pipes) is tested on real ones.

import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { currentBackend, useBackend } from 'unrolled';
import { afterAll, beforeAll, vi } from 'vitest';
import { main } from '../packages/cli/src/main.ts';

export interface Printed {
  readonly code: number | string;
  readonly out: string;
  readonly err: string;
}

/**
 * A working directory for the tests of a file, removed after them, with its own cache of images and without colors. Returns the paths of the
 * files in it. One thread computes: every test process has a core.
 */
export function workFolder(name: string): (path: string) => string {
  const folder = mkdtempSync(join(tmpdir(), `unrolled-${name}-`));
  const home = process.cwd();
  const backend = currentBackend();
  beforeAll(async () => {
    process.chdir(folder);
    vi.stubEnv('NO_COLOR', '1');
    vi.stubEnv('UNROLLED_CACHE', join(folder, 'cache'));
    vi.stubEnv('UNROLLED_THREADS', '1');
    await useBackend(backend.name as 'native');
  });
  afterAll(async () => {
    await useBackend(backend);
    process.chdir(home);
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });
  return (path) => join(folder, path);
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
  // --backend and --threads are for the life of a process: the next command line has what it would have had.
  const { UNROLLED_THREADS } = process.env;
  const backend = currentBackend();
  process.exitCode = 0;
  try {
    await main(args);
    return { code: process.exitCode ?? 0, ...printed };
  } finally {
    process.exitCode = 0;
    process.stdout.removeAllListeners('error');
    for (const spy of spies) spy.mockRestore();
    vi.stubEnv('UNROLLED_THREADS', UNROLLED_THREADS);
    if (currentBackend() !== backend) await useBackend(backend);
  }
}

/** The same with a text on standard input, as `unrolled … < file`. */
export async function inProcessReading(input: string, ...args: string[]): Promise<Printed> {
  const file = join(mkdtempSync(join(tmpdir(), 'unrolled-stdin-')), 'input.txt');
  writeFileSync(file, input);
  closeSync(0);
  if (openSync(file, 'r') !== 0) throw new Error('a file was opened in between, as descriptor 0');
  try {
    return await inProcess(...args);
  } finally {
    closeSync(0);
    openSync('/dev/null', 'r');
    rmSync(join(file, '..'), { recursive: true });
  }
}
