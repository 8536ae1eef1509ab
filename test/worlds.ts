// Several processes in one: worlds whose ranks are trainers that run side by side here. For what does not depend on MPI.

import type { SumPlan, Sums, World } from '../packages/unrolled/src/world/world.ts';

/** A call that all ranks make: resolves for all once each of them has given its part. */
class Meeting<Part, Result> {
  readonly size: number;
  readonly #combine: (parts: readonly Part[]) => Result;
  readonly #parts: Part[] = [];
  readonly #result: Promise<Result>;
  #resolve: (result: Result) => void = () => {};
  #given = 0;

  constructor(size: number, combine: (parts: readonly Part[]) => Result) {
    this.size = size;
    this.#combine = combine;
    this.#result = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  give(rank: number, part: Part): Promise<Result> {
    this.#parts[rank] = part;
    if (++this.#given === this.size) this.#resolve(this.#combine(this.#parts));
    return this.#result;
  }
}

/** Worlds of `size` ranks. Bytes and numbers are copied on the way, as between processes. */
export function worldsInOne(size: number): World[] {
  const gathers: Meeting<Uint8Array, readonly Uint8Array[]>[] = [];
  const summed: Meeting<Float32Array[], Float32Array>[][] = [];
  return Array.from({ length: size }, (_, rank): World => {
    let calls = 0;
    return {
      rank,
      size,
      async gather(bytes) {
        const call = calls++;
        gathers[call] ??= new Meeting(size, (parts) => parts);
        const all = await gathers[call].give(rank, bytes.slice());
        return all.map((one) => one.slice());
      },
      sums: (plan) => new SumsInOne(plan, rank, size, summed),
    };
  });
}

class SumsInOne implements Sums {
  readonly plan: SumPlan;
  readonly rank: number;
  readonly size: number;
  readonly meetings: Meeting<Float32Array[], Float32Array>[][];
  readonly #own: Float32Array[][];
  readonly #result: Float32Array[] = [];
  #pending: Promise<void>[] = [];
  readonly #sent: number[];

  constructor(plan: SumPlan, rank: number, size: number, meetings: Meeting<Float32Array[], Float32Array>[][]) {
    this.plan = plan;
    this.rank = rank;
    this.size = size;
    this.meetings = meetings;
    const count = plan.owners.filter((owner) => owner === rank).length;
    this.#own = plan.lengths.map((length) => Array.from({ length: count }, () => new Float32Array(length)));
    this.#sent = plan.lengths.map(() => 0);
  }

  put(bucket: number, own: number, offset: number, values: Float32Array): void {
    this.#own[bucket][own].set(values, offset);
  }

  send(bucket: number): void {
    const call = this.#sent[bucket]++;
    const calls = (this.meetings[bucket] ??= []);
    calls[call] ??= new Meeting(this.size, (parts) => this.#sum(parts.flat()));
    const part = this.#own[bucket].map((values) => values.slice());
    this.#pending.push(
      calls[call].give(this.rank, part).then((sum) => {
        this.#result[bucket] = sum.slice();
      }),
    );
  }

  #sum(summands: readonly Float32Array[]): Float32Array {
    for (const [a, b] of this.plan.additions) for (const [i, v] of summands[b].entries()) summands[a][i] += v;
    return summands[0];
  }

  async done(): Promise<void> {
    const pending = this.#pending;
    this.#pending = [];
    await Promise.all(pending);
  }

  take(bucket: number, offset: number, to: Float32Array): void {
    to.set(this.#result[bucket].subarray(offset, offset + to.length));
  }
}
