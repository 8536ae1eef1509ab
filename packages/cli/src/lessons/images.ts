// Images in the terminal, as characters. An attention map is a grid of its regions: the brighter, the more is attended to, and the largest weight as a number.

import type { ImagesFigure } from 'unrolled/lessons';
import { padEnd, type Style, stringWidth, wrap } from '../terminal/index.ts';

interface Options {
  readonly style: Style;
  readonly width: number;
}

const columnsOfImage = 20;

export function imageLines({ images }: ImagesFigure, { style, width }: Options): string[] {
  const blocks = images.map((entry) => {
    const lines = entry.map ? mapLines(entry.map, style) : pixelLines(entry.image, style);
    const wide = Math.max(columnsOfImage, ...lines.map(stringWidth));
    return [...lines, ...wrap(entry.caption, wide)].map((line) => padEnd(line, wide));
  });
  const lines: string[] = [];
  for (let from = 0; from < blocks.length; ) {
    let [to, used] = [from, 0];
    while (to < blocks.length && (to === from || used + stringWidth(blocks[to][0]) + 3 <= width))
      used += stringWidth(blocks[to++][0]) + 3;
    const row = blocks.slice(from, to);
    const height = Math.max(...row.map((block) => block.length));
    if (from > 0) lines.push('');
    for (let k = 0; k < height; k++)
      lines.push(
        row
          .map((block) => block[k] ?? ' '.repeat(stringWidth(block[0])))
          .join('   ')
          .trimEnd(),
      );
    from = to;
  }
  return lines;
}

const shades = ['····', '░░░░', '▒▒▒▒', '▓▓▓▓'];

/** The weight of each region as a shade, relative to the largest, which is written. */
function mapLines(map: readonly (readonly number[])[], style: Style): string[] {
  const most = Math.max(...map.flat());
  const region = (weight: number) => {
    if (weight === most) return style.yellow(weight.toFixed(2));
    const shade = shades[Math.min(shades.length - 1, Math.ceil((weight / most) * shades.length - 0.5))];
    return shade === shades[0] ? style.dim(shade) : shade;
  };
  return map.map((row) => row.map(region).join(' '));
}

/** The image in few characters: what is not background is a block, in the nearest of the terminal's colors. */
function pixelLines({ width, height, data }: ImagesFigure['images'][number]['image'], style: Style): string[] {
  const channels = data.length / (width * height);
  const rows = Math.round(columnsOfImage / 2);
  const at = (x: number, y: number) => {
    const offset = (Math.floor((y * height) / rows) * width + Math.floor((x * width) / columnsOfImage)) * channels;
    return [data[offset], data[offset + 1] ?? data[offset], data[offset + 2] ?? data[offset]] as const;
  };
  const [r0, g0, b0] = at(0, 0);
  return Array.from({ length: rows }, (_, y) =>
    Array.from({ length: columnsOfImage }, (_, x) => {
      const [r, g, b] = at(x, y);
      if (Math.abs(r - r0) + Math.abs(g - g0) + Math.abs(b - b0) < 90) return '·';
      const paint =
        r > 180 && g > 160 ? style.yellow : r >= g && r >= b ? style.red : g >= b ? style.green : style.blue;
      return paint('█');
    }).join(''),
  );
}
