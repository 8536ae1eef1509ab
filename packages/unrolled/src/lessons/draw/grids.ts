import { escapeXml, image, round, textWidth, titleOf } from '../../analysis/svg.ts';
import type { GridsFigure, NumberGrid } from '../figures.ts';
import { fixed } from '../numbers.ts';

const [width, height] = [440, 24];

/** Matrices one below the other, or side by side where they fit, each with its numbers. */
export function drawGrids({ title = '', grids, digits = 2 }: GridsFigure): string {
  const heading = titleOf(title, width);
  const largest = Math.max(1e-12, ...grids.flatMap(({ values }) => values.flat().map(Math.abs)));
  let [x, y, below] = [0, heading.bottom, heading.bottom];
  const parts = grids.map((grid) => {
    const size = sizeOf(grid, digits);
    if (x > 0 && x + size.width > width) [x, y] = [0, below];
    const at = { x, y };
    x += size.width;
    below = Math.max(below, y + size.height);
    return one(grid, at, size, largest, digits);
  });
  const label = title || grids.map(({ name }) => name).join(', ');
  return image({ width, height: below + 8, label }, [heading.svg, ...parts]);
}

interface Size {
  readonly left: number;
  readonly cell: number;
  readonly width: number;
  readonly height: number;
}

function sizeOf({ name, rows, columns, values }: NumberGrid, digits: number): Size {
  const numbers = values.flat().map((v) => textWidth(fixed(v, digits), 12));
  const left = 16 + Math.max(0, ...rows.map((r) => textWidth(r)));
  const wanted = Math.max(22, ...numbers.map((w) => w + 8), ...columns.map((c) => textWidth(c) + 6));
  const cell = Math.min(wanted, (width - left - 12) / Math.max(1, columns.length));
  return {
    left,
    cell,
    width: Math.max(left + cell * columns.length, textWidth(name) + 16) + 14,
    height: 46 + rows.length * height,
  };
}

function one(grid: NumberGrid, { x, y }: { x: number; y: number }, size: Size, largest: number, digits: number) {
  const { left, cell } = size;
  const cells = grid.values.flatMap((row, r) =>
    row.map((v, c) => {
      const depth = Math.min(1, Math.abs(v) / largest);
      const [cx, cy] = [round(x + left + c * cell), y + 42 + r * height];
      const text = fixed(v, digits);
      const fits = textWidth(text, 12) <= cell + 4;
      const number = fits
        ? `<text class="small${depth > 0.55 ? ' on' : ''}" x="${round(cx + cell / 2)}" y="${cy + 15}" text-anchor="middle">${text}</text>`
        : '';
      return `<rect class="${v < 0 ? 'warm' : 'w'}" x="${cx}" y="${cy}" width="${round(cell - 1)}" height="${height - 1}" fill-opacity="${round(0.05 + 0.85 * depth, 3)}"><title>${escapeXml(`${grid.rows[r]}, ${grid.columns[c]}: ${text}`)}</title></rect>${number}`;
    }),
  );
  const columns = grid.columns.map(
    (c, k) =>
      `<text class="quiet" x="${round(x + left + (k + 0.5) * cell)}" y="${y + 36}" text-anchor="middle">${escapeXml(c)}</text>`,
  );
  const rows = grid.rows.map(
    (r, k) =>
      `<text class="quiet" x="${round(x + left - 6)}" y="${y + 58 + k * height}" text-anchor="end">${escapeXml(r)}</text>`,
  );
  return `<text x="${x + 12}" y="${y + 16}">${escapeXml(grid.name)}</text>${columns.join('')}${rows.join('')}${cells.join('')}`;
}
