import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root, type Snippet, snippets } from './snippets.ts';

const all = snippets();
const trains = 'it trains for longer than a test should; its types are checked';
/** What is not run, and why. */
const notRun: Readonly<Record<string, string>> = {
  'captions-1': trains,
  'classification-1': trains,
  'data-2': 'it reads a file of the reader’s',
  'forecasting-1': trains,
  'gradients-3': 'it reads what a run of the reader’s has written',
  'language-models-1': trains,
  'language-models-2': trains,
  'library-5': 'it asks for every backend, and not every machine has them',
  'memory-tests-1': trains,
  'tagging-1': trains,
  'translation-1': trains,
  'translation-2': trains,
  'translation-3': trains,
};

let folder: string;
const fileOf = ({ name }: Snippet) => join(folder, `${name}.ts`);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'unrolled-snippets-'));
  for (const snippet of all) writeFileSync(fileOf(snippet), snippet.program);
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  // Runs that pages open, by the names they have there.
  const runs = {
    reviews: 'classify',
    poems: 'text-lstm',
    pairs: 'translate-attention',
    photos: 'caption-soft',
    load: 'forecast',
    names: 'tag',
  };
  const fixtures = join(root, 'test/fixtures/runs');
  for (const [name, run] of Object.entries(runs))
    cpSync(join(fixtures, run), join(folder, 'runs', name), { recursive: true });
  cpSync(join(fixtures, 'inputs/red-left-0.png'), join(folder, 'photo.png'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('every program in README.md and docs is right in its types', () => {
  const config = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: {
      typeRoots: [join(root, 'node_modules/@types')],
      paths: {
        unrolled: [join(root, 'packages/unrolled/src/index.ts')],
        'unrolled/*': [join(root, 'packages/unrolled/src/*/index.ts')],
      },
      noUnusedLocals: false,
      noUnusedParameters: false,
    },
    include: [],
    files: all.map(fileOf),
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
  const { stdout } = spawnSync(process.execPath, [tsc, '-p', folder, '--pretty', 'false'], {
    encoding: 'utf8',
    cwd: folder,
  });
  expect(stdout).toBe('');
}, 120_000);

describe.each(all)('$page, line $line', (snippet) => {
  test('runs', (context) => {
    const why = notRun[snippet.name];
    if (why) return context.skip(why);
    const loader = pathToFileURL(join(root, 'tools/ts.mjs')).href;
    const { status, stderr } = spawnSync(process.execPath, ['--import', loader, fileOf(snippet)], {
      encoding: 'utf8',
      cwd: folder,
    });
    expect([status, stderr]).toEqual([0, '']);
  }, 120_000);
});
