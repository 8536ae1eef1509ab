import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ReferenceBackend } from 'unrolled';
import { buildNative, compilerVersion, platforms } from 'unrolled/kernels/build/native.mjs';
import { inProcess as unrolled, workFolder } from '../../../../test/in-process.ts';
import { adviceFor } from './doctor.ts';

workFolder('native');
const folder = mkdtempSync(join(tmpdir(), 'unrolled-native-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('native build', () => {
  test('without a compiler it says what to install, and that nothing is lost', async () => {
    const { code, err } = await unrolled('native', 'build', '--compiler', 'no-such-compiler');
    expect(code).toBe(1);
    expect(err).toContain('there is no C++ compiler (no-such-compiler); install g++ or clang');
    expect(err).toContain('the WASM kernels are used, with the same results');
  });

  test('another action is refused with the one there is', async () => {
    const { code, err } = await unrolled('native', 'biuld');
    expect([code, err]).toEqual([2, expect.stringContaining('there is no such action; did you mean build?')]);
  });

  test('a machine without a native build is named', async () => {
    const asked = { target: join(folder, 'unrolled.node'), headers: folder, platform: 'aix', arch: 'ppc64' };
    expect(await buildNative(asked)).toEqual({ built: false, text: 'there is no native build for aix-ppc64' });
    expect(platforms).toContain('linux-arm64');
  });

  test('a compiler that fails throws what it printed, and leaves no file behind', async (context) => {
    if (process.platform === 'win32') return context.skip('the stand-in for a compiler is a shell script');
    const compiler = join(folder, 'compiler');
    const script =
      '#!/bin/sh\nif [ "$1" = --version ]; then echo stand-in 1.0; else echo "error: no vectors" >&2; exit 1; fi\n';
    writeFileSync(compiler, script, { mode: 0o755 });
    expect(compilerVersion(compiler)).toBe('stand-in 1.0');
    const target = join(folder, 'unrolled.node');
    await expect(buildNative({ target, headers: folder, compiler })).rejects.toMatchObject({
      stderr: expect.stringContaining('error: no vectors'),
    });
    expect(() => readFileSync(target)).toThrow('ENOENT');
  });
});

describe('the advice of doctor', () => {
  const wasm = Object.assign(new ReferenceBackend(), { name: 'wasm' });
  const tried = (outcome: string) => [
    { what: 'native: file:///unrolled.node', outcome },
    { what: 'wasm', outcome: 'taken' },
  ];

  test('is the line to type where the native kernels are missing or cannot be used', () => {
    expect(adviceFor(wasm, tried('not built (npx unrolled native build makes it)'))).toContain(
      'npx unrolled native build',
    );
    expect(adviceFor(wasm, tried('wrong ELF class'))).toContain('npx unrolled native build --force');
  });

  test('is none where they are used, or where WASM was asked for', () => {
    expect(adviceFor(Object.assign(new ReferenceBackend(), { name: 'native' }), tried('taken'))).toBeNull();
    expect(adviceFor(wasm, [{ what: 'wasm', outcome: 'taken' }])).toBeNull();
  });
});
