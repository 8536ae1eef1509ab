// Taking a run away, and asking it.

import { signal } from '@preact/signals';
import type { Askable, Question } from '../asking/protocol.ts';
import type { TakeKind } from '../take/taken.ts';
import { download } from '../ui/take.ts';
import { language } from '../words/catalogue.ts';
import { inspector } from './inspector.ts';
import { snapshotOf, takenOf, tried } from './trainer.ts';

/** What is being made. */
export const taking = signal<TakeKind | null>(null);

export async function take(id: string, kind: TakeKind): Promise<void> {
  taking.value = kind;
  await tried(async () => {
    const taken = await takenOf(id);
    const { name, bytes, type } = await inspector.call('take', { taken, kind, language: language.peek() });
    download(name, bytes as Uint8Array<ArrayBuffer>, type);
  });
  taking.value = null;
}

/** The run that can be asked, at the step that it was opened at. */
export interface Asked {
  readonly id: string;
  readonly step: number;
  readonly about: Askable;
  readonly examples: readonly Question[];
}
export const asked = signal<Asked | null>(null);

export async function openToAsk(id: string): Promise<void> {
  await tried(async () => {
    const { files, heldOut, spec, step } = await snapshotOf(id);
    const opened = await inspector.call('openToAsk', { files, heldOut, spec });
    asked.value = opened && { id, step, ...opened };
  });
}

export const ask = (question: Question) => inspector.call('ask', question);
