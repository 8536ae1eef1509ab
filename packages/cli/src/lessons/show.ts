// A lesson in the terminal: its question, its figures, what they say.

import type { ChartSeries, LineChart } from 'unrolled/analysis';
import { type Style, padEnd, sparkline, stringWidth, table, wrap } from '../terminal/index.ts';
import type { Figure, Told } from './lesson.ts';
import { short } from './numbers.ts';
import type { Texts } from './texts/en.ts';

export function linesOf(
  told: Told,
  texts: Texts,
  { style, width }: { readonly style: Style; readonly width: number },
): string[] {
  const paragraph = (text: string) => wrap(text, width);
  return [
    style.bold(told.title),
    ...paragraph(told.question),
    '',
    ...told.figures.flatMap((f) => [...figure(f, style, width), '']),
    style.bold(texts.common.conclusion),
    ...told.conclusion.flatMap(paragraph),
  ];
}

function figure(f: Figure, style: Style, width: number): string[] {
  switch (f.kind) {
    case 'table':
      return table(f.table.rows, { header: f.table.header, width, style });
    case 'text':
      return f.lines.map((line, k) => (k === 0 ? line : style.dim(line)));
    case 'chart':
      return chart(f.chart, style, width);
    default:
      return f satisfies never;
  }
}

/** A row a series: its course, from its first value to its last. */
function chart(
  { title = '', xLabel = '', yLabel = '', yScale, series }: LineChart,
  style: Style,
  width: number,
): string[] {
  const names = Math.max(...series.map(({ name }) => stringWidth(name)));
  const columns = Math.max(10, Math.min(48, width - names - 24));
  const depth = (v: number) => (yScale === 'log' ? Math.log10(v) : v);
  const shown = series.filter(({ kind }) => kind !== 'dots');
  const all = shown.flatMap(({ points }) => points.map(([, y]) => depth(y))).filter(Number.isFinite);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const row = ({ name, points }: ChartSeries) => {
    const ys = points.map(([, y]) => depth(y));
    // Two more values, cut off again, so that all rows have one scale.
    const line = sparkline([...resampled(ys, columns), low, high], columns + 2).slice(0, columns);
    return `${padEnd(name, names)}  ${style.cyan(padEnd(line, columns))}  ${short(points[0][1])} → ${short(points[points.length - 1][1])}`;
  };
  return [
    `${title}${yLabel || xLabel ? style.dim(` (${[yLabel, xLabel].filter(Boolean).join(' · ')})`) : ''}`,
    ...shown.map(row),
  ];
}

/** As many values as there are columns, at even distances. */
function resampled(ys: readonly number[], count: number): number[] {
  return Array.from({ length: count }, (_, k) => ys[Math.round((k * (ys.length - 1)) / Math.max(1, count - 1))]);
}
