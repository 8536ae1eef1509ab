// How the Node addon is compiled: each source once for every SIMD level, the addon's own file once, all linked into one library.

import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { commonFlags, kernelRoot, kernelSources } from './kernel-sources.mjs';

const levelsOf = {
  x64: {
    avx512: ['-mavx512f', '-mavx512vl', '-mavx512bw', '-mavx512dq', '-mfma', '-Wno-uninitialized'],
    avx2: ['-mavx2', '-mfma'],
  },
  arm64: { neon: [] },
};
/** Flags by SIMD level; undefined where there is no native build for this machine. */
export const levels = process.platform === 'win32' ? undefined : levelsOf[process.arch];

// Everything hidden, so that no function compiled for one SIMD level can stand in for another's.
export const flags = [
  ...commonFlags,
  '-fPIC',
  '-fvisibility=hidden',
  '-fvisibility-inlines-hidden',
  '-fno-math-errno',
  `-I${kernelRoot}`,
];

const nodeHeaders = join(dirname(createRequire(import.meta.url).resolve('node-api-headers/package.json')), 'include');

const run = promisify(execFile);

/** The first line of `compiler --version`, or null where there is none. */
export function compilerVersion(compiler) {
  try {
    const text = execFileSync(compiler, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return text.split('\n')[0];
  } catch {
    return null;
  }
}

/** Compiles every source into `folder`, one after another for a level, the levels side by side. Returns the paths of the objects. */
export async function compileAll(compiler, folder, extra = []) {
  const sources = kernelSources(['addon.cpp', 'wasm.cpp']).map((file) => join(kernelRoot, file));
  const jobs = Object.entries(levels).map(([level, of]) =>
    compile(compiler, sources, join(folder, level), [...of, ...extra]),
  );
  jobs.push(compile(compiler, [join(kernelRoot, 'addon.cpp')], join(folder, 'addon'), [`-I${nodeHeaders}`, ...extra]));
  return (await Promise.all(jobs)).flat();
}

/** Compiles these sources into `folder`, warnings to the terminal. Returns the paths of the objects. */
export async function compile(compiler, sources, folder, extra) {
  mkdirSync(folder, { recursive: true });
  const { stderr } = await run(compiler, [...flags, ...extra, '-c', ...sources], { cwd: folder });
  if (stderr) console.error(stderr);
  return sources.map((file) =>
    join(
      folder,
      file
        .split('/')
        .at(-1)
        .replace(/\.cpp$/, '.o'),
    ),
  );
}

export async function link(compiler, objects, target, linkFlags) {
  await run(compiler, ['-shared', ...objects, ...linkFlags, '-o', target]);
}
