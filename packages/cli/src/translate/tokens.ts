// Pairs of texts as pairs of numbers, each side with its own tokens or both with the same.

import { type SequencePairs } from 'unrolled';
import { Tokenizer, type TokenUnit } from 'unrolled/data';
import type { Values } from '../command-line/options.ts';
import { grouped } from '../terminal/index.ts';
import { type Pair, translateDemo } from './data.ts';
import type { translateOptions } from './options.ts';
import { t } from '../language/index.ts';

export interface PairTokenizers {
  readonly source: Tokenizer;
  readonly target: Tokenizer;
}

/** Of each side: what a token is. */
export interface PairUnits {
  readonly source: TokenUnit;
  readonly target: TokenUnit;
}

type TokenValues = Values<typeof translateOptions>;

export function unitsOf({ demo, unit, sourceUnit, targetUnit }: TokenValues): PairUnits {
  const own = unit ?? (demo ? 'character' : 'word');
  return {
    source: (sourceUnit ?? own) as TokenUnit,
    target: (targetUnit ?? unit ?? (demo ? translateDemo(demo).targetUnit : undefined) ?? own) as TokenUnit,
  };
}

export function trainTokenizers(rows: readonly Pair[], values: TokenValues): PairTokenizers {
  const { vocabulary, sourceVocabulary, targetVocabulary, minCount, lowercase, shared } = values;
  const units = unitsOf(values);
  const texts = (side: 'source' | 'target') => rows.map(({ cells }) => cells[side]);
  const train = (all: string[], unit: TokenUnit, size: number | null) =>
    Tokenizer.train(all, {
      unit,
      ...(size === null ? {} : { size }),
      ...(minCount > 1 ? { minCount } : {}),
      lowercase,
    });
  if (shared) {
    const both = train([...texts('source'), ...texts('target')], units.source, vocabulary);
    return { source: both, target: both };
  }
  return {
    source: train(texts('source'), units.source, sourceVocabulary ?? vocabulary),
    target: train(texts('target'), units.target, targetVocabulary ?? vocabulary),
  };
}

export interface EncodedPairs extends SequencePairs {
  readonly sources: readonly Int32Array[];
  readonly targets: readonly Int32Array[];
  readonly rows: readonly Pair[];
  /** The targets as a model that is always right would write them: see `Tokenizer.normalize`. */
  readonly wanted: readonly string[];
  /** Tokens of the longest on each side. */
  readonly longest: { readonly source: number; readonly target: number };
  /** Said of pairs that were left out. */
  readonly warnings: readonly string[];
  /** Shares of the tokens that the vocabularies lack. */
  readonly unknown: { readonly source: number; readonly target: number };
}

/** Without the pairs that are too long. */
export function encodePairs(
  all: readonly Pair[],
  tokenizers: PairTokenizers,
  maxLength: number,
  what = 'pairs',
): EncodedPairs {
  const encoded = all.map((row) => ({
    row,
    source: encodeSource(row.cells.source, tokenizers.source),
    target: tokenizers.target.encode(row.cells.target),
  }));
  const fits = ({ source, target }: (typeof encoded)[number]) => Math.max(source.length, target.length) <= maxLength;
  const kept = encoded.filter(fits);
  const sources = kept.map(({ source }) => source);
  const targets = kept.map(({ target }) => target);
  const left = all.length - kept.length;
  const first = encoded.find((one) => !fits(one))?.row;
  return {
    sources,
    targets,
    rows: kept.map(({ row }) => row),
    wanted: kept.map(({ row }) => tokenizers.target.normalize(row.cells.target)),
    longest: { source: longestOf(sources), target: longestOf(targets) },
    warnings: first
      ? [
          t`${grouped(left)} of ${grouped(all.length)} ${t(what)} were left out: longer than ${maxLength} tokens (${first.file}, row ${first.row}${left > 1 ? '; …' : ''}); see --max-length`,
        ]
      : [],
    unknown: {
      source: shareOf(sources, tokenizers.source.unknown),
      target: shareOf(targets, tokenizers.target.unknown),
    },
  };
}

/** A source has a step: one without a token is the unknown one. */
export function encodeSource(text: string, tokenizer: Tokenizer): Int32Array {
  const ids = tokenizer.encode(text);
  return ids.length > 0 ? ids : Int32Array.of(tokenizer.unknown);
}

function longestOf(rows: readonly Int32Array[]): number {
  return rows.reduce((most, { length }) => Math.max(most, length), 0);
}

function shareOf(rows: readonly Int32Array[], id: number): number {
  let [count, all] = [0, 0];
  for (const row of rows) {
    all += row.length;
    for (const token of row) if (token === id) count++;
  }
  return count / Math.max(1, all);
}
