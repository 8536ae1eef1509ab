import { expect, test } from 'vitest';
import { ReferenceBackend } from '../../backend/reference/reference.ts';
import { indices, tensor } from '../../tensor/create.ts';
import { manualSeed } from '../../tensor/random-state.ts';
import { feed, teacherForcingRatio } from './teacher-forcing.ts';

const options = { backend: new ReferenceBackend() };
const target = (n: number) => indices(new Int32Array(n).fill(3), undefined, options);
/** Logits of n rows in which symbol 1 has a probability of three quarters, and 2 of one; the others have none. */
const logits = (n: number) => () =>
  tensor(Array.from({ length: n }, () => [-99, Math.log(3), 0, -99]).flat(), [n, 4], options);
const share = (values: ArrayLike<number>, of: number) =>
  Array.from(values).filter((v) => v === of).length / values.length;

test('with a ratio of 1 the target itself is read, and nothing is computed', () => {
  const x = target(5);
  const never = () => {
    throw new Error('computed');
  };
  expect(feed(x, 1, never)).toBe(x);
});

test('with a ratio of 0 all that is read was drawn, by its probability', () => {
  manualSeed(1);
  const read = feed(target(4000), 0, logits(4000)).dataSync();
  expect(share(read, 1)).toBeCloseTo(0.75, 1);
  expect(share(read, 2)).toBeCloseTo(0.25, 1);
  expect(share(read, 3)).toBe(0);
});

test('in between, the ratio is the share of the targets', () => {
  manualSeed(2);
  const read = feed(target(4000), 0.4, logits(4000)).dataSync();
  expect(share(read, 3)).toBeCloseTo(0.4, 1);
  expect(share(read, 1)).toBeCloseTo(0.6 * 0.75, 1);
  expect(share(read, 0)).toBe(0);
});

test('the schedules of Bengio et al., by hand', () => {
  expect(teacherForcingRatio(0.3, 100)).toBe(0.3);
  expect(teacherForcingRatio({ kind: 'constant', ratio: 0.25 }, 7)).toBe(0.25);
  const linear = { kind: 'linear', start: 0.9, slope: 0.1, minimum: 0.2 } as const;
  expect([0, 3, 50].map((i) => teacherForcingRatio(linear, i))).toEqual([0.9, 0.9 - 0.1 * 3, 0.2]);
  expect(teacherForcingRatio({ kind: 'linear', slope: 0.25 }, 1)).toBe(0.75);
  expect(teacherForcingRatio({ kind: 'linear', slope: 0.25 }, 9)).toBe(0);
  expect(teacherForcingRatio({ kind: 'exponential', k: 0.5 }, 3)).toBe(0.125);
  expect(teacherForcingRatio({ kind: 'inverse-sigmoid', k: 10 }, 0)).toBeCloseTo(10 / 11, 12);
  expect(teacherForcingRatio({ kind: 'inverse-sigmoid', k: 1 }, 1)).toBeCloseTo(1 / (1 + Math.E), 12);
});

test.each([
  [{ kind: 'linear', slope: -0.1 }, 'slope: expected a number from 0, got -0.1'],
  [{ kind: 'exponential', k: 1 }, 'k: expected a number between 0 and 1, got 1'],
  [{ kind: 'exponential', k: 0 }, 'k: expected a number between 0 and 1, got 0'],
  [{ kind: 'inverse-sigmoid', k: 0.5 }, 'k: expected a number from 1, got 0.5'],
  [{ kind: 'constant', ratio: 1.5 }, 'ratio: expected a number from 0 to 1, got 1.5'],
  [{ kind: 'square', k: 1 }, 'kind: expected one of constant, linear, exponential, inverse-sigmoid, got "square"'],
])('%o is refused', (schedule, message) => {
  expect(() => teacherForcingRatio(schedule as never, 1)).toThrow(`teacherForcing: ${message}`);
});
