// Damaged inputs by number: case k of a parser is the same in every run, and can be made again alone.

import { Random, UnrolledError } from 'unrolled';
import type { Parser } from './parsers.ts';

export interface Outcome {
  readonly tried: number;
  /** With an error of the library's own. */
  readonly refused: number;
  /** Other errors, with the number of the case. */
  readonly untyped: readonly string[];
  /** ms of the processor, so that others on the machine do not count, and the number of the case. */
  readonly slowest: readonly [ms: number, at: number];
  /** MiB that the process grew by. */
  readonly grown: number;
}

export function damaged(parser: Parser, k: number) {
  return parser.make(new Random(k));
}

/** What reading throws; null where it gives something. */
async function faultOf({ read }: ReturnType<typeof damaged>): Promise<unknown> {
  try {
    const result = read();
    if (result instanceof Promise) await result;
    return null;
  } catch (error) {
    return error ?? 'nothing';
  }
}

const traceOf = (error: unknown) =>
  (error instanceof Error ? (error.stack ?? error.message) : String(error)).slice(0, 400);

export async function readDamaged(parser: Parser, first: number, count: number): Promise<Outcome> {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0; // nearly every case throws, and a trace costs more than the rest of it
  try {
    return await readAll(parser, first, count, stackTraceLimit);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

async function readAll(parser: Parser, first: number, count: number, stackTraceLimit: number): Promise<Outcome> {
  const before = process.memoryUsage.rss();
  let [refused, most] = [0, before];
  let slowest: readonly [number, number] = [0, first];
  const untyped: string[] = [];
  for (let k = first; k < first + count; k++) {
    const one = damaged(parser, k);
    const began = performance.now();
    const error = await faultOf(one);
    if (error instanceof UnrolledError) refused++;
    else if (error !== null) {
      Error.stackTraceLimit = stackTraceLimit;
      const again = await faultOf(damaged(parser, k));
      Error.stackTraceLimit = 0;
      untyped.push(`${parser.name}, case ${k}: ${traceOf(again ?? error)}`);
    }
    // Time of the processor is expensive to ask for, and no more than time: only a case that may be the slowest is read again for it.
    if (performance.now() - began > slowest[0]) {
      const before = process.cpuUsage();
      await faultOf(one);
      const { user, system } = process.cpuUsage(before);
      const ms = (user + system) / 1000;
      if (ms > slowest[0]) slowest = [ms, k];
    }
    if (k % 256 === 0) most = Math.max(most, process.memoryUsage.rss());
  }
  const grown = (Math.max(most, process.memoryUsage.rss()) - before) / 2 ** 20;
  return { tried: count, refused, untyped, slowest, grown };
}
