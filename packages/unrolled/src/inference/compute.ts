// Inference: computes on the backend that the model's weights are on, whichever is the current one, without recording gradients, and in a
// scope of its own, so that intermediate tensors are freed afterwards.

import type { TypedArray } from '../backend/backend.ts';
import { withBackend } from '../backend/load.ts';
import type { Module } from '../nn/module.ts';
import { noGrad } from '../tensor/autograd.ts';
import { clone } from '../tensor/ops/accumulate.ts';
import { scope } from '../tensor/scope.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** Tensors by name, and their values by the same names. */
export type Tensors = Readonly<Record<string, Tensor>>;
export type ValuesOf<T extends Tensors> = { readonly [K in keyof T]: TypedArray };

/** The same for a body that returns tensors, whose values are read when its scope has ended: that may be waited for. */
export async function computeValues<T extends Tensors>(model: Module, body: () => T): Promise<ValuesOf<T>> {
  const copies = compute(model, () => Object.entries(body()).map(([name, t]) => [name, clone(t).keep()] as const));
  try {
    const values: [string, TypedArray][] = [];
    for (const [name, t] of copies) values.push([name, await t.data()]);
    return Object.fromEntries(values) as ValuesOf<T>;
  } finally {
    for (const [, t] of copies) t.storage.block.release();
  }
}

export function compute<R>(model: Module, body: () => R): R {
  const first = model.namedState().next();
  const run = () => scope(() => noGrad(body));
  return first.done ? run() : withBackend(first.value[1].backend, run); // a graph may have no parameter at all
}
