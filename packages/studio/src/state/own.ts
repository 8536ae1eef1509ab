// The user's own data: read by the inspector, and never in the address.

import { batch, computed, signal } from '@preact/signals';
import type { Dataset } from '../data/dataset.ts';
import {
  type Given,
  type GivenProblem,
  type NamedFile,
  type OwnKind,
  type Picked,
  type PreparedData,
  presetOf,
  problemOf,
} from '../own/given.ts';
import { gathered } from './gathered-data.ts';
import { inspector } from './inspector.ts';
import type { PresetName } from '../settings/presets.ts';

export const given = signal<Given | null>(null);
export const picked = signal<Picked | null>(null);
const prepared = signal<PreparedData | null>(null);
/** Why nothing can be learned from what was given; a text for what nobody foresaw. */
export const ownProblem = signal<GivenProblem | string | null>(null);
export const reading = signal(false);

/** The text that is typed or pasted. */
export const ownText = computed(() => (given.value?.kind === 'text' ? given.value.text : ''));
export const ownName = computed(() =>
  given.value?.kind === 'gathered' ? gathered.value.name : (given.value?.name ?? null),
);
export const leftOut = computed(() => ({
  rows: prepared.value?.leftOut ?? [],
  count: prepared.value?.leftOutCount ?? 0,
}));

/** The data to learn from; null where there are none yet. */
export const ownData = computed<Dataset | null>(() => {
  const text = ownText.value;
  if (given.value?.kind === 'text') return text.trim() === '' ? null : { kind: 'text', text };
  return given.value?.kind === 'gathered' ? gathered.value.data : (prepared.value?.data ?? null);
});

/** The example's name that the data have; `own` before there are any. */
export const ownPreset = computed<PresetName>(() => {
  if (given.value?.kind === 'gathered') return 'own-gestures';
  const kind = ownData.value?.kind ?? picked.value?.kind ?? 'text';
  return presetOf[kind as OwnKind] ?? 'own';
});

export function typeText(text: string): void {
  batch(() => {
    given.value = { kind: 'text', name: '', text };
    [picked.value, prepared.value, ownProblem.value] = [null, null, null];
  });
}

/** Shows the clips that are gathered, or what there is without them. */
export function showGathered(shown: boolean): void {
  batch(() => {
    given.value = shown ? { kind: 'gathered' } : null;
    [picked.value, prepared.value, ownProblem.value] = [null, null, null];
  });
}

/** Reads files, and picks the columns of a table that are likely meant. */
export async function takeFiles(files: readonly NamedFile[]): Promise<void> {
  await told(async () => {
    const found = await inspector.call('readOwn', files);
    if (await added(found)) return;
    batch(() => {
      given.value = found;
      prepared.value = found.kind === 'images' ? found.prepared : null;
      picked.value = null;
    });
    if (found.kind === 'table') await pick(found.guess);
  });
}

/** Adds clips to those that are gathered, and images where some are: there each is seen, and more can be recorded. */
async function added(found: Given): Promise<boolean> {
  if (found.kind !== 'images' || found.prepared.data.kind !== 'clips') return false;
  const { rows, size } = found.prepared.data;
  if (given.value?.kind !== 'gathered' && rows.every(({ data }) => data.length === size * size * 3)) return false;
  const { addRows } = await import('./gathered.ts');
  showGathered(true);
  prepared.value = found.prepared; // what was left out of it is told
  addRows(rows);
  return true;
}

/** Other columns, or another task. */
export async function pick(chosen: Picked): Promise<void> {
  picked.value = chosen;
  prepared.value = null;
  await told(async () => {
    const found = await inspector.call('pickOwn', chosen);
    if (picked.value === chosen) prepared.value = found;
  });
}

async function told(body: () => Promise<void>): Promise<void> {
  ownProblem.value = null;
  reading.value = true;
  try {
    await body();
  } catch (error) {
    ownProblem.value = problemOf(error as Error) ?? (error as Error).message;
  } finally {
    reading.value = false;
  }
}
