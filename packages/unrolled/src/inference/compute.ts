// Computing with a model that is not trained now: on the backend that its weights are on, whichever is the current one, without a record, and in a
// scope of its own, so that what is made and not returned is free afterwards.

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
