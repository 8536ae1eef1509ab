// A row of bars, one character each: ▇▅▃▂▂▁

const bars = '▁▂▃▄▅▆▇█';

/** The last bars are the latest values; more values than columns are averaged in groups. Non-finite values leave a gap. */
export function sparkline(values: readonly number[], width: number): string {
  const shown = resample(values, width);
  const finite = shown.filter(Number.isFinite);
  const [least, most] = [Math.min(...finite), Math.max(...finite)];
  const steps = bars.length - 1;
  return shown
    .map((v) =>
      Number.isFinite(v) ? bars[most > least ? Math.round(((v - least) / (most - least)) * steps) : 0] : ' ',
    )
    .join('');
}

/** `values` as at most `count` means of equal groups, in order. Values that are not finite are left out of a mean. */
export function resample(values: readonly number[], count: number): number[] {
  const n = Math.min(Math.max(0, count), values.length);
  return Array.from({ length: n }, (_, i) => {
    const group = values.slice(Math.floor((i * values.length) / n), Math.floor(((i + 1) * values.length) / n));
    const finite = group.filter(Number.isFinite);
    return finite.reduce((a, b) => a + b, 0) / finite.length;
  });
}
