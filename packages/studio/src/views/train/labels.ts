// What a setting is called, and what stands below it: a window of a text, the history of a forecast and the length of a memory problem are one setting,
// and noise is on characters, labels or pixels.

import { isText, made, type PresetName } from '../../settings/presets.ts';
import type { Hideable } from '../../settings/hidden.ts';
import type { Settings } from '../../settings/settings.ts';
import { grouped } from '../../words/numbers.ts';
import { dataWords } from './data-words.ts';
import { words } from './words.ts';

const isSeries = (preset: PresetName) => preset === 'seasons' || preset === 'own-series';

export function labelOf(name: Hideable, preset: PresetName): string {
  const w = words.value;
  if (name === 'preset') return w.data;
  const noise = made[preset]?.noise;
  if (name === 'noise' && noise) return dataWords.value.noise[noise].label;
  if (name !== 'windowLength' || isText(preset)) return w.fields[name];
  return isSeries(preset) ? w.historyLength : w.sequenceLength;
}

/** Whether a slider's number is a part of something, and no standard deviation. */
export function isPart(name: keyof Settings, preset: PresetName): boolean {
  const noise = made[preset]?.noise ?? 'labels';
  return name === 'validation' || (name === 'noise' && !['targets', 'pixels', 'series'].includes(noise));
}

export function hintOf(name: keyof Settings, preset: PresetName): string | undefined {
  const w = words.value;
  const of = made[preset];
  if (name === 'noise' && of) return dataWords.value.noise[of.noise].hint;
  if (name === 'dataSize' && of?.size) {
    const { unit, least, most } = of.size;
    return dataWords.value.units[unit](grouped(least), grouped(most));
  }
  if (name !== 'windowLength' || isText(preset)) return (w.hints as Partial<Record<keyof Settings, string>>)[name];
  return isSeries(preset) ? w.historyHint : undefined;
}
