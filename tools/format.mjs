// `npm run format`: lays out TypeScript with Biome and C++ with clang-format, in place.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { files, program, root, run } from './setup.mjs';

/** The C++ files, but for what tools generate. */
export function kernelSources() {
  return files('packages/unrolled/kernels').filter((path) => /\.(cpp|h)$/.test(path));
}

/** clang-format from npm, or undefined where its package has no program for this machine. */
export function clangFormat() {
  const command = program('clang-format');
  const works = spawnSync(command[0], [...command.slice(1), '--version'], { cwd: root }).status === 0;
  return works ? command : undefined;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const typescript = run(program('@biomejs/biome'), 'format', '--write', '.');
  const clang = clangFormat();
  const cpp = clang === undefined || kernelSources().length === 0 || run(clang, '-i', ...kernelSources());
  process.exitCode = typescript && cpp ? 0 : 1;
}
