// The texts that a link can name. They are made in the worker that trains on them: the page never holds one.

import type { PresetName } from '../state/presets.ts';
import { brackets, koreanStories, stories } from './made.ts';
import { sonnets } from './sonnets.ts';

const texts: Readonly<Partial<Record<PresetName, () => string>>> = {
  stories: () => stories(120_000),
  sonnets: () => sonnets,
  korean: () => koreanStories(80_000),
  brackets: () => brackets(60_000),
};

/** The text of an example; empty for the user's own, and for an example that is no text. */
export const textOf = (preset: PresetName): string => texts[preset]?.() ?? '';
