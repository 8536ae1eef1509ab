// A heat map of rows and columns: layers × steps, say. Neighboring columns are merged where there are more than can be told apart.

import { requireKinds } from '../checks.ts';
import { OptionError } from '../errors.ts';
import { escapeXml, image, powerLabel, round, stepAxis, textWidth, ticks, titleOf } from './svg.ts';

/** What `heatMap` draws: values in rows and columns, with labels. */
export interface HeatMap {
  /** Rows from top to bottom, each with its values from left to right. */
  readonly rows: readonly { readonly name: string; readonly values: ArrayLike<number> }[];
  readonly title?: string;
  readonly xLabel?: string;
  /** Number of the first column. Default 0. */
  readonly firstColumn?: number;
  /** Color scale; 'log' for sizes that span powers of ten. Default 'linear'. */
  readonly scale?: 'linear' | 'log';
  /** Values of the lightest and the deepest color. Default: the minimum and the maximum; on a log scale at most twelve powers of ten. */
  readonly range?: readonly [low: number, high: number] | null;
  /** Width in pixels. Default 440. */
  readonly width?: number;
  /** Height of a row. Default 26. */
  readonly rowHeight?: number;
}

/** Most columns that are drawn separately. */
const mostColumns = 128;

/**
 *     heatMap({ rows: [{ name: 'l0 h', values: [1e-3, 1e-2, 0.1, 1] }], scale: 'log', xLabel: 'step' });
 *
 * Throws an OptionError when no value is finite (and, on a log scale, above 0).
 */
export function heatMap(map: HeatMap): string {
  requireKinds(
    'heatMap',
    { map },
    {
      map: {
        rows: [{ name: 'text', values: 'numbers' }],
        range: 'numbers?|null',
        title: 'text?',
        xLabel: 'text?',
        firstColumn: 'number?',
        scale: 'text?',
        width: 'number?',
        rowHeight: 'number?',
      },
    },
  );
  const { rows, title = '', xLabel = '', firstColumn = 0, scale = 'linear', width = 440, rowHeight = 26 } = map;
  const depthOf = (v: number) => (scale === 'log' ? Math.log10(v) : v);
  const drawable = (v: number) => Number.isFinite(v) && (scale === 'linear' || v > 0);
  const all = rows.flatMap(({ values }) => Array.from(values).filter(drawable).map(depthOf));
  if (all.length === 0) throw new OptionError('heatMap', 'rows', 'there is no finite number to draw on this scale');
  const [low, high] = map.range ? map.range.map(depthOf) : spanOf(all, scale);
  const count = Math.max(...rows.map(({ values }) => values.length));
  const joined = Math.ceil(count / mostColumns);
  const columns = Math.ceil(count / joined);

  const heading = titleOf(title, width);
  const box = {
    left: 16 + Math.max(...rows.map(({ name }) => textWidth(name))),
    right: width - 16,
    top: heading.bottom + 6,
    bottom: heading.bottom + 6 + rows.length * rowHeight,
  };
  const cell = (box.right - box.left) / columns;
  const cells = rows.flatMap(({ name, values }, r) =>
    Array.from({ length: columns }, (_, k) => {
      const here = Array.from(values).slice(k * joined, (k + 1) * joined);
      const value = here.filter(drawable).reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
      if (!drawable(value)) return '';
      const depth = high > low ? Math.min(1, Math.max(0, (depthOf(value) - low) / (high - low))) : 1;
      const step = firstColumn + k * joined;
      return `<rect class="w" x="${round(box.left + k * cell)}" y="${box.top + r * rowHeight}" width="${round(cell + 0.1)}" height="${rowHeight - 2}" fill-opacity="${round(0.04 + 0.96 * depth, 3)}"><title>${escapeXml(`${name}, ${joined > 1 ? `${step} … ${step + here.length - 1}` : step}: ${Number(value.toPrecision(3))}`)}</title></rect>`;
    }),
  );
  const x = (v: number) => round(box.left + ((v - firstColumn + 0.5) / joined) * cell);
  const marks = ticks(firstColumn, firstColumn + count - 1, 6).filter(
    (t) => Number.isInteger(t) && t >= firstColumn && t < firstColumn + count,
  );
  const below = box.bottom + (xLabel ? 38 : 22);
  return image({ width, height: below + 34, label: title || `${rows.length} rows of ${count} values` }, [
    heading.svg,
    ...cells.filter(Boolean),
    `<rect class="grid" x="${round(box.left)}" y="${box.top}" width="${round(box.right - box.left)}" height="${box.bottom - box.top - 2}"/>`,
    ...rows.map(
      ({ name }, r) =>
        `<text x="${round(box.left - 8)}" y="${box.top + (r + 0.5) * rowHeight - 1}" text-anchor="end" dominant-baseline="central">${escapeXml(name)}</text>`,
    ),
    stepAxis(
      box,
      marks.map((t) => [t, `${t}`]),
      x,
    ),
    xLabel &&
      `<text x="${round((box.left + box.right) / 2)}" y="${box.bottom + 34}" text-anchor="middle">${escapeXml(xLabel)}</text>`,
    scaleBar(box.left, below + 4, Math.min(180, box.right - box.left), [low, high], scale),
  ]);
}

function spanOf(depths: readonly number[], scale: 'linear' | 'log'): readonly [number, number] {
  const [low, high] = depths.reduce(([a, b], d) => [Math.min(a, d), Math.max(b, d)], [Infinity, -Infinity]);
  return [scale === 'log' ? Math.max(low, high - 12) : low, high];
}

/** Draws the color scale. */
function scaleBar(
  x: number,
  y: number,
  width: number,
  [low, high]: readonly number[],
  scale: 'linear' | 'log',
): string {
  const parts = 18;
  const boxes = Array.from(
    { length: parts },
    (_, k) =>
      `<rect class="w" x="${round(x + (k * width) / parts)}" y="${y}" width="${round(width / parts + 0.1)}" height="9" fill-opacity="${round(0.04 + (0.96 * (k + 0.5)) / parts, 3)}"/>`,
  ).join('');
  const label = (v: number) => {
    if (scale === 'linear') return `${Number(v.toPrecision(3))}`;
    return Math.abs(v) >= 3 ? powerLabel(Math.round(v)) : `${Number((10 ** v).toPrecision(2))}`;
  };
  return `${boxes}<text class="small quiet" x="${round(x)}" y="${y + 21}">${label(low)}</text><text class="small quiet" x="${round(x + width)}" y="${y + 21}" text-anchor="end">${label(high)}</text>`;
}
