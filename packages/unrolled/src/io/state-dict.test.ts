import { expect, test } from 'vitest';
import { FormatError } from '../errors.ts';
import type { StoredTensor } from './safetensors.ts';
import { stateDictOf } from './state-dict.ts';

const file = (tensors: Record<string, StoredTensor>) => ({ tensors: new Map(Object.entries(tensors)) });

test('floats and int32 are what a module loads, and 16 bits have been widened', () => {
  const [f32, f64, i32] = [Float32Array.of(1.5, 2), Float64Array.of(Math.PI), Int32Array.of(7)];
  const dict = stateDictOf(
    file({
      a: { dtype: 'F32', shape: [2, 1], data: f32 },
      b: { dtype: 'F16', shape: [2], data: f32 },
      c: { dtype: 'BF16', shape: [2], data: f32 },
      d: { dtype: 'F64', shape: [], data: f64 },
      e: { dtype: 'I32', shape: [1], data: i32 },
    }),
  );
  expect([...dict]).toEqual([
    ['a', { dtype: 'float32', shape: [2, 1], data: f32 }],
    ['b', { dtype: 'float32', shape: [2], data: f32 }],
    ['c', { dtype: 'float32', shape: [2], data: f32 }],
    ['d', { dtype: 'float64', shape: [], data: f64 }],
    ['e', { dtype: 'int32', shape: [1], data: i32 }],
  ]);
});

test.each<StoredTensor>([
  { dtype: 'I64', shape: [1], data: Float64Array.of(1) },
  { dtype: 'I16', shape: [1], data: Int16Array.of(1) },
  { dtype: 'U8', shape: [1], data: Uint8Array.of(1) },
  { dtype: 'BOOL', shape: [1], data: Uint8Array.of(1) },
])('$dtype is no weight', (stored) => {
  const convert = () => stateDictOf(file({ steps: stored }), 'x.safetensors');
  expect(convert).toThrow(FormatError);
  expect(convert).toThrow(`x.safetensors: steps is ${stored.dtype}; weights are F64, F32, F16, BF16 or I32`);
});
