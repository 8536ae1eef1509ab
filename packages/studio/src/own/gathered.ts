// Clips that are gathered, class by class: what is recorded with the camera, and what files add. Pure functions; `state/gathered.ts` keeps them.

import type { DatasetOf, LabeledFrames } from '../data/dataset.ts';
import { imageSize } from './given.ts';

/** A clip as it is recorded: about a second. */
export const recorded = { frames: 12, rate: 12 } as const; // frames, frames a second

/** Enough for every class to be told apart and measured, and no more than a page should learn from. */
export const gatheredLimits = { classes: 2, clips: 4, good: 15, all: 400 } as const;

export interface GatheredClip {
  readonly id: number;
  /** Bytes [T, size, size, 3]. */
  readonly data: Uint8Array;
}

export interface GatheredClass {
  readonly id: number;
  readonly label: string;
  /** In the order in which they were recorded. */
  readonly clips: readonly GatheredClip[];
}

/** What is lacking before anything can be learned. A class without clips is left out, and not lacking. */
export type Lack =
  | { readonly what: 'classes'; readonly least: number }
  | { readonly what: 'clips'; readonly label: string; readonly count: number; readonly least: number };

export function lackOf(classes: readonly GatheredClass[]): Lack | null {
  const begun = classes.filter(({ clips }) => clips.length > 0);
  const few = begun.find(({ clips }) => clips.length < gatheredLimits.clips);
  if (few) return { what: 'clips', label: few.label, count: few.clips.length, least: gatheredLimits.clips };
  return begun.length < gatheredLimits.classes ? { what: 'classes', least: gatheredLimits.classes } : null;
}

/**
 * What is learned from the clips. The end of the data validates, so that the clips that were recorded last come last, of every class its share: clips
 * that were recorded next to each other are much alike, and would tell little.
 */
export function datasetOf(classes: readonly GatheredClass[]): DatasetOf<'clips'> {
  const rows = classes.flatMap(({ label, clips }) =>
    clips.map(({ data }, n) => ({ at: (n + 0.5) / clips.length, row: { data, label } })),
  );
  return { kind: 'clips', size: imageSize, rows: rows.sort((a, b) => a.at - b.at).map(({ row }) => row) };
}

/** A name that is a folder's everywhere, so that saved clips come back under it: without the signs that paths are made of. */
export const cleanLabel = (text: string): string =>
  Array.from(
    text
      .normalize('NFC')
      .replaceAll(/[\p{Cc}\p{Cf}/\\:*?"<>|]+/gu, ' ')
      .replaceAll(/\s+/g, ' ')
      .replaceAll(/^[\s.]+/g, ''),
  )
    .slice(0, 40)
    .join('')
    .replaceAll(/[\s.]+$/g, '');

/** Folders whose names differ in their capitals alone are one on some systems. */
export const isSameLabel = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** The classes with these clips besides, each in the class of its label; a single image is a clip in which nothing moves. */
export function withRows(
  classes: readonly GatheredClass[],
  rows: readonly LabeledFrames[],
  newId: () => number,
): GatheredClass[] {
  const all = classes.map((one) => ({ ...one, clips: [...one.clips] }));
  let left = gatheredLimits.all - all.reduce((sum, { clips }) => sum + clips.length, 0);
  for (const { label: name, data } of rows) {
    if (left-- <= 0) break;
    const label = cleanLabel(name) || '–';
    let found = all.find((one) => isSameLabel(one.label, label));
    if (!found) all.push((found = { id: newId(), label, clips: [] }));
    found.clips.push({ id: newId(), data: data.length === imageBytes ? still(data) : data });
  }
  const begun = all.filter(({ clips }) => clips.length > 0);
  const fresh = classes.every(({ clips }) => clips.length === 0); // then their names are none that somebody chose
  return fresh && begun.length >= gatheredLimits.classes ? begun : all;
}

const imageBytes = imageSize * imageSize * 3;

function still(frame: Uint8Array): Uint8Array {
  const clip = new Uint8Array(recorded.frames * frame.length);
  for (let t = 0; t < recorded.frames; t++) clip.set(frame, t * frame.length);
  return clip;
}
