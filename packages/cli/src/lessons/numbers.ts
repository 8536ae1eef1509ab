// Numbers as lessons write them.

/** 0.00515, 117, 2.5e+7: three digits that matter. */
export function short(v: number): string {
  if (v === 0) return '0';
  const size = Math.abs(v);
  return size >= 0.001 && size < 1e5 ? String(Number(v.toPrecision(3))) : v.toExponential(1);
}

/** 41.3 % */
export function percent(part: number): string {
  return `${Number((part * 100).toPrecision(3))} %`;
}
