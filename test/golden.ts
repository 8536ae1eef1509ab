// Reads the golden files and rebuilds the inputs that they were made from. golden/README.md has the layout.

import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { Tensor, tensor } from '../packages/unrolled/src/tensor/index.ts';

/** Twelve digits are stored, and both sides compute in float64. */
export const goldenTolerance = 1e-10;

export function goldenCases<Case>(file: string): Case[] {
  const text = readFileSync(new URL(`./golden/${file}.json`, import.meta.url), 'utf8');
  return (JSON.parse(text) as { cases: Case[] }).cases;
}

/** Element i of tensor k: scale · sin(0.37·i² + 1.3·i + k), as in tools/golden.py. */
export function waveValues(k: number, length: number, scale = 1): number[] {
  return Array.from({ length }, (_, i) => scale * Math.sin(0.37 * i * i + 1.3 * i + k));
}

export function wave(k: number, shape: readonly number[], scale = 1): Tensor {
  return tensor(
    waveValues(
      k,
      shape.reduce((a, b) => a * b, 1),
      scale,
    ),
    shape,
    { dtype: 'float64' },
  );
}

/** `wave` as a leaf that wants its gradient. */
export function waveLeaf(k: number, shape: readonly number[], scale = 1): Tensor {
  const x = wave(k, shape, scale);
  x.requiresGrad = true;
  return x;
}

/** Fails unless every number is expected, relative to its size where that is above 1. */
export function expectClose(
  name: string,
  actual: Tensor | ArrayLike<number> | null | undefined,
  expected: readonly number[],
  tolerance = goldenTolerance,
): void {
  const values = actual instanceof Tensor ? actual.dataSync() : (actual ?? []);
  if (values.length !== expected.length)
    expect.fail(`${name}: expected ${expected.length} numbers, got ${values.length}`);
  for (const [i, value] of expected.entries()) {
    const apart = Math.abs(values[i] - value) / Math.max(1, Math.abs(value));
    if (!(apart <= tolerance)) expect.fail(`${name}: number ${i} is ${values[i]}, expected ${value}`);
  }
}
