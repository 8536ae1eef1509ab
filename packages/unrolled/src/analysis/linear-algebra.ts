// Singular values and eigenvalues of dense matrices, in float64. Both methods are the plain ones of the textbooks (Golub and Van Loan,
// Matrix Computations, sections 8.6 and 7.5): small enough to read, exact enough for the last digits, a second or two at 512 × 512.

import { requireKinds } from '../checks.ts';
import { OptionError, ShapeError } from '../errors.ts';

/** A complex number. */
export interface Complex {
  readonly re: number;
  readonly im: number;
}

function requireSize(who: string, a: ArrayLike<number>, rows: number, cols: number): void {
  if (a.length !== rows * cols) throw new ShapeError(who, 'a matrix', [rows, cols], [a.length]);
}

/**
 * The singular values of a [rows, cols] matrix a (row-major), largest first; min(rows, cols) of them.
 *
 * One-sided Jacobi: columns are rotated pair by pair until all are orthogonal; their lengths are the singular values.
 */
export function singularValues(a: ArrayLike<number>, rows: number, cols: number): Float64Array {
  requireKinds('singularValues', { a, rows, cols }, { a: 'numbers', rows: 'number', cols: 'number' });
  requireSize('singularValues', a, rows, cols);
  const [n, m] = rows < cols ? [rows, cols] : [cols, rows]; // n columns of length m
  const column = Array.from({ length: n }, (_, j) =>
    Float64Array.from({ length: m }, (_, i) => (rows < cols ? a[j * cols + i] : a[i * cols + j])),
  );
  for (let sweep = 0, turned = true; turned && sweep < 60; sweep++) {
    turned = false;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) if (orthogonalize(column[p], column[q])) turned = true;
  }
  return Float64Array.from(column, (c) => Math.hypot(...pieces(c))).sort((x, y) => y - x);
}

/** Rotates two columns in their plane so that their product is 0. Returns false when it was, to the last digit. */
function orthogonalize(x: Float64Array, y: Float64Array): boolean {
  let [alpha, beta, gamma] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    alpha += x[i] * x[i];
    beta += y[i] * y[i];
    gamma += x[i] * y[i];
  }
  if (Math.abs(gamma) <= 1e-15 * Math.sqrt(alpha * beta) || gamma === 0) return false;
  const zeta = (beta - alpha) / (2 * gamma);
  const t = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
  const c = 1 / Math.sqrt(1 + t * t);
  const s = c * t;
  for (let i = 0; i < x.length; i++) {
    const xi = x[i];
    x[i] = c * xi - s * y[i];
    y[i] = s * xi + c * y[i];
  }
  return true;
}

/** Lengths of pieces, so that hypot is called with few arguments and nothing overflows. */
function pieces(c: Float64Array): number[] {
  const out: number[] = [];
  for (let i = 0; i < c.length; i += 64) out.push(Math.hypot(...c.subarray(i, i + 64)));
  return out;
}

/** The largest singular value ‖A‖₂, by power iteration on AᵀA: for matrices too large for all of them. About 6 digits. */
export function spectralNorm(a: ArrayLike<number>, rows: number, cols: number, iterations = 200): number {
  requireKinds(
    'spectralNorm',
    { a, rows, cols, iterations },
    { a: 'numbers', rows: 'number', cols: 'number', iterations: 'number' },
  );
  requireSize('spectralNorm', a, rows, cols);
  let v = Float64Array.from({ length: cols }, (_, j) => 1 + Math.sin(1 + 1.7 * j));
  let norm = 0;
  for (let k = 0; k < iterations; k++) {
    const length = Math.hypot(...pieces(v));
    if (length === 0) return 0;
    v = v.map((x) => x / length);
    const u = new Float64Array(rows);
    for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) u[i] += a[i * cols + j] * v[j];
    const next = Math.hypot(...pieces(u));
    const w = new Float64Array(cols);
    for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) w[j] += a[i * cols + j] * u[i];
    v = w;
    if (Math.abs(next - norm) <= 1e-9 * next) return next;
    norm = next;
  }
  return norm;
}

/**
 * The eigenvalues of an [n, n] matrix (row-major), largest absolute value first.
 *
 * Reduction to Hessenberg form by Gaussian elimination with pivoting, then QR steps with Wilkinson's shift, in complex arithmetic.
 */
export function eigenvalues(a: ArrayLike<number>, n: number): Complex[] {
  requireKinds('eigenvalues', { a, n }, { a: 'numbers', n: 'number' });
  requireSize('eigenvalues', a, n, n);
  const re = hessenberg(Float64Array.from(a), n);
  const im = new Float64Array(n * n);
  const found: Complex[] = [];
  let scale = 0;
  for (const x of re) scale = Math.max(scale, Math.abs(x));
  for (let end = n - 1, tries = 0; end >= 0; ) {
    let start = end;
    while (start > 0 && !negligible(re, im, n, start, scale)) start--;
    if (start === end) {
      found.push({ re: re[end * n + end], im: im[end * n + end] });
      end--;
      tries = 0;
      continue;
    }
    qrStep(re, im, n, start, end, ++tries % 12 === 0);
    if (tries > 300)
      throw new OptionError('eigenvalues', 'a', 'the iteration does not converge; is there a NaN in the matrix?');
  }
  return found.sort((x, y) => Math.hypot(y.re, y.im) - Math.hypot(x.re, x.im));
}

function negligible(re: Float64Array, im: Float64Array, n: number, i: number, scale: number): boolean {
  const below = Math.abs(re[i * n + i - 1]) + Math.abs(im[i * n + i - 1]);
  const beside =
    Math.abs(re[(i - 1) * n + i - 1]) +
    Math.abs(im[(i - 1) * n + i - 1]) +
    Math.abs(re[i * n + i]) +
    Math.abs(im[i * n + i]);
  return below <= 2.3e-16 * (beside || scale);
}

function hessenberg(h: Float64Array, n: number): Float64Array {
  for (let m = 1; m < n - 1; m++) {
    let pivot = m;
    for (let i = m; i < n; i++) if (Math.abs(h[i * n + m - 1]) > Math.abs(h[pivot * n + m - 1])) pivot = i;
    const x = h[pivot * n + m - 1];
    if (x === 0) continue;
    for (let j = m - 1; j < n; j++) [h[pivot * n + j], h[m * n + j]] = [h[m * n + j], h[pivot * n + j]];
    for (let j = 0; j < n; j++) [h[j * n + pivot], h[j * n + m]] = [h[j * n + m], h[j * n + pivot]];
    for (let i = m + 1; i < n; i++) {
      const y = h[i * n + m - 1] / x;
      h[i * n + m - 1] = 0;
      if (y === 0) continue;
      for (let j = m; j < n; j++) h[i * n + j] -= y * h[m * n + j];
      for (let j = 0; j < n; j++) h[j * n + m] += y * h[j * n + i];
    }
  }
  return h;
}

/** H − μ = QR, H ← RQ + μ on rows and columns start … end, by Givens rotations. */
function qrStep(re: Float64Array, im: Float64Array, n: number, start: number, end: number, unusual: boolean): void {
  const mu = unusual
    ? { re: Math.abs(re[end * n + end - 1]) + Math.abs(re[end * n + end]), im: 0 }
    : wilkinson(re, im, n, end);
  const turns: { c: number; sRe: number; sIm: number }[] = [];
  for (let i = start; i <= end; i++) {
    re[i * n + i] -= mu.re;
    im[i * n + i] -= mu.im;
  }
  for (let k = start; k < end; k++) {
    const [p, q] = [k * n + k, (k + 1) * n + k];
    const size = Math.hypot(re[p], im[p], re[q], im[q]);
    const top = Math.hypot(re[p], im[p]);
    // c real, s complex: [c s; −s̄ c] · [p; q] = [r; 0]
    const [ur, ui] = top === 0 ? [1, 0] : [re[p] / top, im[p] / top];
    const c = size === 0 ? 1 : top / size;
    const sRe = size === 0 ? 0 : (ur * re[q] + ui * im[q]) / size;
    const sIm = size === 0 ? 0 : (ui * re[q] - ur * im[q]) / size;
    turns.push({ c, sRe, sIm });
    for (let j = k; j <= end; j++) {
      const [a, b] = [k * n + j, (k + 1) * n + j];
      const [ar, ai, br, bi] = [re[a], im[a], re[b], im[b]];
      re[a] = c * ar + sRe * br - sIm * bi;
      im[a] = c * ai + sRe * bi + sIm * br;
      re[b] = c * br - (sRe * ar + sIm * ai);
      im[b] = c * bi - (sRe * ai - sIm * ar);
    }
  }
  for (const [k0, { c, sRe, sIm }] of turns.entries()) {
    const k = start + k0;
    for (let i = start; i <= Math.min(k + 1, end); i++) {
      const [a, b] = [i * n + k, i * n + k + 1];
      const [ar, ai, br, bi] = [re[a], im[a], re[b], im[b]];
      // times [c −s; s̄ c] from the right
      re[a] = c * ar + (sRe * br + sIm * bi);
      im[a] = c * ai + (sRe * bi - sIm * br);
      re[b] = c * br - (sRe * ar - sIm * ai);
      im[b] = c * bi - (sRe * ai + sIm * ar);
    }
  }
  for (let i = start; i <= end; i++) {
    re[i * n + i] += mu.re;
    im[i * n + i] += mu.im;
  }
}

/** The eigenvalue of the last 2 × 2 block that is closer to its last element. */
function wilkinson(re: Float64Array, im: Float64Array, n: number, end: number): Complex {
  const at = (i: number, j: number) => ({ re: re[i * n + j], im: im[i * n + j] });
  const [a, b, c, d] = [at(end - 1, end - 1), at(end - 1, end), at(end, end - 1), at(end, end)];
  const half = { re: (a.re - d.re) / 2, im: (a.im - d.im) / 2 };
  const bc = { re: b.re * c.re - b.im * c.im, im: b.re * c.im + b.im * c.re };
  const square = { re: half.re * half.re - half.im * half.im + bc.re, im: 2 * half.re * half.im + bc.im };
  const size = Math.hypot(square.re, square.im);
  const root = {
    re: Math.sqrt(Math.max(0, (size + square.re) / 2)),
    im: Math.sqrt(Math.max(0, (size - square.re) / 2)),
  };
  if (square.im < 0) root.im = -root.im;
  const sign = half.re * root.re + half.im * root.im > 0 ? -1 : 1;
  return { re: d.re + half.re + sign * root.re, im: d.im + half.im + sign * root.im };
}
