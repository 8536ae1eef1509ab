import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'rolldown';
import { transformSync } from 'rolldown/utils';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root, type Snippet, snippets } from './snippets.ts';
import { smallCnn } from './small-cnn.ts';

const all = snippets();
const trains = 'it trains for longer than a test should; its types are checked';
/** What is not run, and why. */
const notRun: Readonly<Record<string, string>> = {
  'captions-1': trains,
  'convert-4': 'it opens a run that the reader has imported',
  'classification-1': trains,
  'data-2': 'it reads a file of the reader’s',
  'forecasting-1': trains,
  'gradients-3': 'it reads what a run of the reader’s has written',
  'ko-forecasting-1': trains,
  'ko-language-models-1': trains,
  'ko-language-models-2': trains,
  'ko-memory-tests-1': trains,
  'ko-translation-2': trains,
  'ko-translation-3': trains,
  'language-models-1': trains,
  'language-models-2': trains,
  'library-5': 'it asks for every backend, and not every machine has them',
  'many-machines-1': trains,
  'memory-tests-1': trains,
  'tagging-1': trains,
  'translation-1': trains,
  'translation-2': trains,
  'translation-3': trains,
};

let folder: string;
const fileOf = ({ name }: Snippet) => join(folder, `${name}.ts`);
/** The same program without its types. */
const erasedOf = ({ name }: Snippet) => join(folder, `${name}.js`);

/** Puts the library where an install would have put it, from its sources, one file a door: a process that imports it starts at once. */
async function install(): Promise<void> {
  const library = join(folder, 'node_modules/unrolled');
  mkdirSync(library, { recursive: true });
  const link = (from: string, to: string) =>
    symlinkSync(join(root, from), join(folder, 'node_modules', to), 'junction');
  for (const name of ['wasm', 'build']) link(`packages/unrolled/${name}`, `unrolled/${name}`);
  link('node_modules/sharp', 'sharp'); // decodes images
  // As built: its threads are files of it.
  mkdirSync(join(folder, 'node_modules/@unrolled'), { recursive: true });
  link('packages/server', '@unrolled/server');
  const { doors } = (await import(join(root, 'tools/doors.mjs'))) as { doors: string[] };
  const names = ['.', ...doors.map((door) => `./${door}`)];
  await build({
    input: Object.fromEntries(
      names.map((name) => [name.slice(2) || 'main', join(root, 'packages/unrolled/src', name, 'index.ts')]),
    ),
    platform: 'node',
    logLevel: 'warn',
    // As deep as the modules that look for the kernels, which lie next to the sources.
    output: { dir: join(library, 'dist/backend/kernel') },
  });
  const exports = Object.fromEntries(
    names.map((name) => [name, `./dist/backend/kernel/${name.slice(2) || 'main'}.js`]),
  );
  // The builds as text are made with the package.
  cpSync(join(root, 'packages/unrolled/dist/inline'), join(library, 'dist/inline'), { recursive: true });
  const all = { ...exports, './inline': './dist/inline/index.js' };
  writeFileSync(join(library, 'package.json'), JSON.stringify({ name: 'unrolled', type: 'module', exports: all }));
  const converters = join(folder, 'node_modules/@unrolled/convert');
  await build({
    input: join(root, 'packages/convert/src/index.ts'),
    platform: 'node',
    logLevel: 'warn',
    external: [/^unrolled/],
    output: { dir: converters },
  });
  writeFileSync(join(converters, 'package.json'), JSON.stringify({ type: 'module', exports: './index.js' }));
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'unrolled-snippets-'));
  for (const snippet of all) {
    writeFileSync(fileOf(snippet), snippet.program);
    writeFileSync(erasedOf(snippet), transformSync(fileOf(snippet), snippet.program).code);
  }
  await install();
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
  writeFileSync(join(folder, 'mobilenet.onnx'), (await smallCnn({ size: 224, channels: [4, 8, 8, 8] })).bytes);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('every program in README.md and docs is right in its types', () => {
  const config = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: {
      typeRoots: [join(root, 'node_modules/@types')],
      // The declarations that a reader's install has; their sources would be checked once more.
      paths: {
        unrolled: [join(root, 'packages/unrolled/dist/index.d.ts')],
        '@unrolled/server': [join(root, 'packages/server/dist/index.d.ts')],
        '@unrolled/server/node': [join(root, 'packages/server/dist/node.d.ts')],
        '@unrolled/convert': [join(root, 'packages/convert/dist/index.d.ts')],
        'unrolled/*': [join(root, 'packages/unrolled/dist/*/index.d.ts')],
      },
      noUnusedLocals: false,
      noUnusedParameters: false,
    },
    include: [],
    files: all.map(fileOf),
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
  const { stdout } = spawnSync(process.execPath, [tsc, '-p', folder, '--pretty', 'false', '--singleThreaded'], {
    encoding: 'utf8',
    cwd: folder,
  });
  expect(stdout).toBe('');
}, 120_000);

/** The exit code and standard error of a program as a process of its own. */
function run(snippet: Snippet): [status: number | null, stderr: string] {
  const known = results.get(snippet.name);
  if (known) return known;
  // A program that goes on from this one runs all of it first: where that went well, so would this one alone.
  const longer = all.find((other) => other.name !== snippet.name && !notRun[other.name] && goesOn(other, snippet));
  const [status, stderr] = longer ? run(longer) : [1, ''];
  const result: [number | null, string] = status === 0 && stderr === '' ? [0, ''] : runAlone(snippet);
  results.set(snippet.name, result);
  return result;
}
const results = new Map<string, [status: number | null, stderr: string]>();
const body = ({ program }: Snippet) => program.replace(/\nexport \{\};\n$/, '');
const goesOn = (longer: Snippet, shorter: Snippet) =>
  longer.program.length > shorter.program.length && body(longer).startsWith(body(shorter));

function runAlone(snippet: Snippet): [status: number | null, stderr: string] {
  // One thread: other tests have the processors too, and threads of a kernel wait for each other.
  const env = { ...process.env, UNROLLED_THREADS: '1' };
  const { status, stderr } = spawnSync(process.execPath, [erasedOf(snippet)], { encoding: 'utf8', cwd: folder, env });
  return [status, stderr];
}

describe.each(all)('$page, line $line', (snippet) => {
  test('runs', (context) => {
    const why = notRun[snippet.name];
    if (why) return context.skip(why);
    expect(run(snippet)).toEqual([0, '']);
  }, 120_000);
});
