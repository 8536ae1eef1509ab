// One pass over a batch in shards: what they have given so far, and what it comes to.

import type { ModuleBuffer } from '../nn/module.ts';
import type { Remembered } from '../tensor/remembered.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type Exchange, GrowingSums } from './shard-sums.ts';
import type { BatchLoss } from './task.ts';

/** What a shard measured: plain JSON, for the other processes. */
export interface ShardReport {
  /** Nats per target. */
  readonly loss: number;
  /** How much that counts among the shards. */
  readonly weight: number;
  readonly targets: number;
  /** Whether its loss is a sum, and no mean. */
  readonly isSum: boolean;
  readonly observed: number;
}

/** Shard `k` of the `n` in subtree `own` of this process. */
export interface PlaceOfShard {
  readonly own: number;
  readonly k: number;
  readonly n: number;
}

export class ShardPass {
  /** Of each shard so far; null for one without rows. */
  readonly shards: (ShardReport | null)[] = [];
  /** Vectors that a shard had something for. */
  readonly reached = new Set<Tensor>();
  /** What the buffers of whole numbers grew by in the first shard; null where there was none. */
  counted: number[][] | null = null;
  readonly #vectors: readonly Tensor[];
  readonly #exchange: Exchange | null;
  readonly #growing = new GrowingSums();
  readonly #sums = new Map<Tensor, Tensor>();
  /** Vectors that have arrived from the shard at hand, and those that are complete in the subtree at hand. */
  readonly #arrived = new Set<Tensor>();
  readonly #complete = new Set<Tensor>();
  readonly #batches: BatchLoss[] = [];

  /** `vectors` are those to add up: parameters, whose gradients they are, and buffers. */
  constructor(vectors: readonly Tensor[], exchange: Exchange | null) {
    this.#vectors = vectors;
    this.#exchange = exchange;
    exchange?.begin();
  }

  /** A shard's loss is computed. */
  take(batch: BatchLoss, report: ShardReport): void {
    for (const tensor of batch.holds ?? []) tensor.keep();
    this.#batches.push(batch);
    this.shards.push(report);
  }

  /** A shard's summand of a vector is complete, and belongs to the sum; null for zeros. */
  arrive(vector: Tensor, summand: Tensor | null, { own, k, n }: PlaceOfShard): void {
    this.#arrived.add(vector);
    if (summand) this.reached.add(vector);
    const sum = this.#growing.add(vector, summand, k, n);
    if (!sum) return;
    this.#complete.add(vector);
    this.#sums.get(vector)?.storage.block.release(); // of the subtree before, which was sent
    this.#sums.set(vector, sum);
    this.#exchange?.put(vector, own, sum);
  }

  /** What a shard has moved in the buffers that are averaged, and counted in the others. */
  measure(buffers: readonly ModuleBuffer[], before: Remembered, place: PlaceOfShard): void {
    for (const buffer of buffers)
      if (buffer.dtype !== 'int32') this.arrive(buffer, before.change(buffer).keep(), place);
    this.counted ??= buffers
      .filter(({ dtype }) => dtype === 'int32')
      .map((counter) => Array.from(before.change(counter).dataSync()));
  }

  /** The shard is over: what it had nothing for is zeros. */
  end(place: PlaceOfShard): void {
    for (const vector of this.#vectors) if (!this.#arrived.has(vector)) this.arrive(vector, null, place);
    this.#arrived.clear();
    if (place.k === place.n - 1) this.#complete.clear();
  }

  /** Gives up in subtree `own` of `count`: the others wait for vectors, and get zeros for what is left. */
  giveUp(own: number, count: number): void {
    this.#growing.release();
    for (let part = own; part < count; part++) {
      for (const vector of this.#vectors)
        if (part > own || !this.#complete.has(vector)) this.#exchange?.put(vector, part, null);
    }
  }

  /** The sum of all shards, once they are exchanged. It belongs to the caller. */
  sumOf(vector: Tensor): Tensor {
    const sum = this.#sums.get(vector) as Tensor;
    this.#exchange?.take(vector, sum);
    this.#sums.delete(vector);
    return sum;
  }

  /** The step was taken. */
  accept(observed: number): void {
    for (const batch of this.#batches) batch.accept?.(observed);
    this.release();
  }

  /** Gives back what is held. */
  release(): void {
    this.#growing.release();
    for (const sum of this.#sums.values()) sum.storage.block.release();
    this.#sums.clear();
    for (const { holds = [] } of this.#batches) for (const tensor of holds) tensor.storage.block.release();
  }
}
