import { checkOptions } from '../../../errors.ts';
import { Random } from '../../../random.ts';
import type { CaptionedImage } from '../../images.ts';
import { requireWhole } from '../../../checks.ts';
import { distinct } from '../synthetic.ts';
import { keyOf } from './paint.ts';
import {
  checkScene,
  checkSizes,
  drawKind,
  grid,
  paintScene,
  pick,
  type SceneObject,
  type SceneOptions,
  type SizeName,
  sizeNames,
} from './scene.ts';

/** Options of `makeScenes`. */
export interface ScenesOptions extends SceneOptions {
  /** Maximum number of shapes in a scene, 1 or 2. Default 2. */
  readonly maxObjects?: number;
  /** Sizes of the shapes; where there is one, captions do not say it. Default: small and big; on images of 24 pixels small shapes are blots. */
  readonly objectSizes?: readonly SizeName[];
}

/** A scene with all of its correct captions. */
export interface CaptionedScene extends CaptionedImage {
  readonly objects: readonly SceneObject[];
}

const places = [
  ['top left', 'top', 'top right'],
  ['left', 'middle', 'right'],
  ['bottom left', 'bottom', 'bottom right'],
];

/** Caption templates. All are equivalent, so any of them is correct. */
function captionsOf(objects: readonly SceneObject[], sized: boolean): string[] {
  const name = ({ size, color, shape }: SceneObject) => `a ${sized ? `${size} ` : ''}${color} ${shape}`;
  const [a, b] = objects;
  if (!b) {
    const place = places[a.row][a.column];
    return [`${name(a)} at the ${place}`, `at the ${place} is ${name(a)}`, `there is ${name(a)} at the ${place}`];
  }
  // The first is the left or the upper one.
  const [to, fro] = a.row === b.row ? ['left of', 'right of'] : ['above', 'below'];
  return [`${name(a)} ${to} ${name(b)}`, `${name(b)} ${fro} ${name(a)}`, `there is ${name(a)} ${to} ${name(b)}`];
}

/**
 * Scenes of one shape or two, and captions of them:
 *
 *   ┌──────────────┐   a small red circle left of a big blue square
 *   │              │   a big blue square right of a small red circle
 *   │   ●     ■    │   there is a small red circle left of a big blue square
 *   │              │
 *   └──────────────┘   one alone: a big green star at the top right, …
 *
 * Six shapes, six colors, two sizes, a 3 × 3 grid of places. With `split: 'train'` six combinations of color and shape never occur, one for
 * each color and each shape; with 'held out' one is in every image. What two scenes have in common is never a whole image.
 */
export function makeScenes(count: number, seed: number, options: ScenesOptions = {}): CaptionedScene[] {
  const who = 'makeScenes';
  checkOptions(who, options, ['size', 'split', 'maxObjects', 'objectSizes']);
  const { size, split } = checkScene(who, options);
  const { maxObjects = 2, objectSizes = sizeNames } = options;
  checkSizes(who, objectSizes);
  requireWhole(who, 'maxObjects', maxObjects, 1, 2);
  const random = new Random(seed);
  const one = (row: number, column: number, from: string): SceneObject => ({
    ...drawKind(from, random),
    size: pick(objectSizes, random),
    row,
    column,
  });
  const two = (): SceneObject[] => {
    const line = random.integer(grid);
    const from = random.integer(grid - 1);
    const to = from + 1 + random.integer(grid - 1 - from);
    const across = random.integer(2) === 0;
    // Of a pair with a held-out combination either may be the one; the other is any.
    const held = random.integer(2);
    return [from, to].map((at, k) => {
      const kinds = split === 'held out' && k !== held ? 'all' : split;
      return across ? one(line, at, kinds) : one(at, line, kinds);
    });
  };
  const draw = (): CaptionedScene => {
    const pair = maxObjects === 2 && random.integer(2) === 1;
    const objects = pair ? two() : [one(random.integer(grid), random.integer(grid), split)];
    return {
      image: paintScene(objects, size, grid, random),
      captions: captionsOf(objects, objectSizes.length > 1),
      objects,
    };
  };
  return distinct(who, count, draw, ({ image }) => keyOf(image.data));
}
