import { expect, test } from 'vitest';
import { ReferenceBackend } from './reference.ts';
import { storageOf } from './storage.ts';

const backend = new ReferenceBackend();
const f64 = (...values: number[]) => storageOf(backend, 'float64', values);

test('sumSquares adds over all gradients in doubles, and sees NaN', () => {
  expect(backend.sumSquares([f64(3), f64(4, 0)])).toBe(25);
  expect(backend.sumSquares([storageOf(backend, 'float32', [1e38, 1e38])])).toBeLessThan(Infinity);
  expect(backend.sumSquares([f64(1), f64(Number.NaN)])).toBeNaN();
});

test('clipValues and scaleAll work in place', () => {
  const g = f64(-3, 0.5, 9);
  backend.clipValues([g], 2);
  expect([...g.array]).toEqual([-2, 0.5, 2]);
  backend.scaleAll([g], 2);
  expect([...g.array]).toEqual([-4, 1, 4]);
});

// p = 1, g = 0.5·4 + 0.25·p = 2.25 at the first step
test('sgd scales the gradient, adds the weight decay, and steps', () => {
  const p = f64(1);
  backend.sgd([p], [f64(4)], [], 0.1, 0, false, true, 0.25, 0.5);
  expect(p.array[0]).toBeCloseTo(1 - 0.1 * 2.25, 14);
});

test('sgd with momentum keeps the first gradient whole, and Nesterov looks ahead', () => {
  const [p, buffer] = [f64(1), f64(Number.NaN)];
  backend.sgd([p], [f64(2)], [buffer], 0.1, 0.9, false, true, 0, 1);
  expect([p.array[0], buffer.array[0]]).toEqual([0.8, 2]);
  backend.sgd([p], [f64(1)], [buffer], 0.1, 0.9, true, false, 0, 1);
  expect(buffer.array[0]).toBeCloseTo(2.8, 14); // 0.9·2 + 1
  expect(p.array[0]).toBeCloseTo(0.8 - 0.1 * (1 + 0.9 * 2.8), 14);
});

test('adagrad divides by the root of all squares so far', () => {
  const [p, sum] = [f64(1), f64(0)];
  backend.adagrad([p], [f64(3)], [sum], 0.1, 0, 0, 1);
  backend.adagrad([p], [f64(4)], [sum], 0.1, 0, 0, 1);
  expect(sum.array[0]).toBe(25);
  expect(p.array[0]).toBeCloseTo(1 - 0.1 * (3 / 3) - 0.1 * (4 / 5), 14);
});

test('rmsprop divides by the root of the running mean, with or without momentum', () => {
  const [p, square] = [f64(1), f64(0)];
  backend.rmsprop([p], [f64(2)], [square], [], 0.1, 0.75, 1, 0, 0, 1);
  expect(square.array[0]).toBe(1); // 0.25·4
  expect(p.array[0]).toBeCloseTo(1 - (0.1 * 2) / (1 + 1), 14);
  const buffer = f64(5);
  backend.rmsprop([p], [f64(1)], [square], [buffer], 0.1, 0.75, 1, 0.5, 0, 1);
  expect(square.array[0]).toBe(1);
  expect(buffer.array[0]).toBe(3); // 0.5·5 + 1/2
  expect(p.array[0]).toBeCloseTo(0.9 - 0.1 * 3, 14);
});

test('the first step of adam is lr in the direction of the gradient', () => {
  const [p, m, v] = [f64(1, 1), f64(0, 0), f64(0, 0)];
  backend.adam([p], [f64(1e-3, -50)], [m], [v], 0.1, 0.9, 0.999, 0, 1, 0, false, 1);
  expect(p.array[0]).toBeCloseTo(0.9, 12);
  expect(p.array[1]).toBeCloseTo(1.1, 12);
});

test('adamw takes the decay off the parameter, adam puts it into the gradient', () => {
  const step = (decoupled: boolean) => {
    const p = f64(2);
    backend.adam([p], [f64(1)], [f64(0)], [f64(0)], 0.1, 0.9, 0.999, 0, 1, 0.5, decoupled, 1);
    return p.array[0];
  };
  expect(step(true)).toBeCloseTo(2 - 0.1 * 0.5 * 2 - 0.1, 12);
  expect(step(false)).toBeCloseTo(2 - 0.1, 12); // the first step has length lr whatever the gradient
});

// An eps as large as the rest, so that its place shows.
test('eps is added to the root, after it is corrected', () => {
  const [p, sum] = [f64(1), f64(7)];
  backend.adagrad([p], [f64(3)], [sum], 0.1, 0.5, 0, 1);
  expect(p.array[0]).toBeCloseTo(1 - (0.1 * 3) / (4 + 0.5), 14); // √(7 + 9) = 4
  const [q, square] = [f64(1), f64(12)];
  backend.rmsprop([q], [f64(4)], [square], [], 0.1, 0.75, 0.5, 0, 0, 1);
  expect(q.array[0]).toBeCloseTo(1 - (0.1 * 4) / (Math.sqrt(13) + 0.5), 14); // 0.75 · 12 + 0.25 · 16 = 13
});

test('adam corrects both moments by the step: the second one by hand', () => {
  const [p, m, v] = [f64(1), f64(0), f64(0)];
  backend.adam([p], [f64(2)], [m], [v], 0.1, 0.5, 0.75, 0.5, 1, 0, false, 1);
  // m = 1, v = 1; corrected 2 and 4.
  expect([m.array[0], v.array[0]]).toEqual([1, 1]);
  expect(p.array[0]).toBeCloseTo(1 - (0.1 * 2) / (2 + 0.5), 14);
  const before = p.array[0];
  backend.adam([p], [f64(-4)], [m], [v], 0.1, 0.5, 0.75, 0.5, 2, 0, false, 1);
  // m = 0.5 − 2 = −1.5, v = 0.75 + 4 = 4.75; corrected by 1 − 1/4 and 1 − 9/16.
  expect([m.array[0], v.array[0]]).toEqual([-1.5, 4.75]);
  expect(p.array[0]).toBeCloseTo(before + (0.1 * 2) / (Math.sqrt(4.75 / 0.4375) + 0.5), 14);
});
