// `npm run check`: types, lint and format of everything, TypeScript and C++, and the words of pages and help texts. All steps run; the end lists
// those that failed.

import { join } from 'node:path';
import { program, root, run, setup, tsc } from './setup.mjs';
import { clangFormat, kernelSources } from './format.mjs';

setup({ build: false });
const node = [process.execPath];
const clang = clangFormat();
const steps = {
  // The packages as they are built: the library without the types of Node or of a page.
  'types of the packages': () => run(node, tsc(), '-b', 'packages/cli'),
  'types of the studio': () => run(node, tsc(), '--noEmit', '-p', 'packages/studio'),
  'types of tests and tools': () => run(node, tsc(), '-p', root),
  lint: () => run(program('oxlint'), '--type-aware', '--deny-warnings'),
  'format of TypeScript (npm run format fixes it)': () => run(program('@biomejs/biome'), 'format', '.'),
  'format of C++ (npm run format fixes it)': () =>
    clang === undefined || kernelSources().length === 0 || run(clang, '--dry-run', '-Werror', ...kernelSources()),
  words: () => run(node, join(root, 'tools', 'check-words.mjs')),
};

const failed = Object.entries(steps).filter(([, step]) => !step());
if (clang === undefined) console.log('C++ layout was not checked: there is no clang-format for this machine.');
console.log(failed.length === 0 ? 'check: all well' : `check: failed in ${failed.map(([name]) => name).join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
