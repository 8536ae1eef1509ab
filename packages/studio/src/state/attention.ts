// What the page knows of where the open run attends: the example that is looked at, the weights that were changed, and what came of it.

import { batch, computed, effect, signal } from '@preact/signals';
import type { Attended, AttentionExamples, BeamFound, WeightEdit } from '../reading/protocol.ts';
import type { RunSpec } from '../training/spec.ts';
import { navigate, parameters } from './address.ts';
import { inspector, inspectorsLost } from './inspector.ts';
import { snapshotOf, tell, tried } from './trainer.ts';

export interface OpenAttention {
  readonly spec: RunSpec;
  readonly step: number;
  /** Null for a network that attends to nothing. */
  readonly examples: AttentionExamples | null;
}

export const attention = signal<OpenAttention | null>(null);
export const attended = signal<Attended | null>(null);
export const beamFound = signal<BeamFound | null>(null);
export const edits = signal<readonly WeightEdit[]>([]);
/** The step whose weights are looked at. */
export const chosen = signal(0);
export const opening = signal(false);

/** The example that the address names, and a source of one's own. */
export const asked = computed(() => {
  const count = attention.value?.examples?.names.length ?? 0;
  const n = Number(parameters.value.get('example') ?? 0);
  return { index: Number.isInteger(n) && n >= 0 && n < count ? n : 0, own: own.value };
});
export const own = signal<string | null>(null);
export const beams = signal(3);

export async function openAttention(id: string): Promise<void> {
  if (opening.peek()) return;
  opening.value = true;
  await tried(async () => {
    const snapshot = await snapshotOf(id);
    const examples = await inspector.call('openAttention', snapshot);
    batch(() => {
      [attended.value, beamFound.value, own.value, edits.value, chosen.value] = [null, null, null, [], 0];
      attention.value = { spec: snapshot.spec, step: snapshot.step, examples };
    });
    if (examples && examples.names.length > 0) askAll();
  });
  opening.value = false;
}

/** Looks at another example, or at a source of one's own. */
export function choose(index: number, text: string | null = null): void {
  batch(() => {
    [own.value, edits.value, chosen.value] = [text, [], 0];
    navigate({ example: String(index) }, 'replace');
  });
  askAll();
}

function askAll(): void {
  ask();
  if (attention.value?.examples?.kind !== 'question') askBeam();
}

let [running, again] = [false, false];

/** Asks for what is attended to; of changes that come meanwhile only the newest is asked for. */
function ask(): void {
  if (running) {
    again = true;
    return;
  }
  running = true;
  inspector
    .call('attend', { asked: asked.value, edits: edits.value })
    .then((answer) => {
      attended.value = answer;
    }, tell)
    .finally(() => {
      running = false;
      if (again) ask();
      again = false;
    });
}

export function askBeam(): void {
  inspector.call('beam', { asked: asked.value, beams: beams.value }).then((answer) => {
    beamFound.value = answer;
  }, tell);
}

effect(() => {
  if (inspectorsLost.value > 0) attention.value = null;
});

/** Changes one weight of a step; the others share what is left in their proportions. Steps after it are written anew, so their changes go. */
export function changeWeight(step: number, column: number, weight: number): void {
  const before = attended.value?.steps[step]?.weights;
  if (!before) return;
  const others = before.reduce((sum, w, k) => (k === column ? sum : sum + w), 0);
  const left = Math.max(0, 1 - weight);
  const weights = before.map((w, k) => {
    if (k === column) return weight;
    return others > 1e-9 ? (w * left) / others : left / Math.max(1, before.length - 1);
  });
  edits.value = [...edits.value.filter((edit) => edit.step < step), { step, weights }];
  ask();
}

/** Takes all changes back. */
export function undoWeights(): void {
  edits.value = [];
  ask();
}
