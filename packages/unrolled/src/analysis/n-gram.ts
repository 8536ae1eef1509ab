// N-gram models, the baseline that a language model has to beat: how often each symbol followed each context, interpolated over all shorter contexts
// (Witten and Bell 1991), so that unseen continuations keep a probability.
//
//   P_n(w | h) = (c(h, w) + T(h) · P_{n−1}(w | h')) / (c(h) + T(h))        T(h): how many different symbols followed h;  P_0 = 1/V

import { requireKinds, requireWhole } from '../checks.ts';

interface Followers {
  total: number;
  readonly counts: Map<number, number>;
}

const mostOrders = 64; // a table of contexts for each

/**
 *     const model = new NGramModel(trainIds, { order: 5, vocabularySize: 65 });
 *     model.lossAt(testIds, 100);          // −ln P(ids[100] | ids[96 … 99]), by every order from 1 to 5
 */
export class NGramModel {
  readonly order: number;
  readonly vocabularySize: number;
  /** Counts by context length. */
  readonly #contexts: Map<string, Followers>[];

  constructor(ids: ArrayLike<number>, options: { readonly order: number; readonly vocabularySize: number }) {
    requireKinds('NGramModel', { ids, options }, { ids: 'numbers', options: 'object' });
    const { order, vocabularySize } = options;
    requireWhole('NGramModel', 'order', order, 1, mostOrders);
    requireWhole('NGramModel', 'vocabularySize', vocabularySize, 1, 0x10000);
    this.order = order;
    this.vocabularySize = vocabularySize;
    const text = textOf(ids);
    this.#contexts = Array.from({ length: order }, (_, n) => {
      const found = new Map<string, Followers>();
      for (let i = n; i < ids.length; i++) {
        const context = text.slice(i - n, i);
        let followers = found.get(context);
        if (!followers) found.set(context, (followers = { total: 0, counts: new Map() }));
        followers.total++;
        followers.counts.set(ids[i], (followers.counts.get(ids[i]) ?? 0) + 1);
      }
      return found;
    });
  }

  /** Loss of the symbol at a position in nats, for the orders 1, 2, … */
  lossAt(ids: ArrayLike<number>, position: number): number[] {
    requireKinds('NGram.lossAt', { ids }, { ids: 'numbers' });
    requireWhole('NGram.lossAt', 'position', position, 0, Math.max(0, ids.length - 1));
    const losses: number[] = [];
    let p = 1 / this.vocabularySize;
    for (let n = 0; n < this.order; n++) {
      if (n <= position) {
        const context = textOf(Array.from({ length: n }, (_, k) => ids[position - n + k]));
        const followers = this.#contexts[n].get(context);
        if (followers) {
          const { total, counts } = followers;
          p = ((counts.get(ids[position]) ?? 0) + counts.size * p) / (total + counts.size);
        }
      }
      losses.push(-Math.log(p));
    }
    return losses;
  }
}

/** Symbols as the characters of a string, so that a context is a key. */
function textOf(ids: ArrayLike<number>): string {
  const parts: string[] = [];
  for (let i = 0; i < ids.length; i++) parts.push(String.fromCharCode(ids[i]));
  return parts.join('');
}
