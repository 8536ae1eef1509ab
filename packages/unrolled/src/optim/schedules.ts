// Learning rate schedules. All but one are functions of the step; `plateau` monitors the validation loss.

import { requireFunction, requireKinds, requireNumber, requireObject, shown } from '../checks.ts';
import { FormatError, OptionError } from '../errors.ts';

/** Plain JSON. */
type ScheduleState = { readonly [key: string]: number } | null;

/** The learning rate at each step; it may follow the validation loss. */
export interface Schedule {
  /** Learning rate for the next step, after `step` steps. */
  lr(step: number): number;
  /** Receives every validation loss. */
  observe(loss: number): void;
  /** State to save; null for a function of the step alone. */
  state(): ScheduleState;
  setState(state: unknown): void;
}

function pure(lr: (step: number) => number): Schedule {
  return { lr: (step) => lr(stepOf(step)), observe: () => {}, state: () => null, setState: () => {} };
}

/** Requires the number of a step. */
function stepOf(step: number): number {
  requireNumber('Schedule.lr', 'step', step, { low: 0 });
  return step;
}

/** The same learning rate at every step. */
export function constantSchedule(lr: number): Schedule {
  requireKinds('constantSchedule', { lr }, { lr: 'number' });
  notNegative('constantSchedule', 'lr', lr);
  return pure(() => lr);
}

/** lr · gamma^⌊step / every⌋: PyTorch's StepLR, and char-rnn's decay with `from`: the first step at which it counts. */
export function stepSchedule(
  lr: number,
  options: { readonly every: number; readonly gamma: number; readonly from?: number },
): Schedule {
  requireKinds(
    'stepSchedule',
    { lr, options },
    { lr: 'number', options: { every: 'number', gamma: 'number', from: 'number?' } },
  );
  const { every, gamma, from = 0 } = options;
  notNegative('stepSchedule', 'lr', lr);
  notNegative('stepSchedule', 'gamma', gamma);
  notNegative('stepSchedule', 'from', from);
  positive('stepSchedule', 'every', every);
  return pure((step) => lr * gamma ** Math.max(0, Math.floor((step - from) / every)));
}

/** lr · gamma^step: PyTorch's ExponentialLR. */
export function exponentialSchedule(lr: number, gamma: number): Schedule {
  requireKinds('exponentialSchedule', { lr }, { lr: 'number' });
  notNegative('exponentialSchedule', 'lr', lr);
  positive('exponentialSchedule', 'gamma', gamma);
  return pure((step) => lr * gamma ** step);
}

/** Cosine annealing from lr to `minimum` over `steps`: min + (lr − min)·(1 + cos(π·step/steps))/2 (Loshchilov and Hutter 2017). */
export function cosineSchedule(lr: number, options: { readonly steps: number; readonly minimum?: number }): Schedule {
  requireKinds('cosineSchedule', { lr, options }, { lr: 'number', options: { steps: 'number', minimum: 'number?' } });
  const { steps, minimum = 0 } = options;
  notNegative('cosineSchedule', 'lr', lr);
  notNegative('cosineSchedule', 'minimum', minimum);
  positive('cosineSchedule', 'steps', steps);
  return pure((step) => minimum + ((lr - minimum) * (1 + Math.cos((Math.PI * Math.min(step, steps)) / steps))) / 2);
}

/** Linear warm-up before any schedule: the learning rate grows over `steps`, from 1/steps of it to all. The schedule counts from 0 after that. */
export function warmUp(steps: number, then: Schedule): Schedule {
  if (!(Number.isInteger(steps) && steps >= 0))
    throw new OptionError('warmUp', 'steps', `expected a whole number from 0, got ${shown(steps)}`);
  requireObject('warmUp', 'then', then);
  requireFunction('warmUp', 'then.lr', then.lr);
  return {
    ...then,
    lr(at) {
      const step = stepOf(at);
      return step < steps ? (then.lr(0) * (step + 1)) / steps : then.lr(step - steps);
    },
  };
}

/** Options of `plateauSchedule`. */
export interface PlateauOptions {
  /** Factor by which the learning rate is reduced. Default 0.1. */
  readonly factor?: number;
  /** Patience: validations without improvement before the learning rate is reduced. Default 10. */
  readonly patience?: number;
  /** Minimum relative improvement that counts. Default 1e-4. */
  readonly threshold?: number;
  /** Minimum learning rate. Default 0. */
  readonly minimum?: number;
}

/** Reduces the learning rate when the validation loss stops falling: PyTorch's ReduceLROnPlateau. */
export function plateauSchedule(lr: number, options: PlateauOptions = {}): Schedule {
  requireKinds(
    'plateauSchedule',
    { lr, options },
    { lr: 'number', options: { factor: 'number?', patience: 'number?', threshold: 'number?', minimum: 'number?' } },
  );
  const { factor = 0.1, patience = 10, threshold = 1e-4, minimum = 0 } = options;
  if (!(factor > 0 && factor < 1))
    throw new OptionError('plateauSchedule', 'factor', `expected a number between 0 and 1, got ${shown(factor)}`);
  notNegative('plateauSchedule', 'lr', lr);
  notNegative('plateauSchedule', 'patience', patience);
  notNegative('plateauSchedule', 'threshold', threshold);
  notNegative('plateauSchedule', 'minimum', minimum);
  let state = { rate: lr, best: Infinity, bad: 0 };
  return {
    lr: () => state.rate,
    observe(loss) {
      if (typeof loss !== 'number')
        throw new OptionError('plateauSchedule.observe', 'loss', `expected a number, got ${shown(loss)}`);
      if (loss < state.best * (1 - threshold)) state = { ...state, best: loss, bad: 0 };
      else state = { ...state, bad: state.bad + 1 };
      if (state.bad > patience) state = { ...state, rate: Math.max(minimum, state.rate * factor), bad: 0 };
    },
    // JSON has no infinity: before the first validation `best` is omitted.
    state: () => (state.best === Infinity ? { rate: state.rate, bad: state.bad } : { ...state }),
    setState(saved) {
      const { rate, bad, best = Infinity } = Object(saved) as { rate: number; bad: number; best?: number };
      const fits = Number.isFinite(rate) && rate >= 0 && Number.isSafeInteger(bad) && bad >= 0;
      if (!fits || typeof best !== 'number' || Number.isNaN(best))
        throw new FormatError('schedule state', `expected rate, bad and best of a plateau, got ${shown(saved)}`);
      state = { rate, best, bad };
    },
  };
}

function notNegative(who: string, option: string, n: number): void {
  if (!(typeof n === 'number' && n >= 0 && n < Infinity))
    throw new OptionError(who, option, `expected a number from 0, got ${shown(n)}`);
}

function positive(who: string, option: string, n: number): void {
  if (!(typeof n === 'number' && n > 0 && n < Infinity))
    throw new OptionError(who, option, `expected a number above 0, got ${shown(n)}`);
}
