// The settings that an example begins with; with data of one's own, those that fit how much of it there is.

import type { Dataset } from '../data/dataset.ts';
import { seriesLength } from 'unrolled/data';
import { type PresetName, presets } from '../settings/presets.ts';
import type { Settings } from '../settings/settings.ts';

/** See the top of this file. */
export function usualSettings(name: PresetName, own: Dataset | null): Settings {
  const usual = presets[name];
  if (own?.kind === 'text' && name === 'own') return { ...usual, ...streamsFor(own.text.length, usual) };
  if (own?.kind === 'series' && name === 'own-series')
    return { ...usual, ...windowFor(seriesLength(own.series), usual) };
  return usual;
}

/** Fewer streams for a short text, and then shorter windows, so that "hello" is learned too. */
function streamsFor(characters: number, { batch, windowLength, validation }: Settings) {
  const targets = Math.floor(characters * (1 - validation)) - 1;
  const streams = Math.min(batch, Math.max(1, Math.floor(targets / windowLength)));
  return { batch: streams, windowLength: Math.min(windowLength, Math.max(1, Math.floor(targets / streams))) };
}

/** A window, and the quarter that is forecast from it, take half of what trains at most. */
function windowFor(rows: number, { windowLength, validation }: Settings) {
  const fits = Math.floor(((1 - validation) * rows) / 2.5);
  return { windowLength: Math.min(windowLength, Math.max(1, fits)) };
}
