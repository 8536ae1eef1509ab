// A model of Keras in a real browser: the worker of docs/convert.md reads the file and runs it, and another trains it, and one of ONNX, further with the
// losses of PyTorch. Both are bundled as an app would be.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { readModel } from '@unrolled/convert';
import { build } from 'rolldown';
import { type Tensor, tensor } from 'unrolled';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { further, kerasFile, onnxFile } from '../keras-further.ts';
import { root } from '../snippets.ts';
import { executable } from './executable.ts';
import { launchChromium } from './launch.ts';
import { packageFolder } from './server.ts';

const built = existsSync(join(packageFolder, 'dist', 'index.js'));
const missing =
  executable === undefined ? 'no Chromium on this machine' : built ? '' : 'the library is not built (npm run build)';

/** Trains in a worker what it is sent. */
const trainingWorker = (program: string) => `
import { readModel } from '@unrolled/convert';
import * as unrolled from 'unrolled';
import { importedLosses } from ${JSON.stringify(program)};
onmessage = async ({ data: { file, sizes } }) => {
  try {
    await unrolled.useBackend('wasm');
    const network = (await readModel(file)).module();
    postMessage({ losses: await importedLosses(unrolled, sizes, network), taken: unrolled.backendReport().taken });
  } catch (error) {
    postMessage({ error: String(error.stack ?? error) });
  }
};`;

const page = `<!doctype html>
<title>imported</title>
<link rel="icon" href="data:,">
<script type="module">
  globalThis.ask = (path, ...messages) => new Promise((resolve, reject) => {
    const worker = new Worker(path, { type: 'module' });
    const answers = [];
    worker.onerror = (event) => reject(new Error(event.message));
    worker.onmessage = ({ data }) => {
      answers.push(data);
      if (answers.length < messages.length) return worker.postMessage(messages[answers.length]);
      worker.terminate();
      resolve(answers.map((one) => ({ ...one, values: one.values && Array.from(one.values) })));
    };
    worker.postMessage(messages[0]);
  });
  globalThis.model = async (name) => new File([await (await fetch('/' + name)).arrayBuffer()], name);
</script>`;

describe('a model of Keras in headless Chromium', () => {
  let browser: Browser;
  let server: Server;
  const files = new Map<string, string | Uint8Array>([['/', page]]);

  beforeAll(async () => {
    if (missing) return;
    const [worker] = [...readFileSync(join(root, 'docs/convert.md'), 'utf8').matchAll(/```js\n\/\/ model-worker\.js\n([^]*?)```/g)]; // biome-ignore format: a line
    mkdirSync(join(root, 'build'), { recursive: true });
    const folder = mkdtempSync(join(root, 'build', 'imported-')); // where a bundler finds the packages
    try {
      writeFileSync(join(folder, 'model-worker.js'), worker[1]);
      writeFileSync(join(folder, 'training.js'), trainingWorker(join(root, 'test/trained-further.ts')));
      for (const input of ['model-worker', 'training']) {
        const { output } = await build({ input: join(folder, `${input}.js`), platform: 'browser', write: false });
        for (const file of output) files.set(`/${file.fileName}`, file.type === 'chunk' ? file.code : file.source);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    files.set('/net.h5', await kerasFile());
    files.set('/net.onnx', onnxFile());
    server = createServer(({ url = '/' }, response) => {
      const body = url.startsWith('/wasm/')
        ? readFileSync(join(packageFolder, url.replaceAll('..', '')))
        : files.get(url);
      const type = url === '/' ? 'text/html' : url.endsWith('.wasm') ? 'application/wasm' : 'text/javascript';
      response.writeHead(body === undefined ? 404 : 200, { 'Content-Type': type }).end(body ?? url);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    browser = await launchChromium();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  test('is read and run by the worker of the page on conversion, and trained further with the losses of PyTorch', {
    timeout: 60_000,
  }, async ({ skip }) => {
    if (missing) return skip(missing);
    const tab = await browser.newPage();
    const errors: string[] = [];
    tab.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    tab.on('pageerror', (error) => errors.push(String(error)));
    try {
      await tab.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      const values = { values: [0.1, 0.2, 0.3, -0.4, 0.5, -0.6], shape: [1, 2, 3] };
      const [read, answer] = await tab.evaluate<{ layers: { kind: string }[]; values: number[]; shape: number[] }[]>(
        `model('net.h5').then((file) => ask('/model-worker.js', { file }, ${JSON.stringify(values)}))`,
      );
      expect(errors).toEqual([]);
      expect(read.layers.map(({ kind }) => kind)).toEqual(['LSTM', 'GRU', 'Dense']);
      expect(answer.shape).toEqual([1, 3]);
      const network = (await readModel(files.get('/net.h5') as Uint8Array)).module();
      const here = network.forward({ input: tensor(values.values, values.shape) }).output as Tensor;
      for (const [i, value] of here.dataSync().entries()) expect(answer.values[i]).toBeCloseTo(value, 6);
      const [refused] = await tab.evaluate<{ error: string }[]>(
        `ask('/model-worker.js', { file: new File(['no model'], 'notes.txt') })`,
      );
      expect(refused.error).toContain('notes.txt: expected a model');
      for (const name of ['net.h5', 'net.onnx']) {
        const [{ losses, taken, error }] = await tab.evaluate<{ losses: number[]; taken: string; error?: string }[]>(
          `model('${name}').then((file) => ask('/training.js', { file, sizes: ${JSON.stringify(further)} }))`,
        );
        expect(error).toBeUndefined();
        expect(taken).toContain('wasm, relaxed');
        expect(Math.max(...losses.map((loss, n) => Math.abs(loss - further.losses[n])))).toBeLessThan(1e-5);
        expect(losses).toHaveLength(50);
      }
      expect(errors).toEqual([]);
    } finally {
      await tab.close();
    }
  });
});
