// Training byte-pair encoding: again and again the most frequent pair of neighbors becomes a token. Only words that contain the pair are updated,
// and their pairs recounted; a heap holds every pair with a count that was right when it was pushed and is checked when it is popped. Ties are
// broken by the smaller ids, as in Hugging Face's trainer, so that the result is the same everywhere.

import { Heap } from './heap.ts';

export interface Merge {
  readonly left: string;
  readonly right: string;
}

interface Candidate {
  readonly count: number;
  readonly left: number;
  readonly right: number;
}

/**
 * Merges of pairs that occur at least `minCount` times, until `tokens` has grown to `size`; appends to `tokens`.
 * `words` is how often each word occurs; a word is a string of one-character tokens.
 */
export function trainBytePairs(
  words: ReadonlyMap<string, number>,
  tokens: string[],
  { size, minCount }: { size: number; minCount: number },
): Merge[] {
  const ids = new Map(tokens.map((token, id) => [token, id]));
  const spelled = Array.from(words.keys(), (word) => Array.from(word, (symbol) => ids.get(symbol) ?? -1));
  const frequency = [...words.values()];
  const counts = new Map<number, number>();
  const where = new Map<number, number[]>();
  const key = (left: number, right: number) => left * size + right;
  const queue = new Heap<Candidate>(
    (a, b) => a.count > b.count || (a.count === b.count && key(a.left, a.right) < key(b.left, b.right)),
  );
  const push = (pair: number) => {
    const right = pair % size;
    queue.push({ count: counts.get(pair) ?? 0, left: (pair - right) / size, right });
  };
  const add = (pair: number, times: number) => counts.set(pair, (counts.get(pair) ?? 0) + times);
  const note = (pair: number, w: number) => {
    const list = where.get(pair);
    if (!list) where.set(pair, [w]);
    else if (list[list.length - 1] !== w) list.push(w);
  };
  for (const [w, word] of spelled.entries()) {
    for (let k = 0; k + 1 < word.length; k++) {
      const pair = key(word[k], word[k + 1]);
      add(pair, frequency[w]);
      note(pair, w);
    }
  }
  for (const pair of counts.keys()) push(pair);

  const merges: Merge[] = [];
  while (tokens.length < size) {
    const best = queue.pop();
    if (!best) break;
    const pair = key(best.left, best.right);
    const now = counts.get(pair) ?? 0; // never more: a pair that grew was pushed again, and that one came first
    if (now < best.count) {
      if (now >= minCount) push(pair);
      continue;
    }
    if (now < minCount || now === 0) break;
    const [left, right] = [tokens[best.left], tokens[best.right]];
    merges.push({ left, right });
    let merged = ids.get(left + right);
    if (merged === undefined) {
      merged = tokens.length;
      tokens.push(left + right);
      ids.set(left + right, merged);
    }
    const grown = new Set<number>();
    const grow = (other: number, w: number) => {
      add(other, frequency[w]);
      note(other, w);
      grown.add(other);
    };
    for (const w of where.get(pair) ?? []) {
      const old = spelled[w];
      const joined: number[] = [];
      for (let k = 0; k < old.length; k++) {
        if (old[k] !== best.left || old[k + 1] !== best.right) {
          joined.push(old[k]);
          continue;
        }
        // … before left right after … becomes … before merged after …
        const before = joined[joined.length - 1];
        const after = old[k + 2];
        if (before !== undefined) {
          add(key(before, best.left), -frequency[w]);
          grow(key(before, merged), w);
        }
        if (after !== undefined) {
          add(key(best.right, after), -frequency[w]);
          grow(key(merged, after), w);
        }
        joined.push(merged);
        k++;
      }
      spelled[w] = joined;
    }
    counts.delete(pair);
    where.delete(pair);
    grown.delete(pair);
    for (const other of grown) push(other);
  }
  return merges;
}
