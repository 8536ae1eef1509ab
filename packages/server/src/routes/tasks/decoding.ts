// Options of a search, as `DecodingOptions` has them.

import * as v from 'valibot';
import type { ServerLimits } from '../../limits.ts';
import { flag, number, optional, seed, topK, topP, whole } from '../../schema/fields.ts';
import { given } from './task.ts';

export const decodingFields = (limits: ServerLimits) => ({
  beams: optional(v.pipe(whole(1, limits.beams), v.description('Beam width; 1 is greedy. Default 5.'))),
  nBest: optional(v.pipe(whole(1, limits.beams), v.description('Number of hypotheses. Default 1.'))),
  lengthPenalty: optional(number(-100, 100)),
  coveragePenalty: optional(number(-100, 100)),
  noRepeatNgramSize: optional(whole(0, 1000)),
  minTokens: optional(whole(0, limits.maxTokens)),
  maxTokens: optional(whole(1, limits.maxTokens)),
  sample: optional(
    v.pipe(
      v.strictObject({
        temperature: optional(
          v.pipe(
            number(0, 100),
            v.check((t) => t > 0, 'expected a number above 0'),
          ),
        ),
        topK: optional(topK()),
        topP: optional(topP()),
        seed: optional(v.pipe(seed(), v.minValue(0, 'expected at least 0'))),
      }),
      v.transform(given),
      v.description('Sample instead of searching.'),
    ),
  ),
  stream: optional(v.pipe(flag(), v.description('Word by word, greedily or sampled.'))),
});

/** Options of a search that a stream, which follows one hypothesis, cannot have. */
export const searchOnly = ['beams', 'nBest', 'lengthPenalty', 'coveragePenalty'] as const;
