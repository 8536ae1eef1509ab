// The data that a link can name. They are made in the worker that trains on them: the page never holds them.

import { syntheticData } from 'unrolled/data';
import type { PresetName } from '../state/presets.ts';
import type { Dataset } from './dataset.ts';
import { drawn } from './drawn.ts';
import { brackets, koreanStories, stories } from './made.ts';
import { sonnets } from './sonnets.ts';

type Named = Exclude<PresetName, `own${string}`>;

const examples: Readonly<Record<Named, () => Dataset>> = {
  stories: () => ({ kind: 'text', text: stories(120_000) }),
  sonnets: () => ({ kind: 'text', text: sonnets }),
  korean: () => ({ kind: 'text', text: koreanStories(80_000) }),
  brackets: () => ({ kind: 'text', text: brackets(60_000) }),
  adding: () => ({ kind: 'memory', problem: 'adding' }),
  'temporal-order': () => ({ kind: 'memory', problem: 'temporal-order' }),
  sentiment: () => ({ kind: 'labeled', rows: syntheticData.sentiment.make(2000, 1) }),
  depth: () => ({
    kind: 'tagged',
    split: 'characters',
    rows: syntheticData.brackets.make(1500, 1).map(({ text, tags }) => ({ tokens: Array.from(text), tags })),
  }),
  dates: () => ({ kind: 'pairs', rows: syntheticData.dates.make(2000, 1) }),
  seasons: () => ({ kind: 'series', series: syntheticData.sines.make(2400, 1) }),
  scenes: () => drawn('scenes'),
  questions: () => drawn('questions'),
  motions: () => drawn('motions'),
};

const kept = new Map<PresetName, Dataset>();

/** The data of an example, made once. Throws for the user's own, which nothing here knows. */
export function exampleData(preset: PresetName): Dataset {
  const made = kept.get(preset) ?? examples[preset as Named]();
  kept.set(preset, made);
  return made;
}
