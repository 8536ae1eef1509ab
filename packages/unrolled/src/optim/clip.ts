// Gradient clipping, against exploding gradients (Pascanu, Mikolov and Bengio 2013).

import { requireKinds, shown } from '../checks.ts';
import { requireTensor } from '../tensor/ops/operands.ts';
import { NonFiniteError, OptionError } from '../errors.ts';
import type { Backend, Storage } from '../backend/backend.ts';
import { Tensor } from '../tensor/tensor.ts';

/** Global gradient norm √Σ g² over all parameters, in float64. Not finite exactly when a gradient is not. */
export function gradNorm(parameters: Iterable<Tensor>): number {
  requireParameters('gradNorm', parameters);
  let sum = 0;
  for (const [backend, gradients] of gradientsOf(parameters)) sum += backend.sumSquares(gradients);
  return Math.sqrt(sum);
}

/**
 * Global gradient norm clipping: scales all gradients by one factor, so that their norm is at most `maxNorm`. Returns the norm before.
 *
 * Throws a NonFiniteError that says which parameter's gradient is not finite; nothing is scaled then.
 */
export function clipGradNorm(parameters: Iterable<Tensor>, maxNorm: number): number {
  requireParameters('clipGradNorm', parameters);
  if (!(typeof maxNorm === 'number' && maxNorm > 0))
    throw new OptionError('clipGradNorm', 'maxNorm', `expected a number above 0, got ${shown(maxNorm)}`);
  const all: Tensor[] = [];
  for (const parameter of parameters) {
    requireTensor('clipGradNorm', parameter);
    all.push(parameter);
  }
  const norm = gradNorm(all);
  if (!Number.isFinite(norm)) {
    const k = all.findIndex((p) => !Number.isFinite(gradNorm([p])));
    throw new NonFiniteError(`the gradient of parameter ${k}, ${all[k]}`, 'a gradient is not finite');
  }
  if (norm > maxNorm) for (const [backend, gradients] of gradientsOf(all)) backend.scaleAll(gradients, maxNorm / norm);
  return norm;
}

/** Clamps every element of every gradient to ±limit, as char-rnn and min-char-rnn do. The direction may change. */
export function clipGradValue(parameters: Iterable<Tensor>, limit: number): void {
  requireParameters('clipGradValue', parameters);
  if (!(typeof limit === 'number' && limit > 0))
    throw new OptionError('clipGradValue', 'limit', `expected a number above 0, got ${shown(limit)}`);
  for (const [backend, gradients] of gradientsOf(parameters)) backend.clipValues(gradients, limit);
}

/** Requires a list of tensors: a module is a common mistake for its parameters. */
export function requireParameters(who: string, parameters: unknown): void {
  if (typeof parameters === 'object' && parameters !== null && 'parameters' in parameters)
    throw new OptionError(
      who,
      'parameters',
      `expected tensors, got ${shown(parameters)}; did you mean model.parameters()?`,
    );
  requireKinds(who, { parameters }, { parameters: 'iterable' });
}

function gradientsOf(parameters: Iterable<Tensor>): Map<Backend, Storage[]> {
  const found = new Map<Backend, Storage[]>();
  for (const parameter of parameters) {
    if (!(parameter instanceof Tensor))
      throw new OptionError('gradients', 'parameter', `expected a tensor, got ${shown(parameter)}`);
    const { grad, backend } = parameter;
    if (!grad) continue;
    const list = found.get(backend);
    if (list) list.push(grad.storage);
    else found.set(backend, [grad.storage]);
  }
  return found;
}
