// `npm run docs`: the API reference from the doc comments, then the site in build/site, and what must hold of it: every page of docs/ has its place, no
// warning, every link leads somewhere, nothing is loaded from another host; and, where a Chromium is, how every kind of page looks.
//
//   npm run docs                     the site below /unrolled/
//   npm run docs -- --base /         below another path
//   npm run docs -- --serve          and serves it on this machine

import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { browserPath } from '../browser-path.mjs';
import { root, setup } from '../setup.mjs';
import { misplaced } from './navigation.mjs';

const { values } = parseArgs({
  options: { base: { type: 'string', default: '/unrolled/' }, serve: { type: 'boolean', default: false } },
});
const base = `/${values.base.split('/').filter(Boolean).join('/')}/`.replace('//', '/');
const site = join(root, 'build', 'site');

/** Kinds of pages: the first one, a guide, a concept with equations, a wide table, the reference, both languages, and one that is not there. */
const kinds = [
  '',
  'language-models.html',
  'concepts/gates.html',
  'results.html',
  'api/',
  'api/recurrent.html',
  'ko/',
  'ko/concepts/gates.html',
  'nowhere.html',
];

setup({ build: false });
await step('the table of contents', () => misplaced());
await step('the API reference', async () => (await import('./api/api.mjs')).writeApi());
await step('the site', buildSite);
const { checkLinks, naming } = await import('./links.mjs');
await step('links', () => [...checkLinks(site, base), ...naming(site, root.replace(/[/\\]$/, ''))]);
if (browserPath === undefined)
  console.log('docs: the look of the pages was not checked: there is no Chromium (set CHROMIUM, or install it)');
else {
  const { checkLook } = await import('./look.mjs');
  const pages = (await import('./links.mjs'))
    .filesOf(site)
    .filter((file) => file.endsWith('.html') && file !== '404.html');
  await step('the look of the pages', () =>
    checkLook({ folder: site, base, executablePath: browserPath, kinds, pages }),
  );
}
console.log('docs: build/site');
if (values.serve) {
  const { serveSite } = await import('./look.mjs');
  console.log((await serveSite(site, base)).address);
}

/** One part, with its time. Ends the process where something is wrong. */
async function step(name, body) {
  const started = performance.now();
  const problems = await body();
  console.log(`docs: ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  if (problems.length === 0) return;
  for (const problem of problems.slice(0, 50)) console.error(`  ${problem}`);
  console.error(`docs: ${problems.length} problems in ${name}`);
  process.exit(1);
}

/** VitePress in a process of its own. Whatever it warns of is a problem. */
function buildSite() {
  rmSync(site, { recursive: true, force: true });
  const program = join(root, 'node_modules/vitepress/bin/vitepress.js');
  const env = { ...process.env, UNROLLED_SITE_BASE: base, NO_COLOR: '1' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'build', join(root, 'tools/site')], {
    cwd: root,
    encoding: 'utf8',
    env,
  });
  const warnings = `${stdout}\n${stderr}`.split('\n').filter((line) => /\(!\)|warn/i.test(line));
  if (status !== 0 || !existsSync(join(site, 'index.html')))
    return [`VitePress did not build it:\n${stdout}\n${stderr}`];
  return warnings;
}
