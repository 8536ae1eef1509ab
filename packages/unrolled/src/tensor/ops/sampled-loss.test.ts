// What sampling means for the loss and its gradient, exactly: every possible sample of a small vocabulary, weighted by its probability.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ReferenceBackend } from '../../backend/reference/reference.ts';
import type { Backend } from '../../backend/backend.ts';
import { currentBackend, useBackend } from '../../backend/load.ts';
import { ClassSampler } from '../../nn/class-sampler.ts';
import { indices, setDefaultDtype, tensor } from '../create.ts';
import { manualSeed } from '../random-state.ts';
import type { Tensor } from '../tensor.ts';
import { linearCrossEntropy } from './linear-cross-entropy.ts';
import { type ClassSamples, nceLoss, sampledSoftmaxLoss } from './sampled-loss.ts';

let before: Backend;
beforeAll(async () => {
  before = currentBackend();
  await useBackend(new ReferenceBackend());
  setDefaultDtype('float64');
});
afterAll(async () => {
  setDefaultDtype('float32');
  await useBackend(before);
});

const [V, I] = [4, 2];
const weights = [0.3, -0.8, 1.1, 0.4, -0.5, 0.9, 0.2, -1.3];
const biases = [0.1, -0.4, 0.7, 0.2];
const rows = [0.7, -1.2];
const y = 2;

interface Leaves {
  readonly x: Tensor;
  readonly w: Tensor;
  readonly b: Tensor;
}

function leaves(): Leaves {
  const leaf = (values: number[], shape: number[]) => {
    const t = tensor(values, shape);
    t.requiresGrad = true;
    return t;
  };
  return { x: leaf(rows, [1, I]), w: leaf(weights, [V, I]), b: leaf(biases, [V]) };
}

const scores = biases.map((b, v) => b + rows[0] * weights[v * I] + rows[1] * weights[v * I + 1]);

/** The loss, and its gradient with respect to x, w and b one after the other. */
function learned(loss: (leaves: Leaves) => Tensor): { loss: number; gradient: number[] } {
  const made = leaves();
  const value = loss(made);
  value.backward();
  return { loss: value.itemSync(), gradient: [made.x, made.w, made.b].flatMap((t) => [...(t.grad?.dataSync() ?? [])]) };
}

/** Every sequence of m draws from the classes, merged as the sampler merges them, with its probability. */
function everySample(Q: readonly number[], m: number): { samples: ClassSamples; probability: number }[] {
  const logProbabilities = Float64Array.from(Q, Math.log);
  return Array.from({ length: V ** m }, (_, code) => {
    const draws = Array.from({ length: m }, (_, i) => Math.floor(code / V ** i) % V);
    const classes = [...new Set(draws)];
    return {
      samples: {
        classes: Int32Array.from(classes),
        counts: Int32Array.from(classes, (v) => draws.filter((d) => d === v).length),
        total: m,
        logProbabilities,
      },
      probability: draws.reduce((p, v) => p * Q[v], 1),
    };
  }).filter(({ probability }) => probability > 0);
}

/** E over the samples of whatever is computed from each of them. */
function expectation(Q: readonly number[], m: number, of: (samples: ClassSamples) => readonly number[]): number[] {
  const sums: number[] = [];
  for (const { samples, probability } of everySample(Q, m))
    for (const [i, value] of of(samples).entries()) sums[i] = (sums[i] ?? 0) + probability * value;
  return sums;
}

const farthest = (a: readonly number[], b: readonly number[]) =>
  Math.max(...a.map((value, i) => Math.abs(value - b[i])));
const full = () => learned(({ x, w, b }) => linearCrossEntropy(x, w, b, indices([y])));
const sampled = (samples: ClassSamples) => learned(({ x, w, b }) => sampledSoftmaxLoss(x, w, b, indices([y]), samples));
const noise = (samples: ClassSamples) => learned(({ x, w, b }) => nceLoss(x, w, b, indices([y]), samples));

describe('sampled softmax', () => {
  const Q = [0.4, 0.1, 0.2, 0.3];

  test.each([1, 2, 3, 4])(
    'E[e^loss] over all samples of %i draws is e to the loss over all classes, whatever they are drawn from',
    (m) => {
      const [mean] = expectation(Q, m, (samples) => [Math.exp(sampled(samples).loss)]);
      expect(mean).toBeCloseTo(Math.exp(full().loss), 12);
    },
  );

  test('its expected gradient is that of the full softmax where classes are drawn from the model itself', () => {
    const others = scores.map((s, v) => (v === y ? 0 : Math.exp(s)));
    const sum = others.reduce((a, b) => a + b, 0);
    for (const m of [1, 2, 3]) {
      const mean = expectation(
        others.map((e) => e / sum),
        m,
        (samples) => sampled(samples).gradient,
      );
      expect(farthest(mean, full().gradient)).toBeLessThan(1e-12);
    }
  });

  test('drawn from another distribution its gradient is biased, and less so with more samples', () => {
    const bias = [1, 2, 4].map((m) =>
      farthest(
        expectation(Q, m, (samples) => sampled(samples).gradient),
        full().gradient,
      ),
    );
    expect(bias[0]).toBeGreaterThan(0.01);
    expect(bias[1]).toBeLessThan(0.8 * bias[0]);
    expect(bias[2]).toBeLessThan(0.8 * bias[1]);
  });

  test('many samples of every class are the full softmax', () => {
    const counts = Q.map((q) => 1000 * q);
    const all = Int32Array.of(0, 1, 2, 3);
    const samples = {
      classes: all,
      counts: Int32Array.from(counts),
      total: 1000,
      logProbabilities: Float64Array.from(Q, Math.log),
    };
    const [a, b] = [sampled(samples), full()];
    expect(a.loss).toBeCloseTo(b.loss, 12);
    expect(farthest(a.gradient, b.gradient)).toBeLessThan(1e-12);
  });
});

describe('noise-contrastive estimation', () => {
  const Q = [0.4, 0.1, 0.2, 0.3];

  test('its expectation over all samples is its objective over the noise distribution', () => {
    const m = 3;
    const delta = (v: number) => scores[v] - Math.log(V) - Math.log(m * Q[v]);
    const softplus = (z: number) => Math.log1p(Math.exp(z));
    const objective = softplus(-delta(y)) + m * Q.reduce((sum, q, v) => sum + q * softplus(delta(v)), 0);
    const [mean] = expectation(Q, m, (samples) => [noise(samples).loss]);
    expect(mean).toBeCloseTo(objective, 12);
  });

  test('where the scores are those of the data, no direction lowers it: its minimum is the distribution itself', () => {
    const data = [0.1, 0.2, 0.3, 0.4];
    const gradient = [0, 1, 2, 3].map(() => 0);
    for (const [target, p] of data.entries()) {
      const mean = expectation(Q, 2, (samples) => {
        const b = tensor(
          data.map((q) => Math.log(q)),
          [V],
        );
        b.requiresGrad = true;
        const zero = tensor([0, 0], [1, I]);
        const w = tensor(weights, [V, I]);
        nceLoss(zero, w, b, indices([target]), samples, { logNormalizer: 0 }).backward();
        return [...(b.grad?.dataSync() ?? [])];
      });
      for (const [v, g] of mean.entries()) gradient[v] += p * g;
    }
    expect(farthest(gradient, [0, 0, 0, 0])).toBeLessThan(1e-12);
  });
});

test('only the rows of the targets and of the samples have a gradient', () => {
  const { x, w, b } = leaves();
  const samples = { ...everySample([1, 0, 0, 0], 1)[0].samples, logProbabilities: new Float64Array(V).fill(-1) };
  sampledSoftmaxLoss(x, w, b, indices([y]), samples).backward();
  expect([...(b.grad?.dataSync() ?? [])].map((g) => g !== 0)).toEqual([true, false, true, false]);
});

test('ClassSampler draws as often as it says, and as the seed says', () => {
  const sampler = ClassSampler.fromCounts([700, 0, 200, 99]);
  manualSeed(3);
  const { classes, counts, total, logProbabilities } = sampler.draw(20_000);
  expect(counts.reduce((a, b) => a + b, 0)).toBe(total);
  for (const [k, v] of classes.entries()) {
    const q = Math.exp(logProbabilities[v]);
    expect(Math.abs(counts[k] - total * q)).toBeLessThan(4 * Math.sqrt(total * q)); // four deviations
  }
  manualSeed(3);
  expect(sampler.draw(20_000).counts).toEqual(counts);
  expect(Math.exp(ClassSampler.zipf(9).logProbabilities[0])).toBeCloseTo(Math.log(2) / Math.log(10), 12);
});

test('what does not fit is refused', () => {
  const { x, w, b } = leaves();
  const [{ samples }] = everySample([0.4, 0.1, 0.2, 0.3], 1);
  const loss = (over: Partial<ClassSamples>, targets = [y]) =>
    sampledSoftmaxLoss(x, w, b, indices(targets), { ...samples, ...over });
  expect(() => loss({ classes: Int32Array.of(4) })).toThrow(
    'sampledSoftmaxLoss: samples.classes: expected classes from 0 to 3, got 4',
  );
  expect(() => loss({ counts: Int32Array.of(1, 1) })).toThrow(
    'samples.counts, one for each sampled class, of shape [1], got [2]',
  );
  expect(() => loss({ logProbabilities: new Float64Array(3) })).toThrow(
    'samples.logProbabilities, one for each class, of shape [4], got [3]',
  );
  expect(() => loss({}, [7])).toThrow('expected integers from 0 to 3, got 7 at position 0');
  expect(() => new ClassSampler([1, 0])).toThrow('ClassSampler: weights: expected numbers above 0, got 0 for class 1');
  expect(() => ClassSampler.zipf(0)).toThrow('ClassSampler.zipf: classes');
  expect(() => ClassSampler.zipf(2 ** 40)).toThrow('ClassSampler.zipf: classes: expected at most 16777216');
  expect(() => ClassSampler.zipf(3).draw(2 ** 40)).toThrow('ClassSampler.draw: total: expected at most 16777216');
});
