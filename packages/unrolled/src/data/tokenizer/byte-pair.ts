// Byte-pair encoding (Sennrich, Haddow and Birch, 2016): a word starts as its symbols, and pairs that were frequent in
// training are merged, in the order they were learned, leftmost first. Words are short, but one "word" of ten million characters
// must not take quadratic time: hence two algorithms for the same result.

import { Heap } from './heap.ts';

/** The highest position in a word that fits beside a rank of up to 2²³ in one double. */
const positions = 2 ** 30;

/** Up to this length scanning all pairs is faster. */
const short = 48;

export class PairMerger {
  /** Rank of a pair's merge, by left · size + right. */
  readonly #ranks = new Map<number, number>();
  readonly #merged: number[] = [];
  readonly #size: number;

  /** `merges`: left and right token and their merged token, in the order learned; `size`: more than any id in them. */
  constructor(merges: Iterable<readonly [left: number, right: number, merged: number]>, size: number) {
    this.#size = size;
    for (const [left, right, merged] of merges) {
      const key = left * size + right;
      if (!this.#ranks.has(key)) this.#ranks.set(key, this.#merged.length);
      this.#merged.push(merged);
    }
  }

  /** Applies all merges to `symbols`. Negative ids never merge. */
  merge(symbols: readonly number[]): number[] {
    return symbols.length <= short ? this.mergeShort(symbols) : this.mergeLong(symbols);
  }

  /** Scans all pairs again and again: quadratic, and the fastest for words. */
  mergeShort(symbols: readonly number[]): number[] {
    const ids = [...symbols];
    const ranks: number[] = []; // of the pair that begins at k
    for (let k = 0; k + 1 < ids.length; k++) ranks.push(this.#rank(ids[k], ids[k + 1]));
    for (;;) {
      let best = -1;
      for (let k = 0; k < ranks.length; k++) {
        if (ranks[k] >= 0 && (best < 0 || ranks[k] < ranks[best])) best = k;
      }
      if (best < 0) return ids;
      ids[best] = this.#merged[ranks[best]];
      ids.splice(best + 1, 1);
      ranks.splice(best, 1);
      if (best > 0) ranks[best - 1] = this.#rank(ids[best - 1], ids[best]);
      if (best < ranks.length) ranks[best] = this.#rank(ids[best], ids[best + 1]);
    }
  }

  /** Uses a heap of the pairs and a linked list of the symbols: n log n. */
  mergeLong(symbols: readonly number[]): number[] {
    const n = symbols.length;
    const ids = [...symbols]; // ids[k]: the token that begins at k, unless gone[k]
    const next = new Int32Array(n);
    const previous = new Int32Array(n);
    const gone = new Uint8Array(n);
    const queue = new Heap<number>((a, b) => a < b); // rank · positions + position: by rank, then from the left
    const consider = (k: number): void => {
      if (k < 0 || next[k] >= n) return;
      const rank = this.#rank(ids[k], ids[next[k]]);
      if (rank >= 0) queue.push(rank * positions + k);
    };
    for (let k = 0; k < n; k++) [previous[k], next[k]] = [k - 1, k + 1];
    for (let k = 0; k < n; k++) consider(k);
    for (let item = queue.pop(); item !== undefined; item = queue.pop()) {
      const k = item % positions;
      const right = next[k];
      // A queued pair may have been merged away, or be another pair by now.
      if (gone[k] || right >= n || this.#rank(ids[k], ids[right]) !== (item - k) / positions) continue;
      ids[k] = this.#merged[(item - k) / positions];
      gone[right] = 1;
      next[k] = next[right];
      if (next[k] < n) previous[next[k]] = k;
      consider(previous[k]);
      consider(k);
    }
    return ids.filter((_, k) => !gone[k]);
  }

  #rank(left: number, right: number): number {
    return left < 0 || right < 0 ? -1 : (this.#ranks.get(left * this.#size + right) ?? -1);
  }
}
