// The clips that are gathered on the page, until they are learned from. They are in memory alone: a run keeps its own.

import { computed, effect, signal } from '@preact/signals';
import type { LabeledFrames } from '../data/dataset.ts';
import {
  cleanLabel,
  datasetOf,
  type GatheredClass,
  gatheredLimits,
  isSameLabel,
  lackOf,
  withRows,
} from '../own/gathered.ts';
import { fileNameOf } from '../take/taken.ts';
import { download } from '../ui/take.ts';
import { gatherWords } from '../own/gather-words.ts';
import { inspector } from './inspector.ts';
import { gathered, kept } from './gathered-data.ts';
import { tried } from './trainer.ts';

let ids = 0;
const newId = () => ++ids;

export const classes = signal<readonly GatheredClass[]>([]);
/** Whether clips are recorded at the moment: nothing is planned for them until that ends. */
export const recording = signal(false);

export const amount = computed(() => classes.value.reduce((sum, { clips }) => sum + clips.length, 0));
export const full = computed(() => amount.value >= gatheredLimits.all);

effect(() => {
  if (recording.value) return;
  const begun = classes.value.filter(({ clips }) => clips.length > 0);
  const name = begun.map(({ label }) => label).join(', ');
  gathered.value = { name: name.slice(0, 60), data: lackOf(begun) ? null : datasetOf(begun) };
});

const ask = (event: BeforeUnloadEvent) => event.preventDefault(); // the browser asks whether to leave
effect(() => {
  if (kept.value) removeEventListener('beforeunload', ask);
  else addEventListener('beforeunload', ask);
});

function change(next: readonly GatheredClass[]): void {
  classes.value = next;
  kept.value = amount.value === 0;
}

const changed = (id: number, how: (one: GatheredClass) => GatheredClass) =>
  change(classes.value.map((one) => (one.id === id ? how(one) : one)));

/** Adds a class under a name that no other has. */
export function addClass(): void {
  const taken = new Set(classes.value.map(({ label }) => label.toLowerCase()));
  let n = classes.value.length + 1;
  while (taken.has(gatherWords.peek().newClass(String(n)).toLowerCase())) n++;
  classes.value = [...classes.value, { id: newId(), label: gatherWords.peek().newClass(String(n)), clips: [] }];
}

/** Two classes to begin with. */
export function begin(): void {
  while (classes.value.length < gatheredLimits.classes) addClass();
}

/** Renames a class. Returns whether the name could be taken: it has letters, and no other class has it. */
export function renameClass(id: number, text: string): boolean {
  const label = cleanLabel(text);
  const free = label !== '' && classes.value.every((one) => one.id === id || !isSameLabel(one.label, label));
  if (free) changed(id, (one) => ({ ...one, label }));
  return free;
}

export function removeClass(id: number): void {
  change(classes.value.filter((one) => one.id !== id));
  begin();
}

export const addClip = (id: number, data: Uint8Array): void =>
  changed(id, (one) => ({ ...one, clips: [...one.clips, { id: newId(), data }] }));

export const removeClip = (id: number, clip: number): void =>
  changed(id, (one) => ({ ...one, clips: one.clips.filter((each) => each.id !== clip) }));

export const addRows = (rows: readonly LabeledFrames[]): void => change(withRows(classes.value, rows, newId));

/** Saves the clips as a zip of a folder for each class, with a folder of frames for each clip. */
export async function saveClips(): Promise<void> {
  const saved = classes.value;
  const begun = saved.filter(({ clips }) => clips.length > 0);
  await tried(async () => {
    const root = fileNameOf(begun.map(({ label }) => label).join(' '));
    const { name, bytes, type } = await inspector.call('zipClips', { root, data: datasetOf(begun) });
    download(name, bytes as Uint8Array<ArrayBuffer>, type);
    if (classes.value === saved) kept.value = true; // and nothing was recorded meanwhile
  });
}
