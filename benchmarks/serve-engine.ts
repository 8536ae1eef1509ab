// What serving costs and carries: `npm run bench:serve` prints, for an untrained LSTM of 2 × 512 units and 65 characters,
//
//   symbols a second of one text written by the pipeline, as `unrolled sample` does, and by the engine      bar: at least 70 %
//   symbols a second of 1 … 512 texts at the same time, beside one                                          bar: 64 texts at least 8 times one
//   the time to the first symbol and the memory of 256 texts at the same time, `--requests` in all          bar: p99 at most 4 times p50
//   how long a row is held after its reader has left, and how long a run is away when its thread dies       bars: 100 ms, 1 s
//   tokens a second of streamed translations, and the time to the first word of the last (serve/translations.ts)
//   how many of 100,000 tampered state tokens are accepted                                                  bar: none
//
// and fails where a text is another one than the pipeline writes alone. `--hidden`, `--threads`, `--workers` and `--backend` change what is measured.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { LanguageModel, manualSeed, Random, useBackend } from 'unrolled';
import { Vocabulary } from 'unrolled/data';
import { writeSafetensors } from 'unrolled/io';
import { textGeneration } from 'unrolled/pipelines';
import { createEngine } from '../packages/server/src/engine/create-engine.ts';
import type { Engine } from '../packages/server/src/engine/engine.ts';
import { openState, sealState } from '../packages/server/src/engine/state-token.ts';
import { type ComputeThread, type StartThread, workerThreads } from '../packages/server/src/engine/threads.ts';
import { translations } from './serve/translations.ts';

const { values } = parseArgs({
  options: {
    hidden: { type: 'string', default: '512' },
    threads: { type: 'string' },
    workers: { type: 'string', default: '1' },
    backend: { type: 'string' },
    requests: { type: 'string', default: '10000' },
    only: { type: 'string' },
  },
});
const symbols = Array.from({ length: 65 }, (_, k) => String.fromCharCode(k === 64 ? 10 : 32 + k));
const folder = join(mkdtempSync(join(tmpdir(), 'unrolled-serve-')), 'writer');
const backend = values.backend as 'native' | 'wasm' | undefined;
const threads = values.threads === undefined ? undefined : Number(values.threads);
const program = new URL('../packages/server/dist/engine/compute/worker.js', import.meta.url);
const started: ComputeThread[] = [];

function makeRun(): void {
  manualSeed(1);
  const model = new LanguageModel(65, { cell: 'lstm', hiddenSize: Number(values.hidden), numLayers: 2 });
  mkdirSync(folder, { recursive: true });
  const save = (name: string, content: unknown) => writeFileSync(join(folder, `${name}.json`), JSON.stringify(content));
  writeFileSync(join(folder, 'model.safetensors'), writeSafetensors(model.stateDict()));
  save('vocabulary', new Vocabulary(symbols).toJSON());
  save('config', { format: 'unrolled run', version: 1, task: 'text', model: model.config, training: {}, data: {} });
}

function thread(): StartThread {
  const start = workerThreads({ backend, threads, program });
  if (!start) throw new Error('this runtime has no worker threads');
  return start;
}

function open(): Promise<Engine> {
  const start = thread();
  return createEngine({
    runs: [folder],
    workers: Number(values.workers),
    maxRows: 512,
    maxQueue: 20_000,
    start: (listener) => {
      const one = start(listener);
      started.push(one);
      return one;
    },
  });
}

const request = (seed: number, maxTokens: number) => ({ model: 'writer', prompt: 'THE ', seed, maxTokens });

async function write(engine: Engine, seed: number, maxTokens: number, first?: (ms: number) => void): Promise<string> {
  const begin = performance.now();
  let text = '';
  for await (const piece of engine.generate(request(seed, maxTokens))) {
    if (text === '') first?.(performance.now() - begin);
    text += piece.text;
  }
  return text;
}

/** Symbols a second of `texts` at the same time, in about two seconds. */
async function rate(engine: Engine, texts: number, maxTokens: number): Promise<number> {
  const begin = performance.now();
  await Promise.all(Array.from({ length: texts }, (_, seed) => write(engine, seed, maxTokens)));
  return (texts * maxTokens * 1000) / (performance.now() - begin);
}

/** `unrolled sample` writes by the pipeline's own `generate`. */
async function alone(maxTokens: number): Promise<{ rate: number; texts: Map<number, string> }> {
  if (threads !== undefined) process.env.UNROLLED_THREADS = String(threads);
  if (backend) await useBackend(backend);
  const writer = await textGeneration(folder);
  const texts = new Map<number, string>();
  let best = 0;
  for (let seed = 0; seed < 4; seed++) {
    const begin = performance.now();
    let text = '';
    for await (const piece of writer.generate('THE ', { seed, maxTokens })) text += piece.text;
    best = Math.max(best, (maxTokens * 1000) / (performance.now() - begin));
    texts.set(seed, text);
  }
  for (let seed = 4; seed < 64; seed++) {
    let text = '';
    for await (const piece of writer.generate('THE ', { seed, maxTokens: 60 })) text += piece.text;
    texts.set(seed, text);
  }
  return { rate: best, texts };
}

function percentile(times: number[], p: number): number {
  return times.sort((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * p))];
}

const shown = (n: number) => Math.round(n).toLocaleString('en-US').padStart(9);

async function throughput(engine: Engine): Promise<void> {
  const pipeline = await alone(1500);
  let one = 0;
  for (let n = 0; n < 4; n++) one = Math.max(one, await rate(engine, 1, 1500));
  console.log(`one text     pipeline ${shown(pipeline.rate)} symbols/s`);
  console.log(`             engine   ${shown(one)} symbols/s   ${((100 * one) / pipeline.rate).toFixed(0)} % of it`);
  for (const texts of [2, 4, 8, 16, 32, 64, 128, 256, 512]) {
    let best = 0;
    for (let n = 0; n < 2; n++) best = Math.max(best, await rate(engine, texts, Math.ceil(8000 / texts / 4) + 60));
    console.log(
      `${String(texts).padStart(3)} texts    engine   ${shown(best)} symbols/s   ${(best / one).toFixed(2)} × one`,
    );
  }
  const found = await Promise.all(Array.from({ length: 64 }, (_, seed) => write(engine, seed, 60)));
  const wrong = found.filter((text, seed) => !pipeline.texts.get(seed)?.startsWith(text)).length;
  console.log(`64 texts at the same time: ${wrong} differ from those that are written alone`);
  if (wrong > 0) process.exitCode = 1;
}

async function manyRequests(engine: Engine, count: number): Promise<void> {
  const expected: string[] = [];
  for (let seed = 0; seed < 100; seed++) expected.push(await write(engine, seed, 32)); // one after the other
  const base = engine.stats().memory;
  const times: number[] = [];
  let [next, most, wrong] = [0, 0, 0];
  const client = async () => {
    while (next < count) {
      const seed = next++ % expected.length;
      const text = await write(engine, seed, 32, (ms) => times.push(ms));
      if (text !== expected[seed]) wrong++;
      most = Math.max(most, engine.stats().memory);
    }
  };
  const begin = performance.now();
  await Promise.all(Array.from({ length: 256 }, client));
  const [p50, p99] = [percentile(times, 0.5), percentile(times, 0.99)];
  const seconds = (performance.now() - begin) / 1000;
  console.log(
    `256 at the same time, ${count} requests in ${seconds.toFixed(1)} s: first symbol p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms; ${wrong} differ from those that are written alone`,
  );
  if (wrong > 0) process.exitCode = 1;
  console.log(
    `             memory grew by ${((most - base) / 2 ** 20 / 256).toFixed(2)} MiB a text (${(base / 2 ** 20).toFixed(0)} MiB before)`,
  );
}

async function leaving(engine: Engine): Promise<void> {
  const times: number[] = [];
  const load = Array.from({ length: 64 }, (_, seed) => write(engine, seed, 1500));
  for (let n = 0; n < 200; n++) {
    const before = engine.stats().models.writer.tokens;
    for await (const _ of engine.generate(request(n, 16_000))) break;
    const begin = performance.now();
    const probe = await write(engine, n, 1); // orders are done in turn: its row is free when this one has begun
    times.push(performance.now() - begin);
    if (probe === '' || engine.stats().models.writer.tokens <= before) throw new Error('nothing was written');
  }
  console.log(
    `a reader leaves, 64 others stay: the row is free after p50 ${percentile(times, 0.5).toFixed(1)} ms, at most ${percentile(times, 1).toFixed(1)} ms`,
  );
  await Promise.all(load);
}

async function deaths(engine: Engine): Promise<void> {
  const times: number[] = [];
  for (let n = 0; n < 5; n++) {
    const lost = Promise.allSettled(Array.from({ length: 16 }, (_, seed) => write(engine, seed, 4000)));
    await new Promise((resolve) => setTimeout(resolve, 200));
    const begin = performance.now();
    await started.at(-1)?.end();
    const failed = (await lost).filter(({ status }) => status === 'rejected').length;
    await write(engine, 1, 1);
    times.push(performance.now() - begin);
    if (failed !== 16) throw new Error(`${failed} of 16 requests failed with their thread`);
  }
  console.log(`a thread dies: the next text begins after ${times.map((ms) => ms.toFixed(0)).join(', ')} ms`);
}

async function tampering(count: number): Promise<void> {
  const bound = {
    model: 'writer',
    hash: '0123456789abcdef'.repeat(4),
    key: crypto.getRandomValues(new Uint8Array(32)),
  };
  const state = crypto.getRandomValues(new Uint8Array(2000));
  const token = await sealState(state, { ...bound, seconds: 60 });
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const random = new Random(1);
  let accepted = 0;
  for (let n = 0; n < count; n++) {
    const text = Array.from(token);
    for (let k = random.integer(3); k >= 0; k--) text[random.integer(text.length)] = digits[random.integer(64)];
    let some = text.join('');
    if (n % 5 === 0) some = some.slice(0, random.integer(some.length));
    if (n % 7 === 0) some += digits[random.integer(64)];
    if (some === token) continue;
    accepted += await openState(some, bound).then(
      () => 1,
      () => 0,
    );
  }
  await openState(token, bound);
  console.log(`of ${count.toLocaleString('en-US')} tampered state tokens ${accepted} were accepted`);
  if (accepted > 0) process.exitCode = 1;
}

makeRun();
const engine = await open();
const parts = {
  throughput: () => throughput(engine),
  requests: () => manyRequests(engine, Number(values.requests)),
  leaving: () => leaving(engine),
  deaths: () => deaths(engine),
  translations: () => translations(folder, thread()),
  tokens: () => tampering(100_000),
};
for (const [name, run] of Object.entries(parts))
  if (values.only === undefined || values.only.split(',').includes(name)) await run();
await engine.close();
rmSync(join(folder, '..'), { recursive: true });
