// Builds the Node addon with the machine's C++ compiler: packages/unrolled/build/unrolled.node. One compiler call a SIMD level, one to link.
// Without a compiler it says so and succeeds: the library then runs on WASM.
//
//   node tools/build-native.mjs [--force]     CXX=clang++ chooses the compiler

import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kernelFiles, packageRoot, stampOf } from './kernel-sources.mjs';
import { compileAll, compilerVersion, flags, levels, link } from './native-compiler.mjs';

const compiler = process.env.CXX || 'c++';
const folder = join(packageRoot, 'build');
const target = join(folder, 'unrolled.node');
const stampFile = join(folder, 'stamp');
// nodelete: the pool's threads outlive the environment that loaded the addon.
const linkFlags =
  process.platform === 'darwin'
    ? ['-undefined', 'dynamic_lookup']
    : ['-Wl,-z,nodelete', '-Wl,--as-needed', '-pthread', '-s'];

async function build() {
  if (!levels) return `no native build for ${process.platform}-${process.arch}; WASM will be used`;
  const version = compilerVersion(compiler);
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

  const work = join(folder, `objects-${process.pid}`); // two builds may run at once
  const objects = await compileAll(compiler, work);
  const fresh = `${target}.${process.pid}`; // the old one may be in use
  await link(compiler, objects, fresh, linkFlags);
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
