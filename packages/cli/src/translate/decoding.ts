// From the options of a command to those of the pipeline, in the flags' words where they cannot be together.

import { OptionError } from 'unrolled';
import type { DecodingOptions, TranslationInput } from 'unrolled/pipelines';
import type { BeamValues, SearchValues } from '../command-line/search-options.ts';

export function decodingOf(
  values: BeamValues & Partial<SearchValues>,
  { longestTrained }: TranslationInput,
): DecodingOptions {
  const { beams, lengthPenalty, coveragePenalty, noRepeatNgramSize, minTokens, nBest = 1 } = values;
  const maxTokens = values.maxTokens ?? Math.max(2 * longestTrained.target + 10, minTokens);
  if (minTokens > maxTokens)
    throw new OptionError('translate', '--min-tokens', `expected at most --max-tokens ${maxTokens}, got ${minTokens}`);
  const limits = { minTokens, maxTokens, noRepeatNgramSize };
  if (values.sample) {
    const { temperature = 1, topK = 0, topP = 1, seed = 1 } = values;
    return { ...limits, sample: { temperature, topK, topP, seed } };
  }
  if (nBest > beams) throw new OptionError('translate', '--n-best', `expected at most --beams ${beams}, got ${nBest}`);
  return { ...limits, beams, nBest, lengthPenalty, coveragePenalty };
}
