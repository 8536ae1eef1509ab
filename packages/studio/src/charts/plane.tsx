// Points of the complex plane around the unit circle, with their exact values under the pointer or by the arrow keys, from the largest on. Series differ by
// color and by the shape of their points.

import { useSignal } from '@preact/signals';
import { brief } from '../words/numbers.ts';
import { movedBy } from '../ui/keys.ts';
import { Prose } from '../ui/prose.tsx';
import { useSize } from '../ui/use-size.ts';
import { scaleOf } from './scales.ts';

export interface Complex {
  readonly re: number;
  readonly im: number;
}

export interface PlaneSeries {
  readonly name: string;
  readonly points: readonly Complex[];
}

interface PlaneProps {
  readonly series: readonly PlaneSeries[];
  readonly label: string;
  readonly height?: number;
}

/** Around 0: a circle, a square, a diamond, two triangles and a cross. */
const shapes = [
  'M-3 0a3 3 0 1 0 6 0a3 3 0 1 0 -6 0Z',
  'M-3 -3H3V3H-3Z',
  'M0 -4L4 0L0 4L-4 0Z',
  'M0 -4L4 3H-4Z',
  'M0 4L4 -3H-4Z',
  'M-4 -1H-1V-4H1V-1H4V1H1V4H-1V1H-4Z',
];
const margin = 24;
const axes = { re: 'Re λ', im: 'Im λ' }; // in any language

const size = ({ re, im }: Complex) => Math.hypot(re, im);

/** `−0.35 + 1.63i`. */
const written = ({ re, im }: Complex) => `${brief(re)} ${im < 0 ? '−' : '+'} ${brief(Math.abs(im))}i`;

/** See the top of this file. */
export function Plane({ series, label, height = 300 }: PlaneProps) {
  const [ref, width] = useSize<HTMLDivElement>();
  const hovered = useSignal<number | null>(null);
  const all = series
    .flatMap(({ points }, k) => points.map((point) => ({ point, k })))
    .sort((a, b) => size(b.point) - size(a.point));
  const reach = all.reduce((most, { point: { re, im } }) => Math.max(most, Math.abs(re), Math.abs(im)), 1.05);
  const half = Math.min(width, height) / 2 - margin;
  const [x0, y0] = [width / 2, height / 2];
  const x = scaleOf('linear', [-reach, reach], x0 - half, x0 + half, false);
  const y = scaleOf('linear', [-reach, reach], y0 + half, y0 - half, false);
  const leave = () => {
    hovered.value = null;
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Escape') leave();
    const to = movedBy(event.key, hovered.value, all.length);
    if (to === null) return;
    event.preventDefault();
    hovered.value = to;
  };
  const nearest = (event: PointerEvent) => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const [px, py] = [event.clientX - box.left, event.clientY - box.top];
    const far = ({ point: { re, im } }: (typeof all)[0]) => Math.hypot(x.at(re) - px, y.at(im) - py);
    const best = all.reduce((a, one, n) => (a < 0 || far(one) < far(all[a]) ? n : a), -1);
    hovered.value = best < 0 ? null : best;
  };
  const here = hovered.value === null ? null : (all[hovered.value] ?? null);
  return (
    <>
      <div ref={ref} class="chart-box" style={{ minHeight: `${height}px` }}>
        {width > 0 && (
          <svg
            class="chart plot plane"
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
            <line class="grid-line" x1={x0 - half} x2={x0 + half} y1={y0} y2={y0} />
            <line class="grid-line" x1={x0} x2={x0} y1={y0 - half} y2={y0 + half} />
            <circle class="unit-circle" cx={x0} cy={y0} r={x.at(1) - x0} />
            <text x={x.at(1) + 4} y={y0 + 14}>
              1
            </text>
            <text x={x0 + half} y={y0 - 6} text-anchor="end">
              {axes.re}
            </text>
            <text x={x0 + 6} y={y0 - half + 4}>
              {axes.im}
            </text>
            {all.map(({ point, k }, n) => (
              <path
                key={n}
                class={`dot series-${(k % shapes.length) + 1}`}
                d={shapes[k % shapes.length]}
                transform={`translate(${x.at(point.re).toFixed(1)} ${y.at(point.im).toFixed(1)})`}
              />
            ))}
            {here && <circle class="pointed" cx={x.at(here.point.re)} cy={y.at(here.point.im)} r={8} />}
          </svg>
        )}
      </div>
      <div class="legend" aria-live="polite">
        {series.map(({ name }, k) => (
          <span key={name} class={`key-drawn series-${(k % shapes.length) + 1}`}>
            <svg class="plot" width="12" height="10" viewBox="-6 -5 12 10" aria-hidden="true">
              <path class="dot" d={shapes[k % shapes.length]} />
            </svg>
            <Prose text={name} />
          </span>
        ))}
        {here && (
          <span class="at">
            <Prose text={series[here.k].name} />
            {`: λ = ${written(here.point)}, |λ| = ${brief(size(here.point))}`}
          </span>
        )}
      </div>
    </>
  );
}
