// Arrow keys in charts: what is reached by pointing is reached by them too.

const by: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  PageUp: -10,
  PageDown: 10,
  Home: -Infinity,
  End: Infinity,
};

/** Where a key moves to among `count` places, from nowhere at first; null for a key that moves nothing. */
export function movedBy(key: string, at: number | null, count: number): number | null {
  const step = by[key];
  if (step === undefined || count === 0) return null;
  const from = at ?? (step > 0 ? -1 : count);
  return Math.min(count - 1, Math.max(0, from + step));
}
