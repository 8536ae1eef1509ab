// Backward belongs to forward: every op of the table against central differences, in float64 on the reference backend.

import { describe, expect, test } from 'vitest';
import { ReferenceBackend } from '../packages/unrolled/src/backend/reference/reference.ts';
import { Tensor, tensor } from '../packages/unrolled/src/tensor/index.ts';
import { expectClose, tolerances } from './close.ts';
import { type Input, type Sample, samples } from './ops.ts';

const step = 1e-5;
const backend = new ReferenceBackend();

function leaf({ shape, values }: Input, requiresGrad = true): Tensor {
  const x = tensor(values, shape, { dtype: 'float64', backend });
  x.requiresGrad = requiresGrad;
  return x;
}

const outputs = (sample: Sample, x: Tensor[]): readonly Tensor[] => [sample.run(...x)].flat();

/** Weights of output k in the loss: any numbers will do that are not alike. */
const seed = (k: number, n: number): number[] => Array.from({ length: n }, (_, i) => Math.cos(2.1 * i + k) + 0.3);

/** Σ seed · output, in plain numbers. */
function loss(sample: Sample, inputs: readonly Input[]): number {
  let sum = 0;
  outputs(
    sample,
    inputs.map((x) => leaf(x, false)),
  ).forEach((y, k) => {
    const weights = seed(k, y.size);
    y.dataSync().forEach((v, i) => (sum += v * weights[i]));
  });
  return sum;
}

/** Gradients of that loss for the inputs in `wanted`; null for the others. */
function gradients(sample: Sample, wanted: (k: number) => boolean): (Tensor | null)[] {
  const x = sample.inputs.map((input, k) => leaf(input, wanted(k)));
  const total = outputs(sample, x)
    .map((y, k) => y.mul(tensor(seed(k, y.size), y.shape, { dtype: 'float64', backend })).sum())
    .reduce((a, b) => a.add(b));
  total.backward();
  return x.map((t) => t.grad);
}

function differences(sample: Sample, k: number): number[] {
  const nudged = (i: number, by: number) =>
    loss(
      sample,
      sample.inputs.map((x, j) => (j === k ? { ...x, values: x.values.with(i, x.values[i] + by) } : x)),
    );
  return sample.inputs[k].values.map((_, i) => (nudged(i, step) - nudged(i, -step)) / (2 * step));
}

describe.each(samples.filter(([, sample]) => sample.gradient !== 'none'))('%s', (_name, sample) => {
  test('the gradient of every input agrees with central differences', () => {
    gradients(sample, () => true).forEach((dx, k) => {
      expect(dx?.shape).toEqual(sample.inputs[k].shape);
      expectClose(dx as Tensor, differences(sample, k), tolerances.gradient, `gradient of input ${k}`);
    });
  });

  test('an input that is the only one to want its gradient gets the same', () => {
    const all = gradients(sample, () => true);
    sample.inputs.forEach((_, k) => {
      const alone = gradients(sample, (j) => j === k);
      expectClose(alone[k] as Tensor, all[k] as Tensor, tolerances.float64, `gradient of input ${k}`);
      alone.forEach((dx, j) => j === k || expect(dx).toBeNull());
    });
  });
});

test.each(samples.filter(([, sample]) => sample.gradient === 'none'))('%s wants no gradient', (_name, sample) => {
  const x = sample.inputs.map((input) => leaf(input));
  for (const y of outputs(sample, x)) expect(y.requiresGrad).toBe(false);
});
