// Text that every install has. Real text where it is near, as in the clone: the declaration files of the TypeScript compiler, a few megabytes of code
// and prose, or those of Node's types. Elsewhere stories that are made here.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeStories } from 'unrolled/data';

export interface DemoText {
  readonly text: string;
  /** What it is, for a person. */
  readonly description: string;
}

const enough = 400_000; // characters

const stories = 'stories that unrolled makes';

/** Whether such a description is of a demonstration's text and not of a person's file. */
export const isDemoText = (description: string): boolean =>
  description === stories || description.startsWith('the declaration files');

/** The text of demonstrations: that which had this description, or the best that is near. */
export function demoText(description?: string): DemoText {
  const found = description === stories ? null : declarationFiles(dirname(fileURLToPath(import.meta.url)));
  return found ?? { text: makeStories(enough, 1), description: stories };
}

/** Of the nearest folder above `start` that has some; null when none has. */
export function declarationFiles(start: string): DemoText | null {
  for (let folder = start; ; folder = dirname(folder)) {
    const modules = join(folder, 'node_modules');
    for (const [name, find] of sources) {
      const files = find(modules);
      const text = files.map((file) => readFileSync(file, 'utf8')).join('\n');
      if (text.length >= enough) return { text, description: `${name}, ${files.length} files` };
    }
    if (folder === dirname(folder)) return null;
  }
}

const sources: readonly (readonly [name: string, find: (modules: string) => string[]])[] = [
  [
    'the declaration files of the TypeScript compiler',
    (m) => [...declarations(join(m, 'typescript', 'lib')), ...compilers(m)],
  ],
  ['the declaration files of Node', (m) => declarations(join(m, '@types', 'node'))],
];

/** TypeScript 7 keeps them in one package per platform. */
function compilers(modules: string): string[] {
  const packages = list(join(modules, '@typescript')).filter((name) => name.startsWith('typescript-'));
  return packages
    .flatMap((name) => declarations(join(modules, '@typescript', name, 'lib')))
    .filter((file) => /\blib\.[^/\\]*$/.test(file));
}

/** In the order of their names, so that the text is the same on every machine. */
function declarations(folder: string): string[] {
  return list(folder)
    .filter((name) => name.endsWith('.d.ts'))
    .sort()
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).size > 0);
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
