/** `count` of a list, evenly; all where there are fewer. */
export function spread<T>(all: readonly T[], count: number): T[] {
  const taken = Math.min(count, all.length);
  return Array.from({ length: taken }, (_, k) => all[Math.floor((k * all.length) / taken)]);
}
