// What can be asked about a scene that is there: for the second question about the same scene and those after it. The first is chosen before its scene
// (see questions.ts), which is what keeps answers independent of the wording.

import type { Random } from '../../../random.ts';
import { colorNames, shapeNames } from './paint.ts';
import { pick, type SceneObject } from './scene.ts';

/** A question and its answer. */
export interface Asked {
  readonly question: string;
  readonly answer: string;
}

export const counts = 'zero one two three'.split(' ');
export const plural = (shape: string): string => (shape === 'cross' ? 'crosses' : `${shape}s`);

const only = (objects: readonly SceneObject[], key: 'color' | 'shape', { [key]: value }: SceneObject) =>
  objects.filter((object) => object[key] === value).length === 1;

/** A question of each type about these shapes, null where the sampled one has no single answer. */
export const truths = {
  color(objects, random) {
    const one = pick(objects, random);
    return only(objects, 'shape', one) ? { question: `what color is the ${one.shape} ?`, answer: one.color } : null;
  },
  shape(objects, random) {
    const one = pick(objects, random);
    return only(objects, 'color', one) ? { question: `what shape is the ${one.color} one ?`, answer: one.shape } : null;
  },
  count(objects, random) {
    // Half of the time something that is there, or nearly every answer would be zero.
    const { color, shape } =
      random.integer(2) === 0 ? pick(objects, random) : { color: pick(colorNames, random), shape: pick(shapeNames, random) }; // biome-ignore format: one line
    if (random.integer(2) === 0) {
      const number = objects.filter((object) => object.shape === shape).length;
      return { question: `how many ${plural(shape)} are there ?`, answer: counts[number] };
    }
    const number = objects.filter((object) => object.color === color).length;
    return { question: `how many ${color} shapes are there ?`, answer: counts[number] };
  },
  exists(objects, random) {
    const { color } = pick(objects, random);
    const { shape } = pick(objects, random);
    const there = objects.some((object) => object.color === color && object.shape === shape);
    // Half of the pairs are one object's own, whatever the number of objects.
    if (there && random.integer(Math.max(1, objects.length - 1)) !== 0) return null;
    return { question: `is there a ${color} ${shape} ?`, answer: there ? 'yes' : 'no' };
  },
  relation(objects, random) {
    const [a, b] = random.shuffle([...objects]);
    if (!b || !only(objects, 'shape', a) || !only(objects, 'shape', b)) return null;
    const across = a.row === b.row;
    if (!across && a.column !== b.column) return null;
    const [to, fro] = across ? ['left of', 'right of'] : ['above', 'below'];
    const first = across ? a.column < b.column : a.row < b.row;
    const asked = pick([to, fro], random);
    return { question: `is the ${a.shape} ${asked} the ${b.shape} ?`, answer: first === (asked === to) ? 'yes' : 'no' };
  },
} satisfies Record<string, (objects: readonly SceneObject[], random: Random) => Asked | null>;
