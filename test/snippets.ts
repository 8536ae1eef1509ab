// The programs in the READMEs and docs, as they are shown: what a reader would copy. A snippet that imports stands for itself; one that does not goes on
// from those before it on its page. <!-- continues --> above it says that one goes on all the same, and imports what is new; <!-- alone --> that it
// does not go on. Nothing is added that a reader does not see.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
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

/** All of them; one that stands on an English page and on its Korean one is there once. */
export function snippets(): Snippet[] {
  const pages = [
    'README.md',
    ...readdirSync(join(root, 'packages'))
      .map((name) => `packages/${name}/README.md`)
      .filter((path) => existsSync(join(root, path))),
    'README.ko.md',
    ...(readdirSync(join(root, 'docs'), { recursive: true }) as string[])
      .filter((name) => name.endsWith('.md'))
      .sort((a, b) => Number(isKorean(a)) - Number(isKorean(b)) || (a < b ? -1 : 1))
      .map((name) => `docs/${name.replace(/\\/g, '/')}`),
  ];
  const all = pages.flatMap((page) => onPage(page, readFileSync(join(root, page), 'utf8')));
  return [...new Map(all.toReversed().map((snippet) => [snippet.program, snippet])).values()].toReversed();
}

const isKorean = (path: string) => /^ko[\\/]/.test(path);

const block = /(?:<!-- (?<how>continues|alone) -->\n+)?```ts\n(?<code>[^]*?)```/g;

function onPage(page: string, text: string): Snippet[] {
  const found: Snippet[] = [];
  let before = '';
  for (const match of text.matchAll(block)) {
    const { how, code = '' } = match.groups ?? {};
    const standsAlone = how === 'alone' || (how !== 'continues' && /^import /m.test(code));
    const program = standsAlone ? code : `${before}\n${code}`;
    if (how !== 'alone') before = program;
    const line = text.slice(0, match.index + match[0].indexOf('```ts')).split('\n').length + 1;
    found.push({
      name: `${nameOf(page)}-${found.length + 1}`,
      page,
      line,
      program: `${program}\nexport {};\n`,
    });
  }
  return found;
}

/** `docs/library.md` is `library`, `docs/ko/vqa.md` is `ko-vqa`, `packages/cli/README.md` is `cli`. */
const nameOf = (page: string) =>
  page
    .replace(/^docs\/|^packages\//, '')
    .replace(/(\/README)?\.md$/, '')
    .replaceAll('/', '-');
