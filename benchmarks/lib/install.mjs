// What contenders need, made ready the first time it is needed and remembered in benchmarks/build. Whatever can't be had is a reason to
// leave a contender out, in words, and never an error.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const build = path.join(root, 'build');
const rivals = path.join(root, 'rivals');

const run = (command, args, options) => execFileSync(command, args, { stdio: 'pipe', encoding: 'utf8', ...options });

/** Makes `name` unless it was made from these very contents before, and remembers. */
function once(name, contents, make) {
  const stamp = path.join(build, `${name}.stamp`);
  const hash = createHash('sha256').update(contents).digest('hex');
  mkdirSync(build, { recursive: true });
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  make();
  writeFileSync(stamp, hash);
}

function npm(log) {
  const lock = readFileSync(path.join(rivals, 'package-lock.json'));
  if (!existsSync(path.join(rivals, 'node_modules'))) rmSync(path.join(build, 'npm.stamp'), { force: true });
  once('npm', lock, () => {
    log('Installing the rivals from npm (several hundred MB, once) …');
    // No install scripts: onnxruntime-node's would fetch CUDA from elsewhere, and its CPU binary is inside already.
    run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: rivals,
      shell: process.platform === 'win32',
    });
  });
  return {};
}

function pytorch() {
  for (const python of ['/usr/bin/python3', 'python3']) {
    try {
      const version = run(python, ['-c', 'import torch, numpy; print(torch.__version__)']).trim();
      return { python, version: `PyTorch ${version}` };
    } catch {
      // The next one may have it.
    }
  }
  throw new Error('no Python with PyTorch (Debian: apt-get install python3-torch python3-numpy libopenblas0-pthread)');
}

/** Compiles rivals/<name>.cpp. */
function compile(name, flags, hint) {
  const source = path.join(rivals, `${name}.cpp`);
  const compiler = process.env.CXX ?? 'c++';
  try {
    once(name, `${compiler} ${flags} ${readFileSync(source)}`, () => {
      run(compiler, ['-O3', '-std=c++17', source, ...flags, '-o', path.join(build, name)]);
    });
  } catch (error) {
    throw new Error(`${name}.cpp does not compile (${hint}): ${String(error.stderr ?? error.message).split('\n')[0]}`);
  }
  return {};
}

const makers = {
  npm,
  pytorch,
  onednn: () => compile('onednn', ['-ldnnl'], 'Debian: apt-get install libdnnl-dev'),
  peak: () => compile('peak', ['-march=native', '-pthread'], 'a C++ compiler'),
};
const results = new Map();

/** { … } when it is there, { missing: why } when it can't be had. */
export function prepare(need, log = () => {}) {
  if (need === undefined) return {};
  if (!results.has(need)) {
    try {
      results.set(need, makers[need](log));
    } catch (error) {
      results.set(need, { missing: error.stderr ? String(error.stderr).trim().split('\n')[0] : error.message });
    }
  }
  return results.get(need);
}

/** Measured FMA peak in GFLOP/s, by vector width in bits and threads; null without a compiler. */
export function peaks() {
  if (prepare('peak').missing) return null;
  const measure = (bytes, threads) => Number(run(path.join(build, 'peak'), [String(bytes), String(threads)]));
  return { 128: { 1: measure(16, 1), 2: measure(16, 2) }, 256: { 1: measure(32, 1), 2: measure(32, 2) } };
}
