// `unrolled predict` for a run of an imported network that is none of the tasks: tensors by name from JSON files, and its outputs as JSON.
//
//   { "input": [[[0.1, 0.2], …], …] }      nested lists by the names of the inputs; for a network with one input, its lists alone

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FormatError, openRun, OptionError } from 'unrolled';
import type { TensorsPipeline, TensorValues } from 'unrolled/pipelines';
import { jsonText, stdout } from '../terminal/index.ts';

/** Whether config.json says that the run is one of these. What is no run is left to whoever opens it. */
export function isTensorsRun(path: string): boolean {
  try {
    return (
      (Object(JSON.parse(readFileSync(join(path, 'config.json'), 'utf8'))) as { task?: unknown }).task === 'tensors'
    );
  } catch {
    return false;
  }
}

/** Prints the outputs for each file, one line of JSON a file. */
export async function predictTensors(
  path: string,
  files: readonly string[],
  checkpoint: 'best' | 'last',
): Promise<void> {
  const run = await openRun(path, { checkpoint });
  if (run.task !== 'tensors') throw new FormatError(path, `is a run of ${run.task}`);
  if (files.length === 0)
    throw new OptionError('predict', path, `expected files of JSON with ${portsOf(run)}, as input.json`);
  for (const file of files) {
    const found = await run.predict(inputsOf(run, file));
    const outputs = Object.entries(found).map(([name, value]) => [name, nested(value)] as const);
    stdout.write(`${jsonText(Object.fromEntries(outputs))}\n`);
  }
}

const portsOf = ({ inputs }: TensorsPipeline) =>
  inputs.map(({ name, shape }) => `${name} [${shape?.join(', ') ?? '…'}]`).join(', ');

function inputsOf(run: TensorsPipeline, file: string): Record<string, TensorValues> {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new FormatError(file, `is not readable JSON (${(cause as Error).message})`, { cause });
  }
  const required = run.inputs.filter(({ optional }) => !optional);
  const named = Array.isArray(content) && required.length === 1 ? { [required[0].name]: content } : content;
  if (typeof named !== 'object' || named === null || Array.isArray(named))
    throw new FormatError(file, `expected an object with ${portsOf(run)}`);
  return Object.fromEntries(Object.entries(named).map(([name, value]) => [name, flat(value, `${file}: ${name}`)]));
}

/** Nested lists, all of one length at each depth, as a shape and values. */
function flat(value: unknown, source: string): TensorValues {
  const shape: number[] = [];
  let level: readonly unknown[] = [value];
  while (level.some(Array.isArray)) {
    const lengths = new Set(level.map((list) => (Array.isArray(list) ? list.length : -1)));
    if (lengths.size !== 1) throw new FormatError(source, 'expected lists of one length at each depth');
    shape.push([...lengths][0]);
    if (shape.length > 64) throw new FormatError(source, 'expected at most 64 lists in lists');
    level = (level as unknown[][]).flat();
  }
  const data = level.map((one) => (typeof one === 'boolean' ? Number(one) : one));
  if (!data.every((one): one is number => typeof one === 'number'))
    throw new FormatError(source, 'expected numbers in nested lists');
  return { shape, data };
}

function nested({ shape, data }: TensorValues): unknown {
  const nest = (axis: number, start: number): unknown => {
    if (axis === shape.length) return data[start];
    const step = shape.slice(axis + 1).reduce((n, d) => n * d, 1);
    return Array.from({ length: shape[axis] }, (_, i) => nest(axis + 1, start + i * step));
  };
  return nest(0, 0);
}
