// The site of the documentation, without building it: its table of contents, the links of the Markdown it is made of, and the parts that make and check it.
// `npm run docs` builds the site, and checks the links and the look of the whole.

import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from './snippets.ts';

interface Navigation {
  sections: { en: string; ko: string; pages: string[] }[];
  misplaced(files?: string[], sections?: { pages: string[] }[]): string[];
  docsFiles(): string[];
  pageOf(file: string): string | undefined;
  titleOf(file: string): string;
  translationOf(file: string): string | null;
}
const from = (path: string) => import(join(root, 'tools/site', path)) as Promise<never>;
const navigation: Navigation = await from('navigation.mjs');
const { slug }: { slug(text: string): string } = await from('slug.mjs');
const {
  leadsTo,
}: { leadsTo(file: string, href: string, repository?: string): { href: string | null; problem?: string } } =
  await from('markdown.mjs');
const { checkLinks }: { checkLinks(folder: string, base: string): string[] } = await from('links.mjs');
const { writeApi }: { writeApi(out: string, from: string[][], tsconfig: string): Promise<string[]> } =
  await from('api/api.mjs');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'unrolled-site-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the table of contents', () => {
  test('has every page of docs/ once', () => {
    expect(navigation.misplaced()).toEqual([]);
  });

  test('says which page is in no section, in two, not there, or translated from nothing', () => {
    const files = ['docs/index.md', 'docs/new.md', 'docs/ko/index.md', 'docs/ko/old.md'];
    expect(
      navigation.misplaced(files, [{ pages: ['index', 'gone'] }, { pages: ['index', 'changelog', 'api/index'] }]),
    ).toEqual([
      'docs/new.md is in no section of tools/site/navigation.mjs',
      'index is in the navigation twice',
      'gone is in the navigation, and docs/gone.md is not there',
      'docs/ko/old.md is the translation of docs/old.md, which is not there',
    ]);
  });

  test('has the guide and the concepts in Korean', () => {
    const both = navigation.sections.filter(({ en }) => ['Guide by task', 'Concepts'].includes(en));
    expect(both).toHaveLength(2);
    const missing = both.flatMap(({ pages }) => pages).filter((page) => !existsSync(join(root, `docs/ko/${page}.md`)));
    expect(missing).toEqual([]);
  });

  test('a page in Korean has the sections of the English one, in their order', () => {
    const levels = (file: string) =>
      readFileSync(join(root, file), 'utf8')
        .replaceAll(/^```[^]*?^```/gm, '')
        .match(/^#+(?= )/gm);
    const korean = navigation.docsFiles().filter((file) => file.startsWith('docs/ko/'));
    expect(korean.length).toBeGreaterThan(20);
    for (const file of korean) expect([file, levels(file)]).toEqual([file, levels(file.replace('/ko/', '/'))]);
  });

  test('names a page by its heading, up to a colon', () => {
    expect(navigation.titleOf('docs/language-models.md')).toBe('Language models');
    expect(navigation.titleOf('docs/ko/concepts/gates.md')).toBe('게이트');
  });

  test('knows where a file is on the site, and its translation', () => {
    const at = [
      'docs/cells.md',
      'docs/ko/vqa.md',
      'build/api/nn.md',
      'SECURITY.md',
      'README.md',
      'build/other.md',
      'test/x.md',
    ];
    expect(at.map((file) => navigation.pageOf(file))).toEqual([
      'cells.md',
      'ko/vqa.md',
      'api/nn.md',
      'security.md',
      undefined,
      undefined,
      undefined,
    ]);
    expect(navigation.translationOf('docs/vqa.md')).toBe('/ko/vqa.html');
    expect(navigation.translationOf('docs/ko/concepts/index.md')).toBe('/concepts/');
    expect(navigation.translationOf('docs/architecture.md')).toBeNull();
    expect(navigation.translationOf('SECURITY.md')).toBeNull();
  });
});

describe('links of the Markdown', () => {
  const readmes = readdirSync(join(root, 'packages')).map((name) => `packages/${name}/README.md`);
  const files = ['README.md', 'README.ko.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', ...readmes]
    .filter((file) => existsSync(join(root, file)))
    .concat(navigation.docsFiles());
  const withoutCode = (text: string) => text.replace(/```[^]*?```/g, '').replace(/`[^`\n]*`/g, '``');
  /** The anchors of a page, as GitHub and the site make them. */
  const anchorsOf = (file: string) => {
    const text = readFileSync(file, 'utf8').replace(/```[^]*?```/g, '');
    return Array.from(text.matchAll(/^#+ (.+)$/gm), ([, heading]) => slug(heading.replace(/`|\[|\]\([^)]*\)/g, '')));
  };

  test.each(files)('%s', (file) => {
    const wrong = [];
    for (const [, href] of withoutCode(readFileSync(join(root, file), 'utf8')).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(href)) continue;
      const [path, anchor] = href.split('#');
      const target = path === '' ? join(root, file) : resolve(root, dirname(file), path);
      if (!existsSync(target) || relative(root, target).startsWith('..')) wrong.push(`there is no ${href}`);
      else if (anchor && target.endsWith('.md') && !anchorsOf(target).includes(anchor))
        wrong.push(`${path} has no #${anchor}`);
    }
    expect(wrong).toEqual([]);
  });

  test('lead to pages of the site, to the repository where it is published, and else nowhere', () => {
    const file = join(root, 'docs/ko/cells.md');
    expect(leadsTo(file, '../vqa.md#the-command')).toEqual({ href: '/vqa.md#the-command' });
    expect(leadsTo(file, '../../SECURITY.md')).toEqual({ href: '/security.md' });
    expect(leadsTo(file, 'https://example.org/')).toEqual({ href: 'https://example.org/' });
    expect(leadsTo(file, '#top')).toEqual({ href: '#top' });
    const repository = 'https://git.example/a/b';
    expect(leadsTo(file, '../../packages/server', repository).href).toBe(`${repository}/tree/HEAD/packages/server`);
    expect(leadsTo(file, '../../test/site.test.ts', repository).href).toBe(`${repository}/blob/HEAD/test/site.test.ts`);
    expect(leadsTo(file, '../../packages/server')).toEqual({ href: null });
    expect(leadsTo(file, '../gone.md')).toEqual({ href: null, problem: 'docs/ko/cells.md: there is no ../gone.md' });
    expect(leadsTo(file, '../../../outside.md').problem).toMatch('there is no');
  });

  test('have the anchors that GitHub makes', () => {
    expect(slug('To Keras and TensorFlow.js')).toBe('to-keras-and-tensorflowjs');
    expect(slug('W_hh, σ_max & 1.5 × H')).toBe('w_hh-σ_max--15--h');
    expect(slug('왜 가장 높은 점수를 고르지 않을까?')).toBe('왜-가장-높은-점수를-고르지-않을까');
  });
});

test('links of a built site: pages, anchors, files, the path it is served below, and other hosts', () => {
  const site = join(folder, 'built');
  mkdirSync(join(site, 'ko'), { recursive: true });
  const page = (body: string) => `<html><body>${body}</body></html>`;
  writeFileSync(join(site, 'style.css'), 'a { color: red }');
  writeFileSync(
    join(site, 'index.html'),
    page(
      '<link href="/base/style.css"><a href="/base/ko/#a">x</a><a href="ko/index.html#a">x</a><a href="https://x.org/">x</a><img src="data:,">',
    ),
  );
  writeFileSync(
    join(site, 'ko/index.html'),
    page('<h2 id="a">a</h2><a class="b" href="../index.html">x</a><code>&lt;a href="gone"&gt;</code>'),
  );
  expect(checkLinks(site, '/base/')).toEqual([]);
  writeFileSync(
    join(site, 'bad.html'),
    page(
      '<a href="gone.html">x</a><a href="ko/#b">x</a><a href="/other/">x</a><script src="https://x.org/a.js"></script><img src="none.png"/>',
    ),
  );
  writeFileSync(join(site, 'style.css'), '@font-face { src: url("https://x.org/a.woff") }');
  expect(checkLinks(site, '/base/')).toEqual([
    'bad.html: gone.html leads to nothing',
    'bad.html: ko/index.html has no #b',
    'bad.html: /other/ leads out of /base/',
    'bad.html: loads https://x.org/a.js from another host',
    'bad.html: none.png leads to nothing',
    'style.css: loads from another host',
  ]);
});

describe('the API reference', () => {
  test('has a page for every door of the library', async () => {
    const { doors } = (await import(join(root, 'tools/doors.mjs'))) as { doors: string[] };
    const { pages }: { pages: Map<string, unknown> } = await from('api/pages.mjs');
    expect(doors.filter((door) => !pages.has(door))).toEqual([]);
  });

  const write = async (source: string) => {
    const at = mkdtempSync(join(folder, 'api-'));
    writeFileSync(join(at, 'door.ts'), source);
    writeFileSync(join(at, 'other.ts'), '/** One. */\nexport const one = 1;\n');
    writeFileSync(
      join(at, 'tsconfig.json'),
      '{ "compilerOptions": { "strict": true, "types": [] }, "include": ["*.ts"] }',
    );
    const doors = [
      ['io', join(at, 'door.ts')],
      ['metrics', join(at, 'other.ts')],
    ];
    const problems = await writeApi(join(at, 'out'), doors, join(at, 'tsconfig.json'));
    const page = join(at, 'out/io.md');
    return { problems, page: existsSync(page) ? readFileSync(page, 'utf8') : null };
  };

  test('has declarations, comments, members with links, equations and examples', async () => {
    const { problems, page } = await write(`
      /** Sizes <of> a thing. */
      export interface Sizes {
        /** Width, see {@link Thing}. Default 1. */
        readonly width?: number | Thing;
      }
      /**
       * A thing:
       *
       *   y = W x + b
       *   z = {{ y }}
       */
      export class Thing {
        constructor(readonly sizes: Sizes) {}
        /** Adds to it. */
        add(x: number, more = 2): Promise<readonly number[]> { return Promise.resolve([x + more]); }
        #hidden = 1;
      }
      /**
       *     const t = make({ width: 2 });
       *     t.add(1);
       *
       * Makes a thing.
       */
      export function make({ width = 1 }: Sizes): Thing { return new Thing({ width }); }
      /** Either. */
      export type Either = 'a' | 'b' | ((x: number) => string);
    `);
    expect(problems).toEqual([]);
    const parts = [
      "type Either = 'a' | 'b' | ((x: number) => string)",
      '## make\n\n```ts\nfunction make(options: Sizes): Thing\n```\n\n```ts\nconst t = make({ width: 2 });\nt.add(1);\n```\n\nMakes a thing.',
      '## Sizes\n\n```ts\ninterface Sizes\n```\n\nSizes &lt;of> a thing.',
      '| `width?` | <code v-pre>number &#124; <a href="#thing">Thing</a></code> | Width, see [Thing](#thing). Default 1. |',
      '## Thing\n\n```ts\nclass Thing\n```\n\nA thing:\n\n```text\ny = W x + b\nz = {{ y }}\n```',
      'new Thing(sizes: Sizes)',
      '### Thing.add\n\n```ts\nadd(x: number, more?: number): Promise<readonly number[]>\n```\n\nAdds to it.',
    ];
    for (const part of parts) expect(page).toContain(part);
    expect(page).not.toContain('hidden');
  }, 60_000);

  test('is not written where an export has no comment, or a comment links to nothing', async () => {
    const { problems, page } = await write(`
      export const silent = 1;
      /** See {@link Gone}. */
      export const linked = 2;
    `);
    expect(problems.join('\n')).toMatch(/silent \(io\) has no doc comment/);
    expect(problems.join('\n')).toMatch(/Gone/);
    expect(page).toBeNull();
  }, 60_000);
});
