// What a page loads for one pipeline: built by Vite as an app would be, minified, after tree shaking, gzipped, without the WASM file.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, type Rollup } from 'vite';

const most = 150; // kB
const names = [
  'textClassification',
  'textGeneration',
  'tokenClassification',
  'translation',
  'imageToText',
  'visualQuestionAnswering',
  'videoClassification',
  'timeSeriesForecasting',
  'openRun',
];

/** Prints the kB of each; false where one is above what was aimed at. */
export async function printPageSizes(): Promise<boolean> {
  // Inside of the workspace, where a bundler finds `unrolled` as it finds any package that is installed.
  const root = fileURLToPath(new URL('../build/page-sizes/', import.meta.url));
  let good = true;
  for (const name of names) {
    mkdirSync(root, { recursive: true });
    writeFileSync(join(root, 'index.html'), '<!doctype html><script type="module" src="./main.js"></script>');
    writeFileSync(join(root, 'main.js'), `import { ${name} } from 'unrolled/pipelines';\nglobalThis.open = ${name};\n`);
    const built = (await build({
      root,
      configFile: false,
      logLevel: 'error',
      build: { write: false },
    })) as Rollup.RollupOutput;
    const chunks = built.output.filter((file) => file.type === 'chunk');
    const kB = (some: typeof chunks) => some.reduce((sum, { code }) => sum + gzipSync(code).length, 0) / 1000;
    const entry = kB(chunks.filter(({ isEntry }) => isEntry));
    const rest =
      chunks.length > 1
        ? `, and ${chunks.length - 1} chunks loaded as runs are opened (all: ${kB(chunks).toFixed(0)} kB)`
        : '';
    good &&= (chunks.length > 1 ? entry : kB(chunks)) <= most;
    console.log(`${name}: ${entry.toFixed(0)} kB gzip${rest}`);
  }
  rmSync(root, { recursive: true });
  console.log(`${good ? 'all' : 'NOT all'} at most ${most} kB`);
  return good;
}
