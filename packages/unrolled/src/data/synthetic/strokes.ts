import { checkOptions } from '../../errors.ts';
import { Random } from '../../random.ts';
import { requireWhole } from '../../checks.ts';
import { requireNoise, sine } from './sines.ts';
import type { LabeledSeries } from './synthetic.ts';

/** Options of `makeStrokes`. */
export interface StrokesOptions {
  /** Standard deviation of the tremor of the hand; the figure is about 2 high. Default 0.05. */
  readonly noise?: number;
}

/** A path of the pen: where it is after the part u ∈ [0, 1] of the figure. */
type Path = (u: number) => readonly [x: number, y: number];

const circle = (u: number, radius = 1) => [radius * sine(u + 0.25), radius * sine(u)] as const;

/** Straight lines from corner to corner, at one speed. */
const corners =
  (...points: readonly (readonly [number, number])[]): Path =>
  (u) => {
    const at = Math.min(u, 1 - 1e-9) * (points.length - 1);
    const [from, to] = [points[Math.floor(at)], points[Math.floor(at) + 1]];
    const part = at - Math.floor(at);
    return [from[0] + part * (to[0] - from[0]), from[1] + part * (to[1] - from[1])];
  };

const figures = {
  circle: (u) => circle(u),
  'circle back': (u) => circle(-u),
  eight: (u) => [sine(2 * u), sine(u)],
  spiral: (u) => circle(2 * u, 0.15 + 0.85 * u),
  square: corners([-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]),
  triangle: corners([-1, -1], [1, -1], [0, 1], [-1, -1]),
  zigzag: corners([-1, 1], [-0.5, -1], [0, 1], [0.5, -1], [1, 1]),
  wave: (u) => [2 * u - 1, sine(2 * u)],
} as const satisfies Record<string, Path>;

/** A figure that `makeStrokes` draws. */
export type Stroke = keyof typeof figures;

/** The figures that `makeStrokes` draws. */
export const strokes = Object.keys(figures) as readonly Stroke[];

const mostStrokes = 2 ** 20;

/**
 * Figures drawn with a pen, as a tablet reports them: the place of the pen at each of 20 to 45 steps, features x and y. Size, place, slant, speed and tremor
 * differ from one to the next, so that no single step tells what is drawn; a circle drawn back is the same places in another order.
 *
 *   circle   ◯      eight   8      zigzag   VV      label: the figure's name
 */
export function makeStrokes(count: number, seed: number, options: StrokesOptions = {}): LabeledSeries[] {
  checkOptions('makeStrokes', options, ['noise']);
  const { noise = 0.05 } = options;
  requireWhole('makeStrokes', 'count', count, 0, mostStrokes);
  requireNoise('makeStrokes', noise);
  const random = new Random(seed);
  const between = (low: number, high: number) => low + (high - low) * random.uniform();
  return Array.from({ length: count }, () => {
    const label = strokes[Math.floor(random.uniform() * strokes.length)];
    const steps = 20 + Math.floor(random.uniform() * 26);
    const [width, height, slant] = [between(0.6, 1.2), between(0.6, 1.2), between(-0.3, 0.3)];
    const [left, up, haste] = [between(-1, 1), between(-1, 1), between(-0.15, 0.15)];
    const values = new Float32Array(2 * steps);
    for (let t = 0; t < steps; t++) {
      const u = t / (steps - 1);
      const [x, y] = figures[label](u + haste * u * (1 - u)); // faster at the beginning, or at the end
      values[2 * t] = left + width * x + slant * y + noise * random.normal();
      values[2 * t + 1] = up + height * y + noise * random.normal();
    }
    return { names: ['x', 'y'], values, label };
  });
}
