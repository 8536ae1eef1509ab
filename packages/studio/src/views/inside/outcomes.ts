// How right a network was about what it has read.

import type { Opened } from '../../reading/protocol.ts';

const mostLabels = 12;

interface Confusion {
  readonly labels: readonly string[];
  /** Examples, correct labels by rows and given ones by columns. */
  readonly counts: readonly (readonly number[])[];
  readonly all: number;
}

/** How often each label was given where another one was correct; null where examples have no label, or there are too many of them. */
export function confusionOf({ kind, passages }: Pick<Opened, 'kind' | 'passages'>): Confusion | null {
  if (kind !== 'labels' && kind !== 'clips' && kind !== 'sequences' && kind !== 'question') return null;
  const pairs = passages.flatMap(({ target, output }) =>
    target === null || output === null ? [] : [[target, output]],
  );
  const labels = [...new Set(pairs.flat())].sort();
  if (labels.length < 2 || labels.length > mostLabels) return null;
  const counts = labels.map(() => labels.map(() => 0));
  for (const [target, output] of pairs) counts[labels.indexOf(target)][labels.indexOf(output)]++;
  return { labels, counts, all: pairs.length };
}

/** R² of a forecast: the part of the variance of the first column that it explains; null where nothing came. */
export function explainedOf({ series }: Pick<Opened, 'series'>): number | null {
  const came = series?.columns[0] ?? [];
  const pairs = (series?.forecast?.values ?? []).flatMap((found, n) =>
    Number.isFinite(found - came[n]) ? [{ y: came[n], found }] : [],
  );
  const mean = pairs.reduce((sum, { y }) => sum + y, 0) / pairs.length;
  const variance = pairs.reduce((sum, { y }) => sum + (y - mean) ** 2, 0);
  return variance > 0 ? 1 - pairs.reduce((sum, { y, found }) => sum + (y - found) ** 2, 0) / variance : null;
}
