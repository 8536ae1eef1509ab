// How translations and captions are searched for: the options that both have, in the words of other libraries, and what was found.

import type { Decoded } from '../decode/row-stepper.ts';
import { OptionError } from '../errors.ts';
import type { SignalLike } from '../inference/abort.ts';

/** Options of decoding: beam width, sampling, lengths and penalties. */
export interface DecodingOptions {
  /** Hypotheses that are kept at each step (beam width); 1 is greedy. Default 5. */
  readonly beams?: number;
  /** How many hypotheses are returned, at most `beams`. Default 1. */
  readonly nBest?: number;
  /** α of GNMT's length penalty. */
  readonly lengthPenalty?: number;
  /** β of GNMT's coverage penalty, for models with attention. Default 0. */
  readonly coveragePenalty?: number;
  /** No n-gram of this size comes twice; 0 for no such rule. Default 0. */
  readonly noRepeatNgramSize?: number;
  readonly minTokens?: number;
  readonly maxTokens?: number;
  /** Samples one sequence instead of searching. */
  readonly sample?: SearchSampling | null;
  readonly signal?: SignalLike | null;
}

/** Options of sampling in place of a search. */
export interface SearchSampling {
  readonly temperature?: number;
  readonly topK?: number;
  readonly topP?: number;
  /** Makes the sample repeatable. Default: another each time. */
  readonly seed?: number;
}

/** One output of a search: its text, tokens and score. */
export interface Hypothesis {
  readonly text: string;
  /** What it is ranked by: its log-probability under the penalties. */
  readonly score: number;
  /** The sum of the log-probabilities of its tokens and its end. */
  readonly logProbability: number;
  /** Whether it came to its end, or was cut at the most tokens. */
  readonly complete: boolean;
  /** Its tokens, as the vocabulary has them. */
  readonly tokens: readonly string[];
  /** For each token, and last for the end where it came to it, what it attends to; null without attention. */
  readonly attention: readonly Float32Array[] | null;
}

export const searchOptionNames = [
  'beams',
  'nBest',
  'lengthPenalty',
  'coveragePenalty',
  'noRepeatNgramSize',
  'minTokens',
  'maxTokens',
  'sample',
  'signal',
] as const;

/** The options as the models' searches take them. */
export function searchOf(
  who: string,
  options: DecodingOptions,
  defaults: { readonly lengthPenalty: number; readonly maxTokens: number; readonly suppressTokens: readonly number[] },
) {
  const { beams = 5, nBest = 1, coveragePenalty = 0, noRepeatNgramSize = 0, minTokens = 0, sample = null } = options;
  const { lengthPenalty = defaults.lengthPenalty, maxTokens = Math.max(defaults.maxTokens, minTokens) } = options;
  if (minTokens > maxTokens)
    throw new OptionError(who, 'minTokens', `expected at most maxTokens ${maxTokens}, got ${minTokens}`);
  const limits = {
    minLength: minTokens,
    maxLength: maxTokens,
    blockNgrams: noRepeatNgramSize,
    suppressTokens: defaults.suppressTokens,
  };
  if (sample) return { ...limits, sample: sampling(sample) };
  if (nBest > beams) throw new OptionError(who, 'nBest', `expected at most beams ${beams}, got ${nBest}`);
  return { ...limits, beams, nBest, lengthPenalty, coveragePenalty };
}

export function sampling({ seed = Math.floor(Math.random() * 2 ** 31), ...sample }: SearchSampling) {
  return { ...sample, seed };
}

export function hypothesisOf(
  { ids, score, logProbability, ended, attention }: Decoded,
  tokenizer: { decode(ids: Iterable<number>): string; token(id: number): string },
): Hypothesis {
  return {
    text: tokenizer.decode(ids),
    score,
    logProbability,
    complete: ended,
    tokens: Array.from(ids, (id) => tokenizer.token(id)),
    attention,
  };
}
