// The examples that run at once: data by name, and what they set besides the defaults.

import { defaults, type Settings } from './settings.ts';

export const presetNames = [
  'stories',
  'sonnets',
  'korean',
  'brackets',
  'own',
  'adding',
  'temporal-order',
  'sentiment',
  'depth',
  'dates',
] as const;
export type PresetName = (typeof presetNames)[number];

const texts: readonly PresetName[] = ['stories', 'sonnets', 'korean', 'brackets', 'own'];
const small: Settings = { ...defaults, hiddenSize: 48, numLayers: 1, embeddingDim: 32 };

export const presets: Readonly<Record<PresetName, Settings>> = {
  stories: { ...defaults, hiddenSize: 96, steps: 1500 },
  sonnets: { ...defaults, cell: 'gru', numLayers: 1, windowLength: 48, steps: 1200, evaluateEvery: 30, patience: 6 },
  korean: { ...defaults, hiddenSize: 96, steps: 1500 },
  brackets: { ...defaults, hiddenSize: 48, embeddingDim: 16, lr: 0.005, steps: 1500 },
  own: { ...defaults, hiddenSize: 96 },
  adding: { ...small, cell: 'lstm', windowLength: 40, batch: 32, clipNorm: 1, lr: 0.005, steps: 2000 },
  'temporal-order': { ...small, cell: 'gru', windowLength: 40, batch: 32, clipNorm: 1, lr: 0.005, steps: 2000 },
  sentiment: { ...small, batch: 32, steps: 800 },
  depth: { ...small, batch: 32, steps: 800 },
  dates: { ...small, hiddenSize: 64, batch: 32, steps: 1500, lr: 0.005 },
};

/** Whether an example is a text that a language model continues. */
export const isText = (name: PresetName): boolean => texts.includes(name);

export const isPreset = (name: string | undefined): name is PresetName =>
  (presetNames as readonly (string | undefined)[]).includes(name);
