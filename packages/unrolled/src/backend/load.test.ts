import { afterEach, expect, test, vi } from 'vitest';
import { forceCollection } from './kernel/collector.ts';
import { KernelBackend } from './kernel/kernel-backend.ts';
import { threadCount } from './kernel/threads.ts';
import { backendReport, currentBackend, useBackend, withBackend } from './load.ts';
import { ReferenceBackend } from './reference/reference.ts';

afterEach(() => vi.unstubAllEnvs());

test('Node takes the native build or WASM without being asked, and says what it tried', () => {
  const backend = currentBackend();
  expect(['native', 'wasm', 'reference']).toContain(backend.name);
  const { taken, attempts } = backendReport();
  expect(taken).toContain(backend.name);
  expect(attempts.at(-1)?.outcome).toBe('taken');
  for (const { outcome } of attempts) expect(outcome).not.toBe('');
});

test('a backend is chosen by name', async () => {
  expect((await useBackend('reference')).name).toBe('reference');
  expect(currentBackend().name).toBe('reference');
  const wasm = await useBackend('wasm');
  expect(wasm.name).toBe('wasm');
  expect(['relaxed', 'simd128']).toContain(wasm.describe().simd);
  if (wasm instanceof KernelBackend) wasm.kernels.dispose();
});

test('withBackend restores the backend before it, also after an error', () => {
  const before = currentBackend();
  const reference = new ReferenceBackend();
  expect(withBackend(reference, currentBackend)).toBe(reference);
  expect(() =>
    withBackend(reference, () => {
      throw new Error('no');
    }),
  ).toThrow('no');
  expect(currentBackend()).toBe(before);
});

test('an unknown name gets a suggestion', async () => {
  await expect(useBackend('natve' as 'native')).rejects.toThrow('did you mean native?');
});

test('UNROLLED_THREADS sets the number of threads', () => {
  vi.stubEnv('UNROLLED_THREADS', '3');
  expect(threadCount()).toBe(3);
  vi.stubEnv('UNROLLED_THREADS', 'many');
  expect(() => threadCount()).toThrow('expected a whole number of at least 1');
});

test('a block that nobody owns is freed some time after it was collected', async () => {
  const backend = await useBackend('wasm');
  if (!(backend instanceof KernelBackend)) throw new Error('wasm is a KernelBackend');
  const live = backend.memory.live;
  for (let i = 0; i < 50; i++) backend.watch(backend.allocate('float32', 1000).block);
  expect(backend.memory.live).toBeGreaterThan(live);
  for (let i = 0; i < 50 && backend.memory.live > live; i++) {
    forceCollection();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(backend.memory.live).toBe(live);
  backend.kernels.dispose();
});
