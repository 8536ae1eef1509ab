// The error of runs that cannot be opened: who, what is wrong, what to do.

import { type ErrorCause, UnrolledError } from '../errors.ts';

/**
 * `missing`: it is not there, or not a run. `corrupt`: its bytes are not what was saved. `newer`: a later version wrote it. `mismatch`: its files
 * do not belong together. `large`: more bytes than are read. `task`: it is a run of another task, or of one without a pipeline.
 */
export type RunProblem = 'missing' | 'corrupt' | 'newer' | 'mismatch' | 'large' | 'task';

/** Thrown where a run cannot be opened; `kind` says why. */
export class RunError extends UnrolledError {
  override name = 'RunError';
  readonly source: string;
  readonly kind: RunProblem;

  constructor(kind: RunProblem, source: string, problem: string, options?: ErrorCause) {
    super(`run-${kind}`, `${source}: ${problem}`, options);
    this.source = source;
    this.kind = kind;
  }
}
