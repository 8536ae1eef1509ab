// A part of a tensor of weights, a cell each: the stronger the color, the larger; below zero blue and with a dot. A click or the arrow keys choose one.

import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { matrixOf } from '../../reading/matrix-of.ts';
import type { WeightBlock, WeightStatistics } from '../../reading/protocol.ts';
import { part, place, shownRows, wanted } from '../../state/weights.ts';
import { movedBy } from '../../ui/keys.ts';
import { brief } from '../../words/numbers.ts';
import { words } from './change-words.ts';
import { rowName, weightName } from './weight-names.ts';

interface GridProps {
  readonly tensor: WeightStatistics;
  readonly block: WeightBlock;
  /** The weight with the strongest color. */
  readonly most: number;
}

/** See the top of this file. */
export function WeightGrid({ tensor, block, most }: GridProps) {
  const hovered = useSignal<{ readonly row: number; readonly column: number } | null>(null);
  const [R, C] = matrixOf(tensor.shape);
  const [rows, columns] = [block.values.length, block.values[0]?.length ?? 0];
  const now = place.value;
  const cells = useMemo(() => <Cells block={block} most={most} />, [block, most, wanted.value]);
  if (!now || columns === 0) return null;
  const pointed = (event: PointerEvent) => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const r = Math.floor(((event.clientY - box.top) / box.height) * rows);
    const c = Math.floor(((event.clientX - box.left) / box.width) * columns);
    const isIn = r >= 0 && r < rows && c >= 0 && c < columns;
    return isIn ? { row: block.row + r, column: block.column + c } : null;
  };
  const press = (event: KeyboardEvent) => {
    const [down, up] = [event.key === 'ArrowDown', event.key === 'ArrowUp'];
    const paged = { PageUp: -shownRows, PageDown: shownRows }[event.key];
    const by = paged ?? Number(down) - Number(up);
    const row = by !== 0 ? Math.min(R - 1, Math.max(0, now.row + by)) : now.row;
    const column = by !== 0 ? now.column : movedBy(event.key, now.column, C);
    if (column === null) return;
    event.preventDefault();
    place.value = { tensor: tensor.name, row, column };
  };
  const look = hovered.value ?? now;
  const value = block.values[look.row - block.row]?.[look.column - block.column];
  const range = (from: number, to: number, of: (n: number) => string) =>
    to > from ? `${of(from)} … ${of(to)}` : of(from);
  const label = words.value.matrix(
    range(block.row, block.row + rows - 1, (r) => rowName(tensor, r)),
    range(block.column, block.column + columns - 1, String),
  );
  const inRow = part.value !== 'column' && block.row <= now.row && now.row < block.row + rows;
  const inColumn = part.value !== 'row' && block.column <= now.column && now.column < block.column + columns;
  return (
    <div class="weight-grid" style={{ '--rows': rows, '--columns': columns }}>
      <div
        class="weight-cells"
        role="group"
        aria-label={`${tensor.name}. ${label}`}
        aria-describedby="weight-exact"
        tabIndex={0}
        onKeyDown={press}
        onPointerMove={(event) => {
          hovered.value = pointed(event);
        }}
        onPointerLeave={() => {
          hovered.value = null;
        }}
        onClick={(event) => {
          const to = pointed(event as unknown as PointerEvent);
          if (to) place.value = { tensor: tensor.name, ...to };
        }}
      >
        {cells}
        {(part.value === 'weight' ? inRow && inColumn : inRow || inColumn) && (
          <span
            class="chosen"
            style={{
              gridRow: part.value === 'column' ? '1 / -1' : now.row - block.row + 1,
              gridColumn: part.value === 'row' ? '1 / -1' : now.column - block.column + 1,
            }}
          />
        )}
      </div>
      <p class="legend">
        <span>{label}</span>
        <span class="exact" id="weight-exact" role="status">
          {value === undefined ? '' : `${weightName(tensor, look)} ${brief(value)}`}
        </span>
      </p>
    </div>
  );
}

/** Hundreds of cells, which are drawn again when their numbers are others, and not when another one is chosen. */
function Cells({ block, most }: Pick<GridProps, 'block' | 'most'>) {
  const own = wanted.value.filter(({ tensor }) => tensor === block.tensor);
  const isChanged = (row: number, column: number) =>
    own.some((one) => (one.row === null || one.row === row) && (one.column === null || one.column === column));
  return (
    <>
      {block.values.flatMap((values, r) =>
        values.map((value, c) => (
          <i
            key={`${r} ${c}`}
            class={`${value < 0 ? 'below' : ''}${isChanged(block.row + r, block.column + c) ? ' edited' : ''}`}
            style={{
              '--v': `${Math.round(90 * Math.min(1, Math.abs(value) / most))}%`,
              gridRow: r + 1,
              gridColumn: c + 1,
            }}
          />
        )),
      )}
    </>
  );
}
