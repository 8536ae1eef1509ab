// Whether two answers are the same but for the last digits of their numbers.

import { expect } from 'vitest';

/** The same text, and numbers that differ by at most `tolerance` of themselves or of 1. */
export function close(got: unknown, expected: unknown, tolerance: number, path = ''): void {
  if (typeof got === 'number' && typeof expected === 'number') {
    const off = Math.abs(got - expected) / Math.max(1, Math.abs(expected));
    expect(off, `${path}: ${got}, expected ${expected}`).toBeLessThanOrEqual(tolerance);
  } else if (typeof got === 'object' && got !== null && typeof expected === 'object' && expected !== null) {
    expect(Object.keys(got), path).toEqual(Object.keys(expected));
    for (const [key, value] of Object.entries(got))
      close(value, (expected as Record<string, unknown>)[key], tolerance, `${path}.${key}`);
  } else expect(got, path).toBe(expected);
}

/** To every recorded digit; forecasts to six, because version 0.1.0 standardized in float32, and today's float64 changes the seventh. */
export function sameAsRecorded(name: string, got: unknown, expected: unknown, what = name): void {
  if (name.startsWith('forecast')) close(got, expected, 1e-6, what);
  else expect(got, what).toEqual(expected);
}
