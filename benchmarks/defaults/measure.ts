// What the options of a case come to.

import { join } from 'node:path';
import { unrolled } from '../lib/command.ts';
import type { Case } from './cases.ts';

export const dataFolder = process.env.UNROLLED_DATA ?? new URL('../../../shared/data', import.meta.url).pathname;

interface Result {
  readonly metrics?: Readonly<Record<string, number>>;
  readonly bestValidationLoss: number;
  readonly steps: number;
}

/** The metric of the best validation, and how long the run was. `folder`: to unpack data into, and for the run. */
export function measure(
  one: Pick<Case, 'name' | 'task' | 'metric' | 'data'>,
  options: readonly string[],
  folder: string,
): { readonly value: number; readonly steps: number } {
  const args = ['train', one.task, ...one.data(dataFolder, folder), ...options];
  const { result, seconds } = unrolled<Result>([...args, '--fresh', '--out', join(folder, 'run')]);
  const value = result.metrics?.[one.metric] ?? result.bestValidationLoss;
  process.stderr.write(
    `${one.name} ${options.join(' ') || '(defaults)'}: ${one.metric} ${value}, ${result.steps} steps, ${seconds.toFixed(0)} processor seconds\n`,
  );
  return { value, steps: result.steps };
}
