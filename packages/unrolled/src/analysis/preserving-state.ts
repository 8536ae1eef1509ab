// An inspection must not change what it inspects: an inspected run has to end in the same bits as one that is not, so an inspection
// restores everything that it uses: gradients, random state, buffers (a batch norm's running statistics), and the training mode.

import { requireKinds } from '../checks.ts';
import { ModuleBuffer, type Module } from '../nn/module.ts';
import { randomState, setRandomState } from '../tensor/random-state.ts';
import { scope } from '../tensor/scope.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** Runs `body` in its own scope and restores the model and the global random state afterwards. Gradients start at none. */
export function preservingState<R>(model: Module, body: () => R): R {
  requireKinds('preservingState', { model, body }, { model: 'module', body: 'function' });
  const rngState = randomState();
  const parameters = model.parameters();
  const gradients = parameters.map((p) => p.grad);
  for (const p of parameters) p.grad = null;
  const buffers = buffersOf(model).map((b) => [b, b.dataSync()] as const);
  const modes = modulesOf(model).map((m) => [m, m.training] as const);
  try {
    return scope(body);
  } finally {
    for (const [k, p] of parameters.entries()) {
      p.zeroGrad();
      p.grad = gradients[k];
    }
    for (const [b, values] of buffers) b.set(values);
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
