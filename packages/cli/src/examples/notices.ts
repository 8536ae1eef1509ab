// What a person should know of the texts a model is asked about: one that is empty, one that is longer than any training example, tokens that
// training did not have. The first few are named as they come, the others counted.

import type { InputNotes } from 'unrolled/pipelines';
import { grouped } from '../terminal/index.ts';
import { t } from '../language/index.ts';

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
  readonly longest: number | null;
  readonly most?: number;
}

export class InputNotices {
  readonly #warn: (text: string) => void;
  readonly #counts = { empty: 0, unknown: 0, long: 0, unanswered: 0, cut: 0 };

  constructor(warn: (text: string) => void) {
    this.#warn = warn;
  }

  /** `row` from 1; `notes` as the pipeline has them of its text. */
  add(row: number, notes: Pick<InputNotes, 'tokens' | 'unknown'>, limits: Limits): Looked {
    const { tokens, unknown } = notes;
    const [longest, most] = [limits.longest ?? Infinity, limits.most ?? Infinity];
    const read = Math.min(tokens, most);
    const longerThanSeen = tokens > longest;
    if (tokens === 0) this.#add('empty', t`text ${row} is empty`);
    if (unknown > 0)
      this.#add('unknown', t`text ${row}: the model does not know ${grouped(unknown)} of ${grouped(tokens)} tokens`);
    if (read < tokens)
      this.#add(
        'cut',
        t`text ${row}: the model read the first ${grouped(read)} of ${grouped(tokens)} tokens, its maximum length`,
      );
    else if (longerThanSeen)
      this.#add(
        'long',
        t`text ${row} has ${grouped(tokens)} tokens, more than the ${grouped(longest)} of the longest in the training data`,
      );
    return { unknown, longerThanSeen, ...(most < Infinity ? { tokensInAll: tokens, tokensRead: read } : {}) };
  }

  /** The same of a text's tokens, before they are cut. */
  look(row: number, ids: Int32Array, { unknown: id }: { readonly unknown: number }, limits: number | Limits): Looked {
    const unknown = ids.filter((other) => other === id).length;
    return this.add(row, { tokens: ids.length, unknown }, typeof limits === 'number' ? { longest: limits } : limits);
  }

  /** `row` cannot be read as a text; `why` as Skipped has it. */
  lack(row: number, why: string): void {
    this.#add('unanswered', t`row ${row} has no answer: ${t(why)}`);
  }

  /** Counts those that were not named. */
  finish(): void {
    for (const [kind, count] of Object.entries(this.#counts)) {
      if (count > named) this.#warn(t`${grouped(count)} texts in all ${t(remarks[kind as keyof typeof remarks])}`);
    }
  }

  #add(kind: keyof typeof remarks, text: string): void {
    if (++this.#counts[kind] <= named) this.#warn(text);
  }
}
