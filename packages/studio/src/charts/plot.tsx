// Lines and points over common axes, linear or logarithmic, with their exact values under the pointer or by the arrow keys. Series differ by color and by
// their dashes.

import { useSignal } from '@preact/signals';
import { brief, power } from '../words/numbers.ts';
import { movedBy } from '../ui/keys.ts';
import { Prose } from '../ui/prose.tsx';
import { useSize } from '../ui/use-size.ts';
import { type Scale, type ScaleKind, scaleOf } from './scales.ts';

export interface PlotSeries {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  /** Default: a line, with dashes of its own behind the first of them. */
  readonly kind?: 'line' | 'dashes' | 'dots';
  /** Which of the six colors. Default: its place. */
  readonly color?: number;
}

export interface PlotProps {
  readonly series: readonly PlotSeries[];
  readonly label: string;
  readonly xLabel?: string;
  readonly yLabel?: string;
  readonly xScale?: ScaleKind;
  readonly yScale?: ScaleKind;
  readonly marks?: readonly { readonly axis: 'x' | 'y'; readonly at: number; readonly label: string }[];
  /** Points that must lie within the axes. */
  readonly include?: readonly (readonly [x: number, y: number])[];
  readonly height?: number;
}

const [left, right, top, bottom] = [52, 12, 20, 40];
const colors = 6;

/** See the top of this file. */
export function Plot(props: PlotProps) {
  const { series, label, xLabel, yLabel, xScale = 'linear', yScale = 'linear', height = 260 } = props;
  const [ref, width] = useSize<HTMLDivElement>();
  const hovered = useSignal<number | null>(null);
  const marks = props.marks ?? [];
  const dashes = dashesOf(series);
  const all = [...series.flatMap(({ points }) => points), ...(props.include ?? [])];
  const along = (axis: 'x' | 'y') => marks.filter((mark) => mark.axis === axis).map(({ at }) => at);
  const x = scaleOf(xScale, [...all.map(([v]) => v), ...along('x')], left, width - right, false);
  const y = scaleOf(yScale, [...all.map(([, v]) => v), ...along('y')], height - bottom, top, true);
  const xs = [...new Set(series.flatMap(({ points }) => points.map(([v]) => v)))].filter(x.has).sort((a, b) => a - b);
  const leave = () => {
    hovered.value = null;
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Escape') leave();
    const to = movedBy(event.key, hovered.value === null ? null : xs.indexOf(hovered.value), xs.length);
    if (to === null) return;
    event.preventDefault();
    hovered.value = xs[to];
  };
  const nearest = (event: PointerEvent) => {
    const at = event.clientX - (event.currentTarget as Element).getBoundingClientRect().left;
    hovered.value = xs.reduce<number | null>(
      (best, v) => (best === null || Math.abs(x.at(v) - at) < Math.abs(x.at(best) - at) ? v : best),
      null,
    );
  };
  const here = hovered.value;
  return (
    <>
      <div ref={ref} class="chart-box" style={{ minHeight: `${height}px` }}>
        {width > 0 && (
          <svg
            class="chart plot"
            width={width}
            height={height}
            role="img"
            aria-label={label}
            tabIndex={0}
            onKeyDown={press}
            onBlur={leave}
            onPointerDown={nearest}
            onPointerMove={nearest}
            onPointerLeave={leave}
          >
            <Axes x={x} y={y} width={width} height={height} xLabel={xLabel} yLabel={yLabel} />
            {marks.map(({ axis, at }, k) =>
              axis === 'y' ? (
                <line key={k} class="mark" x1={left} x2={width - right} y1={y.at(at)} y2={y.at(at)} />
              ) : (
                <line key={k} class="mark" x1={x.at(at)} x2={x.at(at)} y1={top} y2={height - bottom} />
              ),
            )}
            {here !== null && <line class="mark" x1={x.at(here)} x2={x.at(here)} y1={top} y2={height - bottom} />}
            {series.map((one, k) => (
              <Drawn key={one.name} series={one} place={k} dashes={dashes[k]} x={x} y={y} />
            ))}
            {marks.map(({ axis, at, label: text }, k) =>
              axis === 'y' ? (
                <text key={k} class="over" x={width - right} y={y.at(at) - 4} text-anchor="end">
                  {text}
                </text>
              ) : (
                <text key={k} class="over" x={x.at(at) + 4} y={top + 8}>
                  {text}
                </text>
              ),
            )}
          </svg>
        )}
      </div>
      <div class="legend" aria-live="polite">
        {series.map((one, k) => (
          <span key={one.name} class={`key-drawn series-${seriesColor(one, k)}`}>
            <svg class="plot" width="20" height="10" aria-hidden="true">
              {one.kind === 'dots' ? (
                <circle class="dot" cx={10} cy={5} r={4} />
              ) : (
                <path class="line" d="M0 5H20" stroke-dasharray={dashes[k]} />
              )}
            </svg>
            <Prose text={one.name} />
            {here !== null && <b> {valueAt(one, here)}</b>}
          </span>
        ))}
        {here !== null && <span class="at">{`${xLabel ?? ''} ${brief(here)}`}</span>}
      </div>
    </>
  );
}

const [ofLines, ofDashes] = [
  [undefined, '10 3', '2 3', '12 3 2 3', '5 3', '12 3 2 3 2 3'],
  ['6 4', '2 4', '8 4 2 4'],
];

/** The dashes of each series: of lines whose kind is not said, and of dashed ones in several colors, each has its own. */
function dashesOf(series: readonly PlotSeries[]): (string | undefined)[] {
  const lines = series.filter(({ kind }) => kind === undefined);
  const colors = [...new Set(series.flatMap((one, k) => (one.kind === 'dashes' ? [seriesColor(one, k)] : [])))];
  return series.map((one, k) => {
    if (one.kind === undefined) return ofLines[lines.indexOf(one) % ofLines.length];
    return one.kind === 'dashes' ? ofDashes[colors.indexOf(seriesColor(one, k)) % ofDashes.length] : undefined;
  });
}

const seriesColor = ({ color }: PlotSeries, place: number) => ((color ?? place) % colors) + 1;

/** The value of the point nearest to x, where it is that x. */
function valueAt({ points }: PlotSeries, x: number): string {
  const found = points.find(([v]) => v === x);
  return found ? brief(found[1]) : '';
}

interface AxesProps {
  readonly x: Scale;
  readonly y: Scale;
  readonly width: number;
  readonly height: number;
  readonly xLabel?: string;
  readonly yLabel?: string;
}

function Axes({ x, y, width, height, xLabel, yLabel }: AxesProps) {
  return (
    <>
      {y.ticks.map((tick) => (
        <g key={tick}>
          <line class="grid-line" x1={left} x2={width - right} y1={y.at(tick)} y2={y.at(tick)} />
          <text x={left - 8} y={y.at(tick) + 4} text-anchor="end">
            {tickText(tick)}
          </text>
        </g>
      ))}
      {x.ticks.map((tick) => (
        <text
          key={tick}
          x={Math.min(x.at(tick), width - 4 * tickText(tick).length)}
          y={height - bottom + 16}
          text-anchor="middle"
        >
          {tickText(tick)}
        </text>
      ))}
      {xLabel && (
        <text x={(left + width - right) / 2} y={height - 6} text-anchor="middle">
          {xLabel}
        </text>
      )}
      {yLabel && (
        <text x={left - 8} y={top - 8} text-anchor="start">
          {yLabel}
        </text>
      )}
    </>
  );
}

const tickText = (tick: number): string => (Math.abs(tick) >= 1e5 ? power(tick) : brief(tick));

interface DrawnProps {
  readonly series: PlotSeries;
  readonly place: number;
  readonly dashes: string | undefined;
  readonly x: Scale;
  readonly y: Scale;
}

/** A series: points, or a line that breaks where a value has no place; of a short one also its points. */
function Drawn({ series, place, dashes, x, y }: DrawnProps) {
  const { points, kind = 'line' } = series;
  const name = `series-${seriesColor(series, place)}`;
  const seen = points.filter(([a, b]) => x.has(a) && y.has(b));
  let path = '';
  let drawing = false;
  for (const [a, b] of points) {
    const there = x.has(a) && y.has(b);
    if (there) path += `${drawing ? 'L' : 'M'}${x.at(a).toFixed(1)} ${y.at(b).toFixed(1)}`;
    drawing = there;
  }
  return (
    <g class={name}>
      {kind !== 'dots' && <path class="line" stroke-dasharray={dashes} d={path} />}
      {(kind === 'dots' || seen.length < 4) &&
        seen.map(([a, b], k) => <circle key={k} class="dot" cx={x.at(a)} cy={y.at(b)} r={3} />)}
    </g>
  );
}
