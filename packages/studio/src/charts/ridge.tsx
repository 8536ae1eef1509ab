// Lines one behind the other: what belongs to one step of the training is one line, the newest in front. Each is filled with the card's own color, so
// that it hides what is behind it.

import { movedBy } from '../ui/keys.ts';
import { useSize } from '../ui/use-size.ts';

export interface RidgeLine {
  readonly label: string;
  /** Values from left to right, 0 to 1. */
  readonly values: readonly number[];
}

interface RidgeProps {
  /** The oldest first. */
  readonly lines: readonly RidgeLine[];
  readonly label: string;
  readonly left: string;
  readonly right: string;
  /** The place whose exact value is shown. */
  readonly at: RidgePlace | null;
  readonly onHover: (at: RidgePlace | null) => void;
}

export interface RidgePlace {
  readonly line: number;
  readonly index: number;
}

const [gap, rise, top, bottom] = [17, 54, 12, 24];
const [start, end] = [4, 64]; // room for the labels at the right

/** See the top of this file. */
export function Ridge({ lines, label, left, right, at, onHover }: RidgeProps) {
  const [ref, width] = useSize<HTMLDivElement>();
  const height = top + rise + gap * Math.max(5, lines.length) + bottom;
  const inner = Math.max(1, width - start - end);
  const base = (k: number) => height - bottom - gap * (lines.length - 1 - k);
  const x = (i: number, n: number) => start + (inner * i) / Math.max(1, n - 1);
  const hover = (event: PointerEvent) => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const line = lines.length - 1 - Math.max(0, Math.round((height - bottom - (event.clientY - box.top) - 8) / gap));
    const n = lines[Math.max(0, line)]?.values.length ?? 0;
    const index = Math.round(((event.clientX - box.left - start) / inner) * (n - 1));
    onHover(n > 0 && index >= 0 && index < n ? { line: Math.max(0, line), index } : null);
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Escape') onHover(null);
    const line = at?.line ?? lines.length - 1;
    const upOrDown = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const to = upOrDown ? (at?.index ?? 0) : movedBy(event.key, at?.index ?? null, lines[line]?.values.length ?? 0);
    if (to === null) return;
    event.preventDefault();
    onHover({ line: Math.min(lines.length - 1, Math.max(0, line + (upOrDown ?? 0))), index: to });
  };
  return (
    <div ref={ref} class="chart-box" style={{ minHeight: `${height}px` }}>
      {width > 0 && (
        <svg
          class="chart ridge"
          width={width}
          height={height}
          role="img"
          aria-label={label}
          tabIndex={0}
          onKeyDown={press}
          onBlur={() => onHover(null)}
          onPointerDown={hover}
          onPointerMove={hover}
          onPointerLeave={() => onHover(null)}
        >
          {lines.map(({ values, label: name }, k) => {
            const points = values.map((v, i) => `${x(i, values.length).toFixed(1)} ${(base(k) - rise * v).toFixed(1)}`);
            const path = `M${points.join('L')}`;
            return (
              <g key={k} class="ridge-line" style={{ '--age': String(lines.length - 1 - k) }}>
                <path class="ground" d={`${path}L${start + inner} ${base(k)}L${start} ${base(k)}Z`} />
                <path class="edge" d={path} />
                {(k === lines.length - 1 || k === 0 || k % 2 === (lines.length - 1) % 2) && (
                  <text x={start + inner + 8} y={base(k) + 4}>
                    {name}
                  </text>
                )}
              </g>
            );
          })}
          {at && lines[at.line] && (
            <circle
              class="here"
              cx={x(at.index, lines[at.line].values.length)}
              cy={base(at.line) - rise * lines[at.line].values[at.index]}
              r={3.5}
            />
          )}
          <text x={start} y={height - 6}>
            {left}
          </text>
          <text x={start + inner} y={height - 6} text-anchor="end">
            {right}
          </text>
        </svg>
      )}
    </div>
  );
}
