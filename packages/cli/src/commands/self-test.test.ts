import { afterAll, expect, test } from 'vitest';
import { currentBackend, ReferenceBackend, useBackend } from 'unrolled';
import { isHealthy } from './doctor.ts';
import { selfTest } from './self-test.ts';

const before = currentBackend();
afterAll(() => useBackend(before));

test('finds the reference kernels right, and measures them', async () => {
  const backend = await useBackend('reference');
  const predicted: string[] = [];
  const result = await selfTest(backend, (text) => predicted.push(text), 1);
  expect(isHealthy(result)).toBe(true);
  expect(result).toMatchObject({ gemmError: 0, lstmError: 0, learned: true });
  expect(result.gemm.map(({ size }) => size)).toEqual([64, 128]);
  expect(result.trainCharactersPerSecond).toBeGreaterThan(0);
  expect(result.sampleCharactersPerSecond).toBeGreaterThan(0);
  expect(predicted.length).toBeGreaterThan(3);
});

test('finds a product that is wrong', async () => {
  const wrong = new ReferenceBackend();
  const { gemm } = wrong;
  const off: typeof gemm = (c, ...rest) => {
    gemm.call(wrong, c, ...rest);
    c.array[0] += 0.01;
  };
  const result = await selfTest(await useBackend(Object.assign(wrong, { gemm: off })), () => {}, 1);
  expect(result.gemmError).toBeGreaterThan(1e-4);
  expect(result.gemm[0].gflops).toBe(0);
  expect(isHealthy(result)).toBe(false);
});
