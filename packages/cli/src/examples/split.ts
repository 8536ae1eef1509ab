// Which examples train and which validate: drawn by a seed, each label in both in the same proportion, and groups never torn.

import { FormatError, Random } from 'unrolled';

export interface Parts {
  readonly train: readonly number[];
  readonly validation: readonly number[];
}

/** `share` of `count` examples validates; with labels about that share of each, with groups whole ones. */
export function splitExamples(
  count: number,
  share: number,
  seed: number,
  { labels, groups }: { readonly labels?: readonly string[]; readonly groups?: readonly string[] | null } = {},
): Parts {
  if (share === 0) return { train: Array.from({ length: count }, (_, n) => n), validation: [] };
  const random = new Random(seed).fork('split');
  const chosen = groups
    ? byGroup(groups, share, random)
    : byLabel(labels ?? new Array<string>(count).fill(''), share, random);
  const all = Array.from({ length: count }, (_, n) => n);
  const parts = { train: all.filter((n) => !chosen.has(n)), validation: all.filter((n) => chosen.has(n)) };
  if (parts.train.length > 0 && parts.validation.length > 0) return parts;
  throw new FormatError(
    'validation',
    groups
      ? `${count} examples in ${new Set(groups).size} groups cannot be split; name a file with --validation, or none with --val-frac 0`
      : `${count} examples are too few to keep ${share} of them for validation; say --val-frac 0 for none`,
  );
}

function byLabel(labels: readonly string[], share: number, random: Random): Set<number> {
  const chosen = new Set<number>();
  let owed = 0; // so that many rare labels together give their share
  for (const rows of rowsBy(labels).values()) {
    owed += rows.length * share;
    const take = Math.min(Math.round(owed), rows.length - 1); // each label is trained on
    owed -= take;
    for (const n of random.shuffle(rows).slice(0, Math.max(0, take))) chosen.add(n);
  }
  return chosen;
}

function byGroup(groups: readonly string[], share: number, random: Random): Set<number> {
  const chosen = new Set<number>();
  for (const rows of random.shuffle([...rowsBy(groups).values()])) {
    if (chosen.size + rows.length / 2 > share * groups.length && chosen.size > 0) continue;
    for (const n of rows) chosen.add(n);
  }
  return chosen;
}

function rowsBy(keys: readonly string[]): Map<string, number[]> {
  const rows = new Map<string, number[]>();
  for (const [n, key] of keys.entries()) {
    const list = rows.get(key);
    if (list) list.push(n);
    else rows.set(key, [n]);
  }
  return rows;
}
