// npm run sanitize: the kernels compiled with AddressSanitizer and UndefinedBehaviorSanitizer, and the random shapes of the kernel tests run on
// them once. Any report fails. Then the net itself is tried: mistakes are planted in the kernels, one at a time, and each must be reported.
// Where there is no g++, or no sanitizer runtime, it says so and succeeds.

import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { compile, compileAll, compilerVersion, levelsFor, link } from '../packages/unrolled/kernels/build/native.mjs';
import { kernelRoot } from '../packages/unrolled/kernels/build/sources.mjs';
import { nodeHeaders, root, setup } from './setup.mjs';

/** Off by one, in four ways. `notices` is the beginning of the name of a case that must fail. */
const plants = [
  {
    what: 'a write past the end of a tensor',
    file: 'elementwise.cpp',
    from: 'map_all((float*)out, n, light_grain, [=]() { return pattern; });',
    to: 'map_all((float*)out, n + 1, light_grain, [=]() { return pattern; });',
    notices: 'fill',
    says: 'AddressSanitizer',
  },
  {
    what: 'a read past the end of a tensor',
    file: 'softmax.cpp',
    from: 'const float max = max_of(row, cols), rest = log(sum_exp(row, cols, max));\n    const size_t k',
    to: 'const float max = max_of(row, cols + 1), rest = log(sum_exp(row, cols, max));\n    const size_t k',
    notices: 'crossEntropy',
    says: 'AddressSanitizer',
  },
  {
    what: 'scratch memory that is one panel short',
    file: 'gemm.cpp',
    from: 'return a_floats(p) + b_floats(p);',
    to: 'return a_floats(p) + b_floats(p) - 16;',
    notices: 'gemm',
    says: 'AddressSanitizer',
  },
  {
    what: 'a shift by more than a word has',
    file: 'decode.cpp',
    from: '((bits >> 16) & 1)',
    to: '((bits >> 32) & 1)',
    notices: 'packWeights and gemv, bfloat16',
    says: 'runtime error',
  },
];

const levels = process.platform === 'win32' ? undefined : levelsFor();
const compiler = process.env.CXX || 'g++';
const sanitizers = [
  '-O1',
  '-g1',
  '-fno-omit-frame-pointer',
  '-fsanitize=address,undefined',
  '-fno-sanitize-recover=all',
];
const folder = join(root, 'build', 'sanitize');
const linkFlags = ['-fsanitize=address,undefined', '-Wl,-z,nodelete', '-pthread'];

/** The output of a program that ended well or ill: { code, stdout, stderr }. */
function output(command, args, environment = {}) {
  return new Promise((resolve) => {
    const env = { ...process.env, ...environment };
    execFile(command, args, { cwd: root, env, maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      resolve({ code: error ? (error.code ?? error.signal) : 0, stdout, stderr });
    });
  });
}

/** The runtime that must be in the process before Node itself: its path, or null. */
async function runtime() {
  const { stdout } = await output(compiler, ['-print-file-name=libasan.so']);
  const path = stdout.trim();
  return path.includes('/') && existsSync(path) ? path : null;
}

/** Runs the cases whose name begins so; null where the machine lacks the SIMD level. */
async function runCases(preload, addon, level, threads, beginning = '') {
  const program = ['--import', './tools/ts.mjs', 'test/kernels/sanitized.ts', addon, level, threads, beginning];
  const result = await output(process.execPath, program.map(String), {
    LD_PRELOAD: preload,
    // V8 handles faults in WebAssembly itself and leaves its memory to the end of the process.
    ASAN_OPTIONS: 'detect_leaks=0:handle_segv=0:allow_user_segv_handler=1:detect_odr_violation=0',
    UBSAN_OPTIONS: 'print_stacktrace=1',
  });
  return result.code === 2 ? null : result;
}

const lastLine = (text) => text.trimEnd().split('\n').at(-1);
const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(0)} s`;

/** The kernels as they are. Returns what failed, and a level that this machine has. */
async function tryKernels(preload, objects) {
  const addon = join(folder, 'unrolled.node');
  await link(compiler, objects, addon, linkFlags);
  const failed = [];
  let usable;
  for (const level of Object.keys(levels)) {
    for (const threads of [1, 2]) {
      const started = performance.now();
      const result = await runCases(preload, addon, level, threads);
      const name = `${level}, ${threads} thread${threads > 1 ? 's' : ''}`;
      if (!result) {
        console.log(`sanitize: ${name}: not on this processor`);
        continue;
      }
      usable ??= level;
      if (result.code === 0) {
        console.log(`sanitize: ${name}: ${lastLine(result.stdout)} shapes without a report, ${seconds(started)}`);
        continue;
      }
      failed.push(name);
      console.error(`sanitize: ${name}: in ${lastLine(result.stdout)}\n${result.stderr}`);
    }
  }
  return { failed, usable };
}

/** Compiles one kernel with a mistake in it, and runs the case that must notice. Returns what went wrong, or null. */
async function tryPlant(preload, objects, level, { what, file, from, to, notices, says }) {
  const text = readFileSync(join(kernelRoot, file), 'utf8');
  if (!text.includes(from)) return `${what}: ${file} has changed, so plant the mistake elsewhere (tools/sanitize.mjs)`;
  const at = join(folder, `planted-${basename(file, '.cpp')}`);
  mkdirSync(at, { recursive: true });
  writeFileSync(join(at, file), text.replace(from, to));
  const [object] = await compile(compiler, [join(at, file)], at, [...levels[level], ...sanitizers]);
  const addon = join(at, 'unrolled.node');
  const isReplaced = (path) => path === join(folder, level, basename(object));
  await link(compiler, [...objects.filter((path) => !isReplaced(path)), object], addon, linkFlags);
  const result = await runCases(preload, addon, level, 1, notices);
  if (result.code !== 0 && result.stderr.includes(says)) return null;
  return `${what} in ${file} was not reported\n${result.stderr}`;
}

async function main() {
  if (!levels)
    return console.log(`sanitize: skipped, there is no native build for ${process.platform}-${process.arch}`);
  if (!compilerVersion(compiler)) return console.log(`sanitize: skipped, there is no compiler (${compiler})`);
  const preload = await runtime();
  if (!preload) return console.log(`sanitize: skipped, ${compiler} has no AddressSanitizer runtime (libasan.so)`);
  setup({ build: false });
  rmSync(folder, { recursive: true, force: true });
  let started = performance.now();
  const objects = await compileAll(compiler, folder, { headers: nodeHeaders(), extra: sanitizers });
  console.log(`sanitize: compiled in ${seconds(started)}`);
  const { failed, usable } = await tryKernels(preload, objects);
  if (!usable) return console.log('sanitize: skipped, this processor has none of our SIMD levels');
  if (failed.length === 0) {
    started = performance.now();
    for (const plant of plants) {
      const problem = await tryPlant(preload, objects, usable, plant);
      if (problem) failed.push(problem);
    }
    if (failed.length === 0) {
      console.log(`sanitize: each of ${plants.length} planted mistakes was reported, ${seconds(started)}`);
    }
  }
  for (const problem of failed) console.error(`sanitize: failed: ${problem}`);
  process.exitCode = failed.length > 0 ? 1 : 0;
}

await main();
