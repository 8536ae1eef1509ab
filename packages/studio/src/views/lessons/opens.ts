// Where the studio shows what a lesson speaks of: a view, and what its address has besides.

import type { PresetName } from '../../settings/presets.ts';
import { addressOf } from '../train/settings-of.ts';
import { words } from './words.ts';

export interface Opens {
  readonly label: () => string;
  readonly address: Readonly<Record<string, string | null>>;
}

const train = (preset: PresetName, more: Readonly<Record<string, string>> = {}) => ({
  ...addressOf(preset),
  view: null,
  run: null,
  ...more,
});
const inside: Opens = { label: () => words.value.opens.inside, address: { view: 'inside' } };
const attention: Opens = { label: () => words.value.opens.attention, address: { view: 'attention' } };
const memory = (more: Readonly<Record<string, string>>): Opens => ({
  label: () => words.value.opensMemory,
  address: train('temporal-order', more),
});

const opens: Readonly<Record<string, Opens>> = {
  sample: { label: () => words.value.opensSample, address: train('stories') },
  loss: { label: () => words.value.opensSample, address: train('stories') },
  truncate: { label: () => words.value.opensTruncate, address: train('stories', { 'training.windowLength': '16' }) },
  clip: { label: () => words.value.opensClip, address: train('stories', { 'training.clipNorm': '1' }) },
  layers: { label: () => words.value.opensLayers, address: train('stories', { 'model.numLayers': '3' }) },
  video: { label: () => words.value.opensVideo, address: train('motions') },
  translate: attention,
  caption: attention,
  ask: attention,
  vanish: memory({ 'model.cell': 'rnn' }),
  explode: memory({ 'model.cell': 'rnn', 'training.clipNorm': '0' }),
  gru: memory({ 'model.cell': 'gru' }),
  parity: memory({ 'model.cell': 'mingru' }),
  lstm: inside,
  gradient: inside,
};

/** What the studio opens for a lesson: the train view where nothing nearer is known. */
export const opensOf = (lesson: string): Opens =>
  opens[lesson] ?? { label: () => words.value.opens.train, address: { view: null, run: null } };
