// What a person should know of the texts a model is asked about: one that is empty, one that is longer than any it learnt from, tokens it never
// saw. The first few are named as they come, the others counted.

import { grouped } from '../terminal/index.ts';

const named = 3; // of each kind

const remarks = {
  empty: 'are empty',
  unknown: 'have tokens that the model does not know',
  long: 'are longer than any in the training data',
  unanswered: 'have no answer',
  cut: 'were truncated',
} as const;

export interface Looked {
  /** Tokens that the model does not know. */
  readonly unknown: number;
  readonly longerThanSeen: boolean;
  /** Tokens of the text, and how many of them the model read. */
  readonly tokensInAll?: number;
  readonly tokensRead?: number;
}

/** Tokens of the longest that training had, and the most that the model reads. */
export interface Limits {
  readonly longest: number;
  readonly most?: number;
}

export class InputNotices {
  readonly #warn: (text: string) => void;
  readonly #counts = { empty: 0, unknown: 0, long: 0, unanswered: 0, cut: 0 };

  constructor(warn: (text: string) => void) {
    this.#warn = warn;
  }

  /** `row` from 1; `ids` as the text says them, before they are cut. */
  look(row: number, ids: Int32Array, { unknown: id }: { readonly unknown: number }, limits: number | Limits): Looked {
    const { longest, most = Infinity } = typeof limits === 'number' ? { longest: limits } : limits;
    const read = Math.min(ids.length, most);
    const unknown = ids.filter((other) => other === id).length;
    const longerThanSeen = ids.length > longest;
    if (ids.length === 0) this.#add('empty', `text ${row} is empty`);
    if (unknown > 0)
      this.#add('unknown', `text ${row}: the model does not know ${grouped(unknown)} of ${grouped(ids.length)} tokens`);
    if (read < ids.length)
      this.#add(
        'cut',
        `text ${row}: the model read the first ${grouped(read)} of ${grouped(ids.length)} tokens, its maximum length`,
      );
    else if (longerThanSeen)
      this.#add(
        'long',
        `text ${row} has ${grouped(ids.length)} tokens, more than the ${grouped(longest)} of the longest in the training data`,
      );
    return { unknown, longerThanSeen, ...(most < Infinity ? { tokensInAll: ids.length, tokensRead: read } : {}) };
  }

  /** `row` cannot be read as a text; `why` as Skipped has it. */
  lack(row: number, why: string): void {
    this.#add('unanswered', `row ${row} has no answer: ${why}`);
  }

  /** Counts those that were not named. */
  finish(): void {
    for (const [kind, count] of Object.entries(this.#counts)) {
      if (count > named) this.#warn(`${grouped(count)} texts in all ${remarks[kind as keyof typeof remarks]}`);
    }
  }

  #add(kind: keyof typeof remarks, text: string): void {
    if (++this.#counts[kind] <= named) this.#warn(text);
  }
}
