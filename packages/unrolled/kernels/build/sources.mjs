// What both kernel builds share: the list of sources, the warnings, and a stamp that says whether a build is still current. Plain JavaScript, because it
// runs before anything is built, in a clone and where the package is installed.

import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const packageRoot = fileURLToPath(new URL('../../', import.meta.url));
export const kernelRoot = join(packageRoot, 'kernels');

/** Paths below kernels/, sorted: headers and sources. */
export function kernelFiles() {
  return readdirSync(kernelRoot, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(h|cpp)$/.test(entry.name))
    .map((entry) => relative(kernelRoot, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((file) => !file.startsWith('build/'))
    .sort();
}

/** Of the addon alone, and compiled once: its own file, and MPI. */
export const isAddonFile = (file) => file === 'addon.cpp' || file.startsWith('mpi/');

/** The kernels' sources: all but the builds' entry points. */
export function kernelSources(without = []) {
  return kernelFiles().filter((file) => file.endsWith('.cpp') && !isAddonFile(file) && !without.includes(file));
}

export const commonFlags = [
  '-std=c++17',
  '-O3',
  '-ffp-contract=off',
  '-fno-exceptions',
  '-fno-rtti',
  '-fno-threadsafe-statics',
  '-Wall',
  '-Wextra',
];

/** Changes with every source, header, flag and compiler version. */
export function stampOf(files, ...facts) {
  const hash = createHash('sha256');
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(kernelRoot, file)))
      .update('\0');
  return hash.update(JSON.stringify(facts)).digest('hex');
}
