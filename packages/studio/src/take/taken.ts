// What can be taken away of a run, and what it is made of.

import type { History } from '../training/history.ts';
import type { Snapshot } from '../training/snapshot.ts';

export type TakeKind = 'zip' | 'safetensors' | 'json' | 'onnx' | 'html';
export const takeKinds: readonly TakeKind[] = ['zip', 'safetensors', 'json', 'onnx', 'html'];

/** A run with all that belongs to it. */
export interface Taken {
  readonly snapshot: Snapshot;
  readonly history: History;
  /** The optimizer's state and the rest, so that a checkpoint is whole; null for a run that was opened. */
  readonly training: { readonly tensors: Uint8Array; readonly state: object } | null;
}

/** A file to be saved. */
export interface TakenFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly type: string;
}

/** A name that every file system takes: `Little stories` → `little-stories`. */
export const fileNameOf = (name: string): string =>
  name
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .slice(0, 40)
    .replaceAll(/^-|-$/g, '') || 'run';
