// The weights of one step as bars with handles: dragged, or moved by the arrow keys, and the output follows.

import { changeWeight } from '../../state/attention.ts';
import { words } from './words.ts';

interface WeightBarsProps {
  readonly step: number;
  readonly source: readonly string[];
  readonly weights: readonly number[];
  /** How many stand in a row; regions of an image have their own columns. */
  readonly columns?: number;
}

const keys: Readonly<Record<string, number>> = { ArrowUp: 0.05, ArrowRight: 0.05, ArrowDown: -0.05, ArrowLeft: -0.05 };

/** See the top of this file. */
export function WeightBars({ step, source, weights, columns }: WeightBarsProps) {
  const set = (k: number, weight: number) => changeWeight(step, k, Math.min(1, Math.max(0, weight)));
  const drag = (event: PointerEvent, k: number) => {
    const { top, height } = (event.currentTarget as Element).getBoundingClientRect();
    set(k, 1 - (event.clientY - top) / height);
  };
  return (
    <div
      class="weight-bars"
      style={columns ? { gridTemplateColumns: `repeat(${columns}, minmax(28px, 112px))` } : undefined}
    >
      {source.map((name, k) => (
        <div
          key={k}
          class="weight-bar"
          role="slider"
          tabIndex={0}
          aria-label={words.value.weightOf(name)}
          aria-valuemin={0}
          aria-valuemax={1}
          aria-valuenow={Number(weights[k]?.toFixed(3))}
          onPointerDown={(event) => {
            event.currentTarget.setPointerCapture(event.pointerId);
            drag(event, k);
          }}
          onPointerMove={(event) => {
            if (event.currentTarget.hasPointerCapture(event.pointerId)) drag(event, k);
          }}
          onKeyDown={(event) => {
            const by = keys[event.key];
            if (by === undefined && event.key !== 'Home' && event.key !== 'End') return;
            event.preventDefault();
            set(k, event.key === 'Home' ? 0 : event.key === 'End' ? 1 : (weights[k] ?? 0) + by);
          }}
        >
          <span class="fill" style={{ height: `${100 * (weights[k] ?? 0)}%` }} />
          <output>{(weights[k] ?? 0).toFixed(2)}</output>
          <code>{name}</code>
        </div>
      ))}
    </div>
  );
}
