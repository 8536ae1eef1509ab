// What a server carries: `npm run bench:serve-http` serves an untrained LSTM of 2 × 512 units and 65 characters on this machine, and prints
//
//   first      from the start of the command to the first streamed text                                     bar: 400 ms
//   streams    10,000 requests, 256 at a time: texts that differ from the request alone, first text, memory bars: 0; p99 ≤ 4 × p50; 256 KiB + state each
//              more than what 300 requests, one after the other, took
//   overhead   what HTTP adds to the engine for each symbol of 64 streams                                   bar: 50 µs
//   overload   requests at four times the rate that can be answered: refusals, /health, recovery             bars: 50 ms; 100 ms; 2 s
//              and 256 that come at the same moment
//   readers    64 that read a byte a second and 64 that stop reading, beside others                          bars: 1.5 × p99; 256 KiB each
//   aborts     1,000 that leave at any moment, streaming or not, and a request after them                    bar: row free ≤ 100 ms
//   changes    a run that is trained on, a dead worker and SIGTERM while requests run                                     bar: no other request lost
//   soak       `--only soak --minutes 60`: memory over time                                                  bar: 1 MiB for 10,000 requests
//
// and fails where a bar of correctness is missed. Load is made on this machine only, bounded in number and time. `--hidden 64 --requests 500` is a quick look.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createEngine } from '../packages/server/src/engine/create-engine.ts';
import { type ComputeThread, workerThreads } from '../packages/server/src/engine/threads.ts';
import { listen } from '../packages/server/src/node.ts';
import { agent, ask, metric, pause, percentile, streamed, textOf } from './serve/client.ts';
import { finished, serve } from './serve/command.ts';
import { makeRun, textsAlone } from './serve/writer-run.ts';

const { values } = parseArgs({
  options: {
    hidden: { type: 'string', default: '512' },
    requests: { type: 'string', default: '10000' },
    minutes: { type: 'string', default: '1' },
    only: { type: 'string' },
  },
});
const folder = join(mkdtempSync(join(tmpdir(), 'unrolled-serve-')), 'writer');
const program = new URL('../packages/server/dist/engine/compute/worker.js', import.meta.url);
const seeds = 100;
const tokens = 32;
const ms = (x: number) => `${x.toFixed(x < 10 ? 1 : 0)} ms`;
const mib = (bytes: number) => `${(bytes / 2 ** 20).toFixed(2)} MiB`;

function fail(why: string): void {
  console.log(`  FAILED: ${why}`);
  process.exitCode = 1;
}

/** Runs `count` tasks, so many at a time. */
async function many(count: number, atOnce: number, task: (n: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await task(next++);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, worker));
}

async function first(): Promise<void> {
  const times: number[] = [];
  for (let n = 0; n < 7; n++) {
    const began = performance.now();
    const command = await serve([folder]);
    let seen = 0;
    await ask(command.url, '/v1/completions', streamed(1, 3), () => (seen ||= performance.now()));
    times.push(seen - began);
    await command.stop();
  }
  console.log(
    `first      ${ms(percentile(times, 0.5))} from the command to the first streamed text (median of 7; fastest ${ms(Math.min(...times))})`,
  );
}

async function streams(): Promise<void> {
  const texts = await textsAlone(folder, seeds, tokens);
  const command = await serve([folder, '--max-queue', '4096']);
  await many(300, 1, async (n) => void (await ask(command.url, '/v1/completions', streamed(n, tokens))));
  const base = await metric(command.url, 'unrolled_memory_bytes');
  const count = Number(values.requests);
  const times: number[] = [];
  let [wrong, most] = [0, 0];
  const began = performance.now();
  await many(count, 256, async (n) => {
    const { body, first: at } = await ask(command.url, '/v1/completions', streamed(n % seeds, tokens));
    times.push(at);
    if (textOf(body) !== texts[n % seeds]) wrong++;
    if (n % 500 === 0) most = Math.max(most, await metric(command.url, 'unrolled_memory_bytes'));
  });
  const seconds = (performance.now() - began) / 1000;
  const [p50, p99] = [percentile(times, 0.5), percentile(times, 0.99)];
  console.log(
    `streams    ${count} requests, 256 at a time, in ${seconds.toFixed(1)} s (${((count * tokens) / seconds).toFixed(0)} symbols/s): ${wrong} differ from the request alone`,
  );
  console.log(
    `           first text p50 ${ms(p50)}, p99 ${ms(p99)}, ${(p99 / p50).toFixed(2)} ×; memory ${mib(base)} before, ${mib((most - base) / 256)} more for each of 256`,
  );
  if (wrong > 0) fail('answers depend on who else is served');
  await command.stop();
}

async function overhead(): Promise<void> {
  const engine = await createEngine({ runs: [folder], program, maxRows: 64, maxQueue: 64 });
  const length = 500;
  const direct = async () => {
    const began = performance.now();
    await many(64, 64, async (seed) => {
      for await (const _ of engine.generate({ model: 'writer', prompt: 'THE ', seed, maxTokens: length }));
    });
    return performance.now() - began;
  };
  const alone = Math.min(await direct(), await direct(), await direct());
  await engine.close();
  const command = await serve([folder]);
  const served = async () => {
    const began = performance.now();
    await many(64, 64, async (seed) => void (await ask(command.url, '/v1/completions', streamed(seed, length))));
    return performance.now() - began;
  };
  const http = Math.min(await served(), await served(), await served());
  const each = (1000 * (http - alone)) / (64 * length);
  console.log(
    `overhead   64 streams of ${length}: engine ${ms(alone)}, over HTTP ${ms(http)}, ${each.toFixed(1)} µs a symbol (the client, on the same cores, included)`,
  );
  await command.stop();
}

async function overload(): Promise<void> {
  const command = await serve([folder, '--max-rows', '32', '--max-queue', '32']);
  const { url } = command;
  const whole = (n: number) => ask(url, '/v1/completions', { ...streamed(n, 200), stream: false });
  const from = performance.now();
  await many(200, 48, async (n) => void (await whole(n))); // as many as run, and some that wait
  const capacity = 200_000 / (performance.now() - from);
  const refusals: number[] = [];
  const health: number[] = [];
  let [done, deepest, isOver] = [0, 0, false];
  const watching = (async () => {
    while (!isOver) {
      health.push((await ask(url, '/health')).last);
      deepest = Math.max(deepest, await metric(url, 'unrolled_queue_depth'));
      await pause(20);
    }
  })();
  const request = async (n: number) => {
    const { status, last, retryAfter } = await whole(n);
    if (status === 200) done++;
    else if (status === 429 && Number(retryAfter) >= 1) refusals.push(last);
    else fail(`status ${status}`);
  };
  // Whoever is refused does not matter to those who come: the rate stays the same for ten seconds.
  const coming: Promise<void>[] = [];
  const rate = 4 * capacity;
  const begin = performance.now();
  for (; performance.now() < begin + 10_000; await pause(1))
    while (coming.length < ((performance.now() - begin) / 1000) * rate) coming.push(request(coming.length));
  const end = performance.now();
  await Promise.all(coming);
  const { status } = await ask(url, '/v1/completions', streamed(1, 5));
  const recovery = performance.now() - end;
  const refused = refusals.length;
  console.log(
    `overload   ${rate.toFixed(0)} requests/s, 4 × capacity: ${done} answered, ${refused} refused (p99 ${ms(percentile(refusals, 0.99))}), queue at most ${deepest} of 32`,
  );
  refusals.length = 0;
  await many(256, 256, request);
  isOver = true;
  await watching;
  console.log(
    `           /health p99 ${ms(percentile(health, 0.99))}, at most ${ms(Math.max(...health))}; afterwards an answer in ${ms(recovery)}; of 256 at the same moment ${refusals.length} refused (p99 ${ms(percentile(refusals, 0.99))})`,
  );
  if (status !== 200 || deepest > 32) fail('the queue is not bounded, or the server did not recover');
  await command.stop();
}

async function readers(): Promise<void> {
  const command = await serve([folder, '--max-rows', '256', '--max-queue', '1024']);
  const { url } = command;
  const rounds = async () => {
    const times: number[] = [];
    await many(
      300,
      16,
      async (n) => void times.push((await ask(url, '/v1/completions', streamed(n % seeds, tokens))).last),
    );
    return percentile(times, 0.99);
  };
  await rounds();
  const before = await rounds();
  const base = await metric(url, 'unrolled_memory_bytes');
  const body = JSON.stringify({ ...streamed(1, 16_000), logprobs: 20 });
  const slow: Socket[] = Array.from({ length: 128 }, (_, n) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => {});
    socket.write(`POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    socket.pause();
    if (n % 2 === 0) socket.on('readable', () => {});
    return socket;
  });
  const sip = setInterval(() => slow.forEach((socket, n) => n % 2 === 0 && socket.read(1)), 1000);
  // Until all buffers on the way are full, and nothing is written for them.
  let [tokensBefore, tokensNow] = [0, 1];
  for (let tries = 0; tokensNow !== tokensBefore && tries < 120; tries++) {
    tokensBefore = tokensNow;
    await pause(1000);
    tokensNow = await metric(url, 'unrolled_tokens_total');
  }
  if (tokensNow !== tokensBefore) fail('those that do not read are still written for after two minutes');
  const during = await rounds();
  const grown = (await metric(url, 'unrolled_memory_bytes')) - base;
  console.log(
    `readers    beside 128 that do not read: p99 ${ms(before)} before, ${ms(during)} during, ${(during / before).toFixed(2)} ×; memory ${mib(grown / 128)} each`,
  );
  await pause(35_000);
  const stopped = slow.filter((_, n) => n % 2 === 1);
  for (const socket of stopped) socket.resume(); // who does not read does not see the end either
  await pause(2000);
  const cut = stopped.filter((socket) => socket.destroyed || socket.readableEnded).length;
  const rows = await metric(url, 'unrolled_rows');
  console.log(
    `           after 35 s ${rows} rows are left of 128; of 64 that stopped reading ${cut} know that they were cut`,
  );
  clearInterval(sip);
  for (const socket of slow) socket.destroy();
  await command.stop();
}

async function aborts(): Promise<void> {
  const texts = await textsAlone(folder, 4, tokens);
  const command = await serve([folder]);
  const { url } = command;
  const times: number[] = [];
  let wrong = 0;
  for (let n = 0; n < 1000; n++) {
    const body = { ...streamed(n, 16_000), stream: n % 2 === 0 };
    let leave: (() => void) | undefined;
    const left = ask(url, '/v1/completions', body, (destroy) => (leave ??= destroy)).catch(() => {});
    if (n % 2 === 0) {
      while (!leave) await pause(1);
      leave();
    } else {
      // Not streamed: the connection is closed while the text is computed.
      await pause(n % 5);
      for (const sockets of Object.values(agent.sockets)) for (const socket of sockets ?? []) socket.destroy();
    }
    await left;
    if (n % 10 === 0) {
      const began = performance.now();
      while ((await metric(url, 'unrolled_rows')) > 0) await pause(1);
      times.push(performance.now() - began);
    }
    if (n % 100 === 0 && textOf((await ask(url, '/v1/completions', streamed(n % 4, tokens))).body) !== texts[n % 4])
      wrong++;
  }
  console.log(
    `aborts     1,000 left: rows free after p50 ${ms(percentile(times, 0.5))}, at most ${ms(Math.max(...times))}; ${wrong} wrong texts between them`,
  );
  if (wrong > 0) fail('an abort changed another text');
  await command.stop();
}

async function changes(): Promise<void> {
  // A run that is trained on while it is served: each text is that of the old or of the new weights, whole.
  const trained = join(folder, '..', 'trained');
  await train(['--out', trained, '--steps', '40']);
  const old = await textsAlone(trained, seeds, tokens);
  const command = await serve([`writer=${trained}`]);
  const lost: number[] = [];
  const answers: [seed: number, text: string][] = [];
  let isOver = false;
  const load = Array.from({ length: 16 }, async (_, k) => {
    for (let n = k; !isOver; n += 16) {
      const { status, body } = await ask(command.url, '/v1/completions', streamed(n % seeds, tokens));
      if (status === 200) answers.push([n % seeds, textOf(body)]);
      else lost.push(status);
    }
  });
  await pause(500);
  await train(['--out', trained, '--steps', '120']);
  await pause(3000);
  isOver = true;
  await Promise.all(load);
  const renewed = await textsAlone(trained, seeds, tokens);
  const kinds = { old: 0, new: 0, between: 0 };
  for (const [seed, text] of answers) kinds[text === old[seed] ? 'old' : text === renewed[seed] ? 'new' : 'between']++;
  console.log(
    `changes    a run is trained on: ${kinds.old} texts of the old weights, ${kinds.new} of the new, ${kinds.between} of those between, ${lost.length} lost`,
  );
  if (lost.length > 0 || kinds.new === 0) fail('a swap lost requests, or did not come');
  // SIGTERM while requests run: what was begun is finished.
  const begun = new Set<number>();
  const running = Array.from({ length: 64 }, (_, n) => {
    return ask(command.url, '/v1/completions', streamed(n, 500), () => begun.add(n));
  });
  while (begun.size < 64) await pause(2);
  const began = performance.now();
  const exit = await Promise.all([command.stop(), Promise.allSettled(running)]);
  const whole = exit[1].filter(
    (one) => one.status === 'fulfilled' && one.value.body.endsWith('data: [DONE]\n\n'),
  ).length;
  console.log(
    `           SIGTERM: ${whole} of 64 streams finished, ended with ${exit[0]} after ${ms(performance.now() - began)}`,
  );
  if (whole !== 64 || exit[0] !== 0) fail('SIGTERM lost requests');
  await deadWorker(await textsAlone(folder, 2, tokens));
}

/** `unrolled train text` on a text by formula. */
async function train(args: readonly string[]): Promise<void> {
  const text = join(folder, '..', 'text.txt');
  writeFileSync(
    text,
    Array.from({ length: 400 }, (_, k) => `THE ${k * 7919} AND THE ${k * 104_729} ARE NUMBERS\n`).join(''),
  );
  await finished([
    'train',
    'text',
    '--text',
    text,
    '--hidden',
    '64',
    '--eval-every',
    '20',
    '--threads',
    '1',
    ...args,
    '--quiet',
  ]);
}

/** One of two workers is killed: the requests of the other one go on. */
async function deadWorker(texts: readonly string[]): Promise<void> {
  const start = workerThreads({ program });
  if (!start) return;
  const threads: ComputeThread[] = [];
  const engine = await createEngine({
    runs: [folder],
    workers: 2,
    start: (listener) => {
      const thread = start(listener);
      threads.push(thread);
      return thread;
    },
  });
  const listening = await listen({ engine, port: 0 });
  const { url } = listening;
  const begun = new Set<number>();
  const running = Array.from({ length: 32 }, (_, n) =>
    ask(url, '/v1/completions', streamed(n, 12_000), () => begun.add(n)),
  );
  while (begun.size < 32) await pause(2);
  const began = performance.now();
  await threads[0].end();
  const after = await ask(url, '/v1/completions', streamed(1, tokens));
  const back = performance.now() - began;
  const bodies = await Promise.all(running);
  const whole = bodies.filter(({ body }) => body.endsWith('data: [DONE]\n\n')).length;
  const told = bodies.filter(({ body }) => body.includes('worker_lost')).length;
  console.log(
    `           one of two workers dies: ${whole} of 32 streams finished, ${told} were told; another request is answered after ${ms(back)}`,
  );
  if (whole + told !== 32 || told === 0 || told > 16 || textOf(after.body) !== texts[1])
    fail('a dead worker lost requests of the other one');
  await listening.stop();
  await engine.close();
}

/** Bytes a request: the line that is nearest to the points. */
function slopeOf(points: readonly (readonly [requests: number, bytes: number])[]): number {
  const mean = (list: readonly number[]) => list.reduce((a, b) => a + b, 0) / list.length;
  const [x, y] = [mean(points.map(([n]) => n)), mean(points.map(([, bytes]) => bytes))];
  const along = points.reduce((sum, [n, bytes]) => sum + (n - x) * (bytes - y), 0);
  return along / points.reduce((sum, [n]) => sum + (n - x) ** 2, 0);
}

async function soak(): Promise<void> {
  const command = await serve([folder]);
  const end = performance.now() + Number(values.minutes) * 60_000;
  const points: [requests: number, bytes: number][] = [];
  let count = 0;
  while (performance.now() < end) {
    await many(1000, 32, async (n) => {
      const body = n % 3 === 0 ? { ...streamed(n, 8), stream: false, state: true } : streamed(n, 8);
      const left = n % 50 === 0;
      await ask(command.url, '/v1/completions', body, left ? (destroy) => destroy() : undefined).catch(() => {});
    });
    count += 1000;
    points.push([count, await metric(command.url, 'unrolled_memory_bytes')]);
  }
  const some = points.slice(Math.floor(points.length / 4)); // after it has warmed up
  const memory = `${mib(points[0][1])} at first, ${mib(points.at(-1)?.[1] ?? 0)} at last`;
  const slope = some.length < 4 ? 'too short for a slope' : `${mib(10_000 * slopeOf(some))} for 10,000 requests`;
  console.log(`soak       ${values.minutes} min, ${count} requests: ${memory}, ${slope}`);
  await command.stop();
}

const parts = { first, streams, overhead, overload, readers, aborts, changes };
const chosen = values.only?.split(',') ?? Object.keys(parts);
makeRun(folder, Number(values.hidden));
for (const [name, run] of Object.entries({ ...parts, soak })) if (chosen.includes(name)) await run();
agent.destroy();
rmSync(join(folder, '..'), { recursive: true, force: true });
