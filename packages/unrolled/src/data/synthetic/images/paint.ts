// Drawing: six shapes in six colors on bytes [h, w, 3]. Edges are smooth: a pixel takes the color in the part of its 4 × 4 points that lie in
// the shape. Only + − × ÷ and √ are used, so the same image has the same bytes in every engine.

import { Random } from '../../../random.ts';
import type { RawImage } from '../../images.ts';

export type Color = readonly [red: number, green: number, blue: number];

/** Every color by its name. */
export const colors = {
  red: [222, 45, 48],
  green: [44, 176, 74],
  blue: [58, 98, 232],
  yellow: [245, 214, 48],
  purple: [158, 66, 196],
  white: [244, 244, 244],
} as const satisfies Record<string, Color>;

/** A color of synthetic images. */
export type ColorName = keyof typeof colors;
/** The names of the colors in synthetic images. */
export const colorNames = Object.keys(colors) as ColorName[];

const [sin36, sin72] = [Math.sqrt(10 - 2 * Math.sqrt(5)) / 4, Math.sqrt(10 + 2 * Math.sqrt(5)) / 4];
const [cos36, cos72] = [(1 + Math.sqrt(5)) / 4, (Math.sqrt(5) - 1) / 4];

/** The directions that a pentagram's edges face: inside are the points before at most one of the five. */
const starX = [0, sin72, sin36, -sin36, -sin72];
const starY = [-1, -cos72, cos36, cos36, -cos72];

/** Whether (x, y) lies in the shape of radius 1 about 0; y points down. */
const inside = {
  circle: (x, y) => x * x + y * y <= 0.81,
  square: (x, y) => Math.abs(x) <= 0.79 && Math.abs(y) <= 0.79,
  triangle: (x, y) => y <= 0.85 && y >= -0.95 && Math.abs(x) <= (y + 0.95) * 0.58,
  diamond: (x, y) => Math.abs(x) * 1.35 + Math.abs(y) <= 1,
  cross: (x, y) => Math.max(Math.abs(x), Math.abs(y)) <= 0.95 && Math.min(Math.abs(x), Math.abs(y)) <= 0.32,
  star(x, y) {
    if (x * x + y * y > 1.1) return false;
    let before = 0;
    for (let i = 0; i < 5; i++) if (starX[i] * x + starY[i] * y > 0.315) before++;
    return before < 2;
  },
} satisfies Record<string, (x: number, y: number) => boolean>;

/** A shape of synthetic images. */
export type ShapeName = keyof typeof inside;
/** The names of the shapes in synthetic images. */
export const shapeNames = Object.keys(inside) as ShapeName[];

/** An image of one color. */
export function canvas(height: number, width: number, color: Color): RawImage {
  const data = new Uint8Array(height * width * 3);
  for (let i = 0; i < data.length; i++) data[i] = color[i % 3];
  return { height, width, data };
}

const points = [0.125, 0.375, 0.625, 0.875];

/** Draws a shape of `radius` about (x, y), in pixels from the top left corner. What is outside is clipped, or, with `wrap`, drawn at the other side. */
export function draw(
  image: RawImage,
  shape: ShapeName,
  [x, y, radius]: readonly [x: number, y: number, radius: number],
  color: Color,
  wrap = false,
): void {
  const { height, width, data } = image;
  const covers = inside[shape];
  const reach = 1.25 * radius;
  for (let row = Math.floor(y - reach); row <= y + reach; row++) {
    for (let column = Math.floor(x - reach); column <= x + reach; column++) {
      if (!wrap && (row < 0 || row >= height || column < 0 || column >= width)) continue;
      let covered = 0;
      for (const dy of points)
        for (const dx of points) if (covers((column + dx - x) / radius, (row + dy - y) / radius)) covered++;
      if (covered === 0) continue;
      const at = (modulo(row, height) * width + modulo(column, width)) * 3;
      for (let c = 0; c < 3; c++) data[at + c] += Math.round(((color[c] - data[at + c]) * covered) / 16);
    }
  }
}

const modulo = (n: number, size: number) => ((n % size) + size) % size;

/** A random shade of a color: each of its components up to `by` away. */
export function shade(color: Color, by: number, random: Random): Color {
  const part = (value: number) => Math.min(255, Math.max(0, value + random.integer(2 * by + 1) - by));
  return [part(color[0]), part(color[1]), part(color[2])];
}

/** A random dark gray for backgrounds. */
export function background(random: Random): Color {
  const gray = 20 + random.integer(41);
  return [gray, gray, gray];
}

/** 64-bit hash of an image's or a clip's bytes. */
export function keyOf(data: Uint8Array): string {
  let [a, b] = [0x811c9dc5, 0x9e3779b9];
  for (let i = 0; i < data.length; i++) {
    a = Math.imul(a ^ data[i], 0x01000193);
    b = Math.imul(b ^ data[i], 0x85ebca6b) + (b >>> 13);
  }
  return `${a >>> 0} ${b >>> 0}`;
}
