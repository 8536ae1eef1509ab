// Cancellation. Long computations check the signal between batches, between symbols, and between the steps of a search.

import { AbortError } from './errors.ts';

/** An AbortSignal, or any object with `aborted`. */
export interface SignalLike {
  readonly aborted: boolean;
  readonly reason?: unknown;
}

/** Throws an AbortError once the signal is aborted. */
export function throwIfAborted(who: string, signal: SignalLike | null | undefined): void {
  if (signal?.aborted) throw new AbortError(who, signal.reason);
}
