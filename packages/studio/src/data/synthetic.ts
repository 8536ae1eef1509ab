// Examples of the library's own data sets.

import { makeSines, syntheticData } from 'unrolled/data';
import type { DatasetOf } from './dataset.ts';

export const sentiment = (size: number, seed: number): DatasetOf<'labeled'> => ({
  kind: 'labeled',
  rows: syntheticData.sentiment.make(size, seed),
});

export const depth = (size: number, seed: number): DatasetOf<'tagged'> => ({
  kind: 'tagged',
  split: 'characters',
  rows: syntheticData.brackets.make(size, seed).map(({ text, tags }) => ({ tokens: Array.from(text), tags })),
});

export const dates = (size: number, seed: number): DatasetOf<'pairs'> => ({
  kind: 'pairs',
  rows: syntheticData.dates.make(size, seed),
});

export const seasons = (size: number, seed: number, noise: number): DatasetOf<'series'> => ({
  kind: 'series',
  series: makeSines(size, seed, { noise }),
});
