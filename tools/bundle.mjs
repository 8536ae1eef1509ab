// Joins the library's modules into one file for Node, dist/node-all.js. Loading some hundred modules one by one takes 45 ms of a process that then
// trains its first step in 10; one file takes 8. Bundlers and pages get the modules, from which they can leave out what they do not use.
//
// The file has no comments and is ASCII: V8 would hold one that is not as two bytes a character, and take longer to read it.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { doors } from './doors.mjs';

const dist = fileURLToPath(new URL('../packages/unrolled/dist/', import.meta.url));

/** Each door's file for Node, and the module that it is in a page. */
const files = new Map([['node.js', 'index.js'], ...doors.map((door) => [`node-${door}.js`, `${door}/index.js`])]);

// What the doors give, each name once.
const given = new Map();
const exported = [];
for (const [file, module] of files) {
  const names = Object.entries(await import(pathToFileURL(join(dist, module)).href));
  for (const [name, value] of names) {
    if (given.has(name) && given.get(name) !== value) throw new Error(`${module}: another door has another ${name}`);
  }
  const fresh = names.map(([name]) => name).filter((name) => !given.has(name));
  for (const [name, value] of names) given.set(name, value);
  exported.push(`export { ${fresh.join(', ')} } from './${module}';`);
  writeFileSync(join(dist, file), `export { ${names.map(([name]) => name).join(', ')} } from './node-all.js';\n`);
}

/** The module that has everything, which is written nowhere. */
const entry = join(dist, 'all-doors.js');
const everything = {
  name: 'everything',
  resolveId: (id) => (id === entry ? id : null),
  load: (id) => (id === entry ? exported.join('\n') : null),
};

/** Modules lie two folders deeper than the file they become: what they name next to the package is two folders nearer. */
const nearer = {
  name: 'nearer',
  transform: (code) => code.replaceAll(/(['"])\.\.\/\.\.\/\.\.\/(wasm|build)\//g, '$1../$2/'),
};

const bundle = await rolldown({
  input: entry,
  plugins: [everything, nearer],
  platform: 'neutral',
  logLevel: 'warn',
});
const { output } = await bundle.generate({
  format: 'esm',
  sourcemap: false,
  codeSplitting: false,
  comments: false,
});
await bundle.close();
/** `…` as `\u2026`, which is the same in strings, templates and regular expressions, where alone it occurs. */
const ascii = (code) =>
  code.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
if (output.length !== 1) throw new Error(`expected one file, got ${output.map((file) => file.fileName).join(', ')}`);
if (/String\.raw|\\[^\0-\x7f]/.test(output[0].code))
  throw new Error('a character that is no ASCII, in String.raw or after a backslash');
writeFileSync(join(dist, 'node-all.js'), ascii(output[0].code));
