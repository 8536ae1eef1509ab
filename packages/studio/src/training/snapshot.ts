// A run at a moment, as it is read with.

import type { RunSpec } from './spec.ts';
import type { HeldOut } from './tasks/prepared.ts';

/** A run's weights and what is needed to read with them. */
export interface Snapshot {
  readonly spec: RunSpec;
  readonly step: number;
  /** The run as `openRun` opens it: config.json, model.safetensors, and the files of its task. */
  readonly files: Readonly<Record<string, Uint8Array | object>>;
  /** What validates; null where the data are made as they are needed. */
  readonly heldOut: HeldOut | null;
  /** Safetensors. */
  readonly weights: Uint8Array;
  /** Of a language model; undefined for others. */
  readonly vocabulary: unknown;
  /** The whole text of a language model; empty for others. */
  readonly text: string;
}
