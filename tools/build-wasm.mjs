// Builds the kernels to WebAssembly with the clang that npm has: packages/unrolled/wasm/<simd>[-shared].wasm, committed, with a stamp.
//
//   node tools/build-wasm.mjs            builds where sources, flags or compiler have changed since the stamp
//   node tools/build-wasm.mjs --check    builds all and fails unless every byte is the committed one

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import {
  commonFlags,
  isAddonFile,
  kernelFiles,
  kernelRoot,
  kernelSources,
  packageRoot,
  stampOf,
} from '../packages/unrolled/kernels/build/sources.mjs';

const flags = [
  '--target=wasm32',
  ...commonFlags,
  '-nostdlib',
  '-nostdlibinc',
  '-ffreestanding',
  '-msimd128',
  '-mbulk-memory',
  '-mllvm',
  '-disable-lsr', // strength reduction would undo the folded load offsets
  '-Wl,--no-entry',
  '-Wl,--import-memory',
  '-Wl,--max-memory=4294967296',
  '-Wl,-z,stack-size=131072',
  '-Wl,--stack-first',
  '-Wl,--strip-all',
];
const shared = ['-matomics', '-Wl,--shared-memory'];
const variants = {
  simd128: [],
  relaxed: ['-mrelaxed-simd'],
  'simd128-shared': shared,
  'relaxed-shared': ['-mrelaxed-simd', ...shared],
};

const files = kernelFiles().filter((file) => !isAddonFile(file));
const sources = kernelSources();
const compiler = createRequire(import.meta.url)('../node_modules/@yowasp/clang/package.json').version;
const stamp = stampOf(files, flags, variants, compiler);
const folder = join(packageRoot, 'wasm');
const pathOf = (name) => join(folder, name);
const check = process.argv.includes('--check');

function current() {
  try {
    return JSON.parse(readFileSync(pathOf('stamp.json'), 'utf8')).stamp === stamp;
  } catch {
    return false;
  }
}

/** { 'a.h': text, recurrent: { 'b.cpp': text } } as the compiler's file system wants it. */
function tree() {
  const root = {};
  for (const file of files) {
    const parts = file.split('/');
    const name = parts.pop();
    let at = root;
    for (const part of parts) at = at[part] ??= {};
    at[name] = readFileSync(join(kernelRoot, file), 'utf8');
  }
  return root;
}

if (!check && current()) {
  console.log('wasm: up to date');
} else {
  const { commands, Exit } = await import('@yowasp/clang');
  const problems = [];
  mkdirSync(folder, { recursive: true });
  for (const [name, extra] of Object.entries(variants)) {
    let text = '';
    const collect = (bytes) => {
      if (bytes) text += new TextDecoder().decode(bytes);
    };
    let output;
    try {
      output = await commands['clang++']([...flags, ...extra, '-I.', ...sources, '-o', 'out.wasm'], tree(), {
        stdout: collect,
        stderr: collect,
      });
    } catch (error) {
      if (!(error instanceof Exit)) throw error;
    }
    if (text) console.error(text);
    if (!output) process.exit(1);
    const bytes = output['out.wasm'];
    if (check) {
      if (Buffer.compare(bytes, readFileSync(pathOf(`${name}.wasm`))) !== 0)
        problems.push(`${name}.wasm differs from its sources`);
    } else {
      writeFileSync(pathOf(`${name}.wasm`), bytes);
      console.log(`wasm: ${name}.wasm, ${(bytes.length / 1024).toFixed(0)} KiB`);
    }
  }
  if (!check) writeFileSync(pathOf('stamp.json'), `${JSON.stringify({ compiler, stamp }, null, 2)}\n`);
  else if (!current()) problems.push('stamp.json is of other sources');
  for (const problem of problems)
    console.error(`wasm: ${problem}; run node tools/build-wasm.mjs and commit packages/unrolled/wasm`);
  if (problems.length > 0) process.exit(1);
  if (check) console.log('wasm: every byte as committed');
}
