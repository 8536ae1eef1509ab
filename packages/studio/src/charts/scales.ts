// Axes: from values to pixels, linear or logarithmic, and where their marks stand.

export type ScaleKind = 'linear' | 'log';

export interface Scale {
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
  /** Whether a value has a place: a logarithmic axis has none for what is not above 0. */
  readonly has: (value: number) => boolean;
}

/** The least and the largest of any number of values: as arguments of a function they would be too many. Infinity and −Infinity of none. */
export function rangeOf(values: ArrayLike<number>): readonly [low: number, high: number] {
  let [low, high] = [Infinity, -Infinity];
  for (let k = 0; k < values.length; k++) [low, high] = [Math.min(low, values[k]), Math.max(high, values[k])];
  return [low, high];
}

/** A scale over `values` whose ends are at the pixels `from` and `to`. */
export function scaleOf(kind: ScaleKind, values: readonly number[], from: number, to: number, padded: boolean): Scale {
  const has = (v: number) => Number.isFinite(v) && (kind === 'linear' || v > 0);
  const forward = kind === 'log' ? Math.log10 : (v: number) => v;
  const known = values.filter(has).map(forward);
  let [low, high] = rangeOf(known);
  if (!(high > low)) [low, high] = known.length > 0 ? [low - 0.5, low + 0.5] : [0, 1];
  const room = padded ? 0.05 * (high - low) : 0;
  [low, high] = [low - room, high + room];
  const at = (v: number) => from + ((forward(v) - low) / (high - low)) * (to - from);
  return { at, has, ticks: kind === 'log' ? logTicks(low, high) : ticksOf(low, high) };
}

/** Three to five round numbers between the ends. */
export function ticksOf(low: number, high: number): number[] {
  const raw = (high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= raw) ?? 10 * power;
  const ticks: number[] = [];
  for (let k = Math.ceil(low / step); k * step <= high; k++) ticks.push(Number((k * step).toPrecision(6)));
  return ticks;
}

/** Powers of ten, at most six of them; where there are fewer than two, also their doubles and fives, or round numbers. `low` and `high` are exponents. */
export function logTicks(low: number, high: number): number[] {
  const whole: number[] = [];
  for (let power = Math.ceil(low); power <= high; power++) whole.push(power);
  const stride = Math.ceil(whole.length / 6);
  const powers = whole.filter((_, k) => k % stride === 0).map((power) => 10 ** power);
  if (powers.length > 1) return powers;
  const between: number[] = [];
  for (let power = Math.floor(low); power <= high; power++)
    for (const m of [1, 2, 5])
      if (Math.log10(m) + power >= low && Math.log10(m) + power <= high) between.push(m * 10 ** power);
  return between.length > 2 ? between : ticksOf(10 ** low, 10 ** high);
}
