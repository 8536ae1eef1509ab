import { beforeEach, expect, test } from 'vitest';
import { StreamBatcher } from '../data/streams.ts';
import { LanguageModel, type LanguageModelOptions } from '../models/language-model.ts';
import { noGrad } from '../tensor/autograd.ts';
import { indices } from '../tensor/create.ts';
import { manualSeed } from '../tensor/random-state.ts';
import { evaluateWithCache } from './cache-evaluation.ts';
import { evaluateLanguageModel } from './language-task.ts';

beforeEach(() => manualSeed(1));

const V = 6;
const ids = Int32Array.from({ length: 300 }, (_, n) => (n * n + 3 * (n % 7)) % V);
const make = (options: LanguageModelOptions = {}) => new LanguageModel(V, { cell: 'gru', hiddenSize: 5, ...options });

/** The paper's equations, one step after the other, from the states and probabilities of one forward pass. */
function byHand(model: LanguageModel, size: number, theta: number, weight: number): number {
  model.eval();
  const T = ids.length - 1;
  const [h] = noGrad(() => model.hidden(indices(ids.subarray(0, T), [T, 1])));
  const p = Array.from(noGrad(() => model.scores(h).softmax()).dataSync());
  const states = Array.from({ length: T }, (_, t) => Array.from(h.select(0, t).dataSync()));
  let loss = 0;
  for (let t = 0; t < T; t++) {
    const mass = new Array<number>(V).fill(0);
    for (let i = Math.max(0, t - size); i < t; i++)
      mass[ids[i + 1]] += Math.exp(theta * states[t].reduce((sum, v, j) => sum + v * states[i][j], 0));
    const all = mass.reduce((a, b) => a + b, 0);
    const own = p[t * V + ids[t + 1]];
    loss -= Math.log(all === 0 ? own : (1 - weight) * own + weight * (mass[ids[t + 1]] / all));
  }
  return loss / T;
}

test.each([
  [1, 0.3, 0.1],
  [40, 2, 0.25],
  [1000, 0, 0.5],
])('a cache of %i steps, θ %f, λ %f, is the paper’s equation over every step', async (size, theta, weight) => {
  const model = make();
  const { loss, targets } = await evaluateWithCache(model, ids, { size, theta, weight });
  expect(targets).toBe(299);
  expect(loss).toBeCloseTo(byHand(model, size, theta, weight), 5);
});

test('without a share the cache changes nothing, and alone the model is as evaluateLanguageModel finds it', async () => {
  for (const options of [{}, { output: 'adaptive', cutoffs: [2] }] as const) {
    const model = make(options);
    const { loss, plain } = await evaluateWithCache(model, ids, { weight: 0 });
    expect(loss).toBeCloseTo(plain, 10);
    const alone = await evaluateLanguageModel(model, new StreamBatcher(ids, { streams: 1, windowLength: 50 }));
    expect(plain).toBeCloseTo(alone.loss, 5);
  }
});

test('a text that repeats itself is predicted better by a model that has learned nothing', async () => {
  const { loss, plain } = await evaluateWithCache(make(), ids, { size: 200, theta: 20, weight: 0.3 });
  expect(loss).toBeLessThan(plain - 0.1);
});

test('what makes no cache is refused', async () => {
  const model = make();
  await expect(evaluateWithCache(model, ids, { size: 0 })).rejects.toThrow('evaluateWithCache: size');
  await expect(evaluateWithCache(model, ids, { weight: 1 })).rejects.toThrow(
    'expected a number from 0, below 1, got 1',
  );
  await expect(evaluateWithCache(model, Int32Array.of(1))).rejects.toThrow('expected at least 2 symbols, got 1');
  await expect(evaluateWithCache(model, ids, { theta: -1 })).rejects.toThrow('theta');
});
