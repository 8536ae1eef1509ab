// What translations are measured by, on rows of tokens.

/** Tokens to insert, leave out or replace, to make one row of the other (Levenshtein). */
export function edits(a: readonly string[], b: readonly string[]): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (const [i, token] of a.entries()) {
    const next = [i + 1];
    for (const [j, other] of b.entries())
      next.push(Math.min(row[j + 1] + 1, next[j] + 1, row[j] + (token === other ? 0 : 1)));
    row = next;
  }
  return row[b.length];
}

/** Corpus BLEU of up to four tokens with the brevity penalty (Papineni et al. 2002), 0 to 100: one reference, no smoothing. */
export function bleuOfTokens(said: readonly string[][], wanted: readonly string[][]): number {
  let [logs, saidLength, wantedLength] = [0, 0, 0];
  for (const [k, row] of said.entries()) {
    saidLength += row.length;
    wantedLength += wanted[k].length;
  }
  for (let n = 1; n <= 4; n++) {
    let [matches, total] = [0, 0];
    for (const [k, row] of said.entries()) {
      const allowed = grams(wanted[k], n);
      for (const [gram, count] of grams(row, n)) {
        matches += Math.min(count, allowed.get(gram) ?? 0);
        total += count;
      }
    }
    if (matches === 0) return 0;
    logs += Math.log(matches / total) / 4;
  }
  return 100 * Math.exp(logs + Math.min(0, 1 - wantedLength / saidLength));
}

function grams(row: readonly string[], n: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (let i = 0; i + n <= row.length; i++) {
    const gram = row.slice(i, i + n).join(' ');
    counts.set(gram, (counts.get(gram) ?? 0) + 1);
  }
  return counts;
}
