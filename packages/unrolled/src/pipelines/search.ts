// Decoding options shared by translations and captions, in the words of other libraries, and their results.

import { requireKinds, requireWhole, shown } from '../checks.ts';
import type { DecodedSequence } from '../decode/row-stepper.ts';
import { OptionError } from '../errors.ts';
import type { SignalLike } from '../abort.ts';

/** Options of decoding: beam width, sampling, lengths and penalties. */
export interface DecodingOptions {
  /** Beam width: hypotheses kept at each step; 1 is greedy. Default 5. */
  readonly beams?: number;
  /** Number of hypotheses returned, at most `beams`. Default 1. */
  readonly nBest?: number;
  /** Length penalty (GNMT α). */
  readonly lengthPenalty?: number;
  /** Coverage penalty (GNMT β), for models with attention. Default 0. */
  readonly coveragePenalty?: number;
  /** No-repeat n-gram size: no n-gram of this size occurs twice; 0 for no such rule. Default 0. */
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
  /** Seed of the sampling. Default: a random one. */
  readonly seed?: number;
}

/** One output of a search: its text, tokens and score. */
export interface Hypothesis {
  readonly text: string;
  /** Score by which hypotheses are ranked: the log-probability under the penalties. */
  readonly score: number;
  /** Log-probability: the sum over its tokens and its end. */
  readonly logProbability: number;
  /** Whether it ended by itself; otherwise it was cut at the maximum length. */
  readonly complete: boolean;
  /** Tokens, as in the vocabulary. */
  readonly tokens: readonly string[];
  /** Attention of each token, and of the end if it was reached; null without attention. */
  readonly attention: readonly (readonly number[])[] | null;
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

/** The options in the form of the models' searches. */
export function searchOf(
  who: string,
  options: DecodingOptions,
  defaults: { readonly lengthPenalty: number; readonly maxTokens: number; readonly suppressTokens: readonly number[] },
) {
  const { beams = 5, nBest = 1, coveragePenalty = 0, noRepeatNgramSize = 0, minTokens = 0, sample = null } = options;
  requireWhole(who, 'minTokens', minTokens);
  const { lengthPenalty = defaults.lengthPenalty, maxTokens = Math.max(defaults.maxTokens, minTokens) } = options;
  requireWhole(who, 'maxTokens', maxTokens);
  if (minTokens > maxTokens)
    throw new OptionError(who, 'minTokens', `expected at most maxTokens ${shown(maxTokens)}, got ${shown(minTokens)}`);
  const limits = {
    minLength: minTokens,
    maxLength: maxTokens,
    blockNgrams: noRepeatNgramSize,
    suppressTokens: defaults.suppressTokens,
  };
  if (sample !== null) return { ...limits, sample: sampling(who, sample) };
  requireWhole(who, 'beams', beams, 1);
  requireWhole(who, 'nBest', nBest, 1);
  if (nBest > beams) throw new OptionError(who, 'nBest', `expected at most beams ${shown(beams)}, got ${shown(nBest)}`);
  return { ...limits, beams, nBest, lengthPenalty, coveragePenalty };
}

export function sampling(who: string, options: SearchSampling) {
  requireKinds(who, { sample: options }, { sample: 'object' });
  const { seed = Math.floor(Math.random() * 2 ** 31), ...sample } = options;
  return { ...sample, seed };
}

export function hypothesisOf(
  { ids, score, logProbability, ended, attention }: DecodedSequence,
  tokenizer: { decode(ids: Iterable<number>): string; token(id: number): string },
): Hypothesis {
  return {
    text: tokenizer.decode(ids),
    score,
    logProbability,
    complete: ended,
    tokens: Array.from(ids, (id) => tokenizer.token(id)),
    attention: attention && attention.map((row) => Array.from(row)),
  };
}
