// `unrolled native build`: compiles the kernels for this machine, where npm has no package for it or where it was left out. The sources and the way to
// compile them come with the library; a C++ compiler is all that is needed.

import { createRequire } from 'node:module';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BackendError, OptionError, suggest, useBackend } from 'unrolled';
import { buildNative } from 'unrolled/kernels/build/native.mjs';
import type { CommandSpec } from '../command-line/program.ts';
import { nativeOptions } from '../command-line/tables.ts';
import { stderr, stdout } from '../terminal/index.ts';
import { WriteError } from '../write-file.ts';
import { describeBackend } from './compute.ts';
import { t } from '../language/index.ts';

const actions = ['build'] as const;
const { resolve } = createRequire(import.meta.url);

export interface NativeResult {
  readonly file: string;
  /** What was done, in words. */
  readonly outcome: string;
  /** `native, avx2, 8 threads` */
  readonly backend: string;
}

export const native: CommandSpec<typeof nativeOptions> = {
  name: 'native',
  summary: 'compile the native kernels for this machine with a C++ compiler',
  args: [['<action>', 'build']],
  options: nativeOptions,
  examples: ['unrolled native build', 'unrolled native build --compiler clang++'],
  async run({ compiler, force, quiet, json }, [action]) {
    if (action !== 'build')
      throw new OptionError('native', action, `there is no such action; ${suggest(action, actions)}`);
    if (!quiet) stderr.write(t('compiling, about a minute …\n'));
    const file = join(dirname(resolve('unrolled/package.json')), 'build', 'unrolled.node');
    const { built, text } = await compiled(file, compiler ?? (process.env.CXX || 'c++'), force);
    if (!built)
      throw new BackendError(`native build: ${text}. Without it the WASM kernels are used, with the same results`);
    const backend = describeBackend(await useBackend('native'));
    const result = { file, outcome: text, backend } satisfies NativeResult;
    if (!json) stdout.write(`${file}\n${text}\n${backend}\n`);
    return result;
  },
};

async function compiled(target: string, compiler: string, force: boolean): Promise<{ built: boolean; text: string }> {
  try {
    mkdirSync(dirname(target), { recursive: true });
  } catch (error) {
    throw new WriteError(target, error as NodeJS.ErrnoException);
  }
  const headers = join(dirname(resolve('node-api-headers/package.json')), 'include');
  try {
    return await buildNative({ target, headers, compiler, force });
  } catch (error) {
    const { stderr: said, message } = error as { stderr?: string; message: string };
    const lines = (said || message).trim().split('\n').slice(0, 20);
    throw new BackendError(`native build: ${compiler} failed; try another one with --compiler`, lines);
  }
}
