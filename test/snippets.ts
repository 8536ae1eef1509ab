// The programs in README.md and docs: what a reader would copy. A snippet that imports stands for itself; one that does not goes on from those
// before it on its page. What it takes for granted may stand above it, unseen: <!-- given: const [x, y] = … -->; `alone` instead of `given`
// keeps it from going on, and the next from going on from it.

import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

export interface Snippet {
  /** `translation-2`: the second on its page. */
  readonly name: string;
  readonly page: string;
  /** Of the page, where its code begins. */
  readonly line: number;
  /** As it can be run: with what it goes on from. */
  readonly program: string;
}

export function snippets(): Snippet[] {
  const pages = [
    'README.md',
    'README.ko.md',
    ...readdirSync(join(root, 'docs'))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `docs/${name}`),
  ];
  return pages.flatMap((page) => onPage(page, readFileSync(join(root, page), 'utf8')));
}

const block = /(?:<!-- (?<how>given|alone):\s(?<given>[^]*?)\s-->\n+)?```ts\n(?<code>[^]*?)```/g;

function onPage(page: string, text: string): Snippet[] {
  const found: Snippet[] = [];
  let before = '';
  for (const match of text.matchAll(block)) {
    const { how, given = '', code = '' } = match.groups ?? {};
    const program = how === 'alone' || /^import /m.test(code) ? `${given}\n${code}` : `${before}\n${given}\n${code}`;
    if (how !== 'alone') before = program;
    const line = text.slice(0, match.index + match[0].indexOf('```ts')).split('\n').length + 1;
    found.push({
      name: `${basename(page, '.md')}-${found.length + 1}`,
      page,
      line,
      program: `${program}\nexport {};\n`,
    });
  }
  return found;
}
