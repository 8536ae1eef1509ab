// Options of decoding: beam search with its penalties, or sampling. Every command that decodes with a translator has them.

import type { OptionTable, Values } from './options.ts';

export const beamOptions = {
  beams: {
    kind: 'integer',
    default: 5,
    min: 1,
    max: 100,
    group: 'Search',
    also: ['beam-size', 'beam', 'num-beams'],
    needs: { sample: [false] },
    help: 'beam width: hypotheses kept at each step; 1 is greedy search',
  },
  lengthPenalty: {
    kind: 'number',
    default: 0.6,
    min: 0,
    group: 'Search',
    also: ['alpha'],
    needs: { sample: [false] },
    help: 'length penalty α (GNMT); 0 ranks by log-probability alone, which favors short outputs',
  },
  coveragePenalty: {
    kind: 'number',
    default: 0,
    min: 0,
    group: 'Search',
    needs: { sample: [false] },
    help: 'coverage penalty β (GNMT: 0.2) for source tokens without attention; needs an attention decoder',
  },
  noRepeatNgramSize: {
    kind: 'integer',
    default: 0,
    min: 0,
    group: 'Search',
    also: ['block-ngram-repeat'],
    help: 'no n-gram of this size occurs twice; 0 for no limit',
  },
  minTokens: {
    kind: 'integer',
    default: 0,
    min: 0,
    group: 'Search',
    also: ['min-new-tokens'],
    help: 'minimum number of tokens to generate',
  },
  maxTokens: {
    kind: 'integer',
    default: null,
    min: 1,
    group: 'Search',
    also: ['max-new-tokens'],
    help: 'maximum number of tokens to generate (default: twice the longest target of the training data, plus 10)',
  },
  copyUnknown: {
    kind: 'flag',
    default: false,
    group: 'Search',
    also: ['replace-unk'],
    help: 'write unknown words: the source word with the most attention in place of each unknown token; needs an attention decoder',
  },
} as const satisfies OptionTable;

export const searchOptions = {
  ...beamOptions,
  nBest: {
    kind: 'integer',
    default: 1,
    min: 1,
    group: 'Search',
    also: ['num-return-sequences'],
    needs: { sample: [false] },
    help: 'hypotheses to print, sorted by score; at most --beams',
  },
  sample: {
    kind: 'flag',
    default: false,
    group: 'Search',
    help: 'sample translations instead of beam search',
  },
  temperature: {
    kind: 'number',
    default: 1,
    min: 0,
    above: true,
    group: 'Search',
    short: 't',
    needs: { sample: [true] },
    help: 'sampling temperature for --sample; below 1 sharpens the distribution, above 1 flattens it',
  },
  topK: {
    kind: 'integer',
    default: 0,
    min: 0,
    group: 'Search',
    needs: { sample: [true] },
    help: 'for --sample: sample from the k most probable tokens; 0 for all',
  },
  topP: {
    kind: 'number',
    default: 1,
    min: 0,
    max: 1,
    above: true,
    group: 'Search',
    needs: { sample: [true] },
    help: 'for --sample: nucleus sampling, from the most probable tokens whose probabilities add up to this',
  },
  seed: {
    kind: 'integer',
    default: 1,
    min: 0,
    group: 'Search',
    needs: { sample: [true] },
    help: 'for --sample: random seed',
  },
} as const satisfies OptionTable;

export type BeamValues = Values<typeof beamOptions>;
export type SearchValues = Values<typeof searchOptions>;
