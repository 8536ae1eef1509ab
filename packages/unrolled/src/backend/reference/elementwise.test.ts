import { expect, test } from 'vitest';
import type { BinaryOp, UnaryOp } from '../backend.ts';
import type { DType } from '../storage.ts';
import { ReferenceBackend } from './reference.ts';
import { storageOf } from './storage.ts';

const backend = new ReferenceBackend();
const f64 = (values: number[]) => storageOf(backend, 'float64', values);
const i32 = (values: number[]) => storageOf(backend, 'int32', values);
const empty = (length: number, dtype: DType = 'float64') => backend.allocate(dtype, length);

test('a new float block holds NaN, so that nobody relies on what is in it', () => {
  expect([...empty(2).array]).toEqual([Number.NaN, Number.NaN]);
});

test('a slice is a window on the same elements', () => {
  const x = f64([1, 2, 3, 4]);
  const part = x.slice(1, 3).slice(1, 2);
  part.array[0] = 30;
  expect(part.block).toBe(x.block);
  expect([...x.array]).toEqual([1, 2, 30, 4]);
});

test('fill and cast store what the dtype can hold, the fraction cut off towards zero', () => {
  const x = empty(3);
  backend.fill(x, 1.5);
  expect([...x.array]).toEqual([1.5, 1.5, 1.5]);
  const whole = empty(4, 'int32');
  backend.cast(whole, f64([1.9, -1.9, 7, -0.2]));
  expect([...whole.array]).toEqual([1, -1, 7, 0]);
});

test.each<[UnaryOp, number, number]>([
  ['neg', 2, -2],
  ['abs', -2, 2],
  ['sign', -3, -1],
  ['square', -3, 9],
  ['sqrt', 9, 3],
  ['reciprocal', 4, 0.25],
  ['exp', 1, Math.E],
  ['log', Math.E, 1],
  ['tanh', 0.5, 0.46211715726000973],
  ['sigmoid', Math.log(3), 0.75],
  ['relu', -2, 0],
  ['softplus', 0, Math.LN2],
])('%s of %d is %d', (op, x, y) => {
  const out = empty(1);
  backend.unary(op, out, f64([x]));
  expect(out.array[0]).toBeCloseTo(y, 14);
});

test('sigmoid and softplus do not overflow, and relu lets NaN through', () => {
  const out = empty(2);
  backend.unary('sigmoid', out, f64([-1000, 1000]));
  expect([...out.array]).toEqual([0, 1]);
  backend.unary('softplus', out, f64([-1000, 1000]));
  expect([...out.array]).toEqual([0, 1000]);
  backend.unary('relu', out, f64([Number.NaN, 3]));
  expect([...out.array]).toEqual([Number.NaN, 3]);
});

test('float32 results are those of doubles, rounded once', () => {
  const out = backend.allocate('float32', 1);
  backend.unary('exp', out, storageOf(backend, 'float32', [0.1]));
  expect(out.array[0]).toBe(Math.fround(Math.exp(Math.fround(0.1))));
});

test.each<[BinaryOp, number, number, number]>([
  ['add', 2, 3, 5],
  ['sub', 2, 3, -1],
  ['mul', 2, 3, 6],
  ['div', 3, 2, 1.5],
  ['max', 2, 3, 3],
  ['min', 2, 3, 2],
  ['pow', 2, 3, 8],
  ['eq', 2, 2, 1],
  ['ne', 2, 2, 0],
  ['lt', 2, 3, 1],
  ['le', 3, 3, 1],
  ['gt', 2, 3, 0],
  ['ge', 2, 3, 0],
])('%s of %d and %d is %d', (op, a, b, y) => {
  const out = empty(1);
  backend.binary(op, out, f64([a]), f64([b]), [], [], []);
  expect(out.array[0]).toBe(y);
});

test('binary broadcasts where a stride is 0', () => {
  const out = empty(6);
  backend.binary('add', out, f64([10, 20]), f64([1, 2, 3]), [2, 3], [1, 0], [0, 1]);
  expect([...out.array]).toEqual([11, 12, 13, 21, 22, 23]);
  backend.binary('add', empty(0), f64([1]), f64([1]), [2, 0], [0, 0], [0, 0]); // nothing to do
});

test('where takes a where the condition is not 0', () => {
  const out = empty(3);
  backend.where(out, f64([1, 0, -2]), f64([1, 2, 3]), f64([10, 20, 30]));
  expect([...out.array]).toEqual([1, 20, 3]);
});

test('stridedCopy transposes, flips, and adds into what is there', () => {
  const x = i32([1, 2, 3, 4, 5, 6]); // [2, 3]
  const out = empty(6, 'int32');
  backend.stridedCopy(out, 0, [2, 1], x, 0, [1, 3], [3, 2], false);
  expect([...out.array]).toEqual([1, 4, 2, 5, 3, 6]);
  backend.stridedCopy(out, 0, [1], x, 5, [-1], [6], false);
  expect([...out.array]).toEqual([6, 5, 4, 3, 2, 1]);
  const sum = f64([100, 0]);
  backend.stridedCopy(sum, 1, [0], f64([1, 2, 3]), 0, [1], [3], true); // the backward of an expand
  expect([...sum.array]).toEqual([100, 6]);
});
