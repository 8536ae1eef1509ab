// What is seen of data before they are trained on.

import type { RawImage } from 'unrolled/data';

/** A stretch of a text, and whether noise changed it. */
export interface Stretch {
  readonly text: string;
  readonly noise: boolean;
}

/** What is read, and what is to come out of it; that is empty for a text. */
export interface PreviewRow {
  readonly input: readonly Stretch[];
  readonly target: readonly Stretch[];
}

export type Preview =
  | { readonly kind: 'rows'; readonly rows: readonly PreviewRow[] }
  | { readonly kind: 'images'; readonly rows: readonly { readonly image: RawImage; readonly text: string }[] }
  | {
      readonly kind: 'series';
      readonly name: string;
      readonly values: readonly number[];
      /** The same without noise. */
      readonly plain: readonly number[];
    };

/** Parts one after the other; neighbors that are both changed, or both not, are one stretch. */
export function joined(before: readonly string[], after: readonly string[]): Stretch[] {
  const found: Stretch[] = [];
  for (const [k, text] of after.entries()) {
    const noise = text !== before[k];
    const last = found.at(-1);
    if (last?.noise === noise) found[found.length - 1] = { text: last.text + text, noise };
    else found.push({ text, noise });
  }
  return found;
}
