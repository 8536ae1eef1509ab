// The examples that run at once: data by name, and what they set besides the defaults.

import { defaults, type Settings } from './settings.ts';

export const presetNames = [
  'stories',
  'sonnets',
  'korean',
  'brackets',
  'adding',
  'temporal-order',
  'sentiment',
  'depth',
  'dates',
  'scenes',
  'questions',
  'motions',
  'seasons',
  'own',
  'own-labeled',
  'own-tagged',
  'own-pairs',
  'own-series',
  'own-captions',
  'own-clips',
  'own-gestures',
] as const;
export type PresetName = (typeof presetNames)[number];

const texts: readonly PresetName[] = ['stories', 'sonnets', 'korean', 'brackets', 'own'];
const windowed: readonly PresetName[] = ['adding', 'temporal-order', 'seasons', 'own-series'];
const small: Settings = { ...defaults, hiddenSize: 48, numLayers: 1, embeddingDim: 32 };

const pairs: Settings = { ...small, hiddenSize: 64, batch: 32, steps: 1500, lr: 0.005 };
const captions: Settings = { ...small, hiddenSize: 64, batch: 32, lr: 0.004, steps: 1100, evaluateEvery: 100 };
const clips: Settings = { ...small, cell: 'gru', lr: 0.004, batch: 16, steps: 700, evaluateEvery: 100 };
const series: Settings = {
  ...small,
  cell: 'gru',
  windowLength: 96,
  batch: 32,
  lr: 0.002,
  steps: 1200,
  validation: 0.2,
};

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
  dates: pairs,
  scenes: captions,
  questions: { ...small, embeddingDim: 48, batch: 16, optimizer: 'adamw', lr: 0.004, steps: 4000, evaluateEvery: 150 },
  motions: clips,
  seasons: series,
  'own-labeled': { ...small, batch: 32, steps: 1500 },
  'own-tagged': { ...small, batch: 32, steps: 1500 },
  'own-pairs': { ...pairs, steps: 3000 },
  'own-series': series,
  'own-captions': captions,
  'own-clips': clips,
  'own-gestures': { ...clips, steps: 250, evaluateEvery: 25, validation: 0.2 }, // some dozens of clips
};

/** Whether an example is a text that a language model continues. */
export const isText = (name: PresetName): boolean => texts.includes(name);

/** Whether its sequences have a length that is chosen. */
export const isWindowed = (name: PresetName): boolean => isText(name) || windowed.includes(name);

/** Whether it is the user's own, which no link can name. */
export const isOwn = (name: PresetName): boolean => name.startsWith('own');

export const isPreset = (name: string | undefined): name is PresetName =>
  (presetNames as readonly (string | undefined)[]).includes(name);
