// Which examples train and which validate, for commands: the library's split by seed, and what to do where there are too few.

import { DataError, FormatError } from 'unrolled';
import { split } from 'unrolled/data';

/** `share` of `count` examples validates: with labels that share of each, with groups whole ones. */
export function splitExamples(
  count: number,
  share: number,
  seed: number,
  { labels, groups }: { readonly labels?: readonly string[]; readonly groups?: readonly string[] | null } = {},
): { train: number[]; validation: number[] } {
  if (share === 0) return { train: Array.from({ length: count }, (_, n) => n), validation: [] };
  try {
    const { train, validation } = split(count, {
      validation: share,
      seed,
      ...(groups ? { group: groups } : { stratify: labels }),
    });
    return { train: Array.from(train), validation: Array.from(validation) };
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    throw new FormatError(
      'validation',
      groups
        ? `${count} examples in ${new Set(groups).size} groups cannot be split; name a file with --validation, or none with --val-frac 0`
        : `${count} examples are too few to keep ${share} of them for validation; say --val-frac 0 for none`,
    );
  }
}
