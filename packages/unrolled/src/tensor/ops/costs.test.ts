// What is computed how often: the values alone would not tell.

import { expect, test, vi } from 'vitest';
import { ReferenceBackend } from '../../backend/reference/reference.ts';
import { indices, linearCrossEntropy, ones, sequence } from '../index.ts';

/** A layer of one direction over T = 9 steps, and its backward pass: how often the kernels were called. */
function calls(recompute: boolean, requiresGrad = true) {
  const backend = new ReferenceBackend();
  const of = (...shape: number[]) => ones(shape, { backend, dtype: 'float64' });
  const [forward, backward] = [vi.spyOn(backend, 'sequenceForward'), vi.spyOn(backend, 'sequenceBackward')];
  const weightIh = of(4, 3);
  weightIh.requiresGrad = requiresGrad;
  const direction = { weightIh, weightHh: of(4, 4), biasIh: null, biasHh: null, h0: null, c0: null, mask: null };
  const { y } = sequence('rnnTanh', of(9, 2, 3), [direction], { recompute });
  const forwardAlone = forward.mock.calls.length;
  if (requiresGrad) y.sum().backward();
  return { forwardAlone, again: forward.mock.calls.length - forwardAlone, backward: backward.mock.calls.length };
}

test('a sequence is computed forward once, and backward once', () => {
  expect(calls(false)).toEqual({ forwardAlone: 1, again: 0, backward: 1 });
  expect(calls(false, false)).toEqual({ forwardAlone: 1, again: 0, backward: 0 });
});

test('in segments, to save memory, each is computed once more, from the last to the first', () => {
  const { forwardAlone, again, backward } = calls(true);
  expect(forwardAlone).toBe(3); // ⌈√9⌉ segments
  expect([again, backward]).toEqual([3, 3]);
});

test('a loss without smoothing, or without a target that counts, has nothing added to it', () => {
  const backend = new ReferenceBackend();
  const x = ones([2, 3], { backend });
  const weight = ones([4, 3], { backend });
  weight.requiresGrad = true;
  const loss = (targets: number[], labelSmoothing: number) =>
    linearCrossEntropy(x, weight, null, indices(targets, undefined, { backend }), { labelSmoothing });
  expect(loss([1, 2], 0).node?.op).toBe('linearCrossEntropy');
  expect(loss([-100, -100], 0.1).node?.op).toBe('linearCrossEntropy');
  expect(loss([1, -100], 0.1).node?.op).toBe('add');
  expect(loss([-100, -100], 0.1).itemSync()).toBe(0);
});
