// A line plot in braille characters: each holds 2 × 4 dots, so 40 columns show 80 values.

import { BrailleCanvas } from './canvas.ts';
import { rangeOf } from './range.ts';
import { padStart } from './width.ts';
import { resample } from './sparkline.ts';

export interface PlotOptions {
  /** Columns, labels included. Default 60. */
  readonly width?: number;
  /** Rows. Default 8. */
  readonly height?: number;
  /** Labels at the ends of the horizontal axis. */
  readonly from?: string;
  readonly to?: string;
}

/** Plots `values` from left to right as lines of text. Values that are not finite leave a gap. */
export function plot(
  values: readonly number[],
  { width = 60, height = 8, from = '', to = '' }: PlotOptions = {},
): string[] {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return [];
  const [least, most] = rangeOf(finite);
  const labels = [most.toPrecision(4), least.toPrecision(4)];
  const margin = Math.max(...labels.map((l) => l.length));
  const columns = Math.max(1, width - margin - 2);
  const canvas = new BrailleCanvas(columns, height);
  const points = values.length > columns * 2 ? resample(values, columns * 2) : stretch(values, columns * 2);
  canvas.line(
    points.map((value) => (most > least ? (most - value) / (most - least) : Number.isFinite(value) ? 1 : value)),
  );

  const lines = canvas.rows().map((row, r) => {
    const label = r === 0 ? labels[0] : r === height - 1 ? labels[1] : '';
    return `${padStart(label, margin)} ┤${row}`;
  });
  if (!from && !to) return lines;
  return [...lines, `${' '.repeat(margin + 2)}${from}${padStart(to, columns - from.length)}`];
}

/** Interpolates `values` linearly at `count` places. */
export function stretch(values: readonly number[], count: number): number[] {
  return Array.from({ length: count }, (_, i) => {
    const at = count > 1 ? (i * (values.length - 1)) / (count - 1) : 0;
    const left = Math.floor(at);
    const part = at - left;
    return part === 0 ? values[left] : values[left] * (1 - part) + values[left + 1] * part;
  });
}
