// Sequences that grow together: a step gives every row that is not done its next symbol. What a row becomes depends on its own options and on nothing
// else, so rows of different requests may share their steps.

import { throwIfAborted } from '../abort.ts';
import { checkOptions, UnrolledError } from '../errors.ts';
import { Random } from '../random.ts';
import { completeLimits, forbid, type LimitOptions, type Limits, limitOptions } from './limits.ts';
import type { RowStepper } from './row-stepper.ts';
import { Sampler, type SampleOptions, sampleOptions } from './sample.ts';

/** Options of `sampleSequences`. */
export interface SampleSequencesOptions extends SampleOptions, LimitOptions {
  /** Seed of the sampling; every row has its own stream. Default 0. */
  readonly seed?: number;
}

/** What a row is given. */
export interface Growth {
  readonly row: number;
  /** A symbol, or the end. */
  readonly id: number;
  /** Log-probability of this symbol after those before it. */
  readonly logProbability: number;
  /** Attention of this symbol; null without attention. */
  readonly attention: Float32Array | null;
  readonly isEnd: boolean;
  /** Whether nothing follows: it is the end, or the row has its maximum length. */
  readonly isLast: boolean;
}

/** A row that ends without a symbol: no continuation is allowed where `error` is null, else it cannot be continued. */
export interface NoGrowth {
  readonly row: number;
  readonly id: null;
  readonly error: UnrolledError | null;
}

interface Row {
  readonly row: number;
  readonly limits: Limits;
  readonly sampler: Sampler;
  readonly ids: number[];
  last: number;
  /** Its row in the last step. */
  at: number;
}

export class GrowingRows {
  readonly #who: string;
  readonly #stepper: RowStepper;
  #live: Row[];

  /** Row r of the stepper has the options[r], and the random stream that `sampleSequences` gives to its row streams[r]. */
  constructor(
    who: string,
    stepper: RowStepper,
    options: readonly SampleSequencesOptions[],
    streams: readonly number[] = options.map(() => 0),
  ) {
    this.#who = who;
    this.#stepper = stepper;
    stepper.reset();
    const rows = options.map((one, row): Row => {
      checkOptions(who, one, [...sampleOptions, ...limitOptions, 'seed']);
      const { seed = 0, end, minLength, maxLength, suppressTokens, blockNgrams, signal, ...sampling } = one;
      return {
        row,
        limits: completeLimits(who, { end, minLength, maxLength, suppressTokens, blockNgrams, signal }),
        sampler: new Sampler(new Random(seed).fork(`row ${streams[row]}`), sampling),
        ids: [],
        last: stepper.first[row],
        at: row,
      };
    });
    this.#live = rows.filter(({ limits }) => limits.maxLength > 0);
  }

  /** Number of rows that are not done. */
  get live(): number {
    return this.#live.length;
  }

  /** The next symbol of every row that is not done, in the order of the rows. A row whose signal is aborted ends with an AbortError. */
  step(): (Growth | NoGrowth)[] {
    const left = this.#live.flatMap((row) => this.#refusal(row, () => throwIfAborted(this.#who, row.limits.signal)));
    const gone = new Set(left.map(({ row }) => row));
    const live = this.#live.filter(({ row }) => !gone.has(row));
    this.#live = live;
    if (live.length === 0) return left;
    const { vocabularySize: V } = this.#stepper;
    const scores = this.#stepper.step(
      Int32Array.from(live, (row) => row.last),
      Int32Array.from(live, (row) => row.at),
    );
    const grown = live.map((row, at) => this.#grow(row, at, scores.subarray(at * V, (at + 1) * V)));
    this.#live = live.filter((_, k) => {
      const one = grown[k];
      return one.id !== null && !one.isLast;
    });
    return [...left, ...grown];
  }

  #grow(row: Row, at: number, scores: Float32Array): Growth | NoGrowth {
    const { limits, ids } = row;
    forbid(scores, ids, limits);
    if (limits.blockNgrams > 0 && scores.every((v) => v === -Infinity)) return { row: row.row, id: null, error: null };
    const refused = this.#refusal(row, () => {
      row.last = row.sampler.draw(scores);
    });
    if (refused.length > 0) return refused[0];
    const id = row.last;
    const isEnd = id === limits.end;
    row.at = at;
    if (!isEnd) ids.push(id);
    return {
      row: row.row,
      id,
      logProbability: scores[id],
      attention: this.#stepper.attention?.[at] ?? null,
      isEnd,
      isLast: isEnd || ids.length === limits.maxLength,
    };
  }

  #refusal({ row }: Row, body: () => void): NoGrowth[] {
    try {
      body();
      return [];
    } catch (error) {
      if (error instanceof UnrolledError) return [{ row, id: null, error }];
      throw error;
    }
  }
}
