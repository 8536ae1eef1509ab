// An opened run as the inspector gets it.

import type { RunSummary } from './runs.ts';
import { unpacked } from '../data/packed.ts';
import type { RunFilesOf } from '../training/run-files.ts';
import type { Snapshot } from '../training/snapshot.ts';

/** Nothing validates it here: its data are not known. */
export function snapshotOfOpened({ spec, step }: RunSummary, bytes: Uint8Array | null): Snapshot {
  if (!bytes) throw new Error(`the files of ${spec.name} are not in the store any more`);
  const files = unpacked(bytes) as RunFilesOf;
  const weights = files['model.safetensors'] as Uint8Array;
  return { spec, step, files, weights, vocabulary: files['vocabulary.json'], text: '', heldOut: null };
}
