// Every task's probe: its examples are the task's own, rows do not know of each other, and what is behind a row's end changes nothing before it.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Backend, currentBackend, useBackend } from '../backend/index.ts';
import { ReferenceBackend } from '../backend/reference/reference.ts';
import { StreamBatcher } from '../data/streams.ts';
import { memoryProblems } from '../data/synthetic/memory/index.ts';
import { makeSines } from '../data/synthetic/sines.ts';
import { Windows } from '../data/windows.ts';
import { Forecaster } from '../models/forecaster.ts';
import { LanguageModel } from '../models/language-model.ts';
import { MemoryModel } from '../models/memory-model.ts';
import { Seq2Seq } from '../models/seq2seq/seq2seq.ts';
import { SequenceClassifier } from '../models/sequence-classifier.ts';
import { SequenceTagger } from '../models/sequence-tagger.ts';
import { indices, tensor } from '../tensor/create.ts';
import { manualSeed } from '../tensor/random-state.ts';
import { Tensor } from '../tensor/tensor.ts';
import { classifyTask } from './classify-task.ts';
import { forecastTask } from './forecast-task.ts';
import { languageTask } from './language-task.ts';
import { memoryTask } from './memory-tasks.ts';
import { chooseRows, type Probe } from './probe.ts';
import { tagTask } from './tag-task.ts';
import type { Task } from './task.ts';
import { translateTask } from './translate-task.ts';

let before: Backend;
beforeAll(async () => {
  before = currentBackend();
  await useBackend(new ReferenceBackend());
});
afterAll(() => useBackend(before));

const sequences = [[1, 2, 3, 4, 5], [6, 5], [2, 2, 2], [4]];
const labels = [0, 0, 2, 1];
const tags = sequences.map((row) => row.map((symbol) => symbol % 3));

const ids = Int32Array.from({ length: 61 }, (_, i) => (i * i + 3 * i) % 7);
const makeLanguage = () => {
  const model = new LanguageModel(7, { cell: 'gru', hiddenSize: 4 });
  return { model, task: languageTask(model, { train: new StreamBatcher(ids, { streams: 3, windowLength: 5 }) }) };
};
const makeClassifier = () => {
  const model = new SequenceClassifier({ vocabularySize: 8, classes: 3, hiddenSize: 4, embeddingDim: 3 });
  return { model, task: classifyTask(model, { train: { sequences, labels }, batchSize: 2 }) };
};
const makeTagger = () => {
  const model = new SequenceTagger({ vocabularySize: 8, classes: 3, hiddenSize: 4, embeddingDim: 3 });
  return { model, task: tagTask(model, { train: { sequences, labels: tags }, batchSize: 2 }) };
};
const makeTranslator = () => {
  const model = new Seq2Seq({ sourceVocabulary: 8, targetVocabulary: 9, hiddenSize: 4, embeddingDim: 3 });
  const targets = sequences.map((row) =>
    row
      .toReversed()
      .slice(0, 3)
      .map((symbol) => symbol + 2),
  );
  return { model, targets, task: translateTask(model, { train: { sources: sequences, targets }, batchSize: 2 }) };
};
const makeForecaster = () => {
  const series = makeSines(60, 3, { channels: 2, noise: 0.05 });
  const windows = new Windows(series, { length: 8, horizon: 3 });
  const model = new Forecaster({ channels: 2, length: 8, horizon: 3, hiddenSize: 4 }).standardize(series);
  return { model, windows, task: forecastTask(model, { train: windows, batchSize: 4 }) };
};
const makeMemory = (name: keyof typeof memoryProblems) => {
  const problem = memoryProblems[name].make({ length: 20 });
  const model = new MemoryModel(problem.inputSize, problem.outputSize, { cell: 'lstm', hiddenSize: 4 });
  return { model, problem, task: memoryTask(model, problem, { batchSize: 4, testSize: 4, seed: 3 }) };
};

const kinds: Record<string, () => { readonly task: Task }> = {
  language: makeLanguage,
  classify: makeClassifier,
  tag: makeTagger,
  translate: makeTranslator,
  forecast: makeForecaster,
  ...Object.fromEntries(
    Object.keys(memoryProblems).map((name) => [`memory: ${name}`, () => makeMemory(name as never)]),
  ),
};

const close = (actual: ArrayLike<number>, expected: ArrayLike<number>, digits = 5) => {
  expect(actual.length).toBe(expected.length);
  Array.from(actual).forEach((v, k) => expect(v).toBeCloseTo(expected[k], digits));
};

function probeOf(make: () => { readonly task: Task }, size?: Parameters<NonNullable<Task['probe']>>[0]): Probe {
  manualSeed(5);
  return make().task.probe?.(size) as Probe;
}

describe.each(Object.entries(kinds))('the probe of %s', (_name, make) => {
  test('has rows that do not know of each other, and nothing behind them changes what they say', () => {
    const probe = probeOf(make);
    const all = Array.from({ length: probe.rows }, (_, r) => r);
    expect(probe.rows).toBeGreaterThan(1);
    const outputs = probe.outputs(all, 0);
    expect(new Set(outputs.map((row) => Array.from(row).join())).size).toBeGreaterThan(1);
    for (const r of all) close(probe.outputs([r], 0)[0], outputs[r]);
    probe.outputs(all.toReversed(), 0).forEach((row, k) => close(row, outputs[all.length - 1 - k]));
    if (probe.behind !== null) probe.outputs(all, 3).forEach((row, r) => close(row, outputs[r]));
    probe.inPieces?.(all).forEach((row, r) => close(row, outputs[r]));
    const alone = all.map((r) => probe.loss([r]).itemSync());
    expect(Math.min(...alone)).toBeLessThanOrEqual(probe.loss(all).itemSync());
    expect(Math.max(...alone)).toBeGreaterThanOrEqual(probe.loss(all).itemSync());
  });

  test('is the same each time, and has no more rows than are wanted', () => {
    const [a, b] = [probeOf(make), probeOf(make, { rows: 1 })];
    expect(probeOf(make).loss([0]).itemSync()).toBe(a.loss([0]).itemSync());
    expect(b.rows).toBe(1);
  });
});

test.each(['language', 'classify', 'tag', 'translate'])('%s: asked for more steps, the model reads more', (name) => {
  manualSeed(5);
  const { model, task } = kinds[name]() as unknown as { model: { forward: (x: unknown) => unknown }; task: Task };
  const probe = task.probe?.() as Probe;
  const read: Record<string, Tensor>[] = [];
  const original = model.forward.bind(model) as (...all: unknown[]) => unknown;
  model.forward = (...all: unknown[]) => {
    read.push(all[0] instanceof Tensor ? { x: all[0] } : (all[0] as Record<string, Tensor>));
    return original(...all);
  };
  probe.outputs([0, 1], 0);
  probe.outputs([0, 1], 3);
  const [own, longer] = read;
  for (const part of name === 'translate' ? ['source', 'input', 'target'] : ['x']) {
    expect(longer[part].shape).toEqual([own[part].shape[0] + 3, 2]);
    const [few, more] = [own[part], longer[part]].map((x) => [...x.dataSync()]);
    expect(more.slice(0, few.length)).toEqual(few);
  }
  if (name !== 'language') return;
  // Behind a window its streams go on: the probe's have to go on in another way.
  const steps = (longer.x.toArray() as number[][]).slice(probe.steps);
  for (const [k, row] of steps.entries()) expect(row).toEqual([0, 1].map((b) => (ids[20 * b] + probe.steps + k) % 7));
});

describe('the examples of a probe are those of the task:', () => {
  const numbers = (t: Tensor) => [...t.dataSync()];

  test('the start of the streams', () => {
    manualSeed(5);
    const { model, task } = makeLanguage();
    const probe = task.probe?.({ rows: 2, steps: 4 }) as Probe;
    expect(probe).toMatchObject({ rows: 2, steps: 4, behind: 'future', baseline: { loss: Math.log(7), name: 'ln 7' } });
    expect(task.probe?.().steps).toBe(5); // no more than a window
    const stream = (b: number, from: number) => [...ids.subarray(20 * b + from, 20 * b + from + 4)];
    const x = indices([0, 1].map((b) => stream(b, 0)), [2, 4]).transpose(0, 1); // biome-ignore format: one line
    const y = indices([0, 1].map((b) => stream(b, 1)), [2, 4]).transpose(0, 1); // biome-ignore format: one line
    expect(probe.loss([0, 1]).itemSync()).toBeCloseTo(model.loss(x, y).loss.itemSync(), 6);
    const [logits] = model.forward(x);
    [0, 1].forEach((b) => close(probe.outputs([0, 1], 0)[b], numbers(logits.select(1, b))));
    expect(probe.inPieces?.([0])[0].length).toBe(4 * 7);
    const short = task.probe?.({ steps: 1 }) as Probe;
    expect(short.inPieces?.([0])[0].length).toBe(7);
  });

  test('sequences of different labels, their first steps', () => {
    manualSeed(5);
    const { model, task } = makeClassifier();
    const probe = task.probe?.({ rows: 3, steps: 3 }) as Probe;
    expect(probe).toMatchObject({ rows: 3, steps: 3, baseline: { loss: Math.log(3), name: 'ln 3' } });
    const cut = [[1, 2, 3], [2, 2, 2], [4]]; // biome-ignore format: one line
    cut.forEach((row, r) => close(probe.outputs([r], 0)[0], numbers(model.forward(indices(row, [row.length, 1]))[0])));
    cut.forEach((row, r) =>
      expect(probe.loss([r]).itemSync()).toBeCloseTo(model.loss(indices(row, [row.length, 1]), indices([[0, 2, 1][r]])).itemSync(), 6)); // biome-ignore format: one line
    expect(task.probe?.({ steps: 9 })?.steps).toBe(5);
  });

  test('sequences of numbers are cut by steps, not by numbers', () => {
    manualSeed(5);
    const model = new SequenceClassifier({ inputSize: 2, classes: 2, hiddenSize: 3 });
    const rows = [[1, 2, 3, 4, 5, 6], [7, 8]]; // biome-ignore format: one line
    const probe = classifyTask(model, { train: { sequences: rows, labels: [0, 1] }, batchSize: 2 }).probe?.({
      steps: 2,
    });
    expect(probe?.steps).toBe(2);
    close(probe?.outputs([0], 0)[0] ?? [], numbers(model.forward(tensor([1, 2, 3, 4], [2, 1, 2]))[0]));
  });

  test('tagged sequences', () => {
    manualSeed(5);
    const { model, task } = makeTagger();
    const probe = task.probe?.({ rows: 2, steps: 3 }) as Probe;
    expect([probe.rows, probe.steps]).toEqual([2, 3]);
    const cut = [[1, 2, 3], [6, 5]]; // biome-ignore format: one line
    cut.forEach((row, r) => {
      const x = indices(row, [row.length, 1]);
      close(probe.outputs([r], 0)[0], numbers(model.forward(x)));
      const target = indices(row.map((symbol) => symbol % 3), [row.length, 1]); // biome-ignore format: one line
      expect(probe.loss([r]).itemSync()).toBeCloseTo(model.loss(x, target).itemSync(), 6);
    });
    expect(task.probe?.().steps).toBe(5);
  });

  test('pairs, with the end behind each target', () => {
    manualSeed(5);
    const { model, task, targets } = makeTranslator();
    const probe = task.probe?.({ rows: 3 }) as Probe;
    expect([probe.rows, probe.steps]).toEqual([3, 5]);
    for (const r of [0, 1, 2]) {
      const batch = model.batch([sequences[r]], [targets[r]]);
      const own = numbers(model.forward(batch).logits);
      expect(own.length).toBe((targets[r].length + 1) * 9);
      close(probe.outputs([r], 0)[0], own);
      expect(probe.loss([r]).itemSync()).toBeCloseTo(model.loss(batch).itemSync(), 6);
    }
  });

  test('windows from all over the series, standardized', () => {
    manualSeed(5);
    const { model, windows, task } = makeForecaster();
    const probe = task.probe?.({ rows: 3 }) as Probe;
    expect([probe.rows, probe.steps, windows.count]).toEqual([3, 8, 50]);
    [0, 16, 33].forEach((n, r) => {
      const batch = windows.batch(Int32Array.of(n));
      const { values } = model.forecastWindows(batch);
      const standard = Array.from(values, (v, i) => (v - model.mean[i % 2]) / model.deviation[i % 2]);
      close(probe.outputs([r], 0)[0], standard);
      close(probe.outputs([2, r], 0)[1], standard);
      expect(probe.loss([r]).itemSync()).toBeCloseTo(model.windowLoss(batch).itemSync(), 6);
    });
    expect(task.probe?.({ rows: 99 })?.rows).toBe(50);
  });

  test.each(Object.keys(memoryProblems))('sequences of %s that no batch has', (name) => {
    manualSeed(5);
    const { model, problem, task } = makeMemory(name as never);
    const probe = task.probe?.({ rows: 3 }) as Probe;
    const seen: { x: Tensor; y: Tensor }[] = [];
    for (const method of ['forward', 'last'] as const) {
      const original = model[method].bind(model) as (x: Tensor, options: never) => Tensor;
      model[method] = ((x: Tensor, options: never) => {
        const y = original(x, options);
        if (method === (problem.asks === 'classes' ? 'forward' : 'last')) seen.push({ x, y });
        return y;
      }) as never;
    }
    const whole = probe.outputs([0, 1, 2], 0);
    const one = probe.outputs([1], 2);
    const [all, alone] = seen;
    expect(all.x.shape).toEqual([probe.steps, 3, problem.inputSize]);
    expect(alone.x.shape).toEqual([probe.steps + 2, 1, problem.inputSize]);
    close(numbers(alone.x.select(1, 0)).slice(0, probe.steps * problem.inputSize), numbers(all.x.select(1, 1)));
    expect(new Set(numbers(alone.x).slice(probe.steps * problem.inputSize))).toEqual(new Set([1]));
    const rowOf = (y: Tensor, b: number) => numbers(problem.asks === 'classes' ? y.select(1, b) : y.select(0, b));
    close(one[0], rowOf(alone.y, 0).slice(0, one[0].length));
    whole.forEach((row, b) => close(row, rowOf(all.y, b).slice(0, row.length)));
    const C = problem.outputSize;
    expect(probe.baseline).toEqual(problem.asks === 'number' ? null : { loss: Math.log(C), name: `ln ${C}` });
    expect(whole[0].length % C).toBe(0);
  });

  test('of labels that are told apart as far as there are any', () => {
    const of = ['a', 'a', 'b', 'a', 'c', 'b'];
    expect(chooseRows(6, 3, (n) => of[n])).toEqual([0, 2, 4]);
    expect(chooseRows(6, 5, (n) => of[n])).toEqual([0, 2, 4, 1, 3]);
    expect(chooseRows(2, 5, (n) => of[n])).toEqual([0, 1]);
  });
});
