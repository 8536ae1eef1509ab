// How the Node addon is compiled: each source once for every SIMD level, the addon's own file once, all linked into one library. With a cross
// compiler it is built for another machine: { compiler: 'aarch64-linux-gnu-g++', platform: 'linux', arch: 'arm64' }.

import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { commonFlags, isAddonFile, kernelFiles, kernelRoot, kernelSources, stampOf } from './sources.mjs';

const levelsOf = {
  x64: {
    avx512: ['-mavx512f', '-mavx512vl', '-mavx512bw', '-mavx512dq', '-mfma', '-Wno-uninitialized'],
    avx2: ['-mavx2', '-mfma'],
  },
  arm64: { neon: [] },
};

/** The machines that there are packages for. */
export const platforms = ['linux-x64', 'linux-arm64', 'darwin-arm64', 'darwin-x64', 'win32-x64'];

/** Flags by SIMD level; undefined where there is no native build. */
export function levelsFor(platform = process.platform, arch = process.arch) {
  return platforms.includes(`${platform}-${arch}`) ? levelsOf[arch] : undefined;
}

// Everything hidden, so that no function compiled for one SIMD level can stand in for another's.
export const flags = [
  ...commonFlags,
  '-fPIC',
  '-fvisibility=hidden',
  '-fvisibility-inlines-hidden',
  '-fno-math-errno',
  '-U_FORTIFY_SOURCE', // a default of some compilers, whose checked functions musl lacks
  `-I${kernelRoot}`,
];

/** What Windows needs besides: GCC puts vectors on a stack that Windows aligns to 16 bytes only. */
const windowsFlags = (version) => [
  '-include',
  join(kernelRoot, 'build', 'windows.h'),
  '-Wno-unused-variable',
  ...(/clang/i.test(version) ? [] : ['-Wa,-muse-unaligned-vector-move']),
];

/** Ways to link, the better first; a compiler may lack what one of them needs. */
function linkWays(platform, folder) {
  if (platform === 'darwin') return [['-undefined', 'dynamic_lookup']];
  if (platform === 'win32') return [['-static', '-s', join(folder, 'libnode.a')]];
  // nodelete: the pool's threads outlive the environment that loaded the addon. Without a C library of its own it takes that of the process, of
  // whatever kind and version, so that one file serves glibc and musl.
  const common = ['-Wl,-z,nodelete', '-s'];
  return [
    ['-nostdlib', '-lgcc', ...common],
    ['-Wl,--as-needed', '-pthread', ...common],
  ];
}

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
export async function compileAll(compiler, folder, { headers, levels = levelsFor(), extra = [] }) {
  const sources = kernelSources(['wasm.cpp']).map((file) => join(kernelRoot, file));
  const jobs = Object.entries(levels).map(([level, of]) =>
    compile(compiler, sources, join(folder, level), [...of, ...extra]),
  );
  const own = kernelFiles().filter((file) => file.endsWith('.cpp') && isAddonFile(file));
  const paths = own.map((file) => join(kernelRoot, file));
  jobs.push(compile(compiler, paths, join(folder, 'addon'), [`-I${headers}`, ...extra]));
  return (await Promise.all(jobs)).flat();
}

/** Compiles these sources into `folder`, warnings to the terminal. Returns the paths of the objects. */
export async function compile(compiler, sources, folder, extra) {
  mkdirSync(folder, { recursive: true });
  const { stderr } = await run(compiler, [...flags, ...extra, '-c', ...sources], { cwd: folder });
  if (stderr) console.error(stderr);
  return sources.map((file) => join(folder, basename(file).replace(/\.cpp$/, '.o')));
}

/** Links objects into `target`. */
export async function link(compiler, objects, target, linkFlags) {
  await run(compiler, ['-shared', ...objects, ...linkFlags, '-o', target]);
}

/** The functions of Node-API are in node.exe; a linker for Windows wants a list of them. */
async function listOfNode(compiler, headers, folder) {
  const names = readFileSync(join(headers, '..', 'def', 'node_api.def'), 'utf8')
    .concat(readFileSync(join(headers, '..', 'def', 'js_native_api.def'), 'utf8'))
    .match(/^\s*(napi_\w+|node_api_\w+)\s*$/gm);
  writeFileSync(join(folder, 'node.def'), `NAME node.exe\nEXPORTS\n${names.map((name) => `  ${name.trim()}\n`).join('')}`);
  const dlltool = compiler.replace(/(clang\+\+|g\+\+|c\+\+)(-\w+)?(\.exe)?$/, 'dlltool$3');
  await run(dlltool, ['-d', join(folder, 'node.def'), '-l', join(folder, 'libnode.a')]);
}

/**
 * Builds `target` and says in words what came of it; throws the compiler's error. Nothing is done where the stamp next to it is of the same sources,
 * flags and compiler, unless `force`. `headers` is the include folder of node-api-headers.
 */
export async function buildNative({
  target,
  headers,
  compiler = 'c++',
  platform = process.platform,
  arch = process.arch,
  force = false,
}) {
  const levels = levelsFor(platform, arch);
  if (!levels) return { built: false, text: `there is no native build for ${platform}-${arch}` };
  const version = compilerVersion(compiler);
  if (!version) return { built: false, text: `there is no C++ compiler (${compiler}); install g++ or clang` };
  const folder = join(target, '..');
  const stampFile = join(folder, 'stamp');
  const files = kernelFiles().filter((file) => file !== 'wasm.cpp');
  const stamp = stampOf(files, flags, linkWays(platform, ''), levels, version);
  const isCurrent = existsSync(target) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp;
  if (isCurrent && !force) return { built: true, text: 'up to date' };

  const work = join(folder, `objects-${process.pid}`); // two builds may run at once
  try {
    mkdirSync(work, { recursive: true });
    if (platform === 'win32') await listOfNode(compiler, headers, work);
    const extra = platform === 'win32' ? windowsFlags(version) : [];
    const objects = await compileAll(compiler, work, { headers, levels, extra });
    const fresh = `${target}.${process.pid}`; // the old one may be in use
    await linkSomehow(compiler, objects, fresh, linkWays(platform, work));
    renameSync(fresh, target);
    writeFileSync(stampFile, stamp);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return { built: true, text: `${basename(target)} (${Object.keys(levels).join(', ')}), ${version}` };
}

async function linkSomehow(compiler, objects, target, [way, ...others]) {
  try {
    await link(compiler, objects, target, way);
  } catch (error) {
    if (others.length === 0) throw error;
    await linkSomehow(compiler, objects, target, others);
  }
}
