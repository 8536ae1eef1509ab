// What is the same for a translator and a captioner: a token is written after every place from some place on, given what was written before it.

import type { Tensor } from 'unrolled';
import type { Tokenizer } from 'unrolled/data';
import type { NextSymbol, Opened, UnitKey } from './protocol.ts';
import { TraceReading } from './trace-reading.ts';

/** One text that the model writes. */
export interface Written {
  /** Where its passage begins. */
  readonly from: number;
  /** The place after which the first token is written. */
  readonly first: number;
  /** What the model writes, its end included. */
  readonly output: Int32Array;
}

export abstract class WritingReading<W extends Written> extends TraceReading {
  protected readonly all: W[] = [];
  protected abstract readonly tokenizer: Tokenizer;
  /** Log-probabilities after every place, [N, V]; NaN where nothing is written. */
  #scores = new Float32Array();
  #V = 0;

  /** Makes room for the log-probabilities of so many places. */
  protected reserve(places: number, V: number): void {
    [this.#scores, this.#V] = [new Float32Array(places * V).fill(Number.NaN), V];
  }

  /** Keeps the log-probabilities of the logits [1, V] of every step of a text. */
  protected keep({ first }: W, logits: readonly Tensor[]): void {
    for (const [k, one] of logits.entries()) this.#scores.set(one.logSoftmax().dataSync(), (first + k) * this.#V);
  }

  protected writtenAt(n: number): W {
    return this.all.findLast(({ from }) => from <= n) ?? this.all[0];
  }

  /** A token as it is shown. */
  protected shownToken(id: number): string {
    return this.tokenizer.decode([id]) || this.tokenizer.token(id);
  }

  /** The log-probability of the token that is written after a place. */
  protected logitAt(logits: Tensor, id: number): Tensor {
    return logits
      .reshape(this.#V)
      .logSoftmax()
      .slice(0, id, id + 1)
      .sum();
  }

  /** −ln p of all that was written; `right` says whether a text is as it should be, null where that is not known. */
  protected judged(right: (one: W) => boolean | null): Pick<Opened, 'losses' | 'loss' | 'accuracy'> {
    const losses = new Float32Array(this.symbols.length).fill(Number.NaN);
    let [sum, count, correct, known] = [0, 0, 0, 0];
    for (const one of this.all) {
      for (const [k, id] of one.output.entries()) {
        const loss = -this.#scores[(one.first + k) * this.#V + id];
        // A token is shown where it is read, one place after it was predicted.
        if (k + 1 < one.output.length) losses[one.first + k + 1] = loss;
        sum += loss;
        count++;
      }
      const verdict = right(one);
      if (verdict === null) continue;
      known++;
      correct += Number(verdict);
    }
    return { losses, loss: sum / Math.max(1, count), accuracy: known > 0 ? correct / known : Number.NaN };
  }

  next(n: number): NextSymbol[] {
    const { first, output } = this.writtenAt(n);
    if (n < first) return [];
    const row = this.#scores.subarray(n * this.#V, (n + 1) * this.#V);
    const came = output[n - first];
    const shown = Array.from(row.keys())
      .sort((a, b) => row[b] - row[a])
      .slice(0, 8);
    if (!shown.includes(came)) shown.push(came);
    return shown.map((id) => ({
      symbol: this.shownToken(id),
      probability: Math.exp(row[id]),
      came: id === came,
    }));
  }

  /** The mean of a unit over the places that `placesOf` gives of each text. */
  protected meanOver(key: UnitKey, placesOf: (one: W) => readonly [from: number, to: number]): number {
    const column = this.unit(key);
    const own = this.all.flatMap((one) => Array.from(column.subarray(...placesOf(one))));
    return own.reduce((a, b) => a + b, 0) / own.length;
  }
}
