// exp, log, tanh, sigmoid and softplus against double precision, over the whole range of float32: every exponent, both signs, subnormals.
// The bounds are those that kernels/math.h states.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { UnaryOp } from '../../packages/unrolled/src/backend/backend.ts';
import { allBuilds, type Build, Draw, put } from './builds.ts';

const exact: Partial<Record<UnaryOp, (x: number) => number>> = {
  exp: Math.exp,
  log: Math.log,
  tanh: Math.tanh,
  sigmoid: (x) => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x))),
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
};

/** Largest error in units in the last place: with a fused multiply-add, and without. */
const bounds: Record<string, [fused: number, plain: number]> = {
  exp: [1.1, 1.5],
  log: [1, 1],
  tanh: [2, 2.5],
  sigmoid: [2, 2.5],
  softplus: [2, 2.5],
};

let builds: Build[] = [];
beforeAll(async () => {
  builds = (await allBuilds()).filter((build) => build.threads === 1);
}, 60_000);
afterAll(() => {
  for (const { backend } of builds) backend.kernels.dispose();
});

/** 512 numbers of each of the 256 exponents and two signs, and 2^19 spread evenly over [−110, 110]. */
function sweep(): Float32Array {
  const draw = new Draw(1);
  const words = new Uint32Array(2 ** 18);
  for (let i = 0; i < words.length; i++) words[i] = ((i >>> 9) << 23) | draw.whole(0, 2 ** 23 - 1);
  const even = Float32Array.from({ length: 2 ** 19 }, (_, i) => (i / 2 ** 18 - 1) * 110 + draw.next() * 4e-4);
  const special = [
    0,
    -0,
    1,
    -1,
    Infinity,
    -Infinity,
    Number.NaN,
    2 ** -149,
    -(2 ** -149),
    3.4028234663852886e38,
    -3.4e38,
  ];
  return Float32Array.from([...new Float32Array(words.buffer), ...even, ...special]);
}

/** The distance of neighboring floats at y. */
function spacing(y: number): number {
  return 2 ** (Math.max(Math.floor(Math.log2(Math.abs(y))), -126) - 23);
}

describe.each(Object.keys(exact) as UnaryOp[])('%s', (op) => {
  test('stays within its stated error over all floats, and keeps NaN and infinities', () => {
    const f = exact[op] as (x: number) => number;
    const x = sweep();
    for (const { name, fuses, backend } of builds) {
      const out = backend.allocate('float32', x.length);
      backend.unary(op, out, put(backend, x));
      const y = out.array;
      let worst = 0;
      let at = 0;
      for (let i = 0; i < x.length; i++) {
        const wanted = f(x[i]);
        const rounded = Math.fround(wanted);
        if (Object.is(y[i], rounded)) continue;
        const error = Number.isFinite(rounded) ? Math.abs(y[i] - wanted) / spacing(rounded) : Infinity;
        if (!(error <= worst)) [worst, at] = [error, x[i]];
      }
      expect(worst, `${op}(${at}) on ${name}`).toBeLessThanOrEqual(bounds[op][fuses ? 0 : 1]);
    }
  });
});
