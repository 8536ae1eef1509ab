// Training further: what may change, what makes another run, and that a leg which was interrupted ends in the bits of one that was not.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunFiles } from 'unrolled';
import { settle } from '../command-line/options.ts';
import { RunFolder } from '../run-folder.ts';
import { text } from '../text/kind.ts';
import { firstDifference } from './config.ts';
import { askedOf, legsOf } from './continued.ts';
import { isRunOf } from './kind.ts';
import { type RunEvent, runTask } from './run.ts';
import { openSaved } from './saved.ts';

let folder: string;
const at = (name: string) => join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'unrolled-continued-'));
  writeFileSync(at('a.txt'), 'the cat sat on the mat and looked. '.repeat(40));
});
afterAll(() => rmSync(folder, { recursive: true }));

const small = { hidden: 8, batch: 4, seqLength: 10, steps: 12, check: false, dropout: 0.2, warmup: 3, saveSeconds: 0 };

/** Runs to its end, or until `stopAt`; what it said and did. */
async function train(name: string, options: Record<string, unknown> = {}, stopAt = Infinity) {
  const flags: Record<string, unknown> = { ...small, ...options };
  const values = settle('train text', text.options, {}, flags);
  const prepared = await text.prepare(values, [at('a.txt')], () => undefined);
  const signal = { aborted: false } as { aborted: boolean };
  const [events, predicted]: [RunEvent[], string[]] = [[], []];
  const run = {
    kind: text,
    prepared: prepared as never,
    folder: at(name),
    values,
    given: new Set(Object.keys(flags)),
    signal: signal as AbortSignal,
    say: (line: string) => predicted.push(line),
  };
  for await (const event of runTask(run)) {
    events.push(event);
    if (event.type === 'step' && event.step === stopAt) signal.aborted = true;
  }
  const rates = events.flatMap((event) => (event.type === 'step' ? [event.lr] : []));
  const start = events.find((event) => event.type === 'start') as Extract<RunEvent, { type: 'start' }>;
  return { events, predicted, rates, start, weights: readFileSync(at(`${name}/model.safetensors`)) };
}

describe('a finished run', () => {
  test('is trained further with more steps and another rate, which stand in the run; config.json stays', async () => {
    await train('once');
    const before = readFileSync(at('once/config.json'));
    const { start, rates } = await train('once', { steps: 20, lr: 1e-3, schedule: 'constant', warmup: 0 });
    expect(start.resumedAt).toBe(12);
    expect(rates).toEqual(Array.from({ length: 8 }, () => 1e-3));
    expect(readFileSync(at('once/config.json')).equals(before)).toBe(true);
    const saved = await openSaved(at('once'), 'last');
    expect(saved.step).toBe(20);
    expect(saved.config.training).toMatchObject({ steps: 20, lr: 1e-3, schedule: 'constant', from: 12 });
    expect(saved.metrics().find(({ type }) => type === 'continued')).toMatchObject({
      step: 12,
      training: { from: 12, steps: 20, lr: 1e-3 },
    });
  });

  test('what was not said stays as the leg before had it', async () => {
    await train('kept', { lr: 0.02, patience: 7 });
    await train('kept', { steps: 16 });
    const { training } = (await openSaved(at('kept'), 'last')).config;
    expect(training).toMatchObject({ steps: 16, lr: 0.02, patience: 7 });
  });

  test('schedule and warm-up count from where the leg began', async () => {
    const first = await train('rates');
    const second = await train('rates', { steps: 24 });
    expect(first.rates.length).toBe(12);
    expect(second.rates).toEqual(first.rates);
  });

  test('started again as it was, it trains nothing; with --minutes it says that they add nothing', async () => {
    await train('again');
    const { weights } = await train('again', { steps: 18 });
    const again = await train('again', { steps: 18 });
    expect([again.rates, again.start.leg]).toEqual([[], null]);
    expect(again.weights.equals(weights)).toBe(true);
    const { steps: _, ...rest } = small;
    const values = { ...rest, steps: undefined, minutes: 1 };
    const { predicted, rates } = await train('again', values);
    expect(rates).toEqual([]);
    expect(predicted.join()).toContain('--minutes chose the 18 steps of this run when it began, and adds none');
  });
});

test('a leg that is interrupted, twice, ends in the same bits as one that is not', async () => {
  for (const name of ['straight', 'stopped']) await train(name);
  const leg = { steps: 30, lr: 5e-3, schedule: 'plateau', evalEvery: 4, patience: 20 };
  const straight = await train('straight', leg);
  expect((await train('stopped', leg, 17)).start.leg).not.toBeNull();
  const second = await train('stopped', leg, 23);
  expect([second.start.resumedAt, second.start.leg]).toEqual([17, null]);
  const third = await train('stopped', leg);
  expect(third.start.resumedAt).toBe(23);
  expect(third.weights.equals(straight.weights)).toBe(true);
  expect(readFileSync(at('stopped/metrics.jsonl'), 'utf8')).toBe(readFileSync(at('straight/metrics.jsonl'), 'utf8'));
});

test('of a new run the network is checked, and samples come as often as was asked for', async () => {
  const flags = { check: true, sampleEvery: 5, saveSeconds: 1e6, evalEvery: 6 };
  const { start, events } = await train('checked', flags, 7);
  expect(start.checks.length).toBeGreaterThan(3);
  const steps = (type: string) =>
    events.flatMap((event) => (event.type === type && 'step' in event ? [event.step] : []));
  expect([steps('sample'), steps('saved')]).toEqual([[5], [6, 7]]);
  const more = await train('checked', flags);
  expect(more.start.checks).toEqual([]);
  const saved = await openSaved(at('checked'), 'last');
  expect([isRunOf(saved, text as never), isRunOf(saved, { ...text, name: 'classify' } as never)]).toEqual([
    true,
    false,
  ]);
  const parts = await saved.open(async (source) => {
    const files = source as RunFiles; // which a saved run hands to its pipeline
    const config = JSON.parse(new TextDecoder().decode(await files.bytes('config.json'))) as { task: string };
    return [config.task, await files.bytes('model.safetensors').catch(String)];
  });
  expect(parts).toEqual(['text', expect.stringContaining('is not read here')]);
});

test('a run that was stopped before its first save cannot be opened', async () => {
  await (await RunFolder.create(at('empty'), { config: { version: 2 } })).close();
  await expect(openSaved(at('empty'))).rejects.toThrow('holds no checkpoint yet');
});

test('legs are a list of what legs have; what was not asked for stays', () => {
  const leg = { from: 1, steps: 2, lr: 0.1 };
  expect([legsOf('r', undefined), legsOf('r', {}), legsOf('r', { legs: [leg] })]).toEqual([[], [], [leg]]);
  for (const legs of [{}, 5, 'a', [null], [5], [{ ...leg, lr: '0.1' }], [{ from: 1, steps: 2 }]])
    expect(() => legsOf('r', { legs })).toThrow('in an unknown form how it was trained further');
  const training = { steps: 5, lr: 0.1, patience: 2 };
  const asked = { training: { steps: 9, lr: 0.7, patience: 7 } };
  const of = (...given: string[]) => askedOf({ training } as never, asked as never, new Set(given)).training;
  expect(of()).toMatchObject(training);
  expect(of('steps')).toMatchObject({ ...training, steps: 9 });
  expect(of('epochs')).toMatchObject({ ...training, steps: 9 });
  expect(of('lr')).toMatchObject({ ...training, lr: 0.7 });
});

test('two configurations differ where one has nothing and the other something', () => {
  expect(firstDifference({ a: { b: 1 } }, { a: { b: 1 } })).toBe(null);
  expect(firstDifference({ a: { b: 1 } }, { a: { b: 2 } })).toBe('a.b: 1 in the run, 2 asked for');
  expect(firstDifference({ a: null }, { a: { b: 2 } })).toBe('a: null in the run, [object Object] asked for');
  expect(firstDifference({ a: { b: 2 } }, { a: null })).toBe('a: [object Object] in the run, null asked for');
  expect(firstDifference({ data: 'ab'.repeat(32) }, { data: 'cd'.repeat(32) })).toBe(
    'data: abababababab… in the run, cdcdcdcdcdcd… asked for',
  );
  expect(firstDifference({ a: 5 }, { a: {} })).toBe('a: 5 in the run, [object Object] asked for');
  expect(firstDifference(null, null)).toBe(null);
});

test('fewer steps, or anything else that differs, is another run, and nothing is changed', async () => {
  const { weights } = await train('other');
  await expect(train('other', { steps: 8 })).rejects.toThrow('training.steps: 12 in the run, 8 asked for');
  await expect(train('other', { lr: 0.5 })).rejects.toThrow('training.lr: 0.004 in the run, 0.5 asked for');
  await expect(train('other', { steps: 20, hidden: 9 })).rejects.toThrow('model.hiddenSize: 8 in the run, 9 asked for');
  await expect(train('other', { steps: 20, batch: 5 })).rejects.toThrow('training.batch');
  await expect(train('other', { steps: 20, seed: 2 })).rejects.toThrow('training.seed');
  expect((await train('other')).weights.equals(weights)).toBe(true);
});
