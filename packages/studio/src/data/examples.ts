// The data that a link can name. They are made in the worker that trains on them: the page never holds them. What is no text is made by a script of its own,
// which is loaded when such an example is looked at.

import { made, type PresetName } from '../settings/presets.ts';
import type { Settings } from '../settings/settings.ts';
import type { Dataset } from './dataset.ts';
import { withNoise } from './noise.ts';

type Named = Exclude<PresetName, `own${string}`>;
type Maker = (size: number, seed: number, noise: number) => Promise<Dataset>;

const examples: Readonly<Record<Named, Maker>> = {
  stories: async (size, seed) => ({ kind: 'text', text: (await import('./made.ts')).stories(size, seed) }),
  sonnets: async () => ({ kind: 'text', text: (await import('./sonnets.ts')).sonnets }),
  korean: async (size, seed) => ({ kind: 'text', text: (await import('./made.ts')).koreanStories(size, seed) }),
  brackets: async (size, seed) => ({ kind: 'text', text: (await import('./made.ts')).brackets(size, seed) }),
  adding: async () => ({ kind: 'memory', problem: 'adding' }),
  'temporal-order': async () => ({ kind: 'memory', problem: 'temporal-order' }),
  sentiment: async (size, seed) => (await import('./synthetic.ts')).sentiment(size, seed),
  depth: async (size, seed) => (await import('./synthetic.ts')).depth(size, seed),
  dates: async (size, seed) => (await import('./synthetic.ts')).dates(size, seed),
  seasons: async (size, seed, noise) => (await import('./synthetic.ts')).seasons(size, seed, noise),
  scenes: async (size, seed) => (await import('./drawn.ts')).drawn('scenes', size, seed),
  questions: async (size, seed) => (await import('./drawn.ts')).drawn('questions', size, seed),
  motions: async (size, seed) => (await import('./drawn.ts')).drawn('motions', size, seed),
};

/** What data are made from. */
export type DataSettings = Pick<Settings, 'noise' | 'dataSize' | 'dataSeed' | 'validation'>;

let kept: { readonly key: string; readonly data: Promise<Dataset> } | undefined;

/** The data of an example as they are made, before noise is put on them: the last that was asked for is kept. A series is made with its noise. */
export function plainData(preset: PresetName, { noise, dataSize, dataSeed }: DataSettings): Promise<Dataset> {
  const own = made[preset]?.noise === 'series' ? noise : 0;
  const key = [preset, dataSize, dataSeed, own].join();
  if (kept?.key !== key) kept = { key, data: examples[preset as Named](dataSize, dataSeed, own) };
  return kept.data;
}

/** The data of an example. Rejects for the user's own, which nothing here knows. */
export async function exampleData(preset: PresetName, settings: DataSettings): Promise<Dataset> {
  return withNoise(await plainData(preset, settings), settings);
}
