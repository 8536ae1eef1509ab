// BLEU (Papineni et al., 2002), the numbers of sacreBLEU (Post, 2018), whose signature says what has to be equal for two scores to be comparable.
//
//   p_n = 100 · Σ clipped matches / Σ n-grams, over the whole corpus      a match counts at most as often as the reference has most of it
//   BP  = min(1, exp(1 − reference length / hypothesis length))           of several references, the one nearest in length
//   BLEU = BP · exp(Σ_n ln p_n / N)                                       N = 4
//
// Smoothing 'exp': the first p_n with no match is 100/(2·n-grams), the next 100/(4·n-grams), and so on.

import { requireText, shown } from '../checks.ts';
import { checkOptions, OptionError } from '../errors.ts';
import { checkCount, countNgrams, listReferences, type References, splitWords } from './check.ts';

/** Options of `bleu`. */
export interface BleuOptions {
  /** Tokenization: as mteval-v13a (the default), by white space, or by code points. */
  readonly tokenize?: '13a' | 'none' | 'char';
  readonly lowercase?: boolean;
  /** Smoothing method. Default 'exp'. */
  readonly smoothing?: 'exp' | 'none';
  /** Maximum n-gram order N, 4 by default: 1 for BLEU-1. */
  readonly maxOrder?: number;
}

/** BLEU with its n-gram precisions and brevity penalty. */
export interface BleuScore {
  /** BLEU, 0 to 100. */
  readonly score: number;
  /** p_1 … p_N. */
  readonly precisions: readonly number[];
  readonly brevityPenalty: number;
  readonly hypothesisLength: number;
  readonly referenceLength: number;
  /** sacreBLEU's signature, to report with the score. */
  readonly signature: string;
}

const tokenizers: Record<NonNullable<BleuOptions['tokenize']>, (line: string) => string[]> = {
  '13a': tokenize13a,
  none: splitWords,
  char: (line) => splitWords(Array.from(line).join(' ')),
};

/**
 * Corpus BLEU. `references[k]` is the reference of hypothesis k, or a list of them.
 *
 *     const { score, signature } = bleu(['The dog bit the man.'], [['The dog bit the man.', 'The dog had bit the man.']]);
 */
export function bleu(hypotheses: readonly string[], references: References, options: BleuOptions = {}): BleuScore {
  checkOptions('bleu', options, ['tokenize', 'lowercase', 'smoothing', 'maxOrder']);
  const { tokenize = '13a', lowercase = false, smoothing = 'exp', maxOrder = 4 } = options;
  if (!Object.hasOwn(tokenizers, tokenize))
    throw new OptionError('bleu', 'tokenize', `expected '13a', 'none' or 'char', got ${shown(tokenize)}`);
  if (smoothing !== 'exp' && smoothing !== 'none')
    throw new OptionError('bleu', 'smoothing', `expected 'exp' or 'none', got ${shown(smoothing)}`);
  checkCount('bleu', 'maxOrder', maxOrder, 100);
  const tokens = (text: string) => tokenizers[tokenize]((lowercase ? text.toLowerCase() : text).trimEnd());
  const lists = listReferences('bleu', hypotheses, references);
  const matches = Array<number>(maxOrder).fill(0);
  const totals = Array<number>(maxOrder).fill(0);
  let [hypothesisLength, referenceLength] = [0, 0];
  for (const [k, hypothesis] of hypotheses.entries()) {
    const predicted = tokens(hypothesis);
    const wanted = lists[k].map(tokens);
    hypothesisLength += predicted.length;
    referenceLength += nearest(
      predicted.length,
      wanted.map((reference) => reference.length),
    );
    for (let n = 1; n <= maxOrder; n++) {
      const most = new Map<string, number>();
      for (const reference of wanted)
        for (const [gram, count] of countNgrams(reference, n)) most.set(gram, Math.max(count, most.get(gram) ?? 0));
      totals[n - 1] += Math.max(0, predicted.length - n + 1);
      for (const [gram, count] of countNgrams(predicted, n)) matches[n - 1] += Math.min(count, most.get(gram) ?? 0);
    }
  }
  const brevityPenalty =
    hypothesisLength >= referenceLength
      ? 1
      : hypothesisLength === 0
        ? 0
        : Math.exp(1 - referenceLength / hypothesisLength);
  const precisions = smooth(matches, totals, smoothing);
  const mean = precisions.reduce((sum, p) => sum + Math.log(p), 0) / maxOrder; // −∞ where one is 0, and the score 0
  const nrefs = new Set(lists.map((list) => list.length));
  const signature = [
    `nrefs:${nrefs.size === 1 ? lists[0].length : 'var'}`,
    `case:${lowercase ? 'lc' : 'mixed'}`,
    'eff:no',
    `tok:${tokenize}`,
    `smooth:${smoothing}`,
    'version:2.6.0',
  ].join('|');
  return {
    score: brevityPenalty * Math.exp(mean),
    precisions,
    brevityPenalty,
    hypothesisLength,
    referenceLength,
    signature,
  };
}

function smooth(matches: readonly number[], totals: readonly number[], smoothing: 'exp' | 'none'): number[] {
  if (!matches.some((n) => n > 0)) return matches.map(() => 0);
  let halving = 1;
  return matches.map((match, n) => {
    if (totals[n] === 0) return 0;
    if (match > 0) return (100 * match) / totals[n];
    if (smoothing === 'none') return 0;
    halving *= 2;
    return 100 / (halving * totals[n]);
  });
}

/** The one of `lengths` nearest to `length`; the shorter of two. */
function nearest(length: number, lengths: readonly number[]): number {
  return lengths.reduce((best, next) => {
    const [a, b] = [Math.abs(next - length), Math.abs(best - length)];
    return a < b || (a === b && next < best) ? next : best;
  });
}

/** mteval-v13a's tokens: punctuation separated, full stops and commas unless between digits, dashes after digits. */
export function tokenize13a(text: string): string[] {
  requireText('tokenize13a', 'text', text);
  let line = text.replaceAll('<skipped>', '').replaceAll('-\n', '').replaceAll('\n', ' ');
  for (const [entity, character] of entities) line = line.replaceAll(entity, character);
  line = ` ${line} `
    .replace(/([{-~[-` -&(-+:-@/])/g, ' $1 ')
    .replace(/([^0-9])([.,])/gu, '$1 $2 ')
    .replace(/([.,])([^0-9])/gu, ' $1 $2')
    .replace(/([0-9])(-)/g, '$1 $2 ');
  return splitWords(line);
}

const entities = [
  ['&quot;', '"'],
  ['&amp;', '&'],
  ['&lt;', '<'],
  ['&gt;', '>'],
] as const;
