// One sequence per row, symbol by symbol: sampled from the model's distribution, or greedily.

import { requireKinds } from '../checks.ts';
import { checkOptions } from '../errors.ts';
import { GrowingRows, type SampleSequencesOptions } from './growing-rows.ts';
import { limitOptions } from './limits.ts';
import { type DecodedSequence, type RowStepper, rowStepperKind } from './row-stepper.ts';
import { sampleOptions } from './sample.ts';

/**
 * Samples a sequence for every row of the stepper. A row's sample depends on the seed and its index alone, not on the other rows.
 *
 *     const [one] = sampleSequences(stepper, { temperature: 0.8, topP: 0.95, seed: 7 });
 */
export function sampleSequences(stepper: RowStepper, options: SampleSequencesOptions = {}): DecodedSequence[] {
  const who = 'sampleSequences';
  requireKinds(who, { stepper, options }, { stepper: rowStepperKind, options: 'object' });
  checkOptions(who, options, [...sampleOptions, ...limitOptions, 'seed']);
  const indices = Array.from({ length: stepper.rows }, (_, row) => row);
  const growing = new GrowingRows(
    who,
    stepper,
    indices.map(() => options),
    indices,
  );
  const rows = indices.map(() => ({
    ids: [] as number[],
    logProbability: 0,
    ended: options.end === null,
    looked: [] as Float32Array[],
  }));
  while (growing.live > 0) {
    for (const growth of growing.step()) {
      const row = rows[growth.row];
      if (growth.id === null) {
        if (growth.error) throw growth.error;
        continue;
      }
      row.logProbability += growth.logProbability;
      if (growth.attention) row.looked.push(growth.attention);
      if (growth.isEnd) row.ended = true;
      else row.ids.push(growth.id);
    }
  }
  return rows.map(({ ids, logProbability, ended, looked }) => ({
    ids: Int32Array.from(ids),
    logProbability,
    score: logProbability,
    ended,
    attention: stepper.attention && looked,
  }));
}
