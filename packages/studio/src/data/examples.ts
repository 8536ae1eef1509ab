// The data that a link can name. They are made in the worker that trains on them: the page never holds them. What is no text is made by a script of its own,
// which is loaded when such an example is looked at.

import type { PresetName } from '../settings/presets.ts';
import type { Dataset } from './dataset.ts';

type Named = Exclude<PresetName, `own${string}`>;

const examples: Readonly<Record<Named, () => Promise<Dataset>>> = {
  stories: async () => ({ kind: 'text', text: (await import('./made.ts')).stories(120_000) }),
  sonnets: async () => ({ kind: 'text', text: (await import('./sonnets.ts')).sonnets }),
  korean: async () => ({ kind: 'text', text: (await import('./made.ts')).koreanStories(80_000) }),
  brackets: async () => ({ kind: 'text', text: (await import('./made.ts')).brackets(60_000) }),
  adding: async () => ({ kind: 'memory', problem: 'adding' }),
  'temporal-order': async () => ({ kind: 'memory', problem: 'temporal-order' }),
  sentiment: async () => (await import('./synthetic.ts')).sentiment(),
  depth: async () => (await import('./synthetic.ts')).depth(),
  dates: async () => (await import('./synthetic.ts')).dates(),
  seasons: async () => (await import('./synthetic.ts')).seasons(),
  scenes: async () => (await import('./drawn.ts')).drawn('scenes'),
  questions: async () => (await import('./drawn.ts')).drawn('questions'),
  motions: async () => (await import('./drawn.ts')).drawn('motions'),
};

const kept = new Map<PresetName, Promise<Dataset>>();

/** The data of an example, made once. Rejects for the user's own, which nothing here knows. */
export function exampleData(preset: PresetName): Promise<Dataset> {
  const made = kept.get(preset) ?? examples[preset as Named]();
  kept.set(preset, made);
  return made;
}
