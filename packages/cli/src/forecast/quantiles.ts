// `0.1,0.5,0.9`, as numbers that rise between 0 and 1.

import { OptionError } from 'unrolled';
import { parseDecimal } from 'unrolled/data';

export function quantilesOf(text: string): number[] {
  if (text.trim() === 'none') return [];
  const quantiles = text.split(',').map(parseDecimal);
  if (quantiles.every((q, k) => q > 0 && q < 1 && (k === 0 || q > quantiles[k - 1]))) return quantiles;
  throw new OptionError(
    'train forecast',
    '--quantiles',
    `expected rising numbers between 0 and 1 with commas between them, as 0.1,0.5,0.9, or none; got ${text}`,
  );
}

/** What lies between the outermost: `80 %`; null without two. */
export function bandName(quantiles: readonly number[]): string | null {
  if (quantiles.length < 2) return null;
  return `${Number((100 * (quantiles[quantiles.length - 1] - quantiles[0])).toPrecision(4))} %`;
}
