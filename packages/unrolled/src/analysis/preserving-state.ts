// Looking must not change what is looked at. A run that is inspected now and then has to end in the same bits as one that is not, so an inspection
// gives back everything that it borrows: gradients, random state, buffers (a batch norm's means), and whether the model was training.

import { requireKinds } from '../checks.ts';
import { ModuleBuffer, type Module } from '../nn/module.ts';
import { randomState, setRandomState } from '../tensor/random-state.ts';
import { remember } from '../tensor/remembered.ts';
import { scope } from '../tensor/scope.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** Runs `body` in a scope of its own, and leaves the model and the library's chance as they were. Gradients start at none. */
export function preservingState<R>(model: Module, body: () => R): R {
  requireKinds('preservingState', { model, body }, { model: 'module', body: 'function' });
  const rngState = randomState();
  const parameters = model.parameters();
  const gradients = parameters.map((p) => p.grad);
  for (const p of parameters) p.grad = null;
  const buffers = remember(buffersOf(model));
  const modes = modulesOf(model).map((m) => [m, m.training] as const);
  try {
    return scope(body);
  } finally {
    for (const [k, p] of parameters.entries()) {
      p.zeroGrad();
      p.grad = gradients[k];
    }
    buffers.restore();
    buffers.release();
    for (const [m, training] of modes) m.training = training;
    setRandomState(rngState);
  }
}

function buffersOf(model: Module): Tensor[] {
  return Array.from(model.namedState(), ([, t]) => t).filter((t) => t instanceof ModuleBuffer);
}

export function modulesOf(model: Module): Module[] {
  return [model, ...Array.from(model.children(), ([, child]) => modulesOf(child)).flat()];
}
