// Inference: computes on the backend that the model's weights are on, whichever is the current one, without recording gradients, and in a
// scope of its own, so that intermediate tensors are freed afterwards.

import { withBackend } from '../backend/load.ts';
import type { Module } from '../nn/module.ts';
import { noGrad } from '../tensor/autograd.ts';
import { scope } from '../tensor/scope.ts';

export function compute<R>(model: Module, body: () => R): R {
  const [, parameter] = model.namedParameters().next().value as [
    string,
    { readonly backend: Parameters<typeof withBackend>[0] },
  ];
  return withBackend(parameter.backend, () => scope(() => noGrad(body)));
}
