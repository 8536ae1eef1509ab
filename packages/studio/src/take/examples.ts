// Questions to begin with, from what validates.

import type { Question } from '../asking/protocol.ts';
import type { Snapshot } from '../training/snapshot.ts';

const most = 4;

/** Up to four; none where nothing can be asked, or nothing validates. */
export function examplesOf({ heldOut, spec, files }: Pick<Snapshot, 'heldOut' | 'spec' | 'files'>): Question[] {
  if (!heldOut) return [];
  if (heldOut.kind === 'text') return beginningsIn(heldOut.text).map((text) => ({ text, temperature: 0.8, seed: 1 }));
  const { head, rows, images } = heldOut;
  if (spec.data.kind === 'series') return forecastsOf(rows, files);
  if (images.length > 0) {
    const seen = new Set<string>();
    const first = rows.filter(([n]) => !seen.has(n) && seen.add(n)).slice(0, most);
    return first.map(([n, text]) => ({
      picture: images[Number(n)],
      ...(head[1] === 'question' ? { text } : {}),
    }));
  }
  return rows.slice(0, most).map(([text]) => ({ text: head[0] === 'tokens' ? joined(text) : text }));
}

/** How some lines of a text begin, from all over it. What validates begins anywhere: of its first line only whole words are taken, and only where it has few others. */
export function beginningsIn(text: string): string[] {
  const [cut, ...whole] = text.split('\n');
  const lines = (whole.length > most ? whole : [cut.replace(/^\S+\s+/u, ''), ...whole]).filter(
    (line) => line.trim().length > 3,
  );
  const spread = lines.filter((_, k) => k % Math.max(1, Math.floor(lines.length / most)) === 0);
  const beginnings = spread.map((line) => /^\s*\S{1,24}(\s+\S+)?/u.exec(line)?.[0]?.trimStart() ?? line.slice(0, 12));
  return [...new Set(beginnings)].slice(0, most);
}

/** Tokens as the text that they are tokens of. */
function joined(cell: string): string {
  const tokens = JSON.parse(cell) as string[];
  return tokens.join(tokens.every((token) => Array.from(token).length === 1) ? '' : ' ');
}

/** Windows from all over the rows that validate, and what came after each. */
function forecastsOf(rows: readonly (readonly string[])[], files: Snapshot['files']): Question[] {
  const { model } = files['config.json'] as { readonly model: { readonly length: number; readonly horizon: number } };
  const { length, horizon } = model;
  const numbers = rows.map((row) => row.map(Number));
  const last = numbers.length - length - horizon;
  if (last < 0) return [];
  return [0, 1, 2, 3].map((k) => {
    const from = Math.round((k * last) / 3);
    return {
      rows: numbers.slice(from, from + length),
      after: numbers.slice(from + length, from + length + horizon).map(([first]) => first),
    };
  });
}
