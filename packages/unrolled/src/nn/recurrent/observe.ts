// A look at every step of every recurrent layer, whatever model it sits in. While someone looks, layers are stepped through instead of
// running in one call of a kernel: the same equations, one by one, so that each state has a place on the tape and with it a gradient.

import { requireFunction } from '../../checks.ts';
import { ContextVariable } from '../../context-variable.ts';
import { TensorError } from '../../errors.ts';
import { sameShape } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Cell } from './cell.ts';
import { tensorsOf } from './state.ts';

/** One step of a recurrent layer, as an observer receives it. */
export interface ObservedStep {
  readonly cell: Cell<unknown>;
  /** The place of the cell in its layers: 0 for the lowest; with two directions 0 forward, 1 backward, 2 forward … */
  readonly index: number;
  /** The name that PyTorch would give it: l0, l0_reverse, l1 … */
  readonly name: string;
  /** The step in time; the backward direction counts down. */
  readonly t: number;
  readonly x: Tensor; // [B, I]
  readonly before: unknown;
  readonly after: unknown;
  /** The cell's gates by name, each [B, H]: i f g o of an LSTM, r z n of a GRU; empty for a cell without gates. */
  readonly gates: Readonly<Record<string, Tensor>>;
}

type Observer = (step: ObservedStep) => void;

const observing = new ContextVariable<Observer | null>(null);

/** Runs `body` and calls `observer` with every step that a recurrent layer takes in it. */
export function observeSteps<R>(observer: Observer, body: () => R): R {
  requireFunction('observeSteps', 'observer', observer);
  requireFunction('observeSteps', 'body', body);
  return observing.run(observer, body);
}

/** A step that was taken → the state that takes the place of the one after it; the step's output follows it. */
export type StepChange = (step: Pick<ObservedStep, 'cell' | 'index' | 'name' | 't' | 'after'>) => unknown;

const stepChange = new ContextVariable<StepChange | null>(null);

/** Runs `body` with the state after every step of every recurrent layer replaced: what breaks when a unit is held still? */
export function changeSteps<R>(changed: StepChange, body: () => R): R {
  requireFunction('changeSteps', 'changed', changed);
  requireFunction('changeSteps', 'body', body);
  return stepChange.run(changed, body);
}

/** A gate of a step [B, H] → the one that takes its place, of the same shape; the rest of the step is computed with it. */
export type GateChange = (
  step: Pick<ObservedStep, 'cell' | 'index' | 'name' | 't'> & { readonly gate: string; readonly value: Tensor },
) => Tensor;

const gateChange = new ContextVariable<GateChange | null>(null);

/**
 * Runs `body` with the gates of every step of every recurrent layer replaced: what is forgotten when a gate is held open?
 *
 *     const shut = ({ gate, value }) => (gate === 'f' ? value.mul(0) : value);
 *     const [logits] = changeGates(shut, () => model.forward(input));       // an LSTM that forgets all at every step
 *
 * Throws a TensorError where the new gate has another shape.
 */
export function changeGates<R>(changed: GateChange, body: () => R): R {
  requireFunction('changeGates', 'changed', changed);
  requireFunction('changeGates', 'body', body);
  return gateChange.run(changed, body);
}

/** Runs `body` with nobody watching or changing its steps: for a layer inside of a step, whose own steps are of another time. */
export function unobserved<R>(body: () => R): R {
  return observing.run(null, () => stepChange.run(null, () => gateChange.run(null, body)));
}

/** Whether steps are observed or changed: then layers are stepped through, by the cells' equations. */
export const isWatched = (): boolean =>
  observing.value !== null || stepChange.value !== null || gateChange.value !== null;

interface StepInProgress extends Pick<ObservedStep, 'cell' | 'index' | 'name' | 't'> {
  readonly gates: Record<string, Tensor>;
}

const stepInProgress = new ContextVariable<StepInProgress | null>(null);

/** For cells: reports `value` as this gate of the step, and returns it, or what replaces it. */
export function gate(name: string, value: Tensor): Tensor {
  if (!stepInProgress.value) return value;
  const { gates, ...about } = stepInProgress.value;
  const taken = gateChange.value ? gateChange.value({ ...about, gate: name, value }) : value;
  if (!sameShape(taken.shape, value.shape))
    throw new TensorError(
      'changeGates',
      `gate ${name} has the shape [${value.shape}], its replacement [${taken.shape}]`,
    );
  gates[name] = taken;
  return taken;
}

/** Takes one step of a cell, with its changes, and reports it. */
export function watchedStep<S>(
  about: Pick<ObservedStep, 'cell' | 'index' | 'name' | 't' | 'x'> & { readonly before: S },
  step: () => readonly [output: Tensor, state: S],
): readonly [output: Tensor, state: S] {
  const { cell, index, name, t } = about;
  const gates: Record<string, Tensor> = {};
  const made = stepInProgress.run({ cell, index, name, t, gates }, step);
  const changed = stepChange.value;
  const [y, next] = changed ? replaced(made, (after) => changed({ cell, index, name, t, after }) as S) : made;
  observing.value?.({ ...about, after: next, gates });
  return [y, next];
}

/** A step with another state. An output that was a part of the state is that part of the new one. */
function replaced<S>([y, state]: readonly [Tensor, S], change: (state: S) => S): readonly [Tensor, S] {
  const part = tensorsOf(state).indexOf(y);
  const next = change(state);
  return [part < 0 ? y : tensorsOf(next)[part], next];
}
