// How good a saved translator is: how well it predicts the references (perplexity), and how near its translations come to them.

import { evaluateTranslator, FormatError } from 'unrolled';
import type { Tokenizer } from 'unrolled/data';
import { bleu, type BleuScore, chrf, errorRate, exactMatch } from 'unrolled/metrics';
import { type Translation, translation } from 'unrolled/pipelines';
import { rowsToMeasure } from '../examples/parts.ts';
import { unknownWarning } from '../examples/say.ts';
import { linesOf as linesIn, readWholeText } from '../readers/index.ts';
import type { EvaluateValues, Report, SavedRun } from '../runs/kind.ts';
import { grouped, table } from '../terminal/index.ts';
import type { TranslateConfig } from './config.ts';
import { readOtherPairs, readTranslations } from './data.ts';
import { decodingOf } from './predict.ts';
import { type EncodedPairs, encodePairs } from './tokens.ts';
import { type Example, exampleRows } from './view.ts';
import { t } from '../language/index.ts';

const together = 256; // pairs
const mostMistakes = 5;

export async function evaluateTranslate(
  saved: SavedRun<TranslateConfig>,
  values: EvaluateValues,
  progress: (done: number, total: number) => void,
): Promise<Report> {
  const pipeline = await saved.open(translation);
  const { model, tokenizers } = pipeline;
  const { data, training } = saved.config;
  const { rows, source, warnings } = await rowsToMeasure(data, values, {
    parts: readTranslations,
    other: readOtherPairs,
  });
  // The run's own part as it was validated; another file whole.
  const pairs = encodePairs(rows, tokenizers, values.file === null ? training.maxLength : Infinity);
  const { loss, metrics } = await evaluateTranslator(model, pairs);
  const decoding = decodingOf(values, pipeline.input);
  const predicted: Translation[] = [];
  for (let from = 0; from < pairs.rows.length; from += together) {
    const some = pairs.rows.slice(from, from + together).map(({ cells }) => cells.source);
    predicted.push(...(await pipeline.translate(some, decoding)));
    progress(predicted.length, pairs.rows.length);
  }
  const texts = predicted.map(({ text }) => text);
  const references = referencesOf(pairs, values.references, tokenizers.target);
  const scores = scoresOf(texts, references, tokenizers.target, {
    tokenize: values.bleuTokens as BleuTokens,
    ignoreCase: values.ignoreCase,
  });
  const result: TranslateResult = {
    run: saved.path,
    step: saved.step,
    source,
    pairs: pairs.rows.length,
    loss,
    perplexity: metrics.perplexity,
    bleu: scores.bleu.score,
    bleuSignature: scores.bleu.signature,
    brevityPenalty: scores.bleu.brevityPenalty,
    chrf: scores.chrf.score,
    chrfSignature: scores.chrf.signature,
    exactMatch: scores.exactMatch,
    references: references[0]?.length ?? 1,
    tokenErrorRate: scores.tokenErrorRate,
    wordErrorRate: scores.wordErrorRate,
    characterErrorRate: scores.characterErrorRate,
    cut: predicted.filter(({ complete }) => !complete).length,
    unknown: pairs.unknown,
    beams: values.beams,
    lengthPenalty: values.lengthPenalty,
    mistakes: pairs.rows
      .map((row, n) => ({ source: row.cells.source, predicted: texts[n], target: pairs.wanted[n] }))
      .filter(({ predicted: text, target }) => text !== target)
      .slice(0, mostMistakes),
  };
  return {
    result,
    warnings: [
      ...warnings,
      ...pairs.warnings,
      ...unknownWarning('the sources', pairs.unknown.source),
      ...unknownWarning('the targets', pairs.unknown.target),
    ],
    lines: (screen) => [...linesOf(result), '', ...exampleRows(result.mistakes, screen)],
  };
}

interface TranslateResult {
  readonly run: string;
  readonly step: number;
  readonly source: string;
  readonly pairs: number;
  readonly loss: number;
  readonly perplexity: number;
  readonly bleu: number;
  readonly bleuSignature: string;
  readonly brevityPenalty: number;
  readonly chrf: number;
  readonly chrfSignature: string;
  readonly exactMatch: number;
  /** References of each pair. */
  readonly references: number;
  /** Edits over the length of the target, in the model's tokens (phonemes: PER), in words (WER) and in characters (CER). */
  readonly tokenErrorRate: number;
  readonly wordErrorRate: number;
  readonly characterErrorRate: number;
  /** Translations that did not come to an end. */
  readonly cut: number;
  /** Shares of the tokens that the vocabularies lack. */
  readonly unknown: { readonly source: number; readonly target: number };
  readonly beams: number;
  readonly lengthPenalty: number;
  /** The first translations that differ from their reference. */
  readonly mistakes: readonly Example[];
}

function linesOf(r: TranslateResult): string[] {
  return table([
    [t('perplexity'), t`${r.perplexity.toFixed(3)}   (${r.loss.toFixed(4)} nats per token)`],
    [t('BLEU'), `${r.bleu.toFixed(2)}   ${r.bleuSignature}`],
    [t('chrF'), `${r.chrf.toFixed(2)}   ${r.chrfSignature}`],
    [t('exact'), r.exactMatch.toFixed(4)],
    [
      t('error rates'),
      t`${r.wordErrorRate.toFixed(4)} of words (WER), ${r.characterErrorRate.toFixed(4)} of characters (CER), ${r.tokenErrorRate.toFixed(4)} of tokens`,
    ],
    ...(r.cut > 0 ? [[t('cut'), t`${grouped(r.cut)} had no end after the most tokens`]] : []),
    [t('search'), r.beams === 1 ? 'greedy' : t`${r.beams} beams, length penalty ${r.lengthPenalty}`],
    [t('measured on'), t`${grouped(r.pairs)} pairs of ${t(r.source)}`],
    [t('weights'), t`${r.run}, step ${r.step}`],
  ]);
}

export type BleuTokens = '13a' | 'char' | 'none';

/**
 * How near translations come to their references. Both are text as the tokenizer writes it: what a model cannot write (capitals, where it reads
 * them as lowercase; letters with their accents apart) is not asked of it, and the signatures say so.
 */
interface Scores {
  readonly tokenErrorRate: number;
  readonly wordErrorRate: number;
  readonly characterErrorRate: number;
  readonly bleu: BleuScore;
  readonly chrf: { readonly score: number; readonly signature: string };
  /** The fraction of exact matches. */
  readonly exactMatch: number;
}

/** `references`: for each prediction its target first, as `tokenizer.normalize` gives it; error rates are against the target. */
export function scoresOf(
  predicted: readonly string[],
  references: readonly (readonly string[])[],
  tokenizer: Tokenizer,
  { tokenize, ignoreCase = false }: { readonly tokenize: BleuTokens; readonly ignoreCase?: boolean },
): Scores {
  const lowercase = tokenizer.lowercase || ignoreCase;
  const small = (text: string) => (ignoreCase ? text.toLowerCase() : text);
  const texts = predicted.map(small);
  const targets = references.map(([target]) => small(target));
  const tokens = (some: readonly string[]) => some.map((text) => tokenizer.tokenize(text));
  return {
    bleu: bleu(predicted, references, { tokenize, lowercase }),
    chrf: chrf(predicted, references, { lowercase }),
    exactMatch: exactMatch(
      texts,
      references.map((some) => some.map(small)),
    ),
    tokenErrorRate: errorRate(tokens(texts), tokens(targets)),
    wordErrorRate: errorRate(texts, targets),
    characterErrorRate: errorRate(texts, targets, 'character'),
  };
}

/** The target of each pair, and its line of each of the files named; lines are counted as the rows of the pairs' file are. */
function referencesOf({ rows, wanted }: EncodedPairs, files: string | null, tokenizer: Tokenizer): string[][] {
  const others = (files?.split(',') ?? []).map((path) => ({ path, lines: linesIn(readWholeText(path)) }));
  return rows.map(({ row }, n) => [
    wanted[n],
    ...others.map(({ path, lines }) => {
      const line = lines[row - 1];
      if (line !== undefined) return tokenizer.normalize(line);
      throw new FormatError(
        path,
        `has ${lines.length} lines, and row ${row} has no reference in it; line n is of row n`,
      );
    }),
  ]);
}

/** BLEU with its usual tokens, as it is measured during training. */
export function bleuOf(predicted: readonly string[], wanted: readonly string[], { lowercase }: Tokenizer): number {
  return bleu(predicted, wanted, { lowercase }).score;
}
