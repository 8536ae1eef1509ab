// A look at every step of every recurrent layer, whatever model it sits in. While someone looks, layers are stepped through instead of
// running in one call of a kernel: the same equations, one by one, so that each state has a place on the tape and with it a gradient.

import { requireFunction } from '../../checks.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Cell } from './cell.ts';

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

let current: Observer | null = null;
let gatesOfStep: Record<string, Tensor> | null = null;

/** Runs `body` and calls `observer` with every step that a recurrent layer takes in it. */
export function observeSteps<R>(observer: Observer, body: () => R): R {
  requireFunction('observeSteps', 'observer', observer);
  requireFunction('observeSteps', 'body', body);
  const before = current;
  current = observer;
  try {
    return body();
  } finally {
    current = before;
  }
}

/** Runs `body` with nobody watching or changing its steps: for a layer inside of a step, whose own steps are of another time. */
export function unobserved<R>(body: () => R): R {
  const before = [current, change] as const;
  [current, change] = [null, null];
  try {
    return body();
  } finally {
    [current, change] = before;
  }
}

/** The current observer; null for none. */
export function stepObserver(): Observer | null {
  return current;
}

/** A step that was taken → the state that takes the place of the one after it; the step's output follows it. */
export type StepChange = (step: Pick<ObservedStep, 'cell' | 'index' | 'name' | 't' | 'after'>) => unknown;

let change: StepChange | null = null;

/** Runs `body` with the state after every step of every recurrent layer replaced: what breaks when a unit is held still? */
export function changeSteps<R>(changed: StepChange, body: () => R): R {
  requireFunction('changeSteps', 'changed', changed);
  requireFunction('changeSteps', 'body', body);
  const before = change;
  change = changed;
  try {
    return body();
  } finally {
    change = before;
  }
}

/** The current replacement of states; null for none. */
export function stepChange(): StepChange | null {
  return change;
}

/** For cells: reports `value` as this gate of the step to the observer, and returns it. */
export function gate(name: string, value: Tensor): Tensor {
  if (gatesOfStep) gatesOfStep[name] = value;
  return value;
}

/** Runs one step of a cell; returns what it does, and its gates. */
export function withGates<R>(step: () => R): [result: R, gates: Readonly<Record<string, Tensor>>] {
  const gates: Record<string, Tensor> = {};
  gatesOfStep = gates;
  try {
    return [step(), gates];
  } finally {
    gatesOfStep = null;
  }
}
