// The linear recurrence h_t = a_t ⊙ h_(t−1) + b_t, unit by unit. A complex number is unit u and unit H + u of a row.

import type { ScanSizes } from '../backend.ts';
import type { Storage, TypedArray } from '../storage.ts';

type Complex = readonly [re: number, im: number];

const times = ([a, b]: Complex, [c, d]: Complex): Complex => [a * c - b * d, a * d + b * c];
const plus = ([a, b]: Complex, [c, d]: Complex): Complex => [a + c, b + d];
const conjugate = ([a, b]: Complex): Complex => [a, -b];
const zero: Complex = [0, 0];

/** The numbers at row r of a tensor of rows of W floats; nothing there is zeros. */
function cells(x: Storage | null, { H, complex }: ScanSizes) {
  const W = complex ? 2 * H : H;
  return {
    get: (r: number, u: number): Complex => (x ? [x.array[r * W + u], complex ? x.array[r * W + H + u] : 0] : zero),
    set(r: number, u: number, [re, im]: Complex): void {
      if (!x) return;
      const array: TypedArray = x.array;
      array[r * W + u] = re;
      if (complex) array[r * W + H + u] = im;
    },
  };
}

/** The times that row b reads, in its order: its first `length`, from either end. */
function timesOf(b: number, lengths: Storage | null, { T, reverse }: ScanSizes): number[] {
  const length = lengths ? lengths.array[b] : T;
  return Array.from({ length }, (_, s) => (reverse ? length - 1 - s : s));
}

export function scanForward(
  h: Storage,
  hn: Storage | null,
  a: Storage,
  b: Storage,
  h0: Storage | null,
  lengths: Storage | null,
  sizes: ScanSizes,
): void {
  const { B, H, constant } = sizes;
  const [out, last, factor, input, first] = [h, hn, a, b, h0].map((x) => cells(x, sizes));
  h.array.fill(0);
  for (let row = 0; row < B; row++) {
    const steps = timesOf(row, lengths, sizes);
    for (let u = 0; u < H; u++) {
      let state = first.get(row, u);
      for (const t of steps) {
        out.set(
          t * B + row,
          u,
          plus(times(factor.get(constant ? 0 : t * B + row, u), state), input.get(t * B + row, u)),
        );
        state = out.get(t * B + row, u);
      }
      last.set(row, u, state);
    }
  }
}

export function scanBackward(
  da: Storage | null,
  db: Storage,
  dh0: Storage | null,
  dh: Storage | null,
  dhn: Storage | null,
  a: Storage,
  h: Storage,
  h0: Storage | null,
  lengths: Storage | null,
  sizes: ScanSizes,
): void {
  const { B, H, constant } = sizes;
  const [dFactor, dInput, dFirst, arrived, dLast] = [da, db, dh0, dh, dhn].map((x) => cells(x, sizes));
  const [factor, out, first] = [a, h, h0].map((x) => cells(x, sizes));
  da?.array.fill(0);
  db.array.fill(0);
  for (let row = 0; row < B; row++) {
    const steps = timesOf(row, lengths, sizes);
    for (let u = 0; u < H; u++) {
      let g = dLast.get(row, u);
      let sum = zero;
      for (let s = steps.length - 1; s >= 0; s--) {
        const r = steps[s] * B + row;
        g = plus(g, arrived.get(r, u));
        dInput.set(r, u, g);
        const before = s > 0 ? out.get(steps[s - 1] * B + row, u) : first.get(row, u);
        const product = times(g, conjugate(before));
        if (constant) sum = plus(sum, product);
        else dFactor.set(r, u, product);
        g = times(g, conjugate(factor.get(constant ? 0 : r, u)));
      }
      if (constant) dFactor.set(row, u, sum);
      dFirst.set(row, u, g);
    }
  }
}
