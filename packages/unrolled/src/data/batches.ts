// Sequences of different lengths in one batch are padded to the longest, and padding is wasted work. So examples of similar
// lengths are batched together, in an order that still differs from epoch to epoch:
//
//   by length, longest first      9 9 8 8 8 7 | 5 5 5 4 4 4 | 2 2 1       a bucket: whole batches, none shorter than .9 of the first row
//   shuffled inside each bucket   8 9|7 8|9 8 | 4 5|5 4|4 5 | 1 2|2       batches of the size that the bucket's longest row allows
//   batches shuffled              4 5   9 8   2   8 9   …
//
// Where the cuts fall depends on the lengths alone, so an epoch always has the same number of batches, and only the last batch of the
// shortest rows can be small. The order depends on the seed and the epoch alone, so a position is two numbers.

import { requireKinds, shown } from '../checks.ts';
import { checkOptions, OptionError } from '../errors.ts';
import { Random } from '../random.ts';

/** Position of a batcher: batches of `epoch` read so far. Saving it is enough to continue at the same place. */
export interface Position {
  readonly epoch: number;
  readonly batch: number;
}

/** Options of `BucketBatcher`. */
export interface BucketOptions {
  /** Maximum number of examples in a batch. Default: 32, or no limit where `tokens` is given. */
  readonly batchSize?: number;
  /** Maximum number of tokens in a batch, padding included: its rows × its longest row. Default: no limit. */
  readonly tokens?: number;
  /** Seed of the shuffling. Default 0. */
  readonly seed?: number;
  /** Whether `next` shuffles. Default true. */
  readonly shuffle?: boolean;
}

/** Rows of a bucket, as a range of the examples sorted by length, and its batch size. */
interface Bucket {
  readonly from: number;
  readonly to: number;
  readonly rows: number;
}

/** Within a bucket, rows shorter than this fraction of the longest are allowed only where nothing longer is left. */
const shortest = 0.9;

/**
 * Makes batches of examples of similar length, as example numbers.
 *
 *     const batcher = new BucketBatcher([3, 9, 4, 8], { batchSize: 2, seed: 1 });
 *     batcher.next();                      // Int32Array [1, 3] or [0, 2], in any order
 *     padSequences([...batcher.next()].map((n) => rows[n]));
 */
export class BucketBatcher {
  readonly batchesPerEpoch: number;
  readonly #lengths: ArrayLike<number>;
  readonly #buckets: readonly Bucket[];
  readonly #seed: number;
  readonly #shuffle: boolean;
  #position: Position = { epoch: 0, batch: 0 };
  #order: { readonly epoch: number; readonly batches: readonly Int32Array[] } | null = null;

  /** Throws an OptionError for no examples, an invalid length, and an example longer than the budget. */
  constructor(lengths: ArrayLike<number>, options: BucketOptions = {}) {
    checkOptions('BucketBatcher', options, ['batchSize', 'tokens', 'seed', 'shuffle']);
    const { tokens = Infinity, seed = 0, shuffle = true } = options;
    const { batchSize = tokens === Infinity ? 32 : Infinity } = options;
    for (const [name, n] of Object.entries({ batchSize, tokens })) {
      if (!((Number.isInteger(n) && n > 0) || n === Infinity))
        throw new OptionError('BucketBatcher', name, `expected a whole number from 1, got ${shown(n)}`);
    }
    requireKinds('BucketBatcher', { lengths, seed, shuffle }, { lengths: 'numbers', seed: 'number', shuffle: 'flag' });
    if (lengths.length === 0) throw new OptionError('BucketBatcher', 'lengths', 'there are no examples');
    for (let n = 0; n < lengths.length; n++) {
      const length = lengths[n];
      if (!(Number.isInteger(length) && length >= 0))
        throw new OptionError(
          'BucketBatcher',
          'lengths',
          `example ${n}: expected a whole number, got ${shown(length)}`,
        );
      if (length > tokens) {
        throw new OptionError(
          'BucketBatcher',
          'tokens',
          `example ${n} is ${length} long and a batch may have ${tokens}; allow more, cut it or leave it out`,
        );
      }
    }
    new Random(seed); // throws for an invalid seed
    this.#lengths = lengths;
    this.#seed = seed;
    this.#shuffle = shuffle;
    this.#buckets = cut(lengths, this.#byLength(null), batchSize, tokens);
    this.batchesPerEpoch = this.#buckets.reduce((sum, { from, to, rows }) => sum + Math.ceil((to - from) / rows), 0);
  }

  get position(): Position {
    return this.#position;
  }

  set position({ epoch, batch }: Position) {
    if (!(Number.isInteger(epoch) && epoch >= 0))
      throw new OptionError('BucketBatcher', 'position', `expected an epoch from 0, got ${shown(epoch)}`);
    if (!(Number.isInteger(batch) && batch >= 0 && batch < this.batchesPerEpoch)) {
      throw new OptionError(
        'BucketBatcher',
        'position',
        `expected a batch from 0 to ${this.batchesPerEpoch - 1}, got ${shown(batch)}; was the data changed?`,
      );
    }
    this.#position = { epoch, batch };
  }

  /** Returns the examples of the next batch; after the last one, the next epoch's first. */
  next(): Int32Array {
    const { epoch, batch } = this.#position;
    if (this.#order?.epoch !== epoch) this.#order = { epoch, batches: this.#batches(this.#shuffle ? epoch : null) };
    this.#position = batch + 1 < this.batchesPerEpoch ? { epoch, batch: batch + 1 } : { epoch: epoch + 1, batch: 0 };
    return this.#order.batches[batch].slice();
  }

  /** Iterates over every example once, longest first, in the same order each time: for validation. Does not move `position`. */
  *epoch(): Generator<Int32Array> {
    yield* this.#batches(null);
  }

  /** The batches of an epoch; in order of length for null. */
  #batches(epoch: number | null): Int32Array[] {
    const random = epoch === null ? null : new Random(this.#seed).fork(`epoch ${epoch}`);
    const order = this.#byLength(random);
    const batches: Int32Array[] = [];
    for (const { from, to, rows } of this.#buckets) {
      random?.shuffle(order.subarray(from, to));
      for (let k = from; k < to; k += rows) batches.push(order.slice(k, Math.min(k + rows, to)));
    }
    return random ? random.shuffle(batches) : batches;
  }

  /** The examples sorted by length, longest first; those of one length are shuffled by `random`, or in their own order. */
  #byLength(random: Random | null): Int32Array {
    const order = Int32Array.from({ length: this.#lengths.length }, (_, n) => n);
    random?.shuffle(order);
    const ranked = Array.from(order); // a typed array's sort is not guaranteed to be stable
    ranked.sort((a, b) => this.#lengths[b] - this.#lengths[a]);
    return Int32Array.from(ranked);
  }
}

/** Cuts `order`, examples by decreasing length, into buckets of whole batches. */
function cut(lengths: ArrayLike<number>, order: Int32Array, batchSize: number, tokens: number): Bucket[] {
  const buckets: Bucket[] = [];
  for (let from = 0; from < order.length; ) {
    const longest = lengths[order[from]];
    const rows = Math.min(batchSize, Math.floor(tokens / Math.max(1, longest)), order.length - from);
    let to = from + rows;
    while (to < order.length && lengths[order[to]] >= shortest * longest) to += rows;
    to = Math.min(to, order.length);
    buckets.push({ from, to, rows });
    from = to;
  }
  return buckets;
}

/**
 * Pads rows to the longest with `padding` (0), time first: `ids[t · B + b]` is element t of row b.
 *
 *     padSequences([[5, 6, 7], [8]]);   // { ids: [5, 8, 6, 0, 7, 0], lengths: [3, 1], T: 3, B: 2 }
 */
export function padSequences(
  rows: readonly ArrayLike<number>[],
  padding = 0,
): { ids: Int32Array; lengths: Int32Array; T: number; B: number } {
  requireKinds('padSequences', { rows, padding }, { rows: ['numbers'], padding: 'number' });
  const B = rows.length;
  const lengths = Int32Array.from(rows, (row) => row.length);
  const T = lengths.reduce((longest, length) => Math.max(longest, length), 0);
  const ids = new Int32Array(T * B).fill(padding);
  for (const [b, row] of rows.entries()) for (let t = 0; t < row.length; t++) ids[t * B + b] = row[t];
  return { ids, lengths, T, B };
}
