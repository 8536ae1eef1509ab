// Using a model in the middle of its training: dropout off and batch norm at rest meanwhile, and training goes on as before.

import { noGrad } from '../tensor/autograd.ts';
import { scope } from '../tensor/scope.ts';
import type { Module } from './module.ts';

/** Runs `body` with the model in evaluation, and puts its mode back: at once, or when the promise that `body` returned has settled. */
export function inEvaluation<R>(model: Module, body: () => R): R {
  const wasTraining = model.training;
  const restore = () => model.train(wasTraining);
  model.eval();
  let result: R;
  try {
    result = body();
  } catch (error) {
    restore();
    throw error;
  }
  if (result instanceof Promise) return result.finally(restore) as R;
  restore();
  return result;
}

/** The same without a record of gradients and in a scope of its own, from which the result is returned. */
export function infer<R>(model: Module, body: () => R): R {
  return inEvaluation(model, () => scope(() => noGrad(body)));
}
