// Which settings the form of an example has, and in which part of it.

import { isWindowed, made, type PresetName } from './presets.ts';
import type { Settings } from './settings.ts';

export type FormPart = 'data' | 'network' | 'training' | 'more';
type Names = readonly (keyof Settings)[];

/** See the top of this file. */
export function formOf(name: PresetName): Readonly<Record<FormPart, Names>> {
  const of = made[name];
  const drawn: Names = of ? ['noise', ...(of.size ? (['dataSize'] as const) : []), 'dataSeed'] : [];
  const asNeeded = of?.size === null; // it is tested on sequences of their own
  return {
    data: [...drawn, ...(asNeeded ? [] : (['validation'] as const))],
    network: ['cell', 'hiddenSize', 'numLayers', ...(isWindowed(name) ? (['windowLength'] as const) : [])],
    training: ['optimizer', 'lr', 'clipNorm', 'steps'],
    more: ['batch', 'embeddingDim', 'dropout', 'evaluateEvery', 'patience', 'seed'],
  };
}

/** All of them, in the order of the form. */
export const settingsIn = (name: PresetName): Names => Object.values(formOf(name)).flat();
