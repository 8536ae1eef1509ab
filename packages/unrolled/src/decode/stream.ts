// Streams one sequence symbol by symbol: the symbols that `sampleSequences` samples for its first row.

import { throwIfAborted } from '../abort.ts';
import { requireKinds } from '../checks.ts';
import { checkOptions } from '../errors.ts';
import { Random } from '../random.ts';
import type { SampleSequencesOptions } from './sample-sequences.ts';
import { completeLimits, forbid, limitOptions } from './limits.ts';
import type { RowStepper } from './row-stepper.ts';
import { Sampler, sampleOptions } from './sample.ts';

/** One symbol of a sequence that is streamed. */
export interface StreamedSymbol {
  /** A symbol, or the end. */
  readonly id: number;
  /** Log-probability of this symbol after those before it. */
  readonly logProbability: number;
  /** Attention of this symbol; null without attention. */
  readonly attention: Float32Array | null;
  /** Whether it is the end symbol. */
  readonly isEnd: boolean;
}

/** Yields the symbols of the stepper's first row as they are sampled, the end included; greedily with `greedy`. */
export function* streamSequence(
  stepper: RowStepper,
  options: SampleSequencesOptions = {},
): Generator<StreamedSymbol, void> {
  requireKinds('streamSequence', { stepper }, { stepper: { reset: 'function', step: 'function' } });
  checkOptions('streamSequence', options, [...sampleOptions, ...limitOptions, 'seed']);
  const { seed = 0, end, minLength, maxLength, suppressTokens, blockNgrams, signal, ...sampling } = options;
  const limits = completeLimits('streamSequence', { end, minLength, maxLength, suppressTokens, blockNgrams, signal });
  const sampler = new Sampler(new Random(seed).fork('row 0'), sampling);
  const ids: number[] = [];
  const from = Int32Array.of(0);
  stepper.reset();
  let last = stepper.first[0];
  while (ids.length < limits.maxLength) {
    throwIfAborted('streamSequence', limits.signal);
    const scores = stepper.step(Int32Array.of(last), from);
    forbid(scores, ids, limits);
    if (limits.blockNgrams > 0 && scores.every((v) => v === -Infinity)) return; // no continuation is allowed
    const id = sampler.draw(scores);
    const isEnd = id === limits.end;
    yield { id, logProbability: scores[id], attention: stepper.attention?.[0] ?? null, isEnd };
    if (isEnd) return;
    ids.push(id);
    last = id;
  }
}
