// Numbers as people read them, in the language at hand.

import { computed } from '@preact/signals';
import { language } from './catalogue.ts';

/** Made once for a language: making one takes longer than a hundred numbers. */
const formats = computed(() => {
  const significant = (maximumSignificantDigits: number) =>
    new Intl.NumberFormat(language.value, { maximumSignificantDigits });
  return { plain: new Intl.NumberFormat(language.value), three: significant(3), five: significant(5) };
});

/** 1234567 → 1,234,567. */
export const grouped = (n: number): string => formats.value.plain.format(n);

/** Three significant digits: 0.0123, −1.42, 71,200, 2.1×10⁻⁵. */
export function brief(n: number): string {
  if (!Number.isFinite(n)) return '–';
  if (n !== 0 && (Math.abs(n) < 1e-3 || Math.abs(n) >= 1e7)) return power(n);
  return minus(formats.value[Math.abs(n) >= 1000 ? 'five' : 'three'].format(n));
}

/** 2.1×10⁻⁵, 5×10⁻⁴, 10⁷. */
export function power(n: number): string {
  const [mantissa, exponent] = n.toExponential(1).replace('+', '').split('e');
  const raised = Array.from(exponent, (c) => (c === '-' ? '⁻' : '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(c)])).join('');
  return minus(`${mantissa === '1.0' ? '' : `${mantissa.replace('.0', '')}×`}10${raised}`);
}

/** −0.5 with the sign that is as wide as a digit. */
export const minus = (text: string): string => text.replace(/^-/, '−');

/** A number of steps: 2.4, 23, 1,200. */
export const steps = (n: number): string => (n < 10 ? n.toFixed(1) : n > 1e5 ? '> 100,000' : grouped(Math.round(n)));

/** A loss: three digits after the point, so that its width does not jump, until they say nothing. */
export function loss(n: number | null | undefined): string {
  if (n == null || !Number.isFinite(n)) return '–';
  return n === 0 || Math.abs(n) >= 1e-3 ? minus(n.toFixed(3)) : power(n);
}

/** 0.384 → 38 %, on one line. */
export const percent = (part: number): string => `${Math.round(100 * part)}\u00a0%`;

/** 71200 → 71 k. */
export function thousands(n: number): string {
  if (!Number.isFinite(n)) return '–';
  if (n >= 1e6) return `${(n / 1e6).toFixed(1)} M`;
  return n >= 1e4 ? `${Math.round(n / 1e3)} k` : grouped(Math.round(n));
}

/** 3,400,000 bytes → 3.2 MiB, on one line. */
export function bytes(n: number): string {
  if (n < 1024 ** 2) return `${Math.max(1, Math.round(n / 1024))}\u00a0KiB`;
  return n < 1024 ** 3
    ? `${(n / 1024 ** 2).toFixed(n < 1e7 ? 1 : 0)}\u00a0MiB`
    : `${(n / 1024 ** 3).toFixed(1)}\u00a0GiB`;
}

/** 200 s → 3 min, on one line. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '–';
  const [s, min, h] = language.value === 'ko' ? ['초', '분', '시간'] : ['s', 'min', 'h'];
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))}\u00a0${s}`;
  if (seconds < 5400) return `${Math.round(seconds / 60)}\u00a0${min}`;
  return `${(seconds / 3600).toFixed(1)}\u00a0${h}`;
}
