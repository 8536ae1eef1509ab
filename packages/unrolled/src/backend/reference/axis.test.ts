import { expect, test } from 'vitest';
import { ReferenceBackend } from './reference.ts';
import { storageOf } from './storage.ts';

const backend = new ReferenceBackend();
const f64 = (values: number[]) => storageOf(backend, 'float64', values);
const i32 = (values: number[]) => storageOf(backend, 'int32', values);
const empty = (length: number) => backend.allocate('float64', length);
const near = (actual: ArrayLike<number>, expected: number[], digits = 12) => {
  expect(actual.length).toBe(expected.length);
  for (const [i, e] of expected.entries()) expect(actual[i]).toBeCloseTo(e, digits);
};

test('reduce goes along the middle axis', () => {
  const x = f64([1, 8, 3, 4, 5, 6, 7, 2, 9, 10, 11, 12]); // [2, 3, 2]
  const out = empty(4);
  backend.reduce('sum', out, x, 2, 3, 2);
  expect([...out.array]).toEqual([9, 18, 27, 24]);
  backend.reduce('max', out, x, 2, 3, 2);
  expect([...out.array]).toEqual([5, 8, 11, 12]);
  backend.reduce('min', out, x, 2, 3, 2);
  expect([...out.array]).toEqual([1, 4, 7, 2]);
});

test('the sum of nothing is 0', () => {
  const out = empty(2);
  backend.reduce('sum', out, empty(0), 2, 0, 1);
  expect([...out.array]).toEqual([0, 0]);
});

test('argReduce finds the first of equals', () => {
  const out = backend.allocate('int32', 2);
  const x = f64([1, 5, 5, 0, 3, 0, 0, 3]); // [2, 4, 1]
  backend.argReduce('argmax', out, x, 2, 4, 1);
  expect([...out.array]).toEqual([1, 0]);
  backend.argReduce('argmin', out, x, 2, 4, 1);
  expect([...out.array]).toEqual([3, 1]);
});

test('gather picks along the middle axis, and its backward adds up what was picked twice', () => {
  const index = i32([2, 0, 2, 1]); // [1, 2, 2]
  const out = empty(4);
  backend.gather(out, f64([1, 2, 3, 4, 5, 6]), index, 1, 3, 2, 2);
  expect([...out.array]).toEqual([5, 2, 5, 4]);
  const dx = f64([100, 0, 0, 0, 0, 0]);
  backend.gatherBackward(dx, f64([1, 10, 2, 20]), index, 1, 3, 2, 2);
  expect([...dx.array]).toEqual([100, 10, 0, 20, 3, 0]);
});

test('softmax and cross entropy give the numbers of the lecture on hello', () => {
  const logits = f64([1, 2.2, -3, 4.1, 0.5, 0.3, -1, 1.2, 0.1, 0.5, 1.9, -1.1, 0.2, -1.5, -0.1, 2.2]);
  const p = empty(16);
  backend.softmax(p, logits, 4, 4);
  near(
    [1, 6, 10, 15].map((i) => p.array[i]),
    [0.1251, 0.055, 0.6841, 0.7935],
    4,
  );

  const [loss, logSumExp] = [empty(4), empty(4)];
  backend.crossEntropy(loss, logSumExp, logits, i32([1, 2, 2, 3]), 4, 4, -1);
  near(loss.array, [2.078517, 2.900102, 0.379588, 0.231364], 6);
});

test('softmax rows sum to 1, and adding a constant changes nothing, however large', () => {
  const [a, b] = [empty(3), empty(3)];
  backend.softmax(a, f64([1, 2, 3]), 1, 3);
  backend.softmax(b, f64([10001, 10002, 10003]), 1, 3);
  near(a.array, [...b.array]);
  near([a.array[0] + a.array[1] + a.array[2]], [1]);
  backend.logSoftmax(b, f64([10001, 10002, 10003]), 1, 3);
  near(b.array, [...a.array].map(Math.log), 10);
});

test('softmax may run in place', () => {
  const [x, out] = [f64([1, 2, 3]), empty(3)];
  backend.softmax(out, x, 1, 3);
  backend.softmax(x, x, 1, 3);
  expect(x.array).toEqual(out.array);
});

test('rows with the ignored target have no loss and no gradient', () => {
  const [loss, logSumExp, dLogits] = [empty(2), empty(2), empty(6)];
  const [logits, target] = [f64([1, 2, 3, 1, 2, 3]), i32([-100, 1])];
  backend.crossEntropy(loss, logSumExp, logits, target, 2, 3, -100);
  backend.crossEntropyBackward(dLogits, f64([1, 1]), logits, logSumExp, target, 2, 3, -100);
  expect(loss.array[0]).toBe(0);
  expect(loss.array[1]).toBeCloseTo(logSumExp.array[1] - 2, 14);
  expect([...dLogits.array.subarray(0, 3)]).toEqual([0, 0, 0]);
  near([dLogits.array[3] + dLogits.array[4] + dLogits.array[5]], [0]);
});

test('embedding looks rows up, and its backward adds to them, the padding row left alone', () => {
  const index = i32([2, 0, 2]);
  const out = empty(6);
  backend.embedding(out, f64([1, 2, 3, 4, 5, 6]), index, 3, 2);
  expect([...out.array]).toEqual([5, 6, 1, 2, 5, 6]);
  const dWeight = f64([0, 0, 0, 0, 100, 0]);
  backend.embeddingBackward(dWeight, f64([1, 2, 3, 4, 5, 6]), index, 3, 2, 0);
  expect([...dWeight.array]).toEqual([0, 0, 0, 0, 106, 8]);
});
