import { expect, test } from 'vitest';
import { ones } from '../tensor/create.ts';
import { infer, inEvaluation } from './in-evaluation.ts';
import { Linear } from './linear.ts';

test('the mode is put back after a result, an error, and when a promise has settled', async () => {
  const model = new Linear(2, 2);
  expect(inEvaluation(model, () => model.training)).toBe(false);
  expect(model.training).toBe(true);
  const fails = () => {
    throw new Error('no');
  };
  expect(() => inEvaluation(model, fails)).toThrow('no');
  expect(model.training).toBe(true);
  const later = inEvaluation(model, async () => {
    await Promise.resolve();
    return model.training;
  });
  expect(model.training).toBe(false);
  expect(await later).toBe(false);
  expect(model.training).toBe(true);
  await expect(inEvaluation(model, async () => fails())).rejects.toThrow('no');
  expect(model.training).toBe(true);
});

test('a model in evaluation stays in evaluation, and what infer returns has no gradient', () => {
  const model = new Linear(2, 2).eval();
  const y = infer(model, () => model.forward(ones([1, 2])));
  expect([model.training, y.requiresGrad, y.shape]).toEqual([false, false, [1, 2]]);
});
