// The examples that run at once: data by name, and what they set besides the defaults.

import { defaults, type Settings } from './settings.ts';

export const presetNames = ['stories', 'sonnets', 'korean', 'brackets', 'own'] as const;
export type PresetName = (typeof presetNames)[number];

export const presets: Readonly<Record<PresetName, Settings>> = {
  stories: { ...defaults, hiddenSize: 96, steps: 1500 },
  sonnets: { ...defaults, cell: 'gru', numLayers: 1, windowLength: 48, steps: 1200, evaluateEvery: 30, patience: 6 },
  korean: { ...defaults, hiddenSize: 96, steps: 1500 },
  brackets: { ...defaults, hiddenSize: 48, embeddingDim: 16, lr: 0.005, steps: 1500 },
  own: { ...defaults, hiddenSize: 96 },
};

export const isPreset = (name: string | undefined): name is PresetName =>
  (presetNames as readonly (string | undefined)[]).includes(name);
