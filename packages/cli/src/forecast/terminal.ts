// A forecast in the terminal: what was, then from the middle on what is said, in its band, beside what came.

import { BrailleCanvas, padEnd, padStart, stretch, type Style, styleFor } from '../terminal/index.ts';
import { type ColumnForecast, type RawImage, written } from './ask.ts';
import { bandName } from './quantiles.ts';

const rows = 8;

/** One drawing a column, of the first `most`. */
export function drawTerminal(image: RawImage, most = Infinity, output: NodeJS.WriteStream = process.stderr): string[] {
  const style = styleFor(output);
  const width = Math.min(100, (output.columns || 80) - 4);
  const shown = image.columns.slice(0, most);
  const drawings = shown.flatMap((column) => [
    style.bold(image.series === null ? column.name : `${image.series}: ${column.name}`),
    ...drawColumn(column, image, width, style),
    '',
  ]);
  const more = image.columns.length - shown.length;
  return [
    ...drawings,
    legend(image, style),
    ...(more > 0 ? [style.dim(`and ${more} ${more === 1 ? 'column' : 'columns'} more`)] : []),
  ];
}

function drawColumn(column: ColumnForecast, image: RawImage, width: number, { cyan, yellow, dim }: Style): string[] {
  const { values, quantiles, target, digits } = column;
  const steps = values.length;
  const history = column.history.slice(-2 * steps); // the past gets two thirds at most
  const [low, high] = quantiles.length > 1 ? [quantiles[0], quantiles[quantiles.length - 1]] : [values, values];
  const all = [history, values, low, high, target].flat().filter(Number.isFinite);
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const labels = [written(most, digits), written(least, digits)];
  const margin = Math.max(...labels.map((l) => l.length));
  const dotsWide = 2 * Math.max(10, width - margin - 2);
  const perStep = dotsWide / (history.length + steps);
  const now = Math.round(history.length * perStep);
  const heights = (series: readonly number[], count: number) =>
    stretch(
      series.map((v) => (most > least ? (most - v) / (most - least) : 0.5)),
      Math.max(1, count),
    );
  const ahead = dotsWide - now;
  const canvas = new BrailleCanvas(dotsWide / 2, rows);
  if (low !== values)
    for (const edge of [low, high]) canvas.line(heights(edge, ahead), { start: now, paint: cyan, every: 3 });
  canvas.line(heights(history, now), { paint: dim });
  for (const [k, part] of unbroken(target))
    if (part.length > 1) {
      const [start, end] = [k, k + part.length].map((step) => now + Math.round((ahead * step) / steps));
      canvas.line(heights(part, end - start), { start, paint: yellow });
    }
  canvas.line(heights(values, ahead), { start: now, paint: cyan });
  const lines = canvas.rows().map((row, r) => {
    const label = r === 0 ? labels[0] : r === rows - 1 ? labels[1] : '';
    return `${padStart(label, margin)} ┤${row}`;
  });
  const at = Math.round(now / 2);
  const since = image.since ?? 'now';
  const end = image.labels[steps - 1];
  const under = `${padEnd(padStart(`${since} ┊`, at + 1), at + 1)}${padStart(end, dotsWide / 2 - at - 1)}`;
  return [...lines, dim(`${' '.repeat(margin + 2)}${under}`)];
}

/** The stretches without a gap, each with its first step. */
function unbroken(values: readonly number[]): [first: number, values: number[]][] {
  const parts: [number, number[]][] = [];
  for (const [k, v] of values.entries()) {
    if (Number.isNaN(v)) continue;
    const last = parts.at(-1);
    if (last && last[0] + last[1].length === k) last[1].push(v);
    else parts.push([k, [v]]);
  }
  return parts;
}

function legend({ levels, columns }: RawImage, { cyan, yellow, dim }: Style): string {
  const band = bandName(levels);
  const parts = [dim('what was'), cyan('what it says')];
  if (band) parts.push(cyan(`· · in between lie ${band}`));
  if (columns[0].target.length > 1) parts.push(yellow('what came'));
  return parts.join('   ');
}
