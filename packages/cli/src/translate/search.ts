// From the options of a command to a search, and from what it found to text.

import { type Decoded, OptionError, type TranslateOptions } from 'unrolled';
import { type Tokenizer } from 'unrolled/data';
import type { BeamValues, SearchValues } from '../command-line/search-options.ts';
import type { PairTokenizers } from './tokens.ts';

/** `longest`: tokens of the longest target that was learnt. What is never written: padding, and a token that stands for none in particular. */
export function searchOf(
  values: BeamValues & Partial<SearchValues>,
  { target }: PairTokenizers,
  longest: number,
): TranslateOptions {
  const { beams, lengthPenalty, coveragePenalty, minTokens, maxTokens, nBest = 1 } = values;
  const maxLength = maxTokens ?? Math.max(2 * longest + 10, minTokens);
  if (minTokens > maxLength)
    throw new OptionError('translate', '--min-tokens', `expected at most --max-tokens ${maxLength}, got ${minTokens}`);
  const limits = {
    minLength: minTokens,
    maxLength,
    blockNgrams: values.noRepeatNgramSize,
    suppressTokens: [target.pad, target.unknown],
  };
  if (values.sample) {
    const { temperature = 1, topK = 0, topP = 1, seed = 1 } = values;
    return { ...limits, sample: { temperature, topK, topP, seed } };
  }
  if (nBest > beams) throw new OptionError('translate', '--n-best', `expected at most --beams ${beams}, got ${nBest}`);
  return { ...limits, beams, nBest, lengthPenalty, coveragePenalty };
}

/** The quick one, of validations while a model learns. */
export function greedySearch(tokenizers: PairTokenizers, longest: number): TranslateOptions {
  return { maxLength: 2 * longest + 10, suppressTokens: [tokenizers.target.pad, tokenizers.target.unknown] };
}

/** Where a translation looked, with the tokens by name; null without attention. */
export interface HardAttentionChoice {
  readonly source: readonly string[];
  readonly target: readonly string[];
  readonly weights: readonly Float32Array[];
}

export function lookingOf(
  source: Int32Array,
  predicted: Decoded,
  tokenizers: PairTokenizers,
): HardAttentionChoice | null {
  if (!predicted.attention) return null;
  const name = (tokenizer: Tokenizer) => (id: number) => tokenizer.token(id);
  const target = Array.from(predicted.ids, name(tokenizers.target));
  return {
    source: Array.from(source, name(tokenizers.source)),
    target: predicted.ended ? [...target, '</s>'] : target,
    weights: predicted.attention,
  };
}
