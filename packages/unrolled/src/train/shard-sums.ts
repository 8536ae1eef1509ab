// Sums over the shards of a batch, vector by vector: gradients, and what a batch moves in the buffers. What one process has is added up as the tree
// of shards.ts says, with few sums waiting at a time; what several have goes through a world, bucket by bucket, each sent as soon as it is complete.

import { addInto } from '../tensor/ops/accumulate.ts';
import { zerosLike } from '../tensor/ops/shaping.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Sums, World } from '../world/world.ts';
import { additionsOf, joinedAfter } from './shards.ts';

/** Elements of a bucket: 1 MiB. Small ones hide behind the backward pass, large ones cost fewer messages. */
const bucketLength = 2 ** 18;

/** The sums of one subtree of shards, as they grow. A summand that is given belongs to the sum. */
export class GrowingSums {
  readonly #waiting = new Map<Tensor, Tensor[]>();

  /** Adds summand `k` of `n`, in their order; null is zeros. Returns the sum when it was the last. */
  add(key: Tensor, summand: Tensor | null, k: number, n: number): Tensor | null {
    const sums = this.#waiting.get(key) ?? [];
    this.#waiting.set(key, sums);
    sums.push(summand ?? zerosLike(key, key.shape).keep());
    for (let joins = joinedAfter(k, n); joins > 0; joins--) {
      const right = sums.pop() as Tensor;
      addInto(sums[sums.length - 1], right);
      right.storage.block.release();
    }
    if (k < n - 1) return null;
    this.#waiting.delete(key);
    return sums[0];
  }

  /** Gives up the sums that are not complete. */
  release(): void {
    for (const sums of this.#waiting.values()) for (const sum of sums) sum.storage.block.release();
    this.#waiting.clear();
  }
}

/** The sums of all processes. Vectors have their places in buckets in the order they are given: best that of their arrival. */
export class Exchange {
  readonly #sums: Sums;
  readonly #places = new Map<Tensor, number>();
  /** Vectors that a bucket has a part of, and how many of them are still to come in this step. */
  readonly #vectors: readonly number[];
  #missing: number[] = [];
  /** Subtrees that this process adds up. */
  readonly #own: number;

  constructor(world: World, vectors: readonly Tensor[], shards: number) {
    let length = 0;
    for (const vector of vectors) {
      this.#places.set(vector, length);
      length += vector.size;
    }
    const lengths = Array.from({ length: Math.ceil(length / bucketLength) }, (_, k) =>
      Math.min(bucketLength, length - k * bucketLength),
    );
    const vectorsOf = lengths.map(() => 0);
    for (const vector of vectors) for (const [bucket] of this.#piecesOf(vector)) vectorsOf[bucket]++;
    this.#vectors = vectorsOf;
    const { owners, additions } = additionsOf(shards, world.size);
    this.#own = owners.filter((rank) => rank === world.rank).length;
    this.#sums = world.sums({ lengths, owners, additions });
  }

  /** Before the first vector of a step. */
  begin(): void {
    this.#missing = [...this.#vectors];
    if (this.#own === 0) for (const bucket of this.#missing.keys()) this.#sums.send(bucket);
  }

  /** What subtree `own` of this process adds to a vector; null for zeros. Sends the buckets that the last of them completes. */
  put(vector: Tensor, own: number, sum: Tensor | null): void {
    const values = sum ? (sum.storage.array as Float32Array) : null;
    for (const [bucket, offset, from, length] of this.#piecesOf(vector)) {
      this.#sums.put(bucket, own, offset, values ? values.subarray(from, from + length) : new Float32Array(length));
      if (own === this.#own - 1 && --this.#missing[bucket] === 0) this.#sums.send(bucket);
    }
  }

  /** Resolves when all is summed. */
  async done(): Promise<void> {
    await this.#sums.done();
  }

  /** Writes the sum of a vector into `to`. */
  take(vector: Tensor, to: Tensor): void {
    const values = to.storage.array as Float32Array;
    for (const [bucket, offset, from, length] of this.#piecesOf(vector))
      this.#sums.take(bucket, offset, values.subarray(from, from + length));
  }

  /** The parts of a vector in buckets: [bucket, place in it, first element, how many]. */
  *#piecesOf(vector: Tensor): Generator<[bucket: number, offset: number, from: number, length: number]> {
    const start = this.#places.get(vector) as number;
    const end = start + vector.size;
    for (let at = start; at < end; ) {
      const bucket = Math.floor(at / bucketLength);
      const until = Math.min(end, (bucket + 1) * bucketLength);
      yield [bucket, at - bucket * bucketLength, at - start, until - at];
      at = until;
    }
  }
}
