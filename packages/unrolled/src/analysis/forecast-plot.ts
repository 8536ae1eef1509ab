// A forecast as a picture: what was, what was said, how sure, and what came. An SVG is text, so that this works in Node, in a page and in a test.
//
//      ╭─╮    ╭─╮ ┊ ░╭─╮░
//   ──╯   ╰──╯   ╰┊░╯ ░ ╰░       history │ median in its band, truth

import { OptionError } from '../errors.ts';

export interface ForecastPlot {
  /** Values up to the moment of the forecast. */
  readonly history: ArrayLike<number>;
  /** What is said of the steps after it. */
  readonly forecast: ArrayLike<number>;
  /** For each step the lowest and the highest of what is likely. Default: no band. */
  readonly band?: { readonly low: ArrayLike<number>; readonly high: ArrayLike<number>; readonly label?: string } | null;
  /** What came: of as many steps as are known. Default: nothing. */
  readonly truth?: ArrayLike<number> | null;
  readonly title?: string;
  /** What stands below the axis of time. Default 'step'. */
  readonly xLabel?: string;
  /** The unit of the values. Default ''. */
  readonly yLabel?: string;
  /** Default 760 × 320. */
  readonly width?: number;
  readonly height?: number;
}

// Okabe and Ito's colours: told apart by nearly all eyes.
const colours = { history: '#444444', forecast: '#0072b2', truth: '#d55e00' };

/**
 * An SVG of one channel's forecast. Time 0 is the last step of the history.
 *
 *     const { values, quantiles } = model.forecast(x);
 *     writeFileSync('forecast.svg', forecastPlot({ history, forecast, band: { low, high, label: '80 %' }, truth }));
 */
export function forecastPlot(plot: ForecastPlot): string {
  const { title = '', xLabel = 'step', yLabel = '', width = 760, height = 320 } = plot;
  const history = Array.from(plot.history);
  const forecast = Array.from(plot.forecast);
  const truth = Array.from(plot.truth ?? []);
  const band = plot.band ? { low: Array.from(plot.band.low), high: Array.from(plot.band.high) } : null;
  if (forecast.length === 0) throw new OptionError('forecastPlot', 'forecast', 'expected at least one value');
  if (band && (band.low.length !== forecast.length || band.high.length !== forecast.length)) {
    throw new OptionError(
      'forecastPlot',
      'band',
      `expected ${forecast.length} values below and above, got ${band.low.length} and ${band.high.length}`,
    );
  }
  const all = [history, forecast, truth, band?.low ?? [], band?.high ?? []].flat().filter(Number.isFinite);
  if (all.length === 0) throw new OptionError('forecastPlot', 'history, forecast', 'there is no finite number to draw');
  const yTicks = ticks(Math.min(...all), Math.max(...all), 5);
  const [bottom, top] = [Math.min(yTicks[0], ...all), Math.max(yTicks[yTicks.length - 1], ...all)];
  const [first, last] = [1 - history.length, Math.max(forecast.length, truth.length)];
  const labels = yTicks.map((v) => label(v, yTicks[1] - yTicks[0]));
  const box = {
    left: 20 + 7.5 * Math.max(...labels.map((l) => l.length)),
    right: width - 16,
    top: title ? 56 : 34,
    bottom: height - 44,
  };
  const x = (t: number) => round(box.left + ((t - first) / Math.max(1, last - first)) * (box.right - box.left));
  const y = (v: number) => round(box.bottom - ((v - bottom) / (top - bottom)) * (box.bottom - box.top));
  /** From the last step of the history on, so that the lines join. */
  const now = history.length > 0 ? [[0, history[history.length - 1]] as const] : [];
  const after = (values: readonly number[]) => [...now, ...values.map((v, k) => [k + 1, v] as const)];
  const line = (points: readonly (readonly [number, number])[], colour: string, style = '') =>
    `<path d="${path(points.map(([t, v]) => [x(t), y(v)]))}" fill="none" stroke="${colour}" stroke-width="1.8" stroke-linejoin="round"${style}/>`;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12" fill="#333">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    title && `<text x="${box.left}" y="22" font-size="15" font-weight="600">${text(title)}</text>`,
    ...yTicks.map(
      (v, k) =>
        `<line x1="${box.left}" x2="${box.right}" y1="${y(v)}" y2="${y(v)}" stroke="#e4e4e4"/><text x="${box.left - 8}" y="${y(v) + 4}" text-anchor="end">${labels[k]}</text>`,
    ),
    ...ticks(first, last, 8)
      .filter((t) => t >= first && t <= last && Number.isInteger(t))
      .map((t) => `<text x="${x(t)}" y="${box.bottom + 17}" text-anchor="middle">${t > 0 ? `+${t}` : t}</text>`),
    `<line x1="${x(0)}" x2="${x(0)}" y1="${box.top}" y2="${box.bottom}" stroke="#999" stroke-dasharray="3 3"/>`,
    `<text x="${(box.left + box.right) / 2}" y="${height - 8}" text-anchor="middle">${text(xLabel)}</text>`,
    yLabel && `<text x="${box.left}" y="${box.top - 8}">${text(yLabel)}</text>`,
    band &&
      `<path d="${path([...after(band.high), ...after(band.low).toReversed()].map(([t, v]) => [x(t), y(v)]))}Z" fill="${colours.forecast}" fill-opacity="0.18"/>`,
    line(
      history.map((v, k) => [first + k, v] as const),
      colours.history,
    ),
    truth.length > 0 && line(after(truth), colours.truth, ' stroke-dasharray="5 3"'),
    line(after(forecast), colours.forecast),
    legend(
      [
        ['history', colours.history, 'line'],
        ['forecast', colours.forecast, 'line'],
        ...(band ? ([[plot.band?.label ?? 'likely', colours.forecast, 'area']] as const) : []),
        ...(truth.length > 0 ? ([['what came', colours.truth, 'dashes']] as const) : []),
      ],
      box.right,
      title ? 40 : 18,
    ),
    '</svg>',
  ];
  return `${parts.filter(Boolean).join('\n')}\n`;
}

/** Points to an SVG path; one that is not finite lifts the pen. */
function path(points: readonly (readonly [number, number])[]): string {
  let d = '';
  let down = false;
  for (const [px, py] of points) {
    const seen = Number.isFinite(px) && Number.isFinite(py);
    if (seen) d += `${down ? 'L' : 'M'}${px} ${py}`;
    down = seen;
  }
  return d;
}

type Entry = readonly [name: string, colour: string, kind: 'line' | 'area' | 'dashes'];

/** In one row, ending at `right`. */
function legend(entries: readonly Entry[], right: number, y: number): string {
  const widths = entries.map(([name]) => 36 + 7.3 * name.length);
  let x = right - widths.reduce((a, b) => a + b, 0);
  return entries
    .map(([name, colour, kind], k) => {
      const mark =
        kind === 'area'
          ? `<rect x="${round(x)}" y="${y - 9}" width="18" height="10" fill="${colour}" fill-opacity="0.18"/>`
          : `<line x1="${round(x)}" x2="${round(x + 18)}" y1="${y - 4}" y2="${y - 4}" stroke="${colour}" stroke-width="2"${kind === 'dashes' ? ' stroke-dasharray="5 3"' : ''}/>`;
      const entry = `${mark}<text x="${round(x + 23)}" y="${y}">${text(name)}</text>`;
      x += widths[k];
      return entry;
    })
    .join('');
}

/** About `count` round numbers that reach from below `low` to above `high`: steps of 1, 2 or 5 times a power of ten. */
function ticks(low: number, high: number, count: number): number[] {
  const span = high > low ? high - low : Math.abs(high) || 1;
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((m) => m * power >= rough) ?? 10) * power;
  const [from, to] = [Math.floor(low / step), Math.ceil(high / step)];
  return Array.from({ length: Math.max(2, to - from + 1) }, (_, k) => (from + k) * step);
}

function label(value: number, step: number): string {
  return value.toFixed(Math.max(0, Math.min(6, -Math.floor(Math.log10(step)))));
}

function round(v: number): number {
  return Math.round(v * 100) / 100;
}

function text(s: string): string {
  return s.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
