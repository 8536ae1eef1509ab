// The data that a run was trained on, when it is evaluated or inspected: as they were, and the part that it kept for validation.

import { FormatError } from 'unrolled';
import type { RunData } from './config.ts';

/** Throws a FormatError for the run of an imported model: `option` is where data are named. */
export function requireOwnData({ source, imported }: Pick<RunData, 'source' | 'imported'>, option: string): void {
  if (imported)
    throw new FormatError(
      source,
      `was imported, and what it was trained on is not known here; name data with ${option}`,
    );
}

/** Throws a FormatError unless the data, by their SHA-256, are those the run was trained on; `option` is where others are named. */
export function requireSameData(
  { source, sha256 }: { readonly source: string; readonly sha256: string },
  trained: { readonly sha256: string },
  option = '--file',
): void {
  if (sha256 !== trained.sha256)
    throw new FormatError(source, `is not what this run was trained on any more; name other data with ${option}`);
}

/**
 * The name of a run's own validation part of `count` examples: the file that was named for it, or what was kept of its data. Throws a FormatError
 * where nothing was.
 */
export function ownPartName({ source }: { readonly source: string }, count: number, validation: string | null): string {
  if (count === 0) throw new FormatError(source, 'nothing was kept for validation; name other data with --file');
  return validation === null ? `${source} (its validation part)` : validation;
}
