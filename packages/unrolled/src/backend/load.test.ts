import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { WasmVariant } from './kernel/package-files.ts';
import { forceCollection } from './kernel/collector.ts';
import { host, type WebAssemblyHost } from './kernel/host.ts';
import { KernelBackend } from './kernel/kernel-backend.ts';
import { threadCount } from './kernel/threads.ts';
import { backendReport, currentBackend, useBackend, withBackend } from './load.ts';
import { ReferenceBackend } from './reference/reference.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

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

const wasmHost = host.WebAssembly as WebAssemblyHost;
const wasmFolder = new URL('../../wasm/', import.meta.url);
const file = (name: WasmVariant) => readFileSync(new URL(`${name}.wasm`, wasmFolder));

describe('WASM from where the options say', () => {
  const wasm = async (options: Parameters<typeof useBackend>[1]) => {
    const backend = await useBackend('wasm', options);
    if (!(backend instanceof KernelBackend)) throw new Error('wasm is a KernelBackend');
    const out = backend.allocate('float32', 3);
    backend.fill(out, 2.5);
    expect([...out.array]).toEqual([2.5, 2.5, 2.5]);
    const { simd, threads } = backend.describe();
    backend.kernels.dispose();
    return `${simd}, ${backend.heap.shared ? 'shared' : 'not shared'}, ${threads}`;
  };

  test('the folder of the four, as the host would choose', async () => {
    expect(await wasm({ url: wasmFolder, threads: 1 })).toBe('relaxed, shared, 1');
    expect(await wasm({ url: wasmFolder.href, simd: 'simd128', shared: false })).toBe('simd128, not shared, 1');
  });

  test('one file, whatever the host would choose and whatever its name is', async () => {
    expect(await wasm({ url: new URL('simd128.wasm', wasmFolder) })).toBe('simd128, not shared, 1');
    expect(await wasm({ bytes: file('relaxed-shared'), threads: 2 })).toBe('relaxed, shared, 2');
    expect(await wasm({ bytes: new Uint8Array(file('simd128')).buffer })).toBe('simd128, not shared, 1');
    expect(await wasm({ bytes: async (variant) => file(variant), threads: 1 })).toBe('relaxed, shared, 1');
  });

  test('a module that was compiled before', async () => {
    const module = new wasmHost.Module(file('simd128'));
    expect(await wasm({ module, simd: 'simd128' })).toBe('simd128, not shared, 1');
    await expect(useBackend('wasm', { module })).rejects.toThrow("module: say which build it is: simd: 'relaxed'");
  });

  test('options that cannot be meant are refused before anything is loaded, and the backend stays', async () => {
    const before = currentBackend();
    const wrong: [options: object, message: string][] = [
      [{ adress: '' }, 'unknown option'],
      [{ url: 7 }, 'url: expected the address of a .wasm file or of its folder, got 7'],
      [{ bytes: 'AGFzbQ' }, 'bytes: expected a Uint8Array, an ArrayBuffer or a function'],
      [{ module: {} }, 'module: expected a WebAssembly.Module'],
      [{ url: 'a', bytes: new Uint8Array(8) }, 'bytes: expected one of url, bytes and module, got url as well'],
      [{ simd: 'avx2' }, "simd: expected 'relaxed' or 'simd128'"],
      [{ threads: 0 }, 'threads: expected a whole number from 1 to 64, got 0'],
      [{ shared: 'yes' }, 'shared: expected true or false'],
      [{ worker: 5 }, 'worker: expected the address of worker.js'],
    ];
    for (const [options, message] of wrong) await expect(useBackend('wasm', options)).rejects.toThrow(message);
    await expect(useBackend('reference', { threads: 1 })).rejects.toThrow("threads: only 'wasm' takes options");
    expect(currentBackend()).toBe(before);
  });

  test('a page in place of the file is recognized, and the error says what to add', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'unrolled-wasm-'));
    try {
      const page = join(folder, 'relaxed.wasm');
      writeFileSync(page, '\n<!doctype html><title>Not found</title>');
      const url = pathToFileURL(page);
      const before = currentBackend();
      await expect(useBackend('wasm', { url })).rejects.toThrow(
        `${url.href}: is an HTML page, not a WASM file\n  Keep the code of unrolled out of the bundle`,
      );
      expect(currentBackend()).toBe(before);
      expect(backendReport().attempts.map(({ what }) => what)).toEqual(['wasm']);
      await expect(useBackend('wasm', { bytes: new Uint8Array(20) })).rejects.toThrow('is not a WASM file');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test.each([
    ['Refused to compile because of the Content Security Policy directive', "add 'wasm-unsafe-eval' to its script-src"],
    ['Wasm code generation disallowed by embedder', 'import the .wasm file as a module'],
  ])('a host that forbids compiling: %s', async (message, advice) => {
    vi.spyOn(wasmHost, 'compile').mockRejectedValueOnce(new Error(message));
    await expect(useBackend('wasm')).rejects.toThrow(advice);
  });
});

test('an environment that Deno may not read is none, and is not asked for', () => {
  vi.stubEnv('UNROLLED_THREADS', 'many');
  const asked: string[] = [];
  const querySync = ({ variable }: { variable: string }) => {
    asked.push(variable);
    return { state: 'prompt' };
  };
  vi.stubGlobal('Deno', { permissions: { querySync } });
  expect(threadCount()).toBeGreaterThan(0);
  expect(asked).toEqual(['UNROLLED_THREADS']);
});
