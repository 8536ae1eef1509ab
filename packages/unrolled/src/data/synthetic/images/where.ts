import { checkOptions } from '../../../errors.ts';
import { Random } from '../../../random.ts';
import type { CaptionedImage } from '../../images.ts';
import { requireWhole } from '../../../checks.ts';
import { distinct } from '../synthetic.ts';
import { colorNames, keyOf, shapeNames } from './paint.ts';
import { checkScene, paintScene, pick, type SceneObject, type SceneOptions } from './scene.ts';

/** Options of `makeWhere`. */
export interface WhereOptions extends Pick<SceneOptions, 'size'> {
  /** Rows and columns. Default 4: the feature map of a `ConvNet` on 64 × 64 pixels. */
  readonly grid?: number;
  /** Minimum and maximum number of distractors. Default 3 and 6. */
  readonly minDistractors?: number;
  readonly maxDistractors?: number;
}

/** An image with one star, and its position. */
export interface WhereScene extends CaptionedImage {
  /** Cell of the star, row · grid + column: the region that attention should peak at. */
  readonly cell: number;
  readonly row: number;
  readonly column: number;
}

const numbers = 'one two three four five six seven eight'.split(' ');

/**
 * Where is the star? One star among other shapes, and the cell it is in:
 *
 *   ●  ·  ■  ·
 *   ·  ·  ·  ▲
 *   ·  ★  ·  ·        the red star is in row three column two       cell 9
 *   ■  ·  ·  ●
 *
 * All cells are drawn in the same way and at the same places, so the same shapes elsewhere are the same 16 patches in another order:
 * the mean over patches tells that there is a star, and its color, but not where. A model has to know which patch is which: its
 * regions need a position embedding, and it has to attend to one of them.
 */
export function makeWhere(count: number, seed: number, options: WhereOptions = {}): WhereScene[] {
  const who = 'makeWhere';
  checkOptions(who, options, ['size', 'grid', 'minDistractors', 'maxDistractors']);
  const { size } = checkScene(who, options);
  const { grid = 4, minDistractors = 3, maxDistractors = 6 } = options;
  requireWhole(who, 'grid', grid, 2, numbers.length);
  requireWhole(who, 'minDistractors', minDistractors, 0, grid * grid - 1);
  requireWhole(who, 'maxDistractors', maxDistractors, minDistractors, grid * grid - 1);
  if (size % grid !== 0) requireWhole(who, `size / grid`, size / grid, 6);
  const random = new Random(seed);
  const others = shapeNames.filter((shape) => shape !== 'star');
  const draw = (): WhereScene => {
    const cells = random.shuffle(Array.from({ length: grid * grid }, (_, k) => k));
    const shapes = 1 + minDistractors + random.integer(maxDistractors - minDistractors + 1);
    const objects = cells.slice(0, shapes).map(
      (cell, k): SceneObject => ({
        shape: k === 0 ? 'star' : pick(others, random),
        color: pick(colorNames, random),
        size: 'big',
        row: Math.floor(cell / grid),
        column: cell % grid,
      }),
    );
    const [{ color, row, column }] = objects;
    const caption = `the ${color} star is in row ${numbers[row]} column ${numbers[column]}`;
    const image = paintScene(objects, size, grid, random);
    return { image, captions: [caption], cell: cells[0], row, column };
  };
  return distinct(who, count, draw, ({ image }) => keyOf(image.data));
}
