// Every compiled backend gives what the reference gives, forward and backward, for every op of the table.

import { describe, expect, test } from 'vitest';
import type { Backend } from '../packages/unrolled/src/backend/backend.ts';
import { Tensor, tensor } from '../packages/unrolled/src/tensor/index.ts';
import { compiledBackends } from './backends.ts';
import { expectClose, tolerances } from './close.ts';
import { type Sample, samples } from './ops.ts';
import { ReferenceBackend } from '../packages/unrolled/src/backend/reference/reference.ts';

const reference = new ReferenceBackend();

/** Outputs, and gradients of Σ seed · outputs for all inputs. */
function results(sample: Sample, backend: Backend): Tensor[] {
  const x = sample.inputs.map(({ shape, values }) => {
    const t = tensor(values, shape, { dtype: 'float32', backend });
    t.requiresGrad = sample.gradient !== 'none';
    return t;
  });
  const y = [sample.run(...x)].flat();
  if (sample.gradient === 'none') return y;
  y.map((out, k) => {
    const seed = Array.from({ length: out.size }, (_, i) => Math.cos(2.1 * i + k) + 0.3);
    return out.mul(tensor(seed, out.shape, { backend })).sum();
  })
    .reduce((a, b) => a.add(b))
    .backward();
  return [...y, ...x.map((t) => t.grad as Tensor)];
}

for (const { title, backend } of await compiledBackends()) {
  describe.skipIf(!backend)(`${title} agrees with the reference:`, () => {
    test.each(samples)('%s', (_name, sample) => {
      const expected = results(sample, reference);
      results(sample, backend as Backend).forEach((actual, k) => {
        expect(actual.shape).toEqual(expected[k].shape);
        expect(actual.dtype).toBe(expected[k].dtype);
        const outputs = expected.length - sample.inputs.length;
        const what = sample.gradient === 'none' || k < outputs ? `output ${k}` : `gradient of input ${k - outputs}`;
        expectClose(actual, expected[k], tolerances.backends, what);
      });
    });
  });
}
