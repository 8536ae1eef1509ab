// A forecast in the terminal: the history, then from the middle on the forecast with its interval, next to the actual values.

import type { Screen } from '../runs/shown.ts';
import { BrailleCanvas, padEnd, padStart, rangeOf, stretch, type Style } from '../terminal/index.ts';
import { type ColumnForecast, type TableForecast, written } from './ask.ts';
import { bandName } from './quantiles.ts';
import { t } from '../language/index.ts';

const rows = 8;

/** One drawing a column, of the first `most`. */
export function drawTerminal(forecast: TableForecast, { width: columns, style }: Screen, most = Infinity): string[] {
  const width = Math.min(100, columns - 4);
  const shown = forecast.columns.slice(0, most);
  const drawings = shown.flatMap((column) => [
    style.bold(forecast.series === null ? column.name : `${forecast.series}: ${column.name}`),
    ...drawColumn(column, forecast, width, style),
    '',
  ]);
  const more = forecast.columns.length - shown.length;
  return [
    ...drawings,
    legend(forecast, style),
    ...(more > 0 ? [style.dim(more === 1 ? t('and 1 column more') : t`and ${more} columns more`)] : []),
  ];
}

function drawColumn(
  column: ColumnForecast,
  forecast: TableForecast,
  width: number,
  { cyan, yellow, dim }: Style,
): string[] {
  const { values, quantiles, target, digits } = column;
  const steps = values.length;
  const history = Array.from(column.history).slice(-2 * steps); // the past gets two thirds at most
  const [low, high] = quantiles.length > 1 ? [quantiles[0], quantiles[quantiles.length - 1]] : [values, values];
  const all = [history, values, low, high, target].flatMap((some) => Array.from(some)).filter(Number.isFinite);
  const [least, most] = rangeOf(all);
  const labels = [written(most, digits), written(least, digits)];
  const margin = Math.max(...labels.map((l) => l.length));
  const dotsWide = 2 * Math.max(10, width - margin - 2);
  const perStep = dotsWide / (history.length + steps);
  const now = Math.round(history.length * perStep);
  const heights = (series: ArrayLike<number>, count: number) =>
    stretch(
      Array.from(series, (v) => (most > least ? (most - v) / (most - least) : 0.5)),
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
  const since = forecast.since ?? t('now');
  const end = forecast.labels[steps - 1];
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

function legend({ levels, columns }: TableForecast, { cyan, yellow, dim }: Style): string {
  const band = bandName(levels);
  const parts = [dim(t('history')), cyan(t('forecast'))];
  if (band) parts.push(cyan(t`· · interval of ${band}`));
  if (columns[0].target.length > 1) parts.push(yellow(t('actual')));
  return parts.join('   ');
}
