// The examples that run at once: data by name, and what they set besides the defaults.

import { defaults, type Fields, fields, type Settings } from './settings.ts';

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

/** What noise is on: characters of a text or of a source, labels or tags, targets that are numbers, pixels, or the values of a series. */
export type NoiseKind = 'characters' | 'source' | 'labels' | 'tags' | 'targets' | 'pixels' | 'series';

/** Of an example whose data the studio makes: what noise is on, and in what and how many they are counted. Null for what is made as it is needed. */
export interface Made {
  readonly noise: NoiseKind;
  readonly size: {
    readonly unit: 'characters' | 'examples' | 'scenes' | 'steps';
    readonly least: number;
    readonly most: number;
  } | null;
}

const examples = (noise: NoiseKind, most: number): Made => ({ noise, size: { unit: 'examples', least: 50, most } });
const text: Made = { noise: 'characters', size: { unit: 'characters', least: 4000, most: 500_000 } };

/** The examples whose data are made. As many at most as a page makes in a few seconds. */
export const made: Partial<Readonly<Record<PresetName, Made>>> = {
  stories: text,
  korean: text,
  brackets: text,
  adding: { noise: 'targets', size: null },
  'temporal-order': { noise: 'labels', size: null },
  sentiment: examples('labels', 20_000),
  depth: examples('tags', 20_000),
  dates: examples('source', 20_000),
  scenes: examples('pixels', 8000),
  questions: { noise: 'pixels', size: { unit: 'scenes', least: 50, most: 8000 } },
  motions: examples('pixels', 4000),
  seasons: { noise: 'series', size: { unit: 'steps', least: 400, most: 50_000 } },
};

/** The fields with the limits of an example: nothing is made of what is not made here. */
export function fieldsOf(name: PresetName): Fields {
  const only = (field: keyof Settings, min: number, max: number) => ({ [field]: { ...fields[field], min, max } });
  const of = made[name];
  const size = of?.size;
  return {
    ...fields,
    ...only('dataSize', size?.least ?? 0, size?.most ?? 0),
    ...(of ? {} : { ...only('noise', 0, 0), ...only('dataSeed', defaults.dataSeed, defaults.dataSeed) }),
  };
}

export const presets: Readonly<Record<PresetName, Settings>> = {
  stories: { ...defaults, hiddenSize: 96, steps: 1500, dataSize: 120_000 },
  sonnets: { ...defaults, cell: 'gru', numLayers: 1, windowLength: 48, steps: 1200, evaluateEvery: 30, patience: 6 },
  korean: { ...defaults, hiddenSize: 96, steps: 1500, dataSize: 80_000 },
  brackets: { ...defaults, hiddenSize: 48, embeddingDim: 16, lr: 0.005, steps: 1500, dataSize: 60_000 },
  own: { ...defaults, hiddenSize: 96 },
  adding: { ...small, cell: 'lstm', windowLength: 40, batch: 32, clipNorm: 1, lr: 0.005, steps: 2000 },
  'temporal-order': { ...small, cell: 'gru', windowLength: 40, batch: 32, clipNorm: 1, lr: 0.005, steps: 2000 },
  sentiment: { ...small, batch: 32, steps: 800, dataSize: 2000 },
  depth: { ...small, batch: 32, steps: 800, dataSize: 1500 },
  dates: { ...pairs, dataSize: 2000 },
  scenes: { ...captions, dataSize: 2000 },
  questions: {
    ...small,
    embeddingDim: 48,
    batch: 16,
    optimizer: 'adamw',
    lr: 0.004,
    steps: 4000,
    evaluateEvery: 150,
    dataSize: 2500,
  },
  motions: { ...clips, dataSize: 1200 },
  seasons: { ...series, noise: 0.1, dataSize: 2400 },
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
