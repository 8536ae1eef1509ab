// Examples of the library's own data sets.

import { syntheticData } from 'unrolled/data';
import type { DatasetOf } from './dataset.ts';

export const sentiment = (): DatasetOf<'labeled'> => ({ kind: 'labeled', rows: syntheticData.sentiment.make(2000, 1) });

export const depth = (): DatasetOf<'tagged'> => ({
  kind: 'tagged',
  split: 'characters',
  rows: syntheticData.brackets.make(1500, 1).map(({ text, tags }) => ({ tokens: Array.from(text), tags })),
});

export const dates = (): DatasetOf<'pairs'> => ({ kind: 'pairs', rows: syntheticData.dates.make(2000, 1) });

export const seasons = (): DatasetOf<'series'> => ({ kind: 'series', series: syntheticData.sines.make(2400, 1) });
