// Numbers as lessons write them.

import { requireKinds, requireWhole } from '../checks.ts';

const raised = (exponent: number) =>
  Array.from(String(exponent), (c) => (c === '-' ? '⁻' : '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(c)])).join('');

/** 0.00515, 117, 2.5×10⁷: three digits that matter. */
export function short(v: number): string {
  requireKinds('shortNumber', { v }, { v: 'number' });
  if (v === 0) return '0';
  if (!Number.isFinite(v)) return Number.isNaN(v) ? 'NaN' : v > 0 ? '∞' : '−∞';
  const size = Math.abs(v);
  if (size >= 0.001 && size < 1e5) return minus(String(Number(v.toPrecision(3))));
  return power(v, 1);
}

/** A count as both languages write it: 12,345. Whatever else a number is in a table is text there. */
export function grouped(n: number): string {
  requireKinds('groupedNumber', { n }, { n: 'number' });
  return minus(n.toLocaleString('en'));
}

/** 2.1×10⁻¹⁴ with so many digits after the point. */
export function power(v: number, digits: number): string {
  if (v === 0) return '0';
  const [mantissa, exponent] = v.toExponential(digits).split('e');
  return minus(`${mantissa}×10${raised(Number(exponent))}`);
}

/** A fixed number of digits after the point. */
export function fixed(v: number, digits: number): string {
  requireKinds('fixedNumber', { v }, { v: 'number' });
  requireWhole('fixedNumber', 'digits', digits, 0, 20);
  const text = v.toFixed(digits);
  return minus(/^-[0.]*$/.test(text) ? text.slice(1) : text);
}

/** 41.3 %, which no line breaks apart. */
export function percent(part: number): string {
  return `${Number((part * 100).toPrecision(3))}\u00a0%`;
}

/** 1.2 MiB, 340 KiB */
export function memory(bytes: number): string {
  const mega = bytes / 2 ** 20;
  return mega >= 1 ? `${Number(mega.toPrecision(3))} MiB` : `${Number((bytes / 1024).toPrecision(3))} KiB`;
}

const minus = (text: string) => text.replace(/^-/, '−');
