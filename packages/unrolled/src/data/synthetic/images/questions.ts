import { checkOptions, OptionError } from '../../../errors.ts';
import { Random } from '../../../random.ts';
import type { QuestionExample } from '../../images.ts';
import { requireEach, requireOneOf, requireWhole } from '../../../checks.ts';
import { distinct } from '../synthetic.ts';
import { type ColorName, colorNames, keyOf, type ShapeName, shapeNames } from './paint.ts';
import {
  checkScene,
  checkSizes,
  grid,
  paintScene,
  pick,
  type SceneObject,
  type SceneOptions,
  type SizeName,
  sizeNames,
} from './scene.ts';
import { counts, plural, truths } from './scene-truths.ts';

/** Options of `makeQuestions`. */
export interface QuestionsOptions extends Pick<SceneOptions, 'size'> {
  /** Types of questions, which take turns. Default: all of `sceneQuestionTypes`. */
  readonly types?: readonly SceneQuestionType[];
  /** Maximum number of shapes in a scene, 2 to 4; with 2 no answer is "three". Default 4. */
  readonly maxObjects?: number;
  /** Sizes of the shapes. Default: small and big; on images of 24 pixels small shapes are blots. */
  readonly objectSizes?: readonly SizeName[];
  /**
   * Most questions about each scene, 1 to 100; `count` is then the number of scenes. Those after the first are asked about the scene that is there, so they are
   * balanced only roughly. Default 1.
   */
  readonly perScene?: number;
}

/** A question about a scene. */
export interface SceneQuestion extends QuestionExample {
  readonly type: SceneQuestionType;
  readonly objects: readonly SceneObject[];
}

/** The types of questions about synthetic images. */
export const sceneQuestionTypes = ['color', 'shape', 'count', 'exists', 'relation'] as const;
/** A type of question about synthetic images. */
export type SceneQuestionType = (typeof sceneQuestionTypes)[number];

type Kind = Pick<SceneObject, 'color' | 'shape'>;

/** A question, its answer, and shapes that make it true: `needed` are in the scene, and no other shape for which `spoils` is true. */
interface Draft {
  readonly question: string;
  readonly answer: string;
  readonly needed: readonly Kind[];
  readonly spoils: (kind: Kind) => boolean;
  /** For the relation: the first two of `needed`, side by side or one above the other, the first left or above. */
  readonly order?: 'across' | 'down';
}

const yesNo = ['yes', 'no'];

/** Answers of each type, all equally frequent and independent of the question's wording. */
const answersOf: Readonly<Record<SceneQuestionType, readonly string[]>> = {
  color: colorNames,
  shape: shapeNames,
  count: counts,
  exists: yesNo,
  relation: yesNo,
};

/** Chooses the answer first; then the question, independently of it; then a scene for which it is right. */
const drafts: Readonly<Record<SceneQuestionType, (answer: string, random: Random) => Draft>> = {
  color(answer, random) {
    const shape = pick(shapeNames, random);
    const needed = [{ shape, color: answer as ColorName }];
    return { question: `what color is the ${shape} ?`, answer, needed, spoils: (kind) => kind.shape === shape };
  },
  shape(answer, random) {
    const color = pick(colorNames, random);
    const needed = [{ color, shape: answer as ShapeName }];
    return { question: `what shape is the ${color} one ?`, answer, needed, spoils: (kind) => kind.color === color };
  },
  count(answer, random) {
    const number = counts.indexOf(answer);
    if (random.integer(2) === 0) {
      const shape = pick(shapeNames, random);
      const needed = Array.from({ length: number }, () => ({ shape, color: pick(colorNames, random) }));
      return { question: `how many ${plural(shape)} are there ?`, answer, needed, spoils: (k) => k.shape === shape };
    }
    const color = pick(colorNames, random);
    const needed = Array.from({ length: number }, () => ({ color, shape: pick(shapeNames, random) }));
    return { question: `how many ${color} shapes are there ?`, answer, needed, spoils: (k) => k.color === color };
  },
  exists(answer, random) {
    const kind = { color: pick(colorNames, random), shape: pick(shapeNames, random) };
    // With 'no' its color is there and its shape is there, on others: both words have to be found in one place.
    const color = other(colorNames, kind.color, random);
    const shape = other(shapeNames, kind.shape, random);
    const halves = [
      { color: kind.color, shape },
      { color, shape: kind.shape },
    ];
    return {
      question: `is there a ${kind.color} ${kind.shape} ?`,
      answer,
      needed: answer === 'yes' ? [kind, pick(halves, random)] : halves,
      spoils: ({ color: c, shape: s }) => c === kind.color || s === kind.shape,
    };
  },
  relation(answer, random) {
    const shape = pick(shapeNames, random);
    const second = other(shapeNames, shape, random);
    const across = random.integer(2) === 0;
    const [to, fro] = across ? ['left of', 'right of'] : ['above', 'below'];
    const asked = random.integer(2) === 0 ? to : fro;
    const kinds = [shape, second].map((s) => ({ shape: s, color: pick(colorNames, random) }));
    const inOrder = (asked === to) === (answer === 'yes');
    return {
      question: `is the ${shape} ${asked} the ${second} ?`,
      answer,
      needed: inOrder ? kinds : kinds.reverse(),
      spoils: (kind) => kind.shape === shape || kind.shape === second,
      order: across ? 'across' : 'down',
    };
  },
};

function other<T>(list: readonly T[], not: T, random: Random): T {
  return pick(
    list.filter((item) => item !== not),
    random,
  );
}

/**
 * Questions about scenes of two to four shapes, with one word for an answer:
 *
 *   what color is the star ?                       red green blue yellow purple white
 *   what shape is the red one ?                     circle square triangle diamond cross star
 *   how many crosses are there ?                    zero one two three
 *   is there a blue square ?                        yes no
 *   is the circle left of the star ?                yes no
 *
 * Types and answers are balanced, whatever the question: a question-only baseline is right about
 * 1/6, 1/6, 1/4, 1/2 and 1/2 of them, .317 overall. Where a blue square is asked for and absent, something blue is present, and a square.
 */
export function makeQuestions(count: number, seed: number, options: QuestionsOptions = {}): SceneQuestion[] {
  const who = 'makeQuestions';
  requireWhole(who, 'count', count, 0);
  const settled = checkQuestions(who, options);
  const { size, types, maxObjects, perScene } = settled;
  const random = new Random(seed);
  const answers = (type: SceneQuestionType) => (type === 'count' ? counts.slice(0, maxObjects + 1) : answersOf[type]);
  let made = 0;
  const draw = (): SceneQuestion[] => {
    const type = types[made % types.length];
    const turn = Math.floor(made / types.length);
    const draft = drafts[type](answers(type)[turn % answers(type).length], random);
    const objects = place(draft, settled, random);
    made++;
    const { question, answer } = draft;
    const first = { image: paintScene(objects, size, grid, random), question, answer, type, objects };
    return perScene === 1 ? [first] : [first, ...further(first, settled, made, random)];
  };
  const scenes = distinct(who, count, draw, ([{ image, question }]) => `${question} ${keyOf(image.data)}`);
  return random.shuffle(scenes).flat();
}

type Settled = Required<QuestionsOptions>;

function checkQuestions(who: string, options: QuestionsOptions): Settled {
  checkOptions(who, options, ['size', 'types', 'maxObjects', 'objectSizes', 'perScene']);
  const { types = sceneQuestionTypes, maxObjects = 4, objectSizes = sizeNames, perScene = 1 } = options;
  requireWhole(who, 'maxObjects', maxObjects, 2, 4);
  requireWhole(who, 'perScene', perScene, 1, 100);
  requireEach(who, 'types', types, (by, option, one) => requireOneOf(by, option, one, sceneQuestionTypes));
  if (types.length === 0)
    throw new OptionError(who, 'types', `expected some of ${sceneQuestionTypes.join(', ')}, got none`);
  checkSizes(who, objectSizes);
  return { size: checkScene(who, options).size, types, maxObjects, objectSizes, perScene };
}

/** More questions about the first one's scene, each once; fewer than asked for where a scene allows fewer. */
function further(first: SceneQuestion, { types, perScene }: Settled, turn: number, random: Random): SceneQuestion[] {
  const asked = new Map([[first.question, first]]);
  for (let tries = 0; asked.size < perScene && tries < 3 * perScene; tries++) {
    const type = types[(turn + tries) % types.length];
    const truth = truths[type](first.objects, random);
    if (truth && !asked.has(truth.question)) asked.set(truth.question, { ...first, ...truth, type });
  }
  return [...asked.values()].slice(1);
}

/** The needed shapes and a few others that do not change the answer, at different places. */
function place(
  { needed, spoils, order }: Draft,
  { maxObjects, objectSizes }: Pick<Settled, 'maxObjects' | 'objectSizes'>,
  random: Random,
): SceneObject[] {
  const kinds: Kind[] = [...needed];
  const least = Math.max(needed.length, 2);
  const most = least + random.integer(maxObjects + 1 - least);
  while (kinds.length < most) {
    const kind = { color: pick(colorNames, random), shape: pick(shapeNames, random) };
    if (!spoils(kind)) kinds.push(kind);
  }
  const cells = random.shuffle(Array.from({ length: grid * grid }, (_, k) => k));
  if (order) {
    const line = random.integer(grid);
    const from = random.integer(grid - 1);
    const to = from + 1 + random.integer(grid - 1 - from);
    const ends = [from, to].map((at) => (order === 'across' ? line * grid + at : at * grid + line));
    cells.sort((a, b) => Number(ends.includes(b)) - Number(ends.includes(a)));
    cells.splice(0, 2, ...ends);
  }
  return kinds.map((kind, k) => ({
    ...kind,
    size: pick(objectSizes, random),
    row: Math.floor(cells[k] / grid),
    column: cells[k] % grid,
  }));
}
