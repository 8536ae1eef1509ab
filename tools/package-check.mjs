// `npm run package-check`: the packages as npm would ship them, installed from tarballs into temporary folders, in every environment that can be had
// here: what publint and attw say; Node, Deno, Bun; esbuild, tsup, webpack, Next.js, Vite; pages with and without isolation and under strict policies.
// Each line names the version. What cannot be had is skipped, and says why.
//
//   node tools/package-check.mjs             everything, some minutes
//   node tools/package-check.mjs --short     without webpack, Next.js, Vite, tsup and other versions of Node, as .ci/run does
//   node tools/package-check.mjs --cold 5    only the seconds from an empty folder and an empty cache to the first line of training, five times
//   node tools/package-check.mjs --keep      leaves the folders, and says where they are

import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { chromium } from 'playwright-core';
import { checkBundles } from './package-check/bundles.mjs';
import { check, run, summary } from './package-check/checks.mjs';
import { measureCold } from './package-check/cold.mjs';
import { checkContents } from './package-check/contents.mjs';
import { checkPages } from './package-check/pages.mjs';
import { checkCommand, checkRuntimes } from './package-check/runtimes.mjs';
import { checkTables } from './package-check/tables.mjs';
import { browserPath } from './browser-path.mjs';
import { pack } from './pack.mjs';
import { root, setup } from './setup.mjs';

const short = process.argv.includes('--short');
const cold = process.argv.indexOf('--cold');
const npm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ['npm'];
const always = ['publint@0.3', '@arethetypeswrong/cli@0.18', 'typescript@5', 'esbuild@0.28', 'deno@2', 'bun@1'];
const more = [
  'node24@npm:node@24',
  'node26@npm:node@26',
  'tsup@8',
  'vite6@npm:vite@6',
  'vite8@npm:vite@8',
  'webpack@5',
  'webpack-cli@6',
  'next@15',
  'react@19',
  'react-dom@19',
];

setup();
const work = mkdtempSync(join(tmpdir(), 'unrolled-package-'));
try {
  const packed = pack(relative(process.cwd(), join(work, 'tarballs'))); // named as the release names its folder
  if (cold < 0) await checkAll(packed);
  else await measureCold(work, packed, npm, Number(process.argv[cold + 1] ?? 3));
} finally {
  if (process.argv.includes('--keep')) console.log(work);
  else rmSync(work, { recursive: true, force: true, maxRetries: 5 });
}
if (cold < 0) process.exitCode = summary() ? 0 : 1;

async function checkAll(packed) {
  const native = packed[`@unrolled/native-${process.platform}-${process.arch}`];
  const own = Object.keys(packed).filter((name) => !name.startsWith('@unrolled/native-'));
  const tarballs = (names) => [...names.map((name) => packed[name].file), ...(native ? [native.file] : [])];
  const command = join(work, 'command');
  const folder = join(work, 'project');
  for (const each of [command, folder]) {
    mkdirSync(each);
    writeFileSync(join(each, 'package.json'), '{ "private": true, "type": "module" }\n');
  }
  const install = (at, what, flags = []) =>
    run(npm[0], [...npm.slice(1), 'install', '--no-audit', '--no-fund', '--loglevel=error', ...flags, ...what], {
      cwd: at,
    });
  await check('npm install of the command', () => void install(command, tarballs(own)));
  await check('npm install of the library', () => void install(folder, tarballs(['unrolled', '@unrolled/convert'])));
  // Bun's package and Node's put their programs in place with scripts of their own. One that cannot be had does not keep out the others.
  const tools = short ? always : [...always, ...more];
  const scripts = ['--ignore-scripts=false'];
  await check('npm install of what they are tried with', () => {
    try {
      install(folder, tools, scripts);
      return undefined;
    } catch {
      const missing = tools.filter((tool) => {
        try {
          return void install(folder, [tool], scripts);
        } catch {
          return true;
        }
      });
      return `without ${missing.join(', ')}`;
    }
  });
  cpSync(join(root, 'tools', 'package-check', 'programs'), folder, { recursive: true });
  await checkContents(folder, packed);
  await checkCommand(command, packed, npm);
  await checkTables(command, work, packed, tarballs(own), npm, { short });
  await checkRuntimes(folder, native !== undefined, { short });
  await checkBundles(folder, { short });
  await checkPages(folder, chromium, browserPath, { short });
}
