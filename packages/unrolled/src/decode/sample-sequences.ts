// One sequence per row, symbol by symbol: sampled from the model's distribution, or greedily.

import { throwIfAborted } from '../abort.ts';
import { requireKinds } from '../checks.ts';
import { checkOptions } from '../errors.ts';
import { Random } from '../random.ts';
import { completeLimits, forbid, type LimitOptions, limitOptions } from './limits.ts';
import { type DecodedSequence, type RowStepper, rowStepperKind } from './row-stepper.ts';
import { Sampler, type SampleOptions, sampleOptions } from './sample.ts';

/** Options of `sampleSequences`. */
export interface SampleSequencesOptions extends SampleOptions, LimitOptions {
  /** Seed of the sampling; every row has its own stream. Default 0. */
  readonly seed?: number;
}

/**
 * Samples a sequence for every row of the stepper. A row's sample depends on the seed and its index alone, not on the other rows.
 *
 *     const [one] = sampleSequences(stepper, { temperature: 0.8, topP: 0.95, seed: 7 });
 */
export function sampleSequences(stepper: RowStepper, options: SampleSequencesOptions = {}): DecodedSequence[] {
  requireKinds('sampleSequences', { stepper, options }, { stepper: rowStepperKind, options: 'object' });
  checkOptions('sampleSequences', options, [...sampleOptions, ...limitOptions, 'seed']);
  const { seed = 0, end, minLength, maxLength, suppressTokens, blockNgrams, signal, ...sampling } = options;
  const limits = completeLimits('sampleSequences', { end, minLength, maxLength, suppressTokens, blockNgrams, signal });
  const V = stepper.vocabularySize;
  const chance = new Random(seed);
  const rows = Array.from({ length: stepper.rows }, (_, r) => ({
    number: r,
    at: r,
    ids: [] as number[],
    last: stepper.first[r],
    logProbability: 0,
    ended: false,
    stuck: false,
    looked: [] as Float32Array[],
    sampler: new Sampler(chance.fork(`row ${r}`), sampling),
  }));
  stepper.reset();
  let live = limits.maxLength > 0 ? rows : [];
  while (live.length > 0) {
    throwIfAborted('sampleSequences', limits.signal);
    const scores = stepper.step(
      Int32Array.from(live, (r) => r.last),
      Int32Array.from(live, (r) => r.at),
    );
    for (const [at, row] of live.entries()) {
      const own = scores.subarray(at * V, (at + 1) * V);
      forbid(own, row.ids, limits);
      if (limits.blockNgrams > 0 && own.every((v) => v === -Infinity)) {
        row.stuck = true; // no continuation is allowed
        continue;
      }
      const symbol = row.sampler.draw(own);
      row.at = at;
      row.last = symbol;
      row.logProbability += own[symbol];
      if (stepper.attention) row.looked.push(stepper.attention[at]);
      if (symbol === limits.end) row.ended = true;
      else row.ids.push(symbol);
    }
    live = live.filter((row) => !row.ended && !row.stuck && row.ids.length < limits.maxLength);
  }
  return rows.map(({ ids, logProbability, ended, looked }) => ({
    ids: Int32Array.from(ids),
    logProbability,
    score: logProbability,
    ended: ended || limits.end === null,
    attention: stepper.attention && looked,
  }));
}
