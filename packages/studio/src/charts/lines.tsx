// A few lines over a common axis, as SVG: for figures that change every few seconds.

import { brief } from '../words/numbers.ts';
import { useWidth } from '../ui/use-width.ts';
import { ticksOf } from './scales.ts';

export interface Line {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly tone: 'neg' | 'pos' | 'muted';
  readonly dashed?: boolean;
}

interface LinesProps {
  readonly lines: readonly Line[];
  readonly label: string;
  readonly xLabel: string;
  /** A value that is marked across. */
  readonly mark?: number;
  /** A place that is marked from top to bottom. */
  readonly markX?: number;
  readonly height?: number;
}

const [left, right, top, bottom] = [44, 10, 10, 34];

/** See the top of this file. */
export function Lines({ lines, label, xLabel, mark, markX, height = 190 }: LinesProps) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const all = lines.flatMap(({ points }) => points);
  const ys = [...all.map(([, y]) => y), ...(mark === undefined ? [] : [mark])];
  const [low, high] = padded(Math.min(...ys), Math.max(...ys));
  const [from, to] = [Math.min(...all.map(([x]) => x)), Math.max(...all.map(([x]) => x))];
  const x = (v: number) => left + ((width - left - right) * (v - from)) / Math.max(1e-9, to - from);
  const y = (v: number) => height - bottom - ((height - top - bottom) * (v - low)) / Math.max(1e-9, high - low);
  const path = (points: Line['points']) =>
    `M${points.map(([a, b]) => `${x(a).toFixed(1)} ${y(b).toFixed(1)}`).join('L')}`;
  return (
    <div ref={ref} class="chart-box" style={{ minHeight: `${height}px` }}>
      {width > 0 && all.length > 0 && (
        <svg class="chart" width={width} height={height} role="img" aria-label={label}>
          {ticksOf(low, high).map((tick) => (
            <g key={tick}>
              <line class="grid-line" x1={left} x2={width - right} y1={y(tick)} y2={y(tick)} />
              <text x={left - 8} y={y(tick) + 4} text-anchor="end">
                {brief(tick)}
              </text>
            </g>
          ))}
          {mark !== undefined && <line class="mark" x1={left} x2={width - right} y1={y(mark)} y2={y(mark)} />}
          {markX !== undefined && <line class="mark" x1={x(markX)} x2={x(markX)} y1={top} y2={height - bottom} />}
          {lines.map(({ name, points, tone, dashed }) => (
            <g key={name} class={`tone-${tone}`}>
              <path class={`line${dashed ? ' dashed' : ''}`} d={path(points)} />
              {points.length < 4 && points.map(([a, b]) => <circle key={a} class="dot" cx={x(a)} cy={y(b)} r={2.5} />)}
            </g>
          ))}
          <text x={left} y={height - 18}>
            {brief(from)}
          </text>
          <text x={width - right} y={height - 18} text-anchor="end">
            {brief(to)}
          </text>
          <text x={(left + width - right) / 2} y={height - 4} text-anchor="middle">
            {xLabel}
          </text>
        </svg>
      )}
    </div>
  );
}

function padded(low: number, high: number): [number, number] {
  if (!(high > low)) return [low - 0.5, high + 0.5];
  const room = 0.08 * (high - low);
  return [low - room, high + room];
}
