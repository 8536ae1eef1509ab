// Pages in headless Chromium: what Vite, webpack and esbuild make of them, the one file of unrolled/browser, from this origin and another, and pages whose
// Content-Security-Policy forbids this and that; cross-origin isolated, with threads, and not.

import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { check, freePort, isolation, learned, run, serve, Skipped, start, versionOf } from './checks.mjs';
import { webpack } from './bundles.mjs';

const html = (script) =>
  `<!doctype html><title>unrolled</title><link rel="icon" href="data:,"><script type="module" src="${script}"></script>`;

/** What a page at `url` leaves in globalThis.result. */
async function resultOf(browser, url) {
  const page = await browser.newPage();
  const errors = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  try {
    await page.goto(url);
    // Not waitForFunction: it makes functions of text, which the policies under test forbid.
    for (const deadline = Date.now() + 60_000; Date.now() < deadline; ) {
      const result = await page.evaluate('globalThis.result');
      if (result) return result;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('the page came to no result');
  } catch (error) {
    throw new Error([...errors, error.message].join('\n'));
  } finally {
    await page.close();
  }
}

/** Threads where a page is isolated, and one where it is not. */
const expected = (isolated) => (isolated ? /^wasm, relaxed, ([2-9]|\d\d) threads$/ : /^wasm, relaxed, 1 thread$/);

/** Serves a folder isolated and not, and looks at its page. */
async function checkFolder(browser, name, version, folder) {
  for (const isolated of [true, false])
    await check(`${name}, ${isolated ? 'isolated' : 'not isolated'}`, async () => {
      const server = await serve(folder, isolated ? isolation : {});
      try {
        return `${version()}: ${learned(await resultOf(browser, server.url), expected(isolated))}`;
      } finally {
        await server.close();
      }
    });
}

/** A page of the programs as they are, whose imports lead to one file: unrolled/browser at `address`. */
function writePage(folder, address, setup = (text) => text) {
  mkdirSync(folder, { recursive: true });
  const direct = (name) =>
    readFileSync(join(folder, '..', '..', name), 'utf8').replaceAll(/'unrolled(\/data)?'/g, `'${address}'`);
  writeFileSync(join(folder, 'index.html'), html('/page.js'));
  writeFileSync(join(folder, 'page.js'), setup(direct('page.js')));
  writeFileSync(join(folder, 'train.js'), direct('train.js'));
}

export async function checkPages(folder, chromium, executable, { short }) {
  if (!executable) return check('pages', () => Promise.reject(new Skipped('there is no Chromium')));
  const browser = await chromium.launch({ executablePath: executable, args: ['--no-sandbox', '--disable-gpu'] });
  const out = (name) => join(folder, 'out', name);
  try {
    const library = join(folder, 'node_modules', 'unrolled');
    const own = () => versionOf(folder, 'unrolled');
    writePage(out('one-file'), './unrolled/dist/browser.js');
    cpSync(library, join(out('one-file'), 'unrolled'), { recursive: true });
    await checkFolder(browser, `unrolled/browser in Chromium ${browser.version()}`, own, out('one-file'));
    await checkOtherOrigin(browser, library, out);
    await checkPolicies(browser, out('one-file'));
    await checkEsbuild(browser, folder, out);
    if (short) return;
    for (const vite of ['vite6', 'vite8']) await checkVite(browser, folder, vite, out);
    await check('webpack builds a page without a warning', () => {
      const output = webpack(folder, {
        target: 'web',
        entry: './page.js',
        output: { path: out('webpack-web'), filename: 'main.js' },
      });
      writeFileSync(join(out('webpack-web'), 'index.html'), html('/main.js'));
      if (/WARNING/.test(output)) throw new Error(output.slice(0, 2000));
      return versionOf(folder, 'webpack');
    });
    await checkFolder(browser, 'webpack, a page', () => versionOf(folder, 'webpack'), out('webpack-web'));
  } finally {
    await browser.close();
  }
}

/** As from a CDN: the file, the kernels and the workers come from another origin. */
async function checkOtherOrigin(browser, library, out) {
  const headers = { 'Access-Control-Allow-Origin': '*', 'Cross-Origin-Resource-Policy': 'cross-origin' };
  const cdn = await serve(library, headers);
  writePage(out('cdn'), `${cdn.url}dist/browser.js`);
  await checkFolder(
    browser,
    'unrolled/browser from another origin, as from a CDN',
    () => 'a server of files',
    out('cdn'),
  );
  await cdn.close();
}

async function checkPolicies(browser, folder) {
  const strict = "default-src 'none'; connect-src 'self'; img-src data:; ";
  const cases = [
    [
      "workers of the page's origin only",
      "script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'",
      expected(true),
      /^taken$/,
    ],
    [
      'no workers at all',
      "script-src 'self' 'wasm-unsafe-eval'; worker-src 'none'",
      /^wasm, relaxed, 1 thread$/,
      /^taken, without \d+ of \d+ workers/,
    ],
  ];
  for (const [name, policy, taken, outcome] of cases)
    await check(`a page whose policy allows ${name}`, async () => {
      const server = await serve(folder, { ...isolation, 'Content-Security-Policy': strict + policy });
      try {
        const result = await resultOf(browser, server.url);
        if (!outcome.test(result.outcome)) throw new Error(`expected ${outcome}, got ${result.outcome}`);
        if (result.seconds > 3) throw new Error(`the backend took ${result.seconds} s`);
        return `${learned(result, taken)}; ready after ${result.seconds.toFixed(2)} s`;
      } finally {
        await server.close();
      }
    });
  await check("a page whose policy lacks 'wasm-unsafe-eval' says so", async () => {
    const server = await serve(folder, { 'Content-Security-Policy': `${strict}script-src 'self'` });
    try {
      const { error } = await resultOf(browser, server.url);
      if (!/add 'wasm-unsafe-eval' to its script-src/.test(error)) throw new Error(`it said: ${error}`);
      return 'it names the directive to add';
    } finally {
      await server.close();
    }
  });
}

/** esbuild copies no file that a URL names: the error says what to do, and each of the ways works. */
async function checkEsbuild(browser, folder, out) {
  const esbuild = (entry, name) => {
    const args = [
      entry,
      '--bundle',
      '--format=esm',
      '--minify',
      `--outfile=${join(out(name), 'main.js')}`,
      '--log-level=error',
    ];
    run(join(folder, 'node_modules', '.bin', 'esbuild'), args, { cwd: folder });
    writeFileSync(join(out(name), 'index.html'), html('/main.js'));
  };
  const version = () => versionOf(folder, 'esbuild');
  await check('esbuild, a page without the file: the error says what to add', async () => {
    version();
    esbuild('page.js', 'esbuild-bare');
    const server = await serve(out('esbuild-bare'));
    try {
      const { error } = await resultOf(browser, server.url);
      if (!/is an HTML page, not a WASM file[^]*unrolled\/inline/.test(error)) throw new Error(`it said: ${error}`);
      return version();
    } finally {
      await server.close();
    }
  });
  if (!existsSync(join(folder, 'node_modules', 'esbuild'))) return;
  esbuild('page-url.js', 'esbuild-url');
  cpSync(join(folder, 'node_modules', 'unrolled', 'wasm'), join(out('esbuild-url'), 'wasm'), { recursive: true });
  await checkFolder(browser, 'esbuild, a page with { url }', version, out('esbuild-url'));
  esbuild('page-inline.js', 'esbuild-inline');
  await checkFolder(browser, 'esbuild, a page with unrolled/inline', version, out('esbuild-inline'));
}

async function checkVite(browser, folder, vite, out) {
  const version = () => `Vite ${versionOf(folder, vite)}`;
  const app = join(folder, `${vite}-app`);
  mkdirSync(app, { recursive: true });
  for (const name of ['page.js', 'train.js']) cpSync(join(folder, name), join(app, name));
  writeFileSync(join(app, 'index.html'), html('/page.js'));
  const cli = join(folder, 'node_modules', vite, 'bin', 'vite.js');
  await check(`${vite}, build`, () => {
    version();
    run(process.execPath, [cli, 'build', '--outDir', out(vite), '--emptyOutDir', '--logLevel', 'warn'], { cwd: app });
    return version();
  });
  await checkFolder(browser, `${vite}, built`, version, out(vite));
  for (const isolated of [true, false])
    await check(`${vite}, dev server, ${isolated ? 'isolated' : 'not isolated'}`, async () => {
      version();
      writeFileSync(
        join(app, 'vite.config.js'),
        `export default { cacheDir: ${JSON.stringify(join(folder, 'node_modules', '.cache', `${vite}-${isolated}`))}, server: { headers: ${JSON.stringify(isolated ? isolation : {})} } };\n`,
      );
      const port = await freePort();
      const args = [cli, '--port', String(port), '--strictPort', '--host', '127.0.0.1'];
      const server = await start(process.execPath, args, `http://127.0.0.1:${port}/`, { cwd: app });
      try {
        return `${version()}: ${learned(await resultOf(browser, server.url), expected(isolated))}`;
      } finally {
        await server.close();
      }
    });
}
