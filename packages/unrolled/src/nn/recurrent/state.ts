// A state is a tensor, or a plain object of such: { h, c }. These functions treat all kinds alike.

import { TensorError } from '../../errors.ts';
import { requireFunction, requireObject } from '../../checks.ts';
import { clone } from '../../tensor/ops/accumulate.ts';
import { Tensor } from '../../tensor/tensor.ts';

const deepest = 16; // states of states end somewhere

/** A state put together from several of one kind, tensor by tensor. */
export function combine<S>(states: readonly S[], join: (parts: readonly Tensor[]) => Tensor, depth = 0): S {
  if (states[0] instanceof Tensor) return join(states as readonly unknown[] as readonly Tensor[]) as S;
  for (const state of states) requireObject('state', 'state', state);
  if (depth > deepest) throw new TensorError('state', 'expected tensors, or objects of them');
  const keys = Object.keys(states[0] as object) as (keyof S)[];
  return Object.fromEntries(
    keys.map((key) => [
      key,
      combine(
        states.map((s) => s[key]),
        join,
        depth + 1,
      ),
    ]),
  ) as S;
}

/** f of every tensor in a state. */
export function mapState<S>(state: S, f: (t: Tensor) => Tensor): S {
  requireFunction('mapState', 'f', f);
  return combine([state], ([t]) => f(t));
}

/** The state cut off from what computed it: what truncated back-propagation carries from one window to the next. */
export function detachState<S>(state: S): S {
  return mapState(state, (t) => t.detach());
}

/** Every tensor in a state, in the order of the keys. */
export function tensorsOf(state: unknown, depth = 0): Tensor[] {
  if (state instanceof Tensor) return [state];
  if (typeof state !== 'object' || state === null) return [];
  if (depth > deepest) throw new TensorError('state', 'expected tensors, or objects of them');
  return Object.values(state).flatMap((part) => tensorsOf(part, depth + 1));
}

/**
 * The state that a stream carries from one window to the next: cut off from its gradient, kept through scopes, its memory given back as soon as
 * the next one takes its place.
 *
 *     const carried = new CarriedState<LSTMState>();
 *     scope(() => {
 *       const [y, next] = lstm.forward(x, carried.value);
 *       …
 *       carried.replace(next);
 *     });
 */
export class CarriedState<S> {
  #value: S | null = null;

  /** Null at the start of a sequence: zeros. */
  get value(): S | null {
    return this.#value;
  }

  replace(next: S | null): void {
    const old = tensorsOf(this.#value);
    // A state may share memory with the step that made it (the last row of a window): only a copy is its own.
    this.#value = next === null ? null : mapState(next, (t) => clone(t).keep());
    for (const t of old) t.storage.block.release();
  }
}
