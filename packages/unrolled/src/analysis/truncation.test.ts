import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { currentBackend, useBackend } from '../backend/load.ts';
import type { Backend } from '../backend/backend.ts';
import { ReferenceBackend } from '../backend/reference/reference.ts';
import { LanguageModel } from '../models/language-model.ts';
import { SGD } from '../optim/index.ts';
import { indices, manualSeed } from '../tensor/index.ts';
import { scope } from '../tensor/scope.ts';
import { describeMemoryLength, memoryLength, memoryLengthPlot } from './memory-length.ts';
import { NGramModel } from './n-gram.ts';
import {
  agreement,
  describeTruncation,
  gradientOf,
  languageWindows,
  truncationPlot,
  truncationReport,
} from './truncation.ts';

let before: Backend;
beforeAll(async () => {
  before = currentBackend();
  await useBackend(new ReferenceBackend());
});
afterAll(() => useBackend(before));

const ids = Int32Array.from({ length: 600 }, (_, i) => (i * i + 3 * i) % 5);
const model = (cell: 'rnn' | 'lstm' | 'gru' = 'gru') => {
  manualSeed(6);
  return new LanguageModel(5, { cell, hiddenSize: 6, numLayers: 2 });
};

describe('truncationReport', () => {
  test.each(['rnn', 'lstm', 'gru'] as const)(
    'a window as long as the sequence gives the gradients of back-propagation without truncation, to the last bit: %s',
    (cell) => {
      const net = model(cell);
      const [T, B] = [24, 3];
      const row = Math.floor((ids.length - 1) / B);
      const at = (shift: number) =>
        indices(
          Array.from({ length: T * B }, (_, i) => ids[(i % B) * row + Math.floor(i / B) + shift]),
          [T, B],
        );
      net.loss(at(0), at(1), null, 'sum').loss.backward();
      const plain = Array.from(net.namedParameters(), ([name, p]) => [name, [...(p.grad?.dataSync() ?? [])]]);
      net.zeroGrad();
      const windowed = gradientOf(net, languageWindows(net, ids, { streams: B, steps: T }), T, T);
      expect(Array.from(windowed, ([name, g]) => [name, [...g]])).toEqual(plain);
    },
  );

  test('longer windows agree better, the whole one exactly, and the shortest that is good enough is recommended', () => {
    const net = model();
    const report = truncationReport(net, languageWindows(net, ids, { streams: 4, steps: 64 }), {
      steps: 64,
      window: 4,
    });
    expect(report.windows.map(({ window }) => window)).toEqual([4, 8, 16, 64]);
    const cosines = report.windows.map(({ cosine }) => cosine);
    expect(cosines.toSorted((a, b) => a - b)).toEqual(cosines);
    expect([report.windows[3].cosine, report.windows[3].normRatio]).toEqual([1, 1].map((v) => expect.closeTo(v, 12)));
    expect(report.windows[0].cosine).toBeLessThan(1);
    expect(report.windows.find(({ cosine }) => cosine >= 0.95)?.window).toBe(report.recommended);
    expect(report.windows[0].parameters.map(({ name }) => name)).toEqual(Array.from(net.namedParameters(), ([n]) => n));
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    expect(describeTruncation(report).at(-1)).toContain(`Recommended window: ${report.recommended} steps`);
    expect(describeTruncation(report, 'ko').at(-1)).toContain(`권하는 창: ${report.recommended}단계`);
    expect(truncationPlot(report)).toContain('all parameters');
    // Nothing stays behind.
    expect(net.parameters().every((p) => p.grad === null)).toBe(true);
  });

  test('the agreement of two gradients by hand', () => {
    expect(agreement([3, 4], [6, 8])).toEqual({ cosine: 1, normRatio: 0.5 });
    expect(agreement([1, 0], [0, 2])).toEqual({ cosine: 0, normRatio: 0.5 });
    expect(agreement([0], [0])).toEqual({ cosine: 1, normRatio: 1 });
    expect(() => languageWindows(model(), ids, { streams: 10, steps: 60 })).toThrow(
      '10 rows of 60 need 601 symbols, got 600',
    );
  });
});

describe('NGramModel', () => {
  test('by hand: after "ababac", the order-2 probability of b after a is (2 + 2·P₁(b)) / (3 + 2)', () => {
    const [a, b, c] = [0, 1, 2];
    const counted = new NGramModel([a, b, a, b, a, c], { order: 2, vocabularySize: 4 });
    const p1 = (2 + 3 / 4) / (6 + 3);
    const [first, second] = counted.lossAt([a, b], 1);
    expect(Math.exp(-first)).toBeCloseTo(p1, 12);
    expect(Math.exp(-second)).toBeCloseTo((2 + 2 * p1) / (3 + 2), 12);
  });

  test('the probabilities of all symbols add up to one, after any context', () => {
    const counted = new NGramModel(ids, { order: 4, vocabularySize: 6 });
    for (const context of [
      [1, 4, 3],
      [0, 0, 0],
      [5, 5, 5],
    ]) {
      const sums = [0, 0, 0, 0];
      for (let w = 0; w < 6; w++) counted.lossAt([...context, w], 3).forEach((l, n) => (sums[n] += Math.exp(-l)));
      for (const sum of sums) expect(sum).toBeCloseTo(1, 12);
    }
  });
});

test('a network that learnt a rule of two symbols back uses two symbols, and n-grams say the same', () => {
  // The next symbol is the one before the last plus one: what is two back decides, all else is nothing.
  const rule = Int32Array.from({ length: 900 }, () => 0);
  rule[1] = 2;
  for (let i = 2; i < rule.length; i++) rule[i] = i % 17 === 0 ? (i * 7) % 5 : (rule[i - 2] + 1) % 5;
  manualSeed(3);
  const net = new LanguageModel(5, { cell: 'gru', hiddenSize: 16, numLayers: 1 });
  const optimizer = new SGD(net.parameters(), { lr: 1, momentum: 0.5 });
  for (let k = 0; k < 250; k++)
    scope(() => {
      const from = (k * 13) % 500;
      const at = (shift: number) => indices(rule.slice(from + shift, from + shift + 30), [30, 1]);
      optimizer.zeroGrad();
      net.loss(at(0), at(1)).loss.backward();
      optimizer.step();
    });
  const found = memoryLength(net, rule.slice(500), {
    contexts: [1, 2, 3, 4, 8],
    positions: 200,
    countIn: rule.slice(0, 500),
    order: 4,
    tolerance: 0.1,
  });
  expect(found.uses).toBeLessThanOrEqual(3);
  expect(found.contexts[0].excess).toBeGreaterThan(0.3);
  expect(found.contexts[4].excess).toBe(0);
  expect(found.ngrams.map(({ context }) => context)).toEqual([0, 1, 2, 3]);
  expect(found.ngrams[2].loss).toBeLessThan(found.ngrams[1].loss - 0.3);
  expect(describeMemoryLength(found)[1]).toContain(`about ${found.uses} symbols`);
  expect(describeMemoryLength(found, 'ko')[1]).toContain(`${found.uses}글자쯤`);
  expect(memoryLengthPlot(found)).toContain('counting (n-grams)');
  expect(() => memoryLength(net, rule.slice(0, 4), { contexts: [8] })).toThrow('expected more than 8 symbols, got 4');
});
