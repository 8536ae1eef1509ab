// The licenses of what builds put into their files: of every package that a module comes from, also of what a bundler writes itself.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderOf, licensesFile, licensesOf } from '../tools/licenses.mjs';
import { root } from './snippets.ts';

const modules = (path: string) => join(root, 'node_modules', path);

test.each([
  [modules('preact/dist/preact.mjs'), modules('preact')],
  [modules('@noble/hashes/sha2.js?import'), modules('@noble/hashes')],
  [`\0${modules('uplot/a.js')}?commonjs-module`, modules('uplot')],
  ['\0rolldown/runtime.js', modules('rolldown')],
  ['\0vite/preload-helper.js', modules('vite')],
  ['\0virtual:answer-page', null],
  [join(root, 'packages/unrolled/src/index.ts'), null],
])('%j is code of %j', (id, folder) => {
  expect(folderOf(id)).toBe(folder);
});

test('a module that nobody is known to have written ends the build', () => {
  expect(() => folderOf('\0somebody/helper.js')).toThrow('tools/licenses.mjs does not know whose code this module is');
});

test('what a bundler says of the packages inside of itself is not part of it', () => {
  const text = licensesOf(['\0vite/preload-helper.js', '\0rolldown/runtime.js']);
  expect(text).toMatch(/^rolldown [\d.]+, MIT\n\nMIT License\n[^]*\n\nvite [\d.]+, MIT\n\n[^]*MIT License/);
  expect(text).not.toContain('undled dependencies');
});

test.each([
  ['packages/unrolled/dist', ['rolldown']],
  ['packages/cli/dist/bundle', ['@bufbuild/protobuf', 'hono', 'valibot']],
  ['packages/studio/dist', ['preact', 'rolldown', 'uplot', 'vite']],
])('%s has the licenses of %j', (folder, names) => {
  const path = join(root, folder, licensesFile);
  expect(existsSync(path), 'npm run build writes it').toBe(true);
  const found = Array.from(readFileSync(path, 'utf8').matchAll(/^(\S+) \d[\d.]*, /gm), ([, name]) => name);
  expect(found).toEqual(expect.arrayContaining(names));
});
