// A scene: shapes on a grid of places, with what is known of each. Captions and questions are about what is in it.

import { requireKinds } from '../../../checks.ts';
import type { Random } from '../../../random.ts';
import { requireOneOf, requireWhole } from '../made.ts';
import type { Picture } from '../../pictures.ts';
import {
  background,
  canvas,
  type ColourName,
  colourNames,
  colours,
  draw,
  shade,
  type ShapeName,
  shapeNames,
} from './paint.ts';

export type SizeName = 'small' | 'big';

/** A shape in a scene; rows and columns count from 0 at the top left. */
export interface SceneObject {
  readonly shape: ShapeName;
  readonly colour: ColourName;
  readonly size: SizeName;
  readonly row: number;
  readonly column: number;
}

/** What two different pictures of the same scene differ in: backgrounds, shades, a few pixels. */
export interface SceneOptions {
  /** Height and width in pixels. Default 64. */
  readonly size?: number;
  /** Which combinations of colour and shape there are: all, those to train on, or with at least one that is held out from them. Default 'all'. */
  readonly split?: 'all' | 'train' | 'held out';
}

/** Every colour and every shape is held out in one combination, and seen in five others. */
export function isHeldOut(object: Pick<SceneObject, 'colour' | 'shape'>): boolean {
  requireKinds('isHeldOut', { object }, { object: { colour: 'text', shape: 'text' } });
  const { colour, shape } = object;
  return colourNames.indexOf(colour) === shapeNames.indexOf(shape);
}

/** Places in a row, and in a column, of scenes for captions and questions. */
export const grid = 3;

export function checkScene(who: string, { size = 64, split = 'all' }: SceneOptions): Required<SceneOptions> {
  requireWhole(who, 'size', size, 24, 1024);
  requireOneOf(who, 'split', split, ['all', 'train', 'held out']);
  return { size, split };
}

export const pick = <T>(list: readonly T[], random: Random): T => list[random.integer(list.length)];

/** A colour and a shape: those of the split. For 'held out' one that is. */
export function drawKind(split: string, random: Random): { colour: ColourName; shape: ShapeName } {
  for (;;) {
    const kind = { colour: pick(colourNames, random), shape: pick(shapeNames, random) };
    if (split === 'all' || isHeldOut(kind) === (split === 'held out')) return kind;
  }
}

/** Draws objects on a grid of `places` × `places`: each in the middle of its cell but for a pixel or two. */
export function paintScene(objects: readonly SceneObject[], size: number, places: number, random: Random): Picture {
  const picture = canvas(size, size, background(random));
  const cell = size / places;
  for (const { shape, colour, size: named, row, column } of objects) {
    const radius = cell * (named === 'small' ? 0.25 : 0.42);
    const slack = Math.floor(cell / 2 - radius);
    const jitter = () => random.integer(2 * slack + 1) - slack;
    const [x, y] = [(column + 0.5) * cell + jitter(), (row + 0.5) * cell + jitter()];
    draw(picture, shape, [x, y, radius], shade(colours[colour], 10, random));
  }
  return picture;
}
