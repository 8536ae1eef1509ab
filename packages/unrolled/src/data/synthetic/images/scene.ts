// A scene: shapes on a grid, with their attributes. Captions and questions are about its content.

import { requireEach, requireKinds, requireOneOf, requireWhole } from '../../../checks.ts';
import { OptionError } from '../../../errors.ts';
import type { Random } from '../../../random.ts';
import type { RawImage } from '../../images.ts';
import {
  background,
  canvas,
  type ColorName,
  colorNames,
  colors,
  draw,
  shade,
  type ShapeName,
  shapeNames,
} from './paint.ts';

/** Sizes of objects in synthetic images. */
export type SizeName = 'small' | 'big';

export const sizeNames: readonly SizeName[] = ['small', 'big'];

/** Throws for sizes that are none, and for none at all. */
export function checkSizes(who: string, sizes: readonly SizeName[]): void {
  requireEach(who, 'objectSizes', sizes, (by, option, one) => requireOneOf(by, option, one, sizeNames));
  if (sizes.length === 0)
    throw new OptionError(who, 'objectSizes', `expected some of ${sizeNames.join(', ')}, got none`);
}

/** A shape in a scene; rows and columns count from 0 at the top left. */
export interface SceneObject {
  readonly shape: ShapeName;
  readonly color: ColorName;
  readonly size: SizeName;
  readonly row: number;
  readonly column: number;
}

/** Two images of the same scene differ in backgrounds, shades and a few pixels. */
export interface SceneOptions {
  /** Height and width in pixels. Default 64. */
  readonly size?: number;
  /** Allowed combinations of color and shape: all, those for training, or with at least one held out from training. Default 'all'. */
  readonly split?: 'all' | 'train' | 'held out';
}

/** Every color and every shape is held out in one combination, and occurs in five others. */
export function isHeldOut(object: Pick<SceneObject, 'color' | 'shape'>): boolean {
  requireKinds('isHeldOut', { object }, { object: { color: 'text', shape: 'text' } });
  const { color, shape } = object;
  return colorNames.indexOf(color) === shapeNames.indexOf(shape);
}

/** Grid rows, and columns, of scenes for captions and questions. */
export const grid = 3;

export function checkScene(who: string, { size = 64, split = 'all' }: SceneOptions): Required<SceneOptions> {
  requireWhole(who, 'size', size, 24, 1024);
  requireOneOf(who, 'split', split, ['all', 'train', 'held out']);
  return { size, split };
}

export const pick = <T>(list: readonly T[], random: Random): T => list[random.integer(list.length)];

/** Samples a color and a shape of the split. For 'held out', one that is. */
export function drawKind(split: string, random: Random): { color: ColorName; shape: ShapeName } {
  for (;;) {
    const kind = { color: pick(colorNames, random), shape: pick(shapeNames, random) };
    if (split === 'all' || isHeldOut(kind) === (split === 'held out')) return kind;
  }
}

/** Places objects on a grid of `places` × `places`: each in the middle of its cell up to a pixel or two. */
export function paintScene(objects: readonly SceneObject[], size: number, places: number, random: Random): RawImage {
  const image = canvas(size, size, background(random));
  const cell = size / places;
  for (const { shape, color, size: named, row, column } of objects) {
    const radius = cell * (named === 'small' ? 0.25 : 0.42);
    const slack = Math.floor(cell / 2 - radius);
    const jitter = () => random.integer(2 * slack + 1) - slack;
    const [x, y] = [(column + 0.5) * cell + jitter(), (row + 0.5) * cell + jitter()];
    draw(image, shape, [x, y, radius], shade(colors[color], 10, random));
  }
  return image;
}
