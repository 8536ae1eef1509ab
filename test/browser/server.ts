// Serves the built library to a browser as it lies in the packages: ES modules, no bundler. With `isolated` the pages are cross-origin
// isolated, so they may share memory with threads; without it they may not.

import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'rolldown/utils';
import { filesIn, indexOf, zipOf } from '../run-sources.ts';

export const packageFolder = fileURLToPath(new URL('../../packages/unrolled/', import.meta.url));

const fixtures = fileURLToPath(new URL('../fixtures/', import.meta.url));

const types: Record<string, string> = {
  js: 'text/javascript',
  map: 'application/json',
  json: 'application/json',
  jsonl: 'text/plain',
  csv: 'text/csv',
  png: 'image/png',
  safetensors: 'application/octet-stream',
  wasm: 'application/wasm',
};

/** What a page and its worker have in common. */
const program = `
import * as unrolled from '/dist/index.js';
import { StreamBatcher } from '/dist/data/index.js';
import { train } from '/train.js';
export async function run(cell) {
  await unrolled.useBackend('wasm');
  return { run: await train({ ...unrolled, StreamBatcher }, cell), taken: unrolled.backendReport().taken };
}`;

/** Trains in a dedicated worker and answers with the run, or with the error. */
const worker = `
import { run } from '/program.js';
onmessage = async ({ data }) => {
  try {
    postMessage(await run(data));
  } catch (error) {
    postMessage({ error: String(error.stack ?? error) });
  }
};
postMessage('ready');`;

/** Gives tests two functions: the run on the page's own thread, and in a worker. */
const page = `<!doctype html>
<title>unrolled</title>
<link rel="icon" href="data:,">
<script type="module">
  import { run } from '/program.js';
  globalThis.runInPage = run;
  globalThis.runInWorker = (cell) => new Promise((resolve, reject) => {
    const worker = new Worker('/worker.js', { type: 'module' });
    worker.onerror = (event) => reject(new Error(event.message));
    worker.onmessage = ({ data }) => {
      if (data === 'ready') return worker.postMessage(cell);
      worker.terminate();
      resolve(data);
    };
  });
</script>`;

/** A page that opens runs: no bundler, the library as it lies in the package. */
const pipelinesPage = `<!doctype html>
<title>unrolled</title>
<link rel="icon" href="data:,">
<script type="module">
  import { backendReport, openRun } from '/dist/index.js';
  import { ask } from '/pipelines.js';

  const bytes = async (path) => new Uint8Array(await (await fetch(path)).arrayBuffer());
  const folder = '/fixtures/runs/inputs/';
  const inputs = {
    image: async (name) => (await fetch(folder + name)).blob(),
    clip: async (name) => {
      const frames = [];
      for (let t = 0; t < { clip0: 5, clip1: 6, clip4: 6, clip5: 7 }[name]; t++)
        frames.push(await createImageBitmap(await (await fetch(folder + name + '/frame' + t + '.png')).blob()));
      return frames;
    },
    table: async (name) =>
      (await (await fetch(folder + name)).text()).trim().split('\\n').slice(1).map((line) => line.split(',').map(Number)),
  };
  globalThis.askAll = async (names) => {
    const answers = await (await fetch('/fixtures/runs/answers.json')).json();
    const found = {};
    for (const name of names) found[name] = await ask(name, await openRun('/fixtures/runs/' + name + '/'), answers, inputs);
    return { found, taken: backendReport().taken };
  };
  globalThis.askZip = async () => {
    const answers = await (await fetch('/fixtures/runs/answers.json')).json();
    const zip = await (await fetch('/classify.zip')).blob();
    return ask('classify', await openRun(zip), answers, inputs);
  };
</script>`;

const pages: Record<string, [type: string, body: string]> = {
  '/': ['text/html', page],
  '/pipelines.html': ['text/html', pipelinesPage],
  '/program.js': ['text/javascript', program],
  '/worker.js': ['text/javascript', worker],
};

async function content(path: string): Promise<[type: string, body: string | Uint8Array]> {
  if (pages[path]) return pages[path];
  if (path === '/train.js' || path === '/pipelines.js') {
    const file = fileURLToPath(new URL(path === '/train.js' ? './train.ts' : '../pipelines.ts', import.meta.url));
    return ['text/javascript', transformSync(file, await readFile(file, 'utf8')).code];
  }
  if (path === '/classify.zip')
    return ['application/zip', zipOf(filesIn(`${fixtures}runs/classify`), { prefix: 'reviews/' })];
  const run = /^\/fixtures\/(runs\/[a-z-]+)\/index\.json$/.exec(path);
  if (run) return ['application/json', JSON.stringify(indexOf(filesIn(fixtures + run[1])))];
  const [folder, extension] = [path.split('/')[1], path.split('.').at(-1) ?? ''];
  if (!['dist', 'wasm', 'fixtures'].includes(folder) || !types[extension] || path.includes('..'))
    throw new Error(`no ${path}`);
  return [
    types[extension],
    await readFile(folder === 'fixtures' ? fixtures + path.slice(10) : packageFolder + path.slice(1)),
  ];
}

/** Listens on a free port of this machine. */
export async function serve(isolated: boolean): Promise<{ url: string; close: () => Promise<void> }> {
  const headers = isolated
    ? { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' }
    : {};
  const server: Server = createServer((request, response) => {
    content(new URL(request.url ?? '/', 'http://localhost').pathname).then(
      ([type, body]) => response.writeHead(200, { ...headers, 'Content-Type': type }).end(body),
      (error) => response.writeHead(404, headers).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
