// Decoding options: beam search with its penalties, or sampling. For every command that decodes with a translator.

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
    help: 'beginnings that are followed at once; 1 takes the most probable token at every step',
  },
  lengthPenalty: {
    kind: 'number',
    default: 0.6,
    min: 0,
    group: 'Search',
    also: ['alpha'],
    needs: { sample: [false] },
    help: 'how much less a long translation pays for its length; 0 ranks by probability, which favors the short',
  },
  coveragePenalty: {
    kind: 'number',
    default: 0,
    min: 0,
    group: 'Search',
    needs: { sample: [false] },
    help: 'with attention: how much a part of the source costs that was not looked at (GNMT: 0.2)',
  },
  blockNgrams: {
    kind: 'integer',
    default: 0,
    min: 0,
    group: 'Search',
    also: ['no-repeat-ngram-size', 'block-ngram-repeat'],
    help: 'no run of so many tokens comes twice; 0 for no such rule',
  },
  minLength: { kind: 'integer', default: 0, min: 0, group: 'Search', help: 'tokens to write at least' },
  maxTokens: {
    kind: 'integer',
    default: null,
    min: 1,
    group: 'Search',
    help: 'tokens to write at most (default: twice the longest that was learnt, and ten)',
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
    help: 'how many of the beams to print, the best first',
  },
  sample: {
    kind: 'flag',
    default: false,
    group: 'Search',
    help: 'draw translations instead of searching for the most probable',
  },
  temperature: {
    kind: 'number',
    default: 1,
    min: 0,
    above: true,
    group: 'Search',
    short: 't',
    needs: { sample: [true] },
    help: 'of --sample; below 1: the likely becomes likelier',
  },
  topK: {
    kind: 'integer',
    default: 0,
    min: 0,
    group: 'Search',
    needs: { sample: [true] },
    help: 'of --sample: only the k likeliest; 0 for all',
  },
  topP: {
    kind: 'number',
    default: 1,
    min: 0,
    max: 1,
    above: true,
    group: 'Search',
    needs: { sample: [true] },
    help: 'of --sample: only the most probable that together reach this probability',
  },
  seed: {
    kind: 'integer',
    default: 1,
    min: 0,
    group: 'Search',
    needs: { sample: [true] },
    help: 'of --sample: draw the same again',
  },
} as const satisfies OptionTable;

export type BeamValues = Values<typeof beamOptions>;
export type SearchValues = Values<typeof searchOptions>;
