// The mean of the weights of several checkpoints of one model: the last ones of a run, or those of runs from other seeds that began alike
// (Vaswani et al. 2017 average the last five or twenty; Izmailov et al. 2018, stochastic weight averaging).

import { requireKinds } from '../checks.ts';
import { FormatError, OptionError } from '../errors.ts';
import type { SavedTensor, StateDict } from '../nn/module.ts';

/**
 * w = (w₁ + … + w_n) / n for every tensor of floats, summed in float64. Whole numbers (counters) are those of the last state.
 *
 * Throws a FormatError for states whose names, shapes or types differ.
 */
export function averageStateDicts(states: readonly StateDict[]): StateDict {
  requireKinds('averageStateDicts', { states }, { states: ['map'] });
  const last = states[states.length - 1];
  if (!last) throw new OptionError('averageStateDicts', 'states', 'expected at least one');
  for (const [n, state] of states.entries()) checkAlike(state, last, n);
  return new Map(
    Array.from(last, ([name, tensor]) => [
      name,
      meanOf(
        states.map((state) => state.get(name) as SavedTensor),
        tensor,
      ),
    ]),
  );
}

function meanOf(all: readonly SavedTensor[], { dtype, shape, data }: SavedTensor): SavedTensor {
  if (data instanceof Int32Array) return { dtype, shape, data: data.slice() };
  const mean = data.slice();
  for (let i = 0; i < mean.length; i++) {
    let sum = 0;
    for (const one of all) sum += one.data[i];
    mean[i] = sum / all.length;
  }
  return { dtype, shape, data: mean };
}

function checkAlike(state: StateDict, last: StateDict, n: number): void {
  const other = [...state.keys()].find((name) => !last.has(name));
  if (other !== undefined) throw new FormatError(`state ${n}`, `has ${other}, which the last one has not`);
  for (const [name, { dtype, shape }] of last) {
    const own = state.get(name);
    if (!own) throw new FormatError(`state ${n}`, `lacks ${name}`);
    if (own.dtype !== dtype || own.shape.join() !== shape.join())
      throw new FormatError(
        `state ${n}`,
        `${name} is ${own.dtype} [${own.shape.join(', ')}], that of the last one ${dtype} [${shape.join(', ')}]`,
      );
  }
}
