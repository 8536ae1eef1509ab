// What a stepper's state must be like before it is restored.

import { requireEach, requireNumbers } from '../checks.ts';
import { OptionError } from '../errors.ts';

/** Throws an OptionError unless there is a tensor for each of `sizes`, of that many finite numbers. */
export function checkStepperState(state: readonly Float32Array[], sizes: readonly number[]): void {
  const problem = (expected: string, got: string) =>
    new OptionError('Stepper.setState', 'state', `expected ${expected}, got ${got}`);
  requireEach('Stepper.setState', 'state', state, requireNumbers);
  if (state.length !== sizes.length) throw problem(`${sizes.length} tensors`, String(state.length));
  for (const [k, values] of state.entries()) {
    if (values.length !== sizes[k]) throw problem(`${sizes[k]} numbers in tensor ${k}`, String(values.length));
    if (!values.every(Number.isFinite)) throw problem('finite numbers', `another in tensor ${k}`);
  }
}
