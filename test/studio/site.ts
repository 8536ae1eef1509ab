// The studio as people get it: from the server, isolated, or as files below some path of any host. And a page of it that notes what goes wrong.

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Listening, listen } from '@unrolled/server/node';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { executable } from '../browser/executable.ts';
import { launchChromium } from '../browser/launch.ts';

const folder = fileURLToPath(new URL('../../packages/studio/dist/', import.meta.url));
const axe = fileURLToPath(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url));

/** Why these tests cannot run here; null where they can. */
export const missing: string | null =
  executable === undefined
    ? 'there is no Chromium'
    : existsSync(join(folder, 'index.html'))
      ? null
      : 'packages/studio/dist is not built; npm run build';

const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

/** The files below a path, without a header of their own. Notes what was asked for. */
function plainServer(requested: Set<string>): Promise<Server> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '', 'http://x').pathname.replace(/^\/some\/where\//, '');
    requested.add(path);
    readFile(join(folder, path === '' ? 'index.html' : path)).then(
      (bytes) => response.setHeader('content-type', types[extname(path)] ?? 'text/html').end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

export class Site {
  readonly #browser: Browser;
  readonly #served: Listening;
  readonly #plain: Server;
  readonly #contexts: BrowserContext[] = [];

  /** Files that were read from `plain`. */
  readonly requested: Set<string>;

  private constructor(browser: Browser, served: Listening, plain: Server, requested: Set<string>) {
    this.#browser = browser;
    this.#served = served;
    this.#plain = plain;
    this.requested = requested;
  }

  /** `runs`: folders of runs that the server gives to the page, by their names. `args`: more of Chromium's. */
  static async open(runs: Readonly<Record<string, string>> = {}, args: readonly string[] = []): Promise<Site> {
    const files = { read: (path: string) => readFile(join(folder, path)).catch(() => null) };
    const requested = new Set<string>();
    return new Site(
      await launchChromium([
        '--host-resolver-rules=MAP studio.test 127.0.0.1',
        '--enable-blink-features=ForceEagerMeasureMemory',
        ...args,
      ]),
      await listen({ port: 0, studio: files, studioRuns: runs }),
      await plainServer(requested),
      requested,
    );
  }

  /** Below a path, with one thread. */
  get plain(): string {
    return `http://127.0.0.1:${(this.#plain.address() as AddressInfo).port}/some/where/`;
  }

  /** The same under a name that no browser takes for safe: without storage, locks and WebCrypto. */
  get insecure(): string {
    return this.plain.replace('127.0.0.1', 'studio.test');
  }

  /** From the server, with threads. */
  get served(): string {
    return `${this.#served.url}/studio/`;
  }

  /** A browser profile of its own. */
  async profile(options: BrowserContextOptions = {}): Promise<BrowserContext> {
    const context = await this.#browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    this.#contexts.push(context);
    return context;
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#served.stop(100);
    this.#plain.closeAllConnections();
    this.#plain.close();
  }
}

/** A page and what went wrong on it: errors of the console, and requests to anywhere else. */
export async function pageAt(context: BrowserContext, url: string): Promise<{ page: Page; problems: string[] }> {
  const page = await context.newPage();
  const problems: string[] = [];
  const { origin } = new URL(url);
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('request', (request) => {
    const to = request.url();
    if (!to.startsWith(origin) && !to.startsWith(`blob:${origin}`)) problems.push(`a request to ${to}`);
  });
  page.on('dialog', (dialog) => void dialog.accept());
  await page.goto(url);
  return { page, problems };
}

/** What axe-core finds, as `rule: element`, once nothing is on its way in: what is half transparent has little contrast. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate('Promise.allSettled(document.getAnimations().map(({ finished }) => finished))');
  await page.evaluate(await readFile(axe, 'utf8'));
  const found = (await page.evaluate('axe.run()')) as {
    violations: { id: string; nodes: { html: string }[] }[];
  };
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}

/** Presses Train once the plan is there. */
export async function train(page: Page): Promise<void> {
  await page.locator('button[type=submit].go:not([disabled])').click();
  await page.locator('.figures').waitFor();
}

/** The SHA-256 that a run ended in. */
export async function shaOf(page: Page): Promise<string> {
  const text = await page.locator('.record .say', { hasText: /[0-9a-f]{64}/ }).textContent({ timeout: 25_000 });
  return /[0-9a-f]{64}/.exec(text ?? '')?.[0] ?? '';
}
