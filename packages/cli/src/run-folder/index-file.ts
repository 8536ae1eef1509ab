// index.json, for readers that cannot list a folder, such as a page that opens a run by URL: where the best and the last
// checkpoint are, and the size and SHA-256 of every file that inference needs.
//
//   { "format": "unrolled index", "version": 1,
//     "best": "checkpoints/000007-step-3000-best" | null, "last": "checkpoints/000009-step-4000",
//     "files": { "config.json": { "bytes": 812, "sha256": "…" }, "checkpoints/000009-step-4000/model.safetensors": … } }
//
// It is written after every save, before older checkpoints are removed. In a folder it is never read: the names of the
// checkpoints are authoritative there, and a missing or old index is no error.

import { join } from 'node:path';
import { type FileSum, sumsOf } from './checkpoint.ts';
import { RunFolderError } from './error.ts';
import { type FileLayer, writeAtomic } from './files.ts';
import { toJSONBytes } from './layout.ts';

export const indexName = 'index.json';

export interface RunIndex {
  readonly format: 'unrolled index';
  readonly version: 1;
  /** Checkpoint folders, relative to the run. */
  readonly best: string | null;
  readonly last: string;
  readonly files: Readonly<Record<string, FileSum>>;
}

interface Found {
  /** Names of checkpoints. */
  readonly best: string | null;
  readonly last: string;
  /** The run's JSON files. */
  readonly inputs: Readonly<Record<string, FileSum>>;
}

/** Writes index.json of the run at `path`. Where a checkpoint turns out to be damaged the old index stays: loading will report it. */
export function writeIndex(files: FileLayer, path: string, { best, last, inputs }: Found): void {
  const all: Record<string, FileSum> = { ...inputs };
  try {
    for (const name of new Set([best ?? last, last])) {
      const sums = sumsOf(files, join(path, 'checkpoints', name));
      for (const [file, sum] of Object.entries(sums)) all[`checkpoints/${name}/${file}`] = sum;
    }
  } catch (error) {
    if (error instanceof RunFolderError && error.code !== 'run-io') return;
    throw error;
  }
  const index: RunIndex = {
    format: 'unrolled index',
    version: 1,
    best: best === null ? null : `checkpoints/${best}`,
    last: `checkpoints/${last}`,
    files: all,
  };
  writeAtomic(files, join(path, indexName), toJSONBytes(index));
}
