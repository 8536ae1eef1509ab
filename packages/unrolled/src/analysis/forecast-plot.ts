// Plots a forecast: the history, the prediction in its interval, and the target. An SVG is text, so that this works in Node, in a page and in a test.
//
//      ╭─╮    ╭─╮ ┊ ░╭─╮░
//   ──╯   ╰──╯   ╰┊░╯ ░ ╰░       history │ median in its band, target

import { optional, requireKinds } from '../checks.ts';
import { OptionError } from '../errors.ts';
import {
  escapeXml,
  legend,
  path,
  image,
  round,
  stepAxis,
  textWidth,
  tickLabel,
  ticks,
  titleOf,
  valueAxis,
} from './svg.ts';
import { type ReportLanguage, requireLanguage } from './language.ts';
import { rangeOf } from './range.ts';

/** What `forecastPlot` draws: history, forecast with its band, and target. */
export interface ForecastPlot {
  /** Values up to the forecast's origin. */
  readonly history: ArrayLike<number>;
  /** Predicted values of the steps after it. */
  readonly forecast: ArrayLike<number>;
  /** Prediction interval: lower and upper bound for each step. Default: no band. */
  readonly band?: { readonly low: ArrayLike<number>; readonly high: ArrayLike<number>; readonly label?: string } | null;
  /** Target values, for as many steps as are known. Default: none. */
  readonly target?: ArrayLike<number> | null;
  readonly title?: string;
  /** Of the legend and of the time axis. Default 'en'. */
  readonly language?: ReportLanguage;
  /** Label of the time axis. Default 'step', or 단계. */
  readonly xLabel?: string;
  /** Unit of the values. Default ''. */
  readonly yLabel?: string;
  /** Size in pixels. Default 760 × 320. */
  readonly width?: number;
  readonly height?: number;
}

const texts = {
  en: { step: 'step', history: 'history', forecast: 'forecast', band: 'likely', target: 'actual' },
  ko: { step: '단계', history: '과거', forecast: '예측', band: '예측 구간', target: '실제' },
} as const;

/** Indices into the palette. */
const colors = { history: 5, forecast: 0, target: 1 };

/**
 * An SVG of one channel's forecast. Time 0 is the last step of the history.
 *
 *     const { values, quantiles } = model.forecast(x);
 *     writeFileSync('forecast.svg', forecastPlot({ history, forecast, band: { low, high, label: '80 %' }, target }));
 */
export function forecastPlot(plot: ForecastPlot): string {
  requireKinds(
    'forecastPlot',
    { plot },
    {
      plot: {
        history: 'numbers',
        forecast: 'numbers',
        band: optional({ low: 'numbers', high: 'numbers', label: 'text?' }),
        target: 'numbers?|null',
        title: 'text?',
        language: 'text?',
        xLabel: 'text?',
        yLabel: 'text?',
        width: 'number?',
        height: 'number?',
      },
    },
  );
  const { language = 'en' } = plot;
  requireLanguage('forecastPlot', language);
  const text = texts[language];
  const { title = '', xLabel = text.step, yLabel = '', width = 760, height = 320 } = plot;
  const history = Array.from(plot.history);
  const forecast = Array.from(plot.forecast);
  const target = Array.from(plot.target ?? []);
  const band = plot.band ? { low: Array.from(plot.band.low), high: Array.from(plot.band.high) } : null;
  if (forecast.length === 0) throw new OptionError('forecastPlot', 'forecast', 'expected at least one value');
  if (band && (band.low.length !== forecast.length || band.high.length !== forecast.length)) {
    throw new OptionError(
      'forecastPlot',
      'band',
      `expected ${forecast.length} values below and above, got ${band.low.length} and ${band.high.length}`,
    );
  }
  const all = [history, forecast, target, band?.low ?? [], band?.high ?? []].flat().filter(Number.isFinite);
  if (all.length === 0) throw new OptionError('forecastPlot', 'history, forecast', 'there is no finite number to draw');
  const [least, most] = rangeOf(all);
  const yTicks = ticks(least, most, 5);
  const [bottom, top] = [Math.min(yTicks[0], least), Math.max(yTicks[yTicks.length - 1], most)];
  const [first, last] = [1 - history.length, Math.max(forecast.length, target.length)];
  const labels = yTicks.map((v) => [v, tickLabel(v, yTicks[1] - yTicks[0])] as const);
  const heading = titleOf(title, width);
  const key = legend(
    [
      { name: text.history, color: colors.history, kind: 'line' },
      { name: text.forecast, color: colors.forecast, kind: 'line' },
      ...(band ? [{ name: plot.band?.label ?? text.band, color: colors.forecast, kind: 'area' } as const] : []),
      ...(target.length > 0 ? [{ name: text.target, color: colors.target, kind: 'dashes' } as const] : []),
    ],
    12,
    width - 12,
    heading.bottom + 10,
  );
  const box = {
    left: 20 + Math.max(...labels.map(([, l]) => textWidth(l))),
    right: width - 16,
    top: key.bottom + (yLabel ? 26 : 10),
    bottom: height - 44,
  };
  const x = (t: number) => round(box.left + ((t - first) / Math.max(1, last - first)) * (box.right - box.left));
  const y = (v: number) => round(box.bottom - ((v - bottom) / (top - bottom)) * (box.bottom - box.top));
  /** Starts at the last step of the history, so that the lines join. */
  const now = history.length > 0 ? [[0, history[history.length - 1]] as const] : [];
  const after = (values: readonly number[]) => [...now, ...values.map((v, k) => [k + 1, v] as const)];
  const line = (points: readonly (readonly [number, number])[], color: number, dashes = '') =>
    `<path d="${path(points.map(([t, v]) => [x(t), y(v)]))}" class="line s${color}${dashes}"/>`;
  const known = history.map((v, k) => [first + k, v] as const);
  const times = ticks(first, last, 8).filter((t) => t >= first && t <= last && Number.isInteger(t));
  return image({ width, height, label: title || `Forecast of ${forecast.length} steps` }, [
    heading.svg,
    key.svg,
    valueAxis(box, labels, y),
    stepAxis(
      box,
      times.map((t) => [t, t > 0 ? `+${t}` : `${t}`]),
      x,
    ),
    `<line class="mark" x1="${x(0)}" x2="${x(0)}" y1="${box.top}" y2="${box.bottom}"/>`,
    `<text x="${(box.left + box.right) / 2}" y="${height - 8}" text-anchor="middle">${escapeXml(xLabel)}</text>`,
    yLabel && `<text x="${box.left}" y="${box.top - 8}">${escapeXml(yLabel)}</text>`,
    band &&
      `<path d="${path([...after(band.high), ...after(band.low).toReversed()].map(([t, v]) => [x(t), y(v)]))}Z" class="area f${colors.forecast}"/>`,
    line(known, colors.history),
    target.length > 0 && line(after(target), colors.target, ' dashes'),
    line(after(forecast), colors.forecast),
  ]);
}
