// One checkpoint of a run as it is served, opened in one thread or in several. A request belongs to the checkpoint that was served when it came.

import type { EngineModel } from './engine.ts';
import type { Job } from './job.ts';
import type { Slot } from './slot.ts';

/** A checkpoint that is open in one thread. */
export interface Replica {
  readonly slot: Slot;
  /** Its number in messages; another one after its thread has died. */
  readonly lane: number;
  readonly running: Set<Job>;
}

export class Generation {
  readonly model: EngineModel;
  /** Bytes of a state at most; 0: no states. */
  readonly stateBytes: number;
  readonly replicas: Replica[] = [];
  /** Requests that wait for it or run on it. */
  jobs = 0;

  constructor(model: EngineModel, stateBytes: number) {
    this.model = model;
    this.stateBytes = stateBytes;
  }

  /** The replica with the fewest requests that has room for one more. */
  free(rows: number): Replica | undefined {
    let best: Replica | undefined;
    for (const replica of this.replicas)
      if (replica.running.size < rows && !(best && best.running.size <= replica.running.size)) best = replica;
    return best;
  }
}
