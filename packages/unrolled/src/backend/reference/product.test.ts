import { expect, test } from 'vitest';
import { ReferenceBackend } from './reference.ts';
import { storageOf } from './storage.ts';

const backend = new ReferenceBackend();
const f64 = (values: number[]) => storageOf(backend, 'float64', values);

// [1 2 3; 4 5 6] · [1 2; 3 4; 5 6] = [22 28; 49 64]
const a = { false: f64([1, 2, 3, 4, 5, 6]), true: f64([1, 4, 2, 5, 3, 6]) };
const b = { false: f64([1, 2, 3, 4, 5, 6]), true: f64([1, 3, 5, 2, 4, 6]) };

test.each([
  [false, false],
  [false, true],
  [true, false],
  [true, true],
])('the product is the same with transA %s and transB %s, once the matrices are stored that way', (transA, transB) => {
  const c = backend.allocate('float64', 4);
  backend.gemm(c, a[`${transA}`], b[`${transB}`], null, 1, 2, 2, 3, transA, transB, 0, 0, 0, false);
  expect([...c.array]).toEqual([22, 28, 49, 64]);
});

test('a bias is added to every row, and accumulate adds to what is there', () => {
  const c = f64([1000, 1000, 1000, 1000]);
  backend.gemm(c, a.false, b.false, f64([100, 200]), 1, 2, 2, 3, false, false, 0, 0, 0, false);
  expect([...c.array]).toEqual([122, 228, 149, 264]);
  backend.gemm(c, a.false, b.false, null, 1, 2, 2, 3, false, false, 0, 0, 0, true);
  expect([...c.array]).toEqual([144, 256, 198, 328]);
});

test('a batch steps by its strides, and a stride of 0 shares the matrix', () => {
  const c = backend.allocate('float64', 4);
  backend.gemm(c, f64([1, 2, 3, 4]), f64([10, 1]), null, 2, 2, 1, 1, false, false, 2, 1, 2, false);
  expect([...c.array]).toEqual([10, 20, 3, 4]);
  backend.gemm(c, f64([1, 2, 3, 4]), f64([10]), null, 2, 2, 1, 1, false, false, 2, 0, 2, false);
  expect([...c.array]).toEqual([10, 20, 30, 40]);
});

test('an empty product is zeros, or the bias', () => {
  const c = backend.allocate('float64', 2);
  backend.gemm(c, f64([]), f64([]), null, 1, 1, 2, 0, false, false, 0, 0, 0, false);
  expect([...c.array]).toEqual([0, 0]);
  backend.gemm(c, f64([]), f64([]), f64([5, 6]), 1, 1, 2, 0, false, false, 0, 0, 0, false);
  expect([...c.array]).toEqual([5, 6]);
});
