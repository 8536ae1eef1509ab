// How the site looks to a browser: nothing wider than a telephone, no violation that axe-core finds, nothing asked of another host, on every kind of page,
// light and dark, below a path of its own.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { extname, join, normalize } from 'node:path';
import { chromium } from 'playwright-core';

const types = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json',
};
const views = [
  { name: '1440 px, light', viewport: { width: 1440, height: 900 }, colorScheme: 'light' },
  { name: '360 px, dark', viewport: { width: 360, height: 740 }, colorScheme: 'dark', hasTouch: true, isMobile: true },
];

/** The folder as it is served below `base`. Resolves to its address and to what stops it. */
export async function serveSite(folder, base) {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://site').pathname);
    const file = normalize(join(folder, path.slice(base.length)));
    const found =
      path.startsWith(base) && file.startsWith(folder) && read(path.endsWith('/') ? join(file, 'index.html') : file);
    const body = found || read(join(folder, '404.html'));
    response.writeHead(found ? 200 : 404, {
      'content-type': types[found ? extname(file) || '.html' : '.html'] ?? 'application/octet-stream',
    });
    response.end(body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${server.address().port}${base}`,
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}

function read(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** What is wrong with how pages look: each of `kinds` in full, all of `pages` for their width on a telephone. */
export async function checkLook({ folder, base, executablePath, kinds, pages }) {
  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  const site = await serveSite(folder, base);
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  const problems = [];
  try {
    for (const { name: view, ...settings } of views) {
      const context = await browser.newContext(settings);
      const page = await context.newPage();
      page.setDefaultTimeout(120_000); // of a machine with other work
      let at = '';
      page.on('request', (request) => {
        if (!request.url().startsWith(site.address) && !request.url().startsWith('data:'))
          problems.push(`${at}: asks for ${request.url()}`);
      });
      page.on('pageerror', (error) => problems.push(`${at}: ${error.message}`));
      const visit = async (path, waitUntil) => {
        at = `${path || 'index.html'} (${view})`;
        await page.goto(site.address + path, { waitUntil });
        const [wide, width] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
        if (wide > width) problems.push(`${at}: is ${wide} px wide`);
      };
      const look = async () => {
        await page.evaluate(axe);
        const found = await page.evaluate(() => globalThis.axe.run({ resultTypes: ['violations'] }));
        for (const { id, help, nodes } of found.violations)
          problems.push(`${at}: ${id}: ${help}: ${nodes.length} × ${nodes[0].html.slice(0, 160)}`);
      };
      for (const path of kinds) {
        await visit(path, 'networkidle');
        await look();
      }
      if (settings.isMobile) for (const path of pages) await visit(path, 'load');
      else await searched(visit, page, look, problems);
      await context.close();
    }
  } finally {
    await browser.close();
    await site.stop();
  }
  return problems;
}

/** The search, in both languages: it finds a page, and is itself without violations. */
async function searched(visit, page, look, problems) {
  for (const [path, words] of [
    ['', 'gradient clipping'],
    ['ko/', '기울기'],
  ]) {
    await visit(path, 'networkidle');
    await page.locator('.DocSearch-Button').first().click();
    await page.locator('#localsearch-input').fill(words);
    const found = page.locator('#localsearch-list .result').first();
    if (
      !(await found.waitFor().then(
        () => true,
        () => false,
      ))
    )
      problems.push(`${path || 'index.html'}: the search finds nothing for ${words}`);
    else await look();
  }
}
