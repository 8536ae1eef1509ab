// Translations for a person: source → said (truth), and where the model looked.

import { type Seq2Seq, translateAll, type TranslateOptions } from 'unrolled';
import { heatmap, stringWidth, styleFor, truncate } from '../terminal/index.ts';
import { lookingOf } from './search.ts';
import type { EncodedPairs, PairTokenizers } from './tokens.ts';

export interface Example {
  readonly source: string;
  readonly predicted: string;
  readonly target: string;
}

/** `✓ 135+62 → 197`, `✗ 4+9 → 12 (13)` */
export function exampleRows(examples: readonly Example[]): string[] {
  const { green, red, dim } = styleFor(process.stderr);
  const width = (process.stderr.columns || 80) - 12;
  const plain = (text: string) => text.replace(/\s+/g, ' ').trim();
  const short = (text: string, room: number) => truncate(text, Math.max(12, room));
  return examples.map((example) => {
    const right = example.predicted === example.target;
    const target = right ? '' : short(plain(example.target), Math.floor(width / 3));
    const predicted = short(plain(example.predicted), Math.floor((width - stringWidth(target)) / 2));
    const source = short(plain(example.source), width - stringWidth(predicted) - stringWidth(target));
    const mark = right ? green('✓') : red('✗');
    return `${mark} ${source} ${dim('→')} ${predicted || dim('(nothing)')}${right ? '' : ` ${dim(`(${target})`)}`}`;
  });
}

/** Some pairs, translated. */
export function examplesOf(
  model: Seq2Seq,
  pairs: EncodedPairs,
  rows: readonly number[],
  { target }: PairTokenizers,
  search: TranslateOptions,
): Example[] {
  const predicted = model.translate(
    rows.map((n) => pairs.sources[n]),
    search,
  );
  return rows.map((n, k) => ({
    source: pairs.rows[n].cells.source,
    predicted: target.decode(predicted[k][0].ids),
    target: pairs.wanted[n],
  }));
}

/** Where the model looked when it translated one pair that fits the screen; nothing without attention. */
export async function attentionRows(
  model: Seq2Seq,
  pairs: EncodedPairs,
  tokenizers: PairTokenizers,
  search: TranslateOptions,
): Promise<string[]> {
  const width = (process.stderr.columns || 80) - 4;
  const fits = pairs.sources.findIndex(
    ({ length }, n) => length >= 4 && 2 * length + 20 < width && pairs.targets[n].length <= 20,
  );
  const n = Math.max(0, fits);
  const [[best]] = await translateAll(model, [pairs.sources[n]], search);
  const looking = lookingOf(pairs.sources[n], best, tokenizers);
  if (!looking) return [];
  const { source, target, weights } = looking;
  return [
    '',
    'where it looked (columns: what it read, rows: what it wrote):',
    '',
    ...heatmap(source, target, weights, { width }),
  ];
}
