import { checkOptions } from '../../errors.ts';
import { Random } from '../../random.ts';
import { requireWhole } from '../../checks.ts';
import { requireNoise, sine } from './sines.ts';
import type { TaggedSeries } from './synthetic.ts';

/** Options of `makeActivities`. */
export interface ActivitiesOptions {
  /** Standard deviation of the sensor's noise, in units of gravity. Default 0.1. */
  readonly noise?: number;
}

/** Waves of an activity on the three axes: steps of one period, and heights. */
const movements = {
  still: { period: 12, heights: [0, 0, 0] },
  walk: { period: 14, heights: [0.15, 0.1, 0.5] },
  run: { period: 7, heights: [0.4, 0.2, 0.8] },
  stairs: { period: 20, heights: [0.6, 0.3, 0.15] },
} as const;

/** An activity that `makeActivities` labels. */
export type Activity = keyof typeof movements;

/** The activities that `makeActivities` labels. */
export const activities = Object.keys(movements) as readonly Activity[];

const mostRecordings = 2 ** 20;

/**
 * Recordings of an acceleration sensor on somebody who rests, walks, runs and takes stairs by turns: features x, y and z in units of gravity, 80 to 140 steps,
 * each with its label. An activity lasts 15 to 40 steps; a step alone is within the noise of several of them.
 *
 *   z       ~~~~~~∿∿∿∿∿∿∿∿∿∿WWWWWWWWW~~~~~
 *   label   still walk      run      still
 */
export function makeActivities(count: number, seed: number, options: ActivitiesOptions = {}): TaggedSeries[] {
  checkOptions('makeActivities', options, ['noise']);
  const { noise = 0.1 } = options;
  requireWhole('makeActivities', 'count', count, 0, mostRecordings);
  requireNoise('makeActivities', noise);
  const random = new Random(seed);
  const whole = (low: number, high: number) => low + Math.floor(random.uniform() * (high - low + 1));
  return Array.from({ length: count }, () => {
    const steps = whole(80, 140);
    const [strength, hurry] = [0.75 + 0.5 * random.uniform(), 0.85 + 0.3 * random.uniform()]; // of this person
    const values = new Float32Array(3 * steps);
    const labels: Activity[] = [];
    let [name, left]: [Activity, number] = ['still', 0];
    for (let t = 0, phase = random.uniform(); t < steps; t++, left--) {
      if (left === 0) {
        const others = activities.filter((other) => other !== name);
        [name, left] = [others[whole(0, others.length - 1)], whole(15, 40)];
      }
      const { period, heights } = movements[name];
      phase += hurry / period;
      labels.push(name);
      for (let axis = 0; axis < 3; axis++) {
        const gravity = axis === 2 ? 1 : 0;
        const swing = strength * heights[axis] * sine(phase + axis / 8);
        values[3 * t + axis] = gravity + swing + noise * random.normal();
      }
    }
    return { names: ['x', 'y', 'z'], values, labels };
  });
}
