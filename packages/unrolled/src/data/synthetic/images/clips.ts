import { checkOptions } from '../../../errors.ts';
import { Random } from '../../../random.ts';
import type { Clip, LabeledClip } from '../../images.ts';
import { requireWhole } from '../../../checks.ts';
import { distinct } from '../synthetic.ts';
import { background, canvas, colorNames, colors, draw, keyOf, shade, shapeNames } from './paint.ts';
import { pick } from './scene.ts';

/** Options of `makeClips`. */
export interface ClipsOptions {
  /** Height and width in pixels. Default 32. */
  readonly size?: number;
  /** Minimum and maximum number of frames. Default 10 and 14. */
  readonly minFrames?: number;
  readonly maxFrames?: number;
}

/** Motions; the last four start with the same image as the others. */
export const motions = [
  'left',
  'right',
  'up',
  'down',
  'growing',
  'shrinking',
  'clockwise',
  'counterclockwise',
] as const;
/** Directions in which an object of a clip moves. */
export type Motion = (typeof motions)[number];

/** Label of a frame without change since the one before, and of the first frame. */
export const still = 'still';

/** A clip of one motion. */
export interface MotionClip extends LabeledClip {
  readonly label: Motion;
  /** For each frame the motion since the frame before, or 'still'. */
  readonly frameLabels: readonly (Motion | 'still')[];
}

/** A turn of 1/12: cos and sin of 30°. */
const [cos30, sin30] = [Math.sqrt(3) / 2, 0.5];
const smallest = 0.11; // radius, of the size
const largest = 0.27;

/** Position and size of the shape, as fractions of the image's size, on an image whose edges meet. */
interface Pose {
  x: number;
  y: number;
  radius: number;
  /** Radius vector of its orbit. */
  dx: number;
  dy: number;
}

/**
 * One shape in motion: eight classes that no single frame tells apart.
 *
 *   ▫ ▪ ■ ▫ ▪ ■   growing          ■ ▪ ▫ ■ ▪ ▫   shrinking           the same frames the other way round
 *   ■ · · │ · ■ · │ · · ■  right   · · ■ │ · ■ · │ ■ · ·  left
 *
 * The image's edges meet, so what leaves it at the right comes in at the left, and sizes run round in the same way: at every moment place and
 * size are distributed alike in every class, and a single frame carries no information (1/8). Before and after it moves the shape may stand
 * still for up to three frames; `frameLabels` tells when. The same clip backwards is of the opposite class.
 */
export function makeClips(count: number, seed: number, options: ClipsOptions = {}): MotionClip[] {
  const who = 'makeClips';
  checkOptions(who, options, ['size', 'minFrames', 'maxFrames']);
  const { size = 32, minFrames = 10, maxFrames = Math.max(14, minFrames) } = options;
  requireWhole(who, 'count', count, 0);
  requireWhole(who, 'size', size, 16, 512);
  requireWhole(who, 'minFrames', minFrames, 9);
  requireWhole(who, 'maxFrames', maxFrames, minFrames);
  const random = new Random(seed);
  let made = 0;
  const video = (): MotionClip => {
    const label = motions[made++ % motions.length];
    const frames = minFrames + random.integer(maxFrames - minFrames + 1);
    const [begin, end] = [1 + random.integer(4), frames - random.integer(4)];
    const frameLabels = Array.from({ length: frames }, (_, t) => (t >= begin && t < end ? label : still));
    return { clip: shoot(frameLabels, size, random), label, frameLabels };
  };
  return random.shuffle(distinct(who, count, video, ({ clip }) => keyOf(clip.data)));
}

function shoot(frameLabels: readonly (Motion | 'still')[], size: number, random: Random): Clip {
  const behind = background(random);
  const shape = pick(shapeNames, random);
  const color = shade(colors[pick(colorNames, random)], 10, random);
  const speed = 0.07 + 0.06 * random.uniform();
  const pose = firstPose(random);
  const frame = size * size * 3;
  const data = new Uint8Array(frameLabels.length * frame);
  for (const [t, motion] of frameLabels.entries()) {
    if (motion !== still) move(pose, motion, speed);
    const image = canvas(size, size, behind);
    draw(image, shape, [pose.x * size, pose.y * size, pose.radius * size], color, true);
    data.set(image.data, t * frame);
  }
  return { frames: frameLabels.length, height: size, width: size, data };
}

/** The same random numbers for every class. */
function firstPose(random: Random): Pose {
  const pose = { x: random.uniform(), y: random.uniform(), radius: 0, dx: 0.22, dy: 0 };
  pose.radius = smallest + (largest - smallest) * random.uniform();
  for (let turns = random.integer(12); turns > 0; turns--) turn(pose, sin30);
  return pose;
}

function move(pose: Pose, motion: Motion, speed: number): void {
  const [x, y] = [pose.dx, pose.dy];
  switch (motion) {
    case 'left':
      pose.x -= speed;
      break;
    case 'right':
      pose.x += speed;
      break;
    case 'up':
      pose.y -= speed;
      break;
    case 'down':
      pose.y += speed;
      break;
    case 'growing':
    case 'shrinking': {
      const part = ((pose.radius - smallest) / (largest - smallest) + (motion === 'growing' ? 0.15 : 0.85)) % 1;
      pose.radius = smallest + (largest - smallest) * part;
      break;
    }
    case 'clockwise': // y points down, so a turn from x to y is clockwise
    case 'counterclockwise':
      turn(pose, motion === 'clockwise' ? sin30 : -sin30);
      pose.x += pose.dx - x;
      pose.y += pose.dy - y;
      break;
    default:
      motion satisfies never;
  }
}

function turn(pose: Pose, sine: number): void {
  [pose.dx, pose.dy] = [cos30 * pose.dx - sine * pose.dy, sine * pose.dx + cos30 * pose.dy];
}
