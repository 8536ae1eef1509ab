// A part of the validation data, the same in every validation: what a run that has little time measures on.

import { requireNumber } from '../checks.ts';

/** Numbers of examples, evenly spaced, that are `part` of `count`, and at least one of them. */
export function examplesIn(count: number, part: number): Int32Array {
  const length = Math.min(count, Math.max(1, Math.ceil(part * count)));
  return Int32Array.from({ length }, (_, k) => Math.floor((k * count) / length));
}

/** Those examples of several lists that belong together, each list in the same order. All of them for a part of 1. */
export function inPart<L extends Readonly<Record<string, readonly unknown[] | ArrayLike<number>>>>(
  lists: L,
  part: number,
): L {
  if (part === 1) return lists;
  const rows = Array.from(examplesIn(Math.min(...Object.values(lists).map(({ length }) => length)), part));
  return Object.fromEntries(
    Object.entries(lists).map(([name, list]) => [name, rows.map((n) => list[n])]),
  ) as unknown as L;
}

/** Requires a part of something: a number above 0, up to 1. */
export function requirePart(who: string, part: unknown): void {
  requireNumber(who, 'part', part, { low: Number.MIN_VALUE, high: 1 });
}
