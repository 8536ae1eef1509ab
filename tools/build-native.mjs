// Builds the Node addon with the machine's C++ compiler: packages/unrolled/build/unrolled.node. One compiler call a SIMD level, one to link.
// Without a compiler it says so and succeeds: the library then runs on WASM.
//
//   node tools/build-native.mjs [--force]     CXX=clang++ chooses the compiler

import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { commonFlags, kernelFiles, kernelRoot, kernelSources, packageRoot, stampOf } from './kernel-sources.mjs';

const levelsOf = {
  x64: {
    avx512: ['-mavx512f', '-mavx512vl', '-mavx512bw', '-mavx512dq', '-mfma', '-Wno-uninitialized'],
    avx2: ['-mavx2', '-mfma'],
  },
  arm64: { neon: [] },
};
const levels = levelsOf[process.arch];
const compiler = process.env.CXX || 'c++';
const folder = join(packageRoot, 'build');
const target = join(folder, 'unrolled.node');
const stampFile = join(folder, 'stamp');
const include = join(dirname(createRequire(import.meta.url).resolve('node-api-headers/package.json')), 'include');
// Everything hidden, so that no function compiled for one SIMD level can stand in for another's.
const flags = [
  ...commonFlags,
  '-fPIC',
  '-fvisibility=hidden',
  '-fvisibility-inlines-hidden',
  '-fno-math-errno',
  `-I${kernelRoot}`,
];
// nodelete: the pool's threads outlive the environment that loaded the addon.
const linkFlags =
  process.platform === 'darwin'
    ? ['-undefined', 'dynamic_lookup']
    : ['-Wl,-z,nodelete', '-Wl,--as-needed', '-pthread', '-s'];

function compilerVersion() {
  try {
    return execFileSync(compiler, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split(
      '\n',
    )[0];
  } catch {
    return null;
  }
}

async function build() {
  if (!levels || process.platform === 'win32')
    return `no native build for ${process.platform}-${process.arch}; WASM will be used`;
  const version = compilerVersion();
  if (!version)
    return `no C++ compiler (${compiler}); WASM will be used. Install g++ or clang and run npm run build:native`;
  const stamp = stampOf(
    kernelFiles().filter((file) => file !== 'wasm.cpp'),
    flags,
    linkFlags,
    levels,
    version,
  );
  const isCurrent = existsSync(target) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp;
  if (isCurrent && !process.argv.includes('--force')) return 'up to date';

  const run = promisify(execFile);
  const sources = kernelSources(['addon.cpp', 'wasm.cpp']);
  const objects = [];
  const work = join(folder, `objects-${process.pid}`); // two builds may run at once
  const compile = (name, list, extra) => {
    const at = join(work, name);
    mkdirSync(at, { recursive: true });
    for (const file of list)
      objects.push(
        join(
          at,
          file
            .split('/')
            .at(-1)
            .replace(/\.cpp$/, '.o'),
        ),
      );
    return run(compiler, [...flags, ...extra, '-c', ...list.map((file) => join(kernelRoot, file))], { cwd: at });
  };
  const jobs = Object.entries(levels).map(([name, extra]) => compile(name, sources, extra));
  jobs.push(compile('addon', ['addon.cpp'], [`-I${include}`]));
  for (const { stderr } of await Promise.all(jobs)) if (stderr) console.error(stderr);
  const fresh = `${target}.${process.pid}`; // the old one may be in use
  await run(compiler, ['-shared', ...objects, ...linkFlags, '-o', fresh]);
  renameSync(fresh, target);
  rmSync(work, { recursive: true, force: true });
  writeFileSync(stampFile, stamp);
  return `build/unrolled.node (${Object.keys(levels).join(', ')}), ${version}`;
}

try {
  console.log(`native: ${await build()}`);
} catch (error) {
  console.error(`native: the compiler failed; WASM will be used\n${error.stderr ?? error}`);
  process.exitCode = process.argv.includes('--force') ? 1 : 0;
}
