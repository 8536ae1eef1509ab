// Sequences of different lengths in one batch are padded to the longest, and padding is work for nothing. So examples of about the same
// length are read together, in an order that still differs from epoch to epoch:
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

/** Where a batcher is: batches of `epoch` read so far. All that has to be saved to go on at the same place. */
export interface Position {
  readonly epoch: number;
  readonly batch: number;
}

/** Options of `BucketBatcher`. */
export interface BucketOptions {
  /** Most examples in a batch. Default: 32, or no limit where `tokens` is given. */
  readonly batchSize?: number;
  /** Most numbers in a batch, padding included: its rows × its longest row. Default: no limit. */
  readonly tokens?: number;
  /** Default 0. */
  readonly seed?: number;
  /** Whether `next` shuffles. Default true. */
  readonly shuffle?: boolean;
}

/** The rows of a bucket, as a range of the examples by length, and how many of them make a batch. */
interface Bucket {
  readonly from: number;
  readonly to: number;
  readonly rows: number;
}

/** A batch of a bucket may have rows shorter than this part of the bucket's longest only where nothing longer is left. */
const shortest = 0.9;

/**
 * Batches of examples of about the same length, as example numbers.
 *
 *     const batcher = new BucketBatcher([3, 9, 4, 8], { batchSize: 2, seed: 1 });
 *     batcher.next();                      // Int32Array [1, 3] or [0, 2], in any order
 *     padRows([...batcher.next()].map((n) => rows[n]));
 */
export class BucketBatcher {
  readonly batchesPerEpoch: number;
  readonly #lengths: ArrayLike<number>;
  readonly #buckets: readonly Bucket[];
  readonly #seed: number;
  readonly #shuffle: boolean;
  #position: Position = { epoch: 0, batch: 0 };
  #order: { readonly epoch: number; readonly batches: readonly Int32Array[] } | null = null;

  /** Throws OptionError for no examples, a length that is none, and an example longer than the budget. */
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
    new Random(seed); // refuses a seed that is none
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
      throw new OptionError('BucketBatcher', 'position', `expected an epoch from 0, got ${epoch}`);
    if (!(Number.isInteger(batch) && batch >= 0 && batch < this.batchesPerEpoch)) {
      throw new OptionError(
        'BucketBatcher',
        'position',
        `expected a batch from 0 to ${this.batchesPerEpoch - 1}, got ${batch}; was the data changed?`,
      );
    }
    this.#position = { epoch, batch };
  }

  /** The examples of the next batch; after the last one comes the next epoch's first. */
  next(): Int32Array {
    const { epoch, batch } = this.#position;
    if (this.#order?.epoch !== epoch) this.#order = { epoch, batches: this.#batches(this.#shuffle ? epoch : null) };
    this.#position = batch + 1 < this.batchesPerEpoch ? { epoch, batch: batch + 1 } : { epoch: epoch + 1, batch: 0 };
    return this.#order.batches[batch].slice();
  }

  /** Every example once, longest first, in the same order each time: for validation. Does not move `position`. */
  *epoch(): Generator<Int32Array> {
    yield* this.#batches(null);
  }

  /** The batches of an epoch; unshuffled for null. */
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

  /** The examples, longest first; those of one length in an order drawn from `random`, or in their own. */
  #byLength(random: Random | null): Int32Array {
    const order = Int32Array.from({ length: this.#lengths.length }, (_, n) => n);
    random?.shuffle(order);
    const ranked = Array.from(order); // a typed array's sort is not promised to be stable
    ranked.sort((a, b) => this.#lengths[b] - this.#lengths[a]);
    return Int32Array.from(ranked);
  }
}

/** Buckets of whole batches over `order`, examples by falling length. */
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
 * Rows side by side, time first, filled up with `padding` (0): `ids[t · B + b]` is the number at t of row b.
 *
 *     padRows([[5, 6, 7], [8]]);   // { ids: [5, 8, 6, 0, 7, 0], lengths: [3, 1], T: 3, B: 2 }
 */
export function padRows(
  rows: readonly ArrayLike<number>[],
  padding = 0,
): { ids: Int32Array; lengths: Int32Array; T: number; B: number } {
  requireKinds('padRows', { rows, padding }, { rows: 'lists', padding: 'number' });
  const B = rows.length;
  const lengths = Int32Array.from(rows, (row) => row.length);
  const T = lengths.reduce((longest, length) => Math.max(longest, length), 0);
  const ids = new Int32Array(T * B).fill(padding);
  for (const [b, row] of rows.entries()) for (let t = 0; t < row.length; t++) ids[t * B + b] = row[t];
  return { ids, lengths, T, B };
}
