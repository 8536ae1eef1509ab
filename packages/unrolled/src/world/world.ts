// Processes that train together, as a trainer sees them: bytes of all for all, and sums whose order of additions is given. MPI is one of these
// (mpi.ts); the tests have another, in one process.

/** A sum over all processes, of vectors that come in buckets. */
export interface SumPlan {
  /** Elements of each bucket. */
  readonly lengths: readonly number[];
  /** The process that brings each summand. */
  readonly owners: readonly number[];
  /** `summands[a] += summands[b]`, one after the other; all ends in summand 0. */
  readonly additions: readonly (readonly [a: number, b: number])[];
}

/** The buckets of one sum, used anew in every step. */
export interface Sums {
  /** Copies values to where bucket `bucket` of this process's summand number `own` has its element `offset`. */
  put(bucket: number, own: number, offset: number, values: Float32Array): void;
  /** Starts the sum of a bucket: its summands of this process are complete. Every process sends every bucket once. */
  send(bucket: number): void;
  /** Resolves when every bucket that was sent is summed. */
  done(): Promise<void>;
  /** Copies elements of the sum from `offset` into `to`. */
  take(bucket: number, offset: number, to: Float32Array): void;
}

/** The processes of one job, each with its rank. */
export interface World {
  readonly rank: number;
  /** How many there are. */
  readonly size: number;
  /** Gives bytes to all processes, and returns those of each, by rank. All of them have to call it, the same number of times. */
  gather(bytes: Uint8Array): Promise<Uint8Array[]>;
  sums(plan: SumPlan): Sums;
}
