// All that a fresh clone needs before it can run: installs what the lock file names, builds the TypeScript, and builds the native
// kernels where there is a C++ compiler. What is done already is recognized by its contents and skipped, so every other command
// can begin with it. Plain JavaScript without dependencies, because it runs before there are any.
//
//   node tools/setup.mjs            do what is missing
//   node tools/setup.mjs --force    build again even if nothing changed (a missing install is made good, a whole one is left alone)

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { doors } from './doors.mjs';

export const root = fileURLToPath(new URL('..', import.meta.url));
const stampFile = join(root, 'build', 'setup.json');
const addon = 'packages/unrolled/build/unrolled.node';

/** Brings the clone to the state in which the command and the tests run. Exits with a message where that is impossible. */
export function setup({ force = false, build = true } = {}) {
  requireNode();
  install();
  if (!build) return;
  const stamp = readJson(stampFile) ?? {};
  const before = JSON.stringify(stamp);
  buildTypeScript(stamp, force);
  buildStudio(stamp, force);
  buildNative(stamp, force);
  if (JSON.stringify(stamp) === before) return;
  mkdirSync(join(root, 'build'), { recursive: true });
  writeFileSync(stampFile, `${JSON.stringify(stamp, null, 2)}\n`);
}

/** The programs of `node_modules/.bin` without npx, which takes half a second to find them. */
export function program(name) {
  const bin = readJson(join(root, 'node_modules', name, 'package.json')).bin;
  const file = typeof bin === 'string' ? bin : bin[name.split('/').pop()];
  return [process.execPath, join(root, 'node_modules', name, file)];
}

/** The folder of Node-API's header files. */
export const nodeHeaders = () => join(root, 'node_modules', 'node-api-headers', 'include');

/** Runs a program in the root, its output to the terminal; true when it succeeded. */
export function run([command, ...first], ...rest) {
  return spawnSync(command, [...first, ...rest], { cwd: root, stdio: 'inherit' }).status === 0;
}

function requireNode() {
  const wanted = readJson(join(root, 'package.json')).engines.node.replace('>=', '');
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [wantedMajor, wantedMinor] = wanted.split('.').map(Number);
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return;
  fail(`unrolled needs Node ${wanted} or newer; this is Node ${process.versions.node}. Get one at https://nodejs.org`);
}

function install() {
  if (isInstalled()) return;
  say('Installing dependencies (npm ci) …');
  const npm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ['npm'];
  const done = spawnSync(npm[0], [...npm.slice(1), 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    encoding: 'utf8',
    shell: npm[0] === 'npm' && process.platform === 'win32',
  });
  if (done.status !== 0) fail(`npm ci did not succeed:\n${done.error?.message ?? done.stderr + done.stdout}`);
}

/** Whether node_modules holds the very packages of the lock file. npm leaves a list of what it put there; optional ones may be absent. */
function isInstalled() {
  const wanted = readJson(join(root, 'package-lock.json'))?.packages ?? {};
  const present = readJson(join(root, 'node_modules', '.package-lock.json'))?.packages;
  if (!present) return false;
  return Object.entries(wanted).every(([path, { version, integrity, optional, link }]) => {
    if (!/(^|\/)node_modules\//.test(path)) return true;
    const there = present[path];
    if (!there) return optional === true;
    return link === true || (there.version === version && (integrity === undefined || there.integrity === integrity));
  });
}

function buildTypeScript(stamp, force) {
  const inputs = [
    'package-lock.json',
    'tsconfig.base.json',
    'tools/bundle.mjs',
    'tools/doors.mjs',
    'tools/licenses.mjs',
  ];
  inputs.push('packages/unrolled/wasm/stamp.json');
  for (const name of ['unrolled', 'convert', 'server', 'cli']) {
    inputs.push(`packages/${name}/package.json`, `packages/${name}/tsconfig.json`, ...files(`packages/${name}/src`));
  }
  const sources = hash(inputs.filter((path) => !path.endsWith('.test.ts')));
  const made = [
    'unrolled/dist/.tsbuildinfo',
    'unrolled/dist/node.js',
    'unrolled/dist/browser.js',
    'unrolled/dist/inline/files.js',
    ...doors.map((door) => `unrolled/dist/node-${door}.js`),
    'convert/dist/.tsbuildinfo',
    'server/dist/.tsbuildinfo',
    'server/dist/bundle/node.js',
    'cli/dist/.tsbuildinfo',
    'cli/dist/bundle/unrolled.js',
  ];
  const built = made.every((path) => existsSync(join(root, 'packages', path)));
  if (!force && built && stamp.typescript === sources) return;
  say('Building (tsc) …');
  const started = performance.now();
  const node = [process.execPath];
  if (!run(node, tsc(), '-b', 'packages/cli', ...(force ? ['--force'] : [])) || !run(node, 'tools/bundle.mjs')) {
    fail('The build failed; the messages above say where.');
  }
  stamp.typescript = sources;
  say(`Built in ${seconds(started)}.`);
}

/** The studio's static files, of what the library's packages were built to. */
function buildStudio(stamp, force) {
  const folder = 'packages/studio';
  const inputs = files(folder).filter((path) => !path.startsWith(`${folder}/dist/`) && !path.endsWith('.test.ts'));
  const sources = hash([...inputs, 'LICENSE', 'tools/licenses.mjs'], [stamp.typescript]);
  if (!force && stamp.studio === sources && existsSync(join(root, folder, 'dist', 'index.html'))) return;
  say('Building the studio (Vite) …');
  const started = performance.now();
  if (!run(program('vite'), 'build', '--logLevel', 'warn', folder))
    fail('The build failed; the messages above say where.');
  stamp.studio = sources;
  say(`Built in ${seconds(started)}.`);
}

/** The path of the compiler's start file. */
export function tsc() {
  const { bin } = readJson(join(root, 'node_modules', 'typescript', 'package.json'));
  return join(root, 'node_modules', 'typescript', bin.tsc);
}

function buildNative(stamp, force) {
  const script = join(root, 'tools', 'build-native.mjs');
  const kernels = join(root, 'packages', 'unrolled', 'kernels');
  if (!existsSync(script) || !existsSync(kernels)) return;
  const compiler = findCompiler();
  const sources = hash(
    ['tools/build-native.mjs', ...files('packages/unrolled/kernels')],
    [process.platform, process.arch, compiler],
  );
  if (
    !force &&
    stamp.native?.sources === sources &&
    (stamp.native.file === '' || existsSync(join(root, stamp.native.file)))
  )
    return;
  if (compiler === '') {
    say('No C++ compiler found: the WebAssembly kernels will be used.');
    stamp.native = { sources, file: '' };
    return;
  }
  say('Building the native kernels (C++) …');
  const started = performance.now();
  // The script succeeds without a compiler or with one that fails, and says so on standard error: WebAssembly then does the work.
  const done = spawnSync(process.execPath, [script], { cwd: root, encoding: 'utf8' });
  const file = existsSync(join(root, addon)) ? addon : '';
  if (file) say(`Built in ${seconds(started)}.`);
  if (done.stderr.trim() || !file) say(indent(done.stderr || done.stdout));
  stamp.native = { sources, file };
}

function findCompiler() {
  const names = process.env.CXX ? [process.env.CXX] : ['c++', 'g++', 'clang++'];
  const folders = (process.env.PATH ?? '').split(delimiter);
  for (const name of names) {
    if (existsSync(name)) return name;
    const folder = folders.find((f) => existsSync(join(f, name)) || existsSync(join(f, `${name}.exe`)));
    if (folder !== undefined) return join(folder, name);
  }
  return '';
}

/** Every file below a folder of the clone, by paths with slashes, in a fixed order. */
export function files(folder) {
  const at = join(root, folder);
  if (!existsSync(at)) return [];
  const entries = readdirSync(at, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((e) => {
    return e.isDirectory() ? files(`${folder}/${e.name}`) : [`${folder}/${e.name}`];
  });
}

function hash(paths, more = []) {
  const sha = createHash('sha256').update(more.join('\0'));
  for (const path of paths) sha.update(`\0${path}\0`).update(readFileSync(join(root, path)));
  return sha.digest('hex');
}

export function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;
const indent = (text) =>
  text
    .trim()
    .split('\n')
    .slice(0, 8)
    .map((line) => `  ${line}`)
    .join('\n');

/** To standard error: standard output belongs to the results of the command that follows. */
function say(line) {
  process.stderr.write(`${line}\n`);
}

function fail(line) {
  say(line);
  process.exit(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) setup({ force: process.argv.includes('--force') });
