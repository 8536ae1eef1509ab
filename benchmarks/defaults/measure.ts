// What the options of a case come to.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { unrolled } from '../lib/command.ts';
import type { Case } from './cases.ts';

const dataFolder = process.env.UNROLLED_DATA ?? new URL('../../../shared/data', import.meta.url).pathname;

/** Whether its data are there; says so where they are not. */
export function isThere({ name, folder }: Pick<Case, 'name' | 'folder'>): boolean {
  const there = folder === null || existsSync(join(dataFolder, folder));
  if (!there) process.stderr.write(`${name}: ${join(dataFolder, folder)} is not there; set UNROLLED_DATA\n`);
  return there;
}

interface Result {
  readonly metrics?: Readonly<Record<string, number>>;
  readonly bestValidationLoss: number;
  readonly steps: number;
}

/** The arguments of data that were unpacked, by their folder: once for all runs on them. */
const unpacked = new Map<string, readonly string[]>();

/** The metric of the best validation, and how long the run was, in steps and in processor seconds. `folder`: to unpack data into, and for the run. */
export function measure(
  one: Pick<Case, 'name' | 'task' | 'metric' | 'data'>,
  options: readonly string[],
  folder: string,
): { readonly value: number; readonly steps: number; readonly seconds: number } {
  const data = unpacked.get(folder) ?? one.data(dataFolder, folder);
  unpacked.set(folder, data);
  const args = ['train', one.task, ...data, ...options];
  const { result, seconds } = unrolled<Result>([...args, '--fresh', '--out', join(folder, 'run')]);
  const value = result.metrics?.[one.metric] ?? result.bestValidationLoss;
  process.stderr.write(
    `${one.name} ${options.join(' ') || '(defaults)'}: ${one.metric} ${value}, ${result.steps} steps, ${seconds.toFixed(0)} processor seconds\n`,
  );
  return { value, steps: result.steps, seconds };
}
