// Builds the Node addon with the machine's C++ compiler: packages/unrolled/build/unrolled.node. One compiler call a SIMD level, one to link.
// Without a compiler it says so and succeeds: the library then runs on WASM.
//
//   node tools/build-native.mjs [--force]     CXX=clang++ chooses the compiler
//   CXX=aarch64-linux-gnu-g++ node tools/build-native.mjs linux-arm64     cross compiles into build/native/linux-arm64

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildNative } from '../packages/unrolled/kernels/build/native.mjs';
import { packageRoot } from '../packages/unrolled/kernels/build/sources.mjs';
import { nodeHeaders, root } from './setup.mjs';

const force = process.argv.includes('--force');
const other = process.argv.slice(2).find((word) => !word.startsWith('-'));
const [platform, arch] = (other ?? `${process.platform}-${process.arch}`).split('-');
const folder = other ? join(root, 'build', 'native', other) : join(packageRoot, 'build');

try {
  mkdirSync(folder, { recursive: true });
  const target = join(folder, 'unrolled.node');
  const { built, text } = await buildNative({
    target,
    headers: nodeHeaders(),
    compiler: process.env.CXX || 'c++',
    platform,
    arch,
    force,
  });
  console.log(`native: ${text}${built || other ? '' : '; WASM will be used'}`);
  if (other && !built) process.exitCode = 1;
} catch (error) {
  console.error(`native: the compiler failed; WASM will be used\n${error.stderr ?? error}`);
  process.exitCode = force || other ? 1 : 0;
}
