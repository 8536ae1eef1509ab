// Joins the library's modules into one file for Node, dist/node.js. Loading some hundred modules one by one takes 45 ms of a process that then
// trains its first step in 10; one file takes 8. Bundlers and pages get the modules, from which they can leave out what they do not use.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const dist = fileURLToPath(new URL('../packages/unrolled/dist/', import.meta.url));

/** Modules lie two folders deeper than the file they become: what they name next to the package is two folders nearer. */
const nearer = {
  name: 'nearer',
  transform: (code) => code.replaceAll(/(['"])\.\.\/\.\.\/\.\.\/(wasm|build)\//g, '$1../$2/'),
};

const bundle = await rolldown({
  input: join(dist, 'index.js'),
  plugins: [nearer],
  platform: 'neutral',
  logLevel: 'warn',
});
const { output } = await bundle.write({
  file: join(dist, 'node.js'),
  format: 'esm',
  sourcemap: false,
  codeSplitting: false,
});
await bundle.close();
if (output.length !== 1) throw new Error(`expected one file, got ${output.map((file) => file.fileName).join(', ')}`);

// The other doors for Node: names of that file, so that a Tensor is the same class however it came.
for (const door of ['analysis', 'pipelines']) {
  const names = Object.keys(await import(new URL(`../packages/unrolled/dist/${door}/index.js`, import.meta.url).href));
  writeFileSync(join(dist, `node-${door}.js`), `export { ${names.join(', ')} } from './node.js';\n`);
}
