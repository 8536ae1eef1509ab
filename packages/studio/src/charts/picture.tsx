// An image, and what is attended to in it: a region is the paler, the less it is attended to; or how much each part of it matters, as color over a pale
// image, so that what is dark can matter too. The exact number is under the pointer.

import { useSignal } from '@preact/signals';
import type { RawImage } from 'unrolled/data';
import { movedBy } from '../ui/keys.ts';
import { Pixels } from './pixels.tsx';
import { rangeOf } from './scales.ts';

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
      class={heat ? 'picture heat' : 'picture'}
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
      {map && (
        <div class="veil" style={{ gridTemplateColumns: `repeat(${map[0]?.length ?? 1}, 1fr)` }}>
          {map.flatMap((row, r) =>
            row.map((weight, c) => (
              <span
                key={`${r} ${c}`}
                style={
                  heat
                    ? { '--heat': `${Math.round(78 * Math.min(1, weight / strongest))}%` }
                    : { '--pale': String(0.86 * (1 - Math.min(1, weight / strongest))) }
                }
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
