// Line charts: losses, gradients, memory. Linear or logarithmic axes, with marks for values worth pointing at.

import { optional, requireKinds } from '../checks.ts';
import { OptionError } from '../errors.ts';
import {
  colorCount,
  escapeXml,
  legend,
  path,
  image,
  powerLabel,
  round,
  stepAxis,
  textWidth,
  tickLabel,
  ticks,
  titleOf,
  valueAxis,
} from './svg.ts';
import { rangeOf } from './range.ts';

/** One line of a chart. */
export interface ChartSeries {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  /** Style of the series. Default 'line'. */
  readonly kind?: 'line' | 'dashes' | 'dots';
  /** Index into the palette, 0 to 5. Default: the place in the list. */
  readonly color?: number;
}

/** What `lineChart` draws: series over a common axis. */
export interface LineChart {
  readonly series: readonly ChartSeries[];
  readonly title?: string;
  readonly xLabel?: string;
  readonly yLabel?: string;
  /** Scale of an axis. Default 'linear'. A logarithmic axis breaks the line at values that are not above 0. */
  readonly xScale?: 'linear' | 'log';
  readonly yScale?: 'linear' | 'log';
  /** Horizontal lines at these values, each with a label. */
  readonly marks?: readonly { readonly axis: 'x' | 'y'; readonly at: number; readonly label: string }[];
  /** Whether both axes have the same scale: for circles. Default false. */
  readonly square?: boolean;
  /** Points that must lie within the axes though nothing is drawn there. */
  readonly include?: readonly (readonly [x: number, y: number])[];
  /** More SVG between the axes and the series, made from the scales. */
  readonly beneath?: (x: (v: number) => number, y: (v: number) => number) => string;
  /** Size in pixels. Default 440 × 280. */
  readonly width?: number;
  readonly height?: number;
}

type Scale = 'linear' | 'log';
type Tick = readonly [value: number, label: string];

/**
 *     lineChart({ title: 'Loss', series: [{ name: 'LSTM', points: losses.map((y, x) => [x, y]) }], yScale: 'log' });
 *
 * Throws an OptionError when there is nothing finite to draw.
 */
export function lineChart(chart: LineChart): string {
  requireKinds(
    'lineChart',
    { chart },
    {
      chart: {
        series: [{ name: 'text', points: ['numbers'], kind: 'text?', color: 'number?' }],
        title: 'text?',
        xLabel: 'text?',
        yLabel: 'text?',
        xScale: 'text?',
        yScale: 'text?',
        marks: optional([{ axis: 'text', at: 'number', label: 'text' }]),
        square: 'flag?',
        include: optional(['numbers']),
        beneath: 'function?',
        width: 'number?',
        height: 'number?',
      },
    },
  );
  const { series, title = '', xLabel = '', yLabel = '', xScale = 'linear', yScale = 'linear' } = chart;
  const { width = 440, height = 280, square = false } = chart;
  const [marks, include] = [chart.marks ?? [], chart.include ?? []];
  const drawn = series.map(({ points }) => points.filter(([px, py]) => onScale(px, xScale) && onScale(py, yScale)));
  const marked = (axis: 'x' | 'y', scale: Scale) =>
    marks.flatMap((m) => (m.axis === axis && onScale(m.at, scale) ? [m.at] : []));
  drawn.push([...include]);
  const xs = [...drawn.flatMap((points) => points.map(([px]) => px)), ...marked('x', xScale)];
  const ys = [...drawn.flatMap((points) => points.map(([, py]) => py)), ...marked('y', yScale)];
  if (xs.length === 0 || ys.length === 0)
    throw new OptionError('lineChart', 'series', 'there is no finite number to draw on these scales');

  const heading = titleOf(title, width);
  const key = legend(
    series.map(({ name, kind = 'line', color }, k) => ({ name, kind, color: (color ?? k) % colorCount })),
    12,
    width - 12,
    heading.bottom + 10,
  );
  const yAxis = axis(ys, yScale, 5);
  const box = {
    left: 20 + Math.max(...yAxis.ticks.map(([, l]) => textWidth(l))),
    right: width - 18,
    top: key.bottom + (yLabel ? 31 : 12),
    bottom: height - (xLabel ? 42 : 26),
  };
  const xAxis = axis(xs, xScale, 6, !square);
  const [xSpan, ySpan] = [box.right - box.left, box.bottom - box.top];
  let unit = { x: xSpan / (xAxis.to - xAxis.from), y: ySpan / (yAxis.to - yAxis.from) };
  if (square) unit = { x: Math.min(unit.x, unit.y), y: Math.min(unit.x, unit.y) };
  const middle = square ? (ySpan - unit.y * (yAxis.to - yAxis.from)) / 2 : 0;
  const left = square ? box.left + (xSpan - unit.x * (xAxis.to - xAxis.from)) / 2 : box.left;
  const x = (v: number) => round(left + (scaled(v, xScale) - xAxis.from) * unit.x);
  const y = (v: number) => round(box.bottom - middle - (scaled(v, yScale) - yAxis.from) * unit.y);

  return image({ width, height, label: title || series.map(({ name }) => name).join(', ') }, [
    heading.svg,
    key.svg,
    valueAxis(box, yAxis.ticks, y),
    stepAxis(box, xAxis.ticks, x),
    xLabel &&
      `<text x="${round((box.left + box.right) / 2)}" y="${height - 8}" text-anchor="middle">${escapeXml(xLabel)}</text>`,
    yLabel && `<text x="12" y="${box.top - 15}">${escapeXml(yLabel)}</text>`,
    chart.beneath?.(x, y),
    ...series.map(({ points, kind = 'line', color }, k) => {
      const c = (color ?? k) % colorCount;
      if (kind === 'dots') {
        return points
          .filter(([px, py]) => onScale(px, xScale) && onScale(py, yScale))
          .map(([px, py]) => `<circle class="f${c}" cx="${x(px)}" cy="${y(py)}" r="3"/>`)
          .join('');
      }
      const at = points.map(([px, py]) =>
        onScale(px, xScale) && onScale(py, yScale) ? ([x(px), y(py)] as const) : ([Number.NaN, 0] as const),
      );
      return `<path d="${path(at)}" class="line s${c}${kind === 'dashes' ? ' dashes' : ''}"/>`;
    }),
    ...marks
      .filter((m) => onScale(m.at, m.axis === 'x' ? xScale : yScale))
      .map(({ axis, at, label }) => {
        if (axis === 'y') {
          return `<line class="mark" x1="${box.left}" x2="${box.right}" y1="${y(at)}" y2="${y(at)}"/><text class="small quiet halo" x="${box.right - 2}" y="${y(at) - 5}" text-anchor="end">${escapeXml(label)}</text>`;
        }
        const onLeft = x(at) + 6 + textWidth(label, 11) > box.right;
        return `<line class="mark" x1="${x(at)}" x2="${x(at)}" y1="${box.top}" y2="${box.bottom}"/><text class="small quiet halo" x="${x(at) + (onLeft ? -5 : 5)}" y="${box.bottom - 6}"${onLeft ? ' text-anchor="end"' : ''}>${escapeXml(label)}</text>`;
      }),
    // Values under the pointer, at a few places of each series.
    ...series.map(({ name, points }) => {
      const at = points.filter(([px, py]) => onScale(px, xScale) && onScale(py, yScale));
      return evenly(at, mostValues)
        .map(([px, py]) => {
          const value = `${name}: ${shortNumber(py)} at ${shortNumber(px)}`;
          return `<circle cx="${x(px)}" cy="${y(py)}" r="7" fill-opacity="0"><title>${escapeXml(value)}</title></circle>`;
        })
        .join('');
    }),
  ]);
}

const mostValues = 40; // shown under the pointer, a series

const evenly = <T>(list: readonly T[], most: number): readonly T[] =>
  list.length <= most ? list : Array.from({ length: most }, (_, k) => list[Math.round((k * (list.length - 1)) / (most - 1))]); // biome-ignore format: a line

const shortNumber = (v: number) => String(Number(v.toPrecision(4)));

function onScale(v: number, scale: Scale): boolean {
  return Number.isFinite(v) && (scale === 'linear' || v > 0);
}

const scaled = (v: number, scale: Scale): number => (scale === 'log' ? Math.log10(v) : v);

/** The range in scaled values, and its ticks. A `tight` axis ends where the data do. */
function axis(
  values: readonly number[],
  scale: Scale,
  count: number,
  tight = false,
): { from: number; to: number; ticks: Tick[] } {
  const all = values.map((v) => scaled(v, scale));
  const [low, high] = rangeOf(all);
  if (scale === 'log' && high - low > 1.2) {
    const every = Math.max(1, Math.ceil((high - low) / count));
    const [first, last] = [Math.floor(low / every + 1e-9) * every, Math.ceil(high / every - 1e-9) * every];
    const at = Array.from({ length: Math.round((last - first) / every) + 1 }, (_, k) => first + k * every);
    const [from, to] = tight ? [low, high] : [first, last];
    return {
      from,
      to,
      ticks: at.filter((e) => e >= from - 1e-9 && e <= to + 1e-9).map((e) => [10 ** e, powerLabel(e)]),
    };
  }
  // On a short logarithmic axis the round numbers are those of the values themselves.
  const [a, b] = [scale === 'log' ? 10 ** low : low, scale === 'log' ? 10 ** high : high];
  const found = ticks(a, b, count);
  const at = scale === 'log' ? found.filter((v) => v > 0) : found;
  const [from, to] =
    tight && high > low
      ? [low, high]
      : [Math.min(low, scaled(at[0], scale)), Math.max(high, scaled(at[at.length - 1], scale))];
  return {
    from,
    to: to > from ? to : from + 1,
    ticks: at
      .filter((v) => scaled(v, scale) >= from - 1e-9 && scaled(v, scale) <= to + 1e-9)
      .map((v) => [v, tickLabel(v, found[1] - found[0])]),
  };
}
