// Numbers as people and tables write them.

import { shown } from '../checks.ts';
import { OptionError } from '../errors.ts';

/** A number as it is written in decimal: `3`, `-0.5`, `1e-3`. NaN for any other text, also for `0x10` and nothing at all, which Number takes for 16 and 0. */
export function parseDecimal(text: string): number {
  if (typeof text !== 'string') throw new OptionError('parseDecimal', 'text', `expected a string, got ${shown(text)}`);
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text.trim()) ? Number(text) : Number.NaN;
}
