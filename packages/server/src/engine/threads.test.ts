// The engine in worker threads: the same answers, and threads that die. The program of the threads is the built one.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { currentBackend } from 'unrolled';
import { textGeneration } from 'unrolled/pipelines';
import { createEngine } from './create-engine.ts';
import type { Engine, EngineError, GeneratePiece } from './engine.ts';
import { dataOf } from './errors.ts';
import { type ComputeThread, thisThread, type ThreadListener, workerThreads } from './threads.ts';

const program = new URL('../../dist/engine/compute/worker.js', import.meta.url);
const isBuilt = existsSync(program);
const title = isBuilt ? '' : '(skipped: not built, node tools/setup.mjs builds it) ';
const folder = (name: string) => fileURLToPath(new URL(`../../../../test/fixtures/runs/${name}`, import.meta.url));
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

async function text(pieces: AsyncIterable<GeneratePiece>): Promise<string> {
  let all = '';
  for await (const piece of pieces) all += piece.text;
  return all;
}

/** An engine whose threads can be ended from here. */
async function make(runs: string[], workers: number): Promise<{ engine: Engine; threads: ComputeThread[] }> {
  const start = workerThreads({ program, threads: 1 });
  if (!start) throw new Error('this runtime has no worker threads');
  const threads: ComputeThread[] = [];
  const engine = await createEngine({
    runs: runs.map(folder),
    workers,
    start: (listener) => {
      const thread = start(listener);
      threads.push(thread);
      return thread;
    },
  });
  return { engine, threads };
}

test.skipIf(!isBuilt)(
  `${title}texts of two threads are those of the pipeline, and a thread that dies fails only its own`,
  async () => {
    const { engine, threads } = await make(['text-lstm'], 2);
    const writer = await textGeneration(folder('text-lstm'));
    const request = (seed: number, maxTokens = 40) => ({ model: 'text-lstm', prompt: 'the ', seed, maxTokens });
    const expected = (seed: number) => text(writer.generate('the ', { seed, maxTokens: 40 }) as never);
    const found = await Promise.all(Array.from({ length: 12 }, (_, seed) => text(engine.generate(request(seed)))));
    for (const [seed, one] of found.entries()) expect(one).toBe(await expected(seed));

    const iterators = Array.from({ length: 6 }, (_, seed) =>
      engine.generate(request(seed, 16_000))[Symbol.asyncIterator](),
    );
    await Promise.all(iterators.map((one) => one.next())); // three in each thread
    await threads[0].end();
    const rest = await Promise.allSettled(
      iterators.map(async (one) => {
        for (let n = 0; n < 1100; n++) await one.next(); // what had come before is given out first
        await one.return?.();
      }),
    );
    const failed = rest.filter((one) => one.status === 'rejected').map(({ reason }) => reason as EngineError);
    expect(failed.map(({ problem }) => problem)).toEqual(['worker', 'worker', 'worker']);
    expect(await text(engine.generate(request(3)))).toBe(await expected(3)); // the other one is there
    expect(engine.ready()).toBe(true);
    for (let waited = 0; threads.length < 3 && waited < 5000; waited += 5) await pause(5);
    await threads[1].end(); // now only the third one can answer
    expect(await text(engine.generate(request(4)))).toBe(await expected(4));
    expect(engine.stats()).toMatchObject({ workers: 2, restarts: 2 });
    await engine.close();
  },
);

test.skipIf(!isBuilt)(`${title}a signal frees the row of a thread, and errors come back as what they are`, async () => {
  const { engine } = await make(['text-lstm', 'classify'], 1);
  const controller = new AbortController();
  const long = engine.generate({ model: 'text-lstm', prompt: '', maxTokens: 16_000 }, { signal: controller.signal });
  let taken = 0;
  await expect(async () => {
    for await (const _ of long) if (++taken === 5) controller.abort();
  }).rejects.toMatchObject({ name: 'EngineError', problem: 'aborted' });
  const odd = engine.generate({ model: 'text-lstm', prompt: '', callback: () => {} } as never);
  await expect(text(odd)).rejects.toMatchObject({ problem: 'request' });
  const unknown: string[] = [];
  for await (const { finish } of engine.generate({ model: 'text-lstm', prompt: 'aЖ', maxTokens: 2 }))
    unknown.push(...(finish?.unknown ?? []));
  expect(unknown).toEqual(['Ж']);
  const call = (inputs: unknown[]) => engine.call({ model: 'classify', task: 'text-classification', inputs });
  await expect(call([3])).rejects.toMatchObject({ name: 'OptionError', code: 'option', param: 'texts' });
  const { outputs } = await call(['a good film']);
  expect(outputs).toHaveLength(1);
  const state = new Uint8Array(40);
  await expect(text(engine.generate({ model: 'text-lstm', prompt: '', state }))).rejects.toMatchObject({
    problem: 'state',
  });
  expect(engine.stats().models['text-lstm']).toMatchObject({ rows: 0, queued: 0 });
  await engine.close();
  await expect(call(['a'])).rejects.toMatchObject({ problem: 'draining' });
});

test.skipIf(!isBuilt)(`${title}a caller who leaves ends a search between two of its steps`, async () => {
  const { engine } = await make(['translate-attention'], 1);
  const call = (inputs: string[], options: Record<string, number>, signal?: AbortSignal) =>
    engine.call({ model: 'translate-attention', task: 'translation', inputs, options }, { signal });
  const controller = new AbortController();
  const endless = { minTokens: 16_000, maxTokens: 16_000, beams: 32 }; // minutes
  const long = call(Array(64).fill('one two three'), endless, controller.signal);
  await pause(100);
  const waiting = call(Array(64).fill('three'), endless, controller.signal); // ends before it begins
  const next = call(['one two'], { beams: 2 });
  await pause(100);
  controller.abort();
  await expect(long).rejects.toMatchObject({ problem: 'aborted' });
  await expect(waiting).rejects.toMatchObject({ problem: 'aborted' });
  expect((await next).outputs).toHaveLength(1);
  await engine.close();
});

test.skipIf(!isBuilt)(`${title}the backend that was chosen computes`, async () => {
  const request = { model: 'text-lstm', prompt: 'the ', seed: 1, maxTokens: 20 };
  const before = currentBackend();
  const texts: string[] = [];
  for (const options of [
    { workers: 1, program, backend: 'wasm' as const },
    { workers: 1, program, threads: 1 },
  ]) {
    const engine = await createEngine({ runs: [folder('text-lstm')], ...options });
    texts.push(await text(engine.generate(request)));
    await engine.close();
  }
  expect(texts[0]).toBe(texts[1]);
  const wrong = createEngine({ runs: [folder('text-lstm')], workers: 1, program, backend: 'metal' as never });
  await expect(wrong).rejects.toMatchObject({ problem: 'worker', message: expect.stringContaining('unknown backend') });
  expect(currentBackend()).toBe(before);
  const inMemory = createEngine({ runs: { a: new Map() as never }, workers: 1, program });
  await expect(inMemory).rejects.toMatchObject({ name: 'OptionError', message: expect.stringContaining('workers: 0') });
});

test.skipIf(!isBuilt)(`${title}a run that is not there is an error of createEngine, and no thread stays`, async () => {
  const { start } = { start: workerThreads({ program }) };
  let ended = 0;
  const counted =
    start &&
    ((listener: Parameters<typeof start>[0]) => start({ ...listener, onEnd: (why) => (ended++, listener.onEnd(why)) }));
  const opening = createEngine({ runs: [folder('nowhere')], workers: 2, start: counted ?? undefined });
  await expect(opening).rejects.toMatchObject({ name: 'RunError', code: 'run-missing' });
  expect(ended).toBe(2);
});

test.skipIf(!isBuilt)(
  `${title}a thread does not run ahead: two reports of steps come in one turn of the loop, at most`,
  async () => {
    const start = workerThreads({ program, threads: 1 });
    const counts: number[] = [];
    let inTurn = 0;
    const engine = await createEngine({
      runs: [folder('text-lstm')],
      workers: 1,
      start: (listener) =>
        (start as NonNullable<typeof start>)({
          ...listener,
          onEnd: (problem) => listener.onEnd(problem),
          onReport(report) {
            if (report.type === 'step' && inTurn++ === 0)
              setImmediate(() => {
                counts.push(inTurn);
                inTurn = 0;
              });
            listener.onReport(report);
          },
        }),
    });
    const request = (seed: number) => ({ model: 'text-lstm', prompt: 'the ', seed, maxTokens: 400 });
    await Promise.all(Array.from({ length: 16 }, (_, seed) => text(engine.generate(request(seed)))));
    expect(counts.length).toBeGreaterThan(5);
    expect(Math.max(...counts)).toBeLessThanOrEqual(2);
    await engine.close();
  },
);

test('orders to a thread that could not begin are lost, and no error of theirs is left unhandled', async () => {
  const ends: string[] = [];
  const thread = thisThread('metal' as never)({ onReport: () => {}, onEnd: (problem) => ends.push(problem) });
  thread.send({ type: 'close', lane: 1 });
  await vi.waitFor(() => expect(ends).toEqual([expect.stringContaining('unknown backend')]));
  thread.send({ type: 'close', lane: 1 });
  await pause(10); // an unhandled rejection would fail the run
});

test('a run that a new thread cannot open for want of something is opened there later, and a thread that cannot be had is asked for again', async () => {
  const listeners: ThreadListener[] = [];
  let missing = 1;
  const model = { id: 'a', task: 'text-generation', created: 0, hash: '', parameters: 0, info: {} } as const;
  let refusals = 0;
  const engine = await createEngine({
    runs: { a: 'a' },
    workers: 1,
    start: (listener) => {
      if (listeners.length === 1 && missing-- > 0) throw new Error('EAGAIN');
      listeners.push(listener);
      return {
        send(order) {
          if (order.type !== 'open') return;
          const { lane } = order;
          const isRefused = listeners.length === 2 && refusals++ === 0;
          const error = dataOf(new RangeError('Array buffer allocation failed')); // no error of the library
          queueMicrotask(() =>
            listener.onReport(
              isRefused ? { type: 'refused', lane, error } : { type: 'opened', lane, model, stateBytes: 0 },
            ),
          );
        },
        end: async () => listener.onEnd('it ended'),
      };
    },
  });
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  try {
    listeners[0].onEnd('killed');
    await vi.advanceTimersByTimeAsync(1000);
    expect([refusals, engine.ready()]).toEqual([1, false]);
    await vi.advanceTimersByTimeAsync(2000);
    expect([refusals, engine.ready()]).toEqual([2, true]);
  } finally {
    vi.useRealTimers();
    await engine.close();
  }
});
