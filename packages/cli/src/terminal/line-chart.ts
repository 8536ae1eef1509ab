// A chart of several lines in braille, with its axes: what `lineChart` draws for a page. A letter at the right end of a line says which it is, so that
// the chart can be read without colors too.

import type { LineChart } from 'unrolled/analysis';
import { BrailleCanvas } from './canvas.ts';
import { rangeOf } from './range.ts';
import type { Style } from './style.ts';
import { padEnd, padStart, stringWidth } from './width.ts';

type Series = LineChart['series'][number];
type Point = readonly [x: number, y: number];

export interface TerminalChartOptions {
  readonly width: number;
  readonly style: Style;
  /** How a number is written. */
  readonly number: (value: number) => string;
  /** Rows of the plot. Default 10. */
  readonly height?: number;
}

const colors = ['cyan', 'yellow', 'green', 'magenta', 'blue', 'red'] as const;

/** Title, plot, and a line for every series: its letter, its name, its first and last value. */
export function terminalChart(chart: LineChart, { width, style, number, height = 10 }: TerminalChartOptions): string[] {
  const { title = '', xLabel = '', yLabel = '', xScale = 'linear', yScale = 'linear', series, marks = [] } = chart;
  const onScale = (v: number, scale: string) => Number.isFinite(v) && (scale === 'linear' || v > 0);
  const scaled = (v: number, scale: string) => (scale === 'log' ? Math.log10(v) : v);
  const drawable = series.map(({ points }) => points.filter(([x, y]) => onScale(x, xScale) && onScale(y, yScale)));
  const placed = drawable.map((points) => points.map(([x, y]): Point => [scaled(x, xScale), scaled(y, yScale)]));
  const yMarks = marks.filter(({ axis, at }) => axis === 'y' && onScale(at, yScale));
  const xs = placed.flatMap((points) => points.map(([x]) => x));
  const ys = [...placed.flatMap((points) => points.map(([, y]) => y)), ...yMarks.map(({ at }) => scaled(at, yScale))];
  if (ys.length === 0) return [];
  const [[left, right], [low, high]] = [rangeOf(xs), rangeOf(ys)];
  const back = (v: number, scale: string) => number(scale === 'log' ? 10 ** v : v);

  const labels = [back(high, yScale), back((low + high) / 2, yScale), back(low, yScale)];
  const margin = Math.max(...labels.map(stringWidth));
  const columns = Math.max(16, Math.min(72, width - margin - 5));
  const canvas = new BrailleCanvas(columns, height);
  const heightOf = (y: number) => (high > low ? (high - y) / (high - low) : 0.5);
  const columnOf = (x: number) => (right > left ? Math.round(((x - left) / (right - left)) * (columns * 2 - 1)) : 0);
  for (const { at } of yMarks)
    canvas.line(new Array<number>(columns * 2).fill(heightOf(scaled(at, yScale))), { every: 4, paint: style.dim });
  const paintOf = (k: number) => style[colors[(series[k].color ?? k) % colors.length]];
  for (const [k, points] of placed.entries())
    for (const { start, heights, every } of strokes(points, series[k], columnOf, heightOf))
      canvas.line(heights, { start, paint: paintOf(k), every });

  const ends = endLetters(placed, height, heightOf);
  const rows = canvas.rows().map((row, r) => {
    const label = r === 0 ? labels[0] : r === height - 1 ? labels[2] : r === Math.floor(height / 2) ? labels[1] : '';
    return `${padStart(label, margin)} ┤${row}${ends[r] === undefined ? '' : ` ${paintOf(ends[r])(letterOf(ends[r]))}`}`;
  });
  const from = back(left, xScale);
  const to = back(right, xScale);
  const names = Math.max(...series.map(({ name }) => stringWidth(name)));
  return [
    style.bold(title),
    ...[yLabel, yScale === 'log' ? 'log' : '']
      .filter(Boolean)
      .slice(0, 2)
      .join(' · ')
      .split('\n')
      .filter(Boolean)
      .map(style.dim),
    ...rows,
    `${' '.repeat(margin + 2)}${from}${style.dim(centered(xLabel, columns - stringWidth(from) - stringWidth(to)))}${to}`,
    ...series.map(({ name, kind = 'line' }, k) => {
      const [first, last] = [drawable[k][0], drawable[k][drawable[k].length - 1]];
      const ends = first ? `${number(first[1])} → ${number(last[1])}` : '';
      const mark = kind === 'dots' ? '•' : kind === 'dashes' ? '╌' : '━';
      return `${' '.repeat(margin + 2)}${paintOf(k)(`${letterOf(k)} ${mark}`)} ${padEnd(name, names)}  ${ends}`.trimEnd();
    }),
    ...marks.map(
      ({ label, axis, at }) => `${' '.repeat(margin + 2)}${style.dim(`⋯   ${axis} = ${number(at)}: ${label}`)}`,
    ),
  ].filter((line) => line !== '');
}

function centered(text: string, width: number): string {
  const free = Math.max(0, width - stringWidth(text));
  return padEnd(' '.repeat(Math.floor(free / 2)) + text, width);
}

const letterOf = (k: number) => String.fromCharCode(97 + k);

/** Heights for every column of dots between the first and the last point, straight between points; dots stand alone. */
function strokes(
  points: readonly Point[],
  { kind = 'line' }: Series,
  columnOf: (x: number) => number,
  heightOf: (y: number) => number,
): { start: number; heights: number[]; every: number }[] {
  if (points.length === 0) return [];
  if (kind === 'dots' || points.length === 1)
    return points.map(([x, y]) => ({ start: columnOf(x), heights: [heightOf(y)], every: 1 }));
  const start = columnOf(points[0][0]);
  const heights: number[] = [heightOf(points[0][1])];
  for (const [k, [x, y]] of points.slice(1).entries()) {
    const [before, here] = [columnOf(points[k][0]), columnOf(x)];
    const [from, to] = [heightOf(points[k][1]), heightOf(y)];
    for (let c = before + 1; c <= here; c++) heights[c - start] = from + ((to - from) * (c - before)) / (here - before);
    if (here === before) heights[here - start] = to;
  }
  return [{ start, heights: Array.from(heights, (h) => h ?? Number.NaN), every: kind === 'dashes' ? 2 : 0 }];
}

/** For every row of the plot, the series that ends there, each in a row of its own as near as there is room. */
function endLetters(placed: readonly (readonly Point[])[], height: number, heightOf: (y: number) => number): number[] {
  const rows: number[] = [];
  for (const [k, points] of placed.entries()) {
    const last = points.at(-1);
    if (!last) continue;
    const wanted = Math.min(height - 1, Math.max(0, Math.round(heightOf(last[1]) * (height - 1))));
    const free = Array.from({ length: height }, (_, r) => r).filter((r) => rows[r] === undefined);
    if (free.length === 0) break;
    rows[free.reduce((best, r) => (Math.abs(r - wanted) < Math.abs(best - wanted) ? r : best))] = k;
  }
  return rows;
}
