// How good a saved translator is: how well it predicts the references (perplexity), and how near its translations come to them.

import { evaluateTranslator } from 'unrolled';
import type { Tokenizer } from 'unrolled/data';
import { bleu, type BleuScore, chrf, exactMatch } from 'unrolled/metrics';
import { type Translation, translation } from 'unrolled/pipelines';
import { rowsToMeasure } from '../examples/parts.ts';
import { unknownWarning } from '../examples/say.ts';
import type { EvaluateValues, Report, SavedRun } from '../runs/kind.ts';
import { grouped, table } from '../terminal/index.ts';
import type { TranslateConfig } from './config.ts';
import { readOtherPairs, readTranslations } from './data.ts';
import { decodingOf } from './predict.ts';
import { encodePairs } from './tokens.ts';
import { type Example, exampleRows } from './view.ts';

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
  const scores = scoresOf(texts, pairs.wanted, tokenizers.target, values.bleuTokens as BleuTokens);
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
    ['perplexity', `${r.perplexity.toFixed(3)}   (${r.loss.toFixed(4)} nats per token)`],
    ['BLEU', `${r.bleu.toFixed(2)}   ${r.bleuSignature}`],
    ['chrF', `${r.chrf.toFixed(2)}   ${r.chrfSignature}`],
    ['exact', r.exactMatch.toFixed(4)],
    ...(r.cut > 0 ? [['cut', `${grouped(r.cut)} had no end after the most tokens`]] : []),
    ['search', r.beams === 1 ? 'greedy' : `${r.beams} beams, length penalty ${r.lengthPenalty}`],
    ['measured on', `${grouped(r.pairs)} pairs of ${r.source}`],
    ['weights', `${r.run}, step ${r.step}`],
  ]);
}

export type BleuTokens = '13a' | 'char' | 'none';

/**
 * How near translations come to their references. Both are text as the tokenizer writes it: what a model cannot write (capitals, where it reads
 * them as lowercase; letters with their accents apart) is not asked of it, and the signatures say so.
 */
interface Scores {
  readonly bleu: BleuScore;
  readonly chrf: { readonly score: number; readonly signature: string };
  /** The fraction of exact matches. */
  readonly exactMatch: number;
}

/** `wanted`: texts as `tokenizer.normalize` gives them. */
export function scoresOf(
  predicted: readonly string[],
  wanted: readonly string[],
  tokenizer: Tokenizer,
  tokenize: BleuTokens,
): Scores {
  const { lowercase } = tokenizer;
  return {
    bleu: bleu(predicted, wanted, { tokenize, lowercase }),
    chrf: chrf(predicted, wanted, { lowercase }),
    exactMatch: exactMatch(predicted, wanted),
  };
}

/** BLEU with its usual tokens, as it is measured during training. */
export function bleuOf(predicted: readonly string[], wanted: readonly string[], { lowercase }: Tokenizer): number {
  return bleu(predicted, wanted, { lowercase }).score;
}
