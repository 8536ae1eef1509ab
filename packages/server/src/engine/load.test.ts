// An engine under load: its queue is bounded, rows are freed by those who leave, and it drains.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Random } from 'unrolled';
import { type TextGenerationPipeline, textGeneration } from 'unrolled/pipelines';
import { engineOf, runPath as folder } from '../../../../test/server/served.ts';
import { problem, written, writtenAlone } from '../../../../test/server/written.ts';
import { createEngine } from './create-engine.ts';
import type { Engine, EngineError, GenerateRequest } from './engine.ts';

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
let engine: Engine;
let writer: TextGenerationPipeline;
beforeAll(async () => {
  engine = await engineOf(['text-lstm'], { maxRows: 24 });
  writer = await textGeneration(folder('text-lstm'));
});
afterAll(() => engine.close());
const alone = (request: GenerateRequest) => writtenAlone(writer, request);

describe('load', () => {
  const one = { model: 'text-lstm', prompt: 'the ', maxTokens: 4000 };

  test('the queue is bounded, in the order of arrival, and says when to come again', async () => {
    const small = await createEngine({ runs: [folder('text-lstm')], workers: 0, maxRows: 2, maxQueue: 3 });
    const ended: number[] = [];
    const all = Array.from({ length: 5 }, async (_, n) => {
      await written(small.generate({ ...one, maxTokens: 40, seed: n }));
      ended.push(n);
    });
    expect(small.stats().models['text-lstm']).toMatchObject({ rows: 2, queued: 3 });
    const refused = await problem(written(small.generate(one)));
    expect(refused).toMatchObject({ problem: 'queue-full' });
    expect(refused.retryAfter).toBeGreaterThanOrEqual(1);
    await Promise.all(all);
    expect(ended).toEqual([0, 1, 2, 3, 4]);
    const stats = small.stats().models['text-lstm'];
    expect(stats).toMatchObject({ rows: 0, queued: 0, requests: 5, refused: 1, failed: 0, tokens: 200 });
    expect(stats.batchSizes.reduce((sum, n, rows) => sum + n * rows, 0)).toBe(200);
    expect(stats.secondsComputed).toBeGreaterThan(0);
    await small.close();
  });

  test('a signal, a deadline and a reader who leaves free the row, whether the request waits or runs', async () => {
    const small = await createEngine({ runs: [folder('text-lstm')], workers: 0, maxRows: 1, maxQueue: 8 });
    const rows = () => {
      const { rows, queued } = small.stats().models['text-lstm'];
      return [rows, queued];
    };
    const controller = new AbortController();
    const running = problem(written(small.generate(one, { signal: controller.signal })));
    const waiting = problem(written(small.generate(one, { signal: controller.signal })));
    const late = problem(written(small.generate(one, { deadline: 30 })));
    expect(rows()).toEqual([1, 2]);
    controller.abort(new Error('gone'));
    expect(await running).toMatchObject({ problem: 'aborted' });
    expect(await waiting).toMatchObject({ problem: 'aborted' });
    expect(await late).toMatchObject({ problem: 'deadline', message: 'there was no answer after 30 ms' });
    expect(rows()).toEqual([0, 0]);
    for await (const _ of small.generate(one)) break;
    expect(rows()).toEqual([0, 0]);
    const pieces = small.generate(one)[Symbol.asyncIterator]();
    const next = Array.from({ length: 30 }, () => pieces.next());
    await next[0];
    await pieces.return?.();
    await Promise.all(next);
    expect(rows()).toEqual([0, 0]);
    expect(await problem(written(small.generate(one, { signal: AbortSignal.abort() })))).toMatchObject({
      problem: 'aborted',
    });
    expect(await problem(written(small.generate(one, { deadline: -1 })))).toMatchObject({ problem: 'request' });
    await small.close();
  });

  test('a thousand callers who leave at any moment leave nothing behind, and those who stay are not disturbed', async () => {
    const small = await createEngine({ runs: [folder('text-lstm')], workers: 0, maxRows: 7, maxQueue: 2000 });
    const random = new Random(12);
    const expected = await Promise.all(Array.from({ length: 5 }, (_, seed) => alone({ ...one, seed, maxTokens: 25 })));
    const client = async (seed: number) => {
      const controller = new AbortController();
      const kind = random.integer(5);
      const after = random.integer(25);
      const request = { ...one, prompt: 'the '.repeat(1 + random.integer(3)), seed, maxTokens: 25, stop: undefined };
      const options = kind === 0 ? { deadline: 1 + after } : { signal: controller.signal };
      if (kind === 1) setTimeout(() => controller.abort(), after);
      let [text, count] = ['', 0];
      try {
        for await (const piece of small.generate(kind > 2 ? { ...request, prompt: 'the ' } : request, options)) {
          text += piece.text;
          if (++count === after && kind === 2) break;
          if (count === after && kind === 3) controller.abort();
        }
      } catch (error) {
        expect(['deadline', 'aborted']).toContain((error as EngineError).problem);
        expect(kind).toBeLessThan(4);
      }
      if (kind === 4) expect(text).toBe(expected[seed]);
    };
    await Promise.all(Array.from({ length: 1000 }, (_, n) => client(n % 5)));
    expect(small.stats().models['text-lstm']).toMatchObject({ rows: 0, queued: 0, requests: 1000 });
    expect((await written(small.generate({ ...one, seed: 1, maxTokens: 25 }))).text).toBe(expected[1]);
    await small.close();
  });

  test('a reader who is slow lets its text rest, and the others go on', async () => {
    const small = await createEngine({ runs: [folder('text-lstm')], workers: 0, maxRows: 4 });
    const slow = small.generate({ ...one, seed: 3 })[Symbol.asyncIterator]();
    const pieces = [await slow.next()];
    const { text } = await written(small.generate({ ...one, seed: 4 }));
    expect(text).toBe(await alone({ ...one, seed: 4 }));
    const { tokens } = small.stats().models['text-lstm'];
    expect(tokens).toBeLessThan(4000 + 2200); // 64 KiB of pieces of 66 bytes
    for (;;) {
      const next = await slow.next();
      if (next.done) break;
      pieces.push(next);
    }
    expect(pieces.map(({ value }) => value?.text).join('')).toBe(await alone({ ...one, seed: 3 }));
    await small.close();
  });

  test('drains: takes nothing new, and what runs ends; close ends the rest', async () => {
    const small = await createEngine({ runs: [folder('text-lstm')], workers: 0 });
    const short = written(small.generate({ ...one, maxTokens: 60, seed: 1 }));
    await pause(0);
    const drained = small.drain(10_000);
    expect(small.ready()).toBe(false);
    expect(await problem(written(small.generate(one)))).toMatchObject({ problem: 'draining', retryAfter: 5 });
    await drained;
    expect((await short).text).toBe(await alone({ ...one, maxTokens: 60, seed: 1 }));
    await small.close();

    const other = await createEngine({ runs: [folder('text-lstm')], workers: 0 });
    const long = problem(written(other.generate(one)));
    await pause(0);
    await other.drain(5);
    await other.close();
    expect(await long).toMatchObject({ problem: 'draining' });
  });
});
