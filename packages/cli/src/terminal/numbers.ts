// Numbers for people: as many digits as one can use.

import { t } from '../language/index.ts';
/** `1.8 s`, `42 s`, `3 min 05 s`, `2 h 07 min` */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '–';
  if (seconds < 9.95) return t`${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return t`${whole} s`;
  if (whole < 3600) return t`${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  const minutes = Math.round(seconds / 60);
  return t`${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** `950`, `12.3k`, `4.56M`: three digits and a power of a thousand. */
export function compact(n: number): string {
  if (!Number.isFinite(n)) return '–';
  for (const [power, letter] of [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const) {
    if (Math.abs(n) >= power * 0.9995) return `${(n / power).toPrecision(3)}${letter}`;
  }
  return String(Math.round(n));
}

/** `1,115,394` */
export function grouped(n: number): string {
  return n.toLocaleString('en-US');
}

/** `1.5 kB`, `3.20 MB` */
export function bytes(n: number): string {
  return n < 1000 ? `${n} B` : `${compact(n)}B`.replace(/([GMk])B$/, ' $1B');
}
