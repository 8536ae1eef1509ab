// What a run is: enough to train it again to the same bits.

import { parseDecimal } from 'unrolled/data';
import type { DataKind } from '../data/dataset.ts';
import type { PresetName } from '../settings/presets.ts';
import type { Settings } from '../settings/settings.ts';

/** A change of what may change while a run trains, from this step on. */
export interface Change {
  readonly step: number;
  readonly lr: number;
  readonly clipNorm: number;
}

export interface RunSpec {
  readonly version: 1;
  readonly id: string;
  readonly name: string;
  /** The data: those that a link can name, or the user's own, which lie in the store next to this. */
  readonly data: { readonly preset: PresetName; readonly kind: DataKind; readonly size: number };
  readonly settings: Settings;
  readonly changes: readonly Change[];
  readonly parameters: number;
  /** Milliseconds since 1970. */
  readonly created: number;
}

/** The learning rate and the clipping after so many steps. */
export function changeAt({ settings, changes }: Pick<RunSpec, 'settings' | 'changes'>, step: number): Change {
  const last = changes.findLast((change) => change.step <= step);
  return last ?? { step: 0, lr: settings.lr, clipNorm: settings.clipNorm };
}

/** `12:0.001:5,90:0.0005:5`, as links have it. */
export const changesText = (changes: readonly Change[]): string =>
  changes.map(({ step, lr, clipNorm }) => `${step}:${lr}:${clipNorm}`).join(',');

/** Reads `changesText`; what is no change is left out, and so is what is not in order. */
export function readChanges(text: string): Change[] {
  const found: Change[] = [];
  for (const part of text.split(',').slice(0, 1000)) {
    const [step, lr, clipNorm] = part.split(':').map(parseDecimal);
    const fits = Number.isSafeInteger(step) && step >= (found.at(-1)?.step ?? 0) && lr > 0 && clipNorm >= 0;
    if (fits && Number.isFinite(lr) && Number.isFinite(clipNorm)) found.push({ step, lr, clipNorm });
  }
  return found;
}
