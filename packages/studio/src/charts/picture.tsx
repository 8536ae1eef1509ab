// An image, and what is attended to in it: a region is the paler, the less it is attended to; or how much each part of it matters, as color over a pale
// image, so that what is dark can matter too. Regions are shown as they are, or smoothed into a surface; the exact number is under the pointer.

import { signal, useSignal } from '@preact/signals';
import type { RawImage } from 'unrolled/data';
import { movedBy } from '../ui/keys.ts';
import { mapWords } from './map-words.ts';
import { Pixels } from './pixels.tsx';
import { rangeOf } from './scales.ts';
import { Surface } from './surface.tsx';

/** Whether maps over images are smoothed. */
const isSmooth = signal(false);

interface PictureProps {
  readonly image: RawImage;
  readonly label: string;
  /** Weights of the regions, row by row. */
  readonly map?: readonly (readonly number[])[];
  /** The weight that leaves a region clear. Default: the largest. */
  readonly most?: number;
  readonly size?: number;
  /** Whether the weights are color over the image. Default: a veil lies where they are small. */
  readonly heat?: boolean;
  readonly onHover?: (at: { readonly row: number; readonly column: number } | null) => void;
}

/** The weights of an image's regions, row by row. */
export const regionsOf = (weights: readonly number[], [rows, columns]: readonly [number, number]): number[][] =>
  Array.from({ length: rows }, (_, r) => weights.slice(r * columns, (r + 1) * columns));

/** See the top of this file. */
export function Picture({ image, label, map, most, size = 128, heat = false, onHover }: PictureProps) {
  const hovered = useSignal<{ readonly row: number; readonly column: number } | null>(null);
  const strongest = most ?? Math.max(1e-12, rangeOf((map ?? []).flat())[1]);
  const opacityOf = (weight: number) => {
    const part = Math.min(1, Math.max(0, weight / strongest));
    return heat ? 0.78 * part : 0.86 * (1 - part);
  };
  const smooth = isSmooth.value && map !== undefined;
  const look = (event: PointerEvent) => {
    if (!map) return;
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const row = Math.floor(((event.clientY - box.top) / box.height) * map.length);
    const column = Math.floor(((event.clientX - box.left) / box.width) * (map[0]?.length ?? 1));
    hovered.value = map[row]?.[column] === undefined ? null : { row, column };
    onHover?.(hovered.value);
  };
  const leave = () => {
    hovered.value = null;
    onHover?.(null);
  };
  const press = (event: KeyboardEvent) => {
    if (!map) return;
    if (event.key === 'Escape') leave();
    const columns = map[0]?.length ?? 1;
    const from = hovered.value && hovered.value.row * columns + hovered.value.column;
    const line = { ArrowUp: -columns, ArrowDown: columns }[event.key];
    const to = line ? (from ?? -line) + line : movedBy(event.key, from, map.length * columns);
    if (to === null) return;
    event.preventDefault();
    if (to < 0 || to >= map.length * columns) return;
    hovered.value = { row: Math.floor(to / columns), column: to % columns };
    onHover?.(hovered.value);
  };
  const at = hovered.value;
  return (
    <div
      class={`picture${heat ? ' heat' : ''}${smooth ? ' smooth' : ''}`}
      style={{ width: `${size}px`, height: `${size}px` }}
      role="img"
      aria-label={label}
      tabIndex={map ? 0 : undefined}
      onKeyDown={press}
      onBlur={leave}
      onPointerDown={look}
      onPointerMove={look}
      onPointerLeave={leave}
    >
      <Pixels picture={image} />
      {smooth && <Surface map={map} opacityOf={opacityOf} ink={heat ? 'pos' : 'edge'} size={size} />}
      {map && (
        <div class="veil" style={{ gridTemplateColumns: `repeat(${map[0]?.length ?? 1}, 1fr)` }}>
          {map.flatMap((row, r) =>
            row.map((weight, c) => (
              <span
                key={`${r} ${c}`}
                style={{ '--opacity': `${Math.round(100 * opacityOf(weight))}%` }}
                class={at?.row === r && at.column === c ? 'here' : ''}
              />
            )),
          )}
        </div>
      )}
      {map && at && <output>{heat ? map[at.row][at.column].toPrecision(3) : map[at.row][at.column].toFixed(3)}</output>}
    </div>
  );
}

/** Whether all maps over images show their regions as they are, or smoothed. */
export function SmoothToggle() {
  return (
    <label class="toggle">
      <input
        type="checkbox"
        checked={isSmooth.value}
        onChange={(event) => {
          isSmooth.value = event.currentTarget.checked;
        }}
      />
      {mapWords.value.smooth}
    </label>
  );
}
