// What the built package gives to those who install it. Needs dist/, as `npm test` makes it.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exportsOf } from './exports.ts';
import { root } from './snippets.ts';

const { doors } = (await import(join(root, 'tools/doors.mjs'))) as { doors: string[] };

const run = (program: string) => {
  const options = ['--input-type=module', '--eval', program];
  const { stdout, stderr } = spawnSync(process.execPath, options, { encoding: 'utf8', cwd: root });
  return [stdout, stderr];
};

test('package.json has the doors of the build, and what bundles and pages need besides', () => {
  const { exports } = JSON.parse(readFileSync(join(root, 'packages/unrolled/package.json'), 'utf8')) as {
    exports: Record<string, string | { default: string }>;
  };
  const files = ['./inline', './browser', './worker', './wasm/*', './kernels/build/native.mjs', './package.json'];
  expect(Object.keys(exports)).toEqual(['.', ...doors.map((door) => `./${door}`), ...files]);
  const paths = Object.values(exports).map((to) => (typeof to === 'string' ? to : to.default));
  const missing = paths.filter(
    (path) => !existsSync(join(root, 'packages/unrolled', path.replace('*', 'relaxed.wasm'))),
  );
  expect(missing).toEqual([]);
});

test('every WASM build is in the code of unrolled/inline, to the byte', async () => {
  const { inlineWasm } = (await import(join(root, 'packages/unrolled/dist/inline/index.js'))) as {
    inlineWasm: { bytes(variant: string): Promise<Uint8Array> };
  };
  for (const name of ['simd128', 'relaxed', 'simd128-shared', 'relaxed-shared']) {
    const file = readFileSync(join(root, 'packages/unrolled/wasm', `${name}.wasm`));
    expect(Buffer.compare(await inlineWasm.bytes(name), file), name).toBe(0);
  }
});

test('one file for pages has the names of all doors, and its errors have theirs', () => {
  const program = `
    const all = await import('unrolled/browser');
    const missing = [];
    for (const door of ${JSON.stringify(['', ...doors.map((door) => `/${door}`)])})
      for (const name of Object.keys(await import('unrolled' + door))) if (!(name in all)) missing.push(name);
    let error;
    try { new all.LSTM(0, 2); } catch (caught) { error = caught; }
    console.log(missing, error.name, error instanceof all.OptionError, all.LSTM.name);`;
  expect(run(program)).toEqual(['[] OptionError true LSTM\n', '']);
});

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

const manifestIn = (folder: string) => JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;

/** What a bundler writes of its own into what it makes: its runtime, and what preloads. */
const bundlers: Readonly<Record<string, readonly string[]>> = { studio: ['rolldown', 'vite'] };

/** What a package of ours bundles by its manifest, with what that depends on: what is installed to build it, and not with it. */
function bundledBy(name: string): string[] {
  const { devDependencies = {}, peerDependencies = {} } = manifestIn(`packages/${name}`);
  const found = new Map<string, string>();
  const add = (one: string, from: string): void => {
    if (one === 'unrolled' || one.startsWith('@types/') || one in peerDependencies) return;
    const ours = one.startsWith('@unrolled/');
    const folder = ours
      ? `packages/${one.slice('@unrolled/'.length)}`
      : [`${from}/node_modules/${one}`, `node_modules/${one}`].find((at) => existsSync(join(root, at)));
    if (folder === undefined) throw new Error(`${one} is not installed`);
    const { version, dependencies = {} } = manifestIn(folder);
    if (!ours) found.set(one, version);
    for (const next of Object.keys(dependencies)) add(next, folder);
  };
  for (const one of Object.keys(devDependencies)) add(one, `packages/${name}`);
  for (const one of bundlers[name] ?? []) found.set(one, manifestIn(`node_modules/${one}`).version);
  return Array.from(found, ([one, version]) => `${one} ${version}`).sort();
}

test.each([
  ['cli', 'dist/bundle'],
  ['studio', 'dist'],
])('%s has the license of every package that its files are made of', (name, folder) => {
  const text = readFileSync(join(root, 'packages', name, folder, 'THIRD-PARTY-LICENSES.txt'), 'utf8');
  const parts = text.split(/^(?=@?[a-z][\w./-]* \d+\.\d+\.\d+, )/m);
  expect(parts.map((part) => part.split(',')[0])).toEqual(bundledBy(name));
  for (const part of parts) expect(part).toMatch(/^(\/\/ )?Copyright /m);
});

test('what is at two doors is the same at both, and all doors stand on one copy of the library', () => {
  const program = `
    const main = await import('unrolled');
    const doors = await Promise.all(${JSON.stringify(doors)}.map((door) => import('unrolled/' + door)));
    const { metrics, pipelines } = Object.fromEntries(doors.map((door, n) => [${JSON.stringify(doors)}[n], door]));
    const both = doors.flatMap((door) => Object.keys(door).filter((name) => name in main && main[name] !== door[name]));
    let error;
    try { metrics.bleu(1, 2); } catch (caught) { error = caught; }
    console.log(doors.every((door) => Object.keys(door).length > 4), both, pipelines.openRun === main.openRun, error instanceof main.UnrolledError);`;
  expect(run(program)).toEqual(['true [] true true\n', '']);
});

test.each(['', ...doors])('unrolled/%s gives the values that its sources name, and no others', (door) => {
  const names = exportsOf(join(root, 'packages/unrolled/src', door, 'index.ts')).map(({ name }) => name);
  const program = `console.log(JSON.stringify(Object.keys(await import('${door ? `unrolled/${door}` : 'unrolled'}'))));`;
  const [stdout, stderr] = run(program);
  const values: string[] = JSON.parse(stdout);
  expect([values.length > 4, values.filter((name) => !names.includes(name)), stderr]).toEqual([true, [], '']);
});

test('every error that leaves a package writes its name out, which a minifier would change', () => {
  const nameless = readdirSync(join(root, 'packages'), { recursive: true, encoding: 'utf8' })
    .filter((path) => /^[^/]+\/src\/.*\.ts$/.test(path.replaceAll('\\', '/')) && !path.endsWith('.test.ts'))
    .flatMap((path) => {
      const text = readFileSync(join(root, 'packages', path), 'utf8');
      return Array.from(text.matchAll(/^export class (\w+) extends \w*Error\b[^]*?^\}/gm))
        .filter(([body, name]) => !body.includes(`override name = '${name}';`))
        .map(([, name]) => `${path}: ${name}`);
    });
  expect(nameless).toEqual([]);
});
