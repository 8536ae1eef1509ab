// Joins the library's modules into a few files for Node: dist/node.js, a file for each door, and the parts that they share. Loading some hundred
// modules one by one takes 45 ms of a process that then trains its first step in 10; one file takes as long to compile as all of the library is
// long, and a program uses a part of it. Bundlers and pages get the modules, from which they can leave out what they do not use.
//
// Next to them: browser.js, all doors in one file for pages without a bundler, minified; and inline/files.js, the WASM builds as text.
//
// The server and the command are joined in the same way, in dist/bundle: `unrolled serve` has some hundred modules to load before its first answer. The
// command has the server, the converter and what these depend on in its files: npx unpacks every file of every package before the first line is printed,
// and half of the three thousand would be theirs.
//
// The files have no comments and are ASCII: V8 would hold one that is not as two bytes a character, and take longer to read it.

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import { rolldown } from 'rolldown';
import { doors } from './doors.mjs';
import { licensesFile, licensesOf } from './licenses.mjs';

const dist = fileURLToPath(new URL('../packages/unrolled/dist/', import.meta.url));

/** Each door's file for Node, without its ending, and the module that it is in a page. */
const files = new Map([['node', 'index.js'], ...doors.map((door) => [`node-${door}`, `${door}/index.js`])]);

const given = new Map();
for (const module of files.values()) {
  for (const [name, value] of Object.entries(await import(pathToFileURL(join(dist, module)).href))) {
    if (given.has(name) && given.get(name) !== value) throw new Error(`${module}: another door has another ${name}`);
    given.set(name, value);
  }
}

/** Modules lie two folders deeper than the file they become: what they name next to the package is two folders nearer. */
const nearer = {
  name: 'nearer',
  transform: (code) =>
    code
      .replaceAll(/(['"])\.\.\/\.\.\/\.\.\/(wasm\/|\1)/g, '$1../$2')
      .replaceAll("'./worker.js'", "'./backend/kernel/worker.js'"),
};

const options = { plugins: [nearer], platform: 'neutral', logLevel: 'warn' };

/** `…` as `\u2026`, which is the same in strings, templates and regular expressions, where alone it occurs. A file with String.raw stays as it is. */
function ascii(code, fileName) {
  if (code.includes('String.raw')) return code;
  if (/\\[^\0-\x7f]/.test(code)) throw new Error(`${fileName}: a character that is no ASCII after a backslash`);
  return code.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Writes what `input` names, and the parts that these share, into a folder; returns the modules of them. */
async function joined(input, folder, parts, more) {
  const bundle = await rolldown({ input, ...options, ...more });
  const { output } = await bundle.generate({
    format: 'esm',
    sourcemap: false,
    comments: false,
    entryFileNames: '[name].js',
    chunkFileNames: `${parts}-[name].js`,
  });
  await bundle.close();
  for (const { fileName, code } of output) writeFileSync(join(folder, fileName), ascii(code, fileName));
  return modulesOf(output);
}

const modulesOf = (output) => output.flatMap(({ moduleIds = [] }) => moduleIds);

function writeLicenses(folder, modules) {
  const licenses = licensesOf(modules);
  if (licenses !== '') writeFileSync(join(folder, licensesFile), licenses);
}

for (const file of readdirSync(dist)) if (/^node(-.*)?\.js$/.test(file)) rmSync(join(dist, file));
const entries = Object.fromEntries(Array.from(files, ([file, module]) => [file, join(dist, module)]));
const ofNode = await joined(entries, dist, 'node-part');

/** A package whose modules use the library and others from outside of it, but those `inside`. `moved`: what names a file by its place. */
async function joinPackage(name, entries, moved, inside = /^\b$/) {
  const at = fileURLToPath(new URL(`../packages/${name}/dist/`, import.meta.url));
  const folder = join(at, 'bundle');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  const input = Object.fromEntries(Array.from(Object.entries(entries), ([file, module]) => [file, join(at, module)]));
  const transform = (code) => moved.reduce((text, [before, after]) => text.replaceAll(before, after), code);
  const external = (id) => !id.startsWith('.') && !id.startsWith('/') && !/^[A-Z]:/.test(id) && !inside.test(id);
  const more = { plugins: [{ name: 'moved', transform }], external, platform: 'node' };
  writeLicenses(folder, await joined(input, folder, 'part', more));
}

await joinPackage('server', { index: 'index.js', node: 'node.js', worker: 'engine/compute/worker.js' }, [
  ["'./compute/worker.js'", "'./worker.js'"],
]);
await joinPackage(
  'cli',
  { unrolled: 'main.js', worker: '../../server/dist/bundle/worker.js' },
  [["'../package.json'", "'../../package.json'"]],
  /^(@unrolled\/(server|convert)|hono|valibot|@hono\/.*|@valibot\/.*|@bufbuild\/.*)(\/|$)/,
);

// Names of classes stay: errors and summaries have them.
const page = await rolldown({ input: join(dist, 'browser', 'index.js'), ...options });
const ofPage = await page.write({
  file: join(dist, 'browser.js'),
  format: 'esm',
  sourcemap: false,
  comments: false,
  minify: true,
  keepNames: true,
  codeSplitting: false,
});
await page.close();
writeLicenses(dist, [...ofNode, ...modulesOf(ofPage.output)]);

const wasm = ['simd128', 'relaxed', 'simd128-shared', 'relaxed-shared'].map((name) => {
  const bytes = readFileSync(join(dist, '..', 'wasm', `${name}.wasm`));
  return `  ${JSON.stringify(name)}: '${deflateRawSync(bytes, { level: 9 }).toString('base64')}',\n`;
});
writeFileSync(join(dist, 'inline', 'files.js'), `export const files = {\n${wasm.join('')}};\n`);
