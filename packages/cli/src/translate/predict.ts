// What a translator makes of texts: `unrolled translate`, and `unrolled predict` with the search as it is by default.

import { OptionError } from 'unrolled';
import { type TranslationOptions, type Hypothesis, translation, type TranslationInput } from 'unrolled/pipelines';
import { defaultsOf } from '../command-line/options.ts';
import { type BeamValues, type SearchValues, searchOptions } from '../command-line/search-options.ts';
import { InputNotices, type Looked } from '../examples/notices.ts';
import { answerAll, textsOf } from '../examples/text-input.ts';
import type { Prediction, PredictValues, SavedRun } from '../runs/kind.ts';
import type { TranslateConfig } from './config.ts';
import { sourceNames } from './data.ts';
import { attentionOf, drawAttention } from './view.ts';

interface Translated {
  readonly translation: string;
  readonly score: number;
  readonly logProbability: number;
  /** Whether it came to its end, or was cut at the most tokens. */
  readonly ended: boolean;
}

interface Answer extends Translated, Looked {
  readonly source: string;
  /** With --n-best: all of them, sorted by score. */
  readonly nBest?: readonly Translated[];
}

export type TranslateRequest = PredictValues & Partial<SearchValues> & { readonly attention?: string | null };

const together = 256; // texts

export async function* predictTranslate(
  saved: SavedRun<TranslateConfig>,
  given: TranslateRequest,
  inputs: readonly string[],
  warn: (text: string) => void,
): AsyncGenerator<Prediction, void> {
  const pipeline = await saved.open(translation);
  const values = { ...defaultsOf(searchOptions), ...given };
  const { read } = saved.config.data;
  const { source: longest } = pipeline.input.longestTrained;
  const decoding = decodingOf(values, pipeline.input);
  const draw = await drawAttention(values.attention ?? null, pipeline.model.config.decoder);
  const texts = await textsOf(inputs, values, { column: read.source, guesses: sourceNames, header: read.header });
  const notices = new InputNotices(warn);
  yield* answerAll(texts, together, notices, async (some) => {
    const translations = await pipeline.translate(
      some.map(({ text }) => text),
      decoding,
    );
    const answers: Prediction[] = [];
    for (const [k, { row, text }] of some.entries()) {
      const best = translations[k].hypotheses.map(described);
      const result: Answer = {
        ...(values.file === null ? {} : { row }),
        source: text,
        ...best[0],
        ...notices.add(row, translations[k].notes, { longest }),
        ...(values.nBest > 1 ? { nBest: best } : {}),
      };
      const map = text.trim() === '' ? null : attentionOf(translations[k]);
      const drawn = map ? await draw(map, row, texts.length) : () => [];
      answers.push({ result, lines: (screen) => [...linesOf(result, texts.length > 1), ...drawn(screen)] });
    }
    return answers;
  });
}

function described({ text, score, logProbability, complete }: Hypothesis): Translated {
  const short = (x: number) => Number(x.toPrecision(6));
  return { translation: text, score: short(score), logProbability: short(logProbability), ended: complete };
}

/** The translation alone, so that it can be piped; with --n-best a line each, with its score and, of several texts, the text before them. */
function linesOf({ source, translation, nBest }: Answer, several: boolean): string[] {
  if (!nBest) return [translation.replaceAll('\n', ' ')];
  const best = nBest.map((one) => `${one.score.toFixed(3)}\t${one.translation.replaceAll('\n', ' ')}`);
  return several ? [source, ...best, ''] : best;
}

/** From the options of a command to those of the pipeline, in the flags' words where they cannot be together. */
export function decodingOf(
  values: BeamValues & Partial<SearchValues>,
  { longestTrained }: TranslationInput,
): TranslationOptions {
  const { beams, lengthPenalty, coveragePenalty, noRepeatNgramSize, minTokens, copyUnknown, nBest = 1 } = values;
  const maxTokens = values.maxTokens ?? Math.max(2 * longestTrained.target + 10, minTokens);
  if (minTokens > maxTokens)
    throw new OptionError('translate', '--min-tokens', `expected at most --max-tokens ${maxTokens}, got ${minTokens}`);
  const limits = { minTokens, maxTokens, noRepeatNgramSize, copyUnknown };
  if (values.sample) {
    const { temperature = 1, topK = 0, topP = 1, seed = 1 } = values;
    return { ...limits, sample: { temperature, topK, topP, seed } };
  }
  if (nBest > beams) throw new OptionError('translate', '--n-best', `expected at most --beams ${beams}, got ${nBest}`);
  return { ...limits, beams, nBest, lengthPenalty, coveragePenalty };
}
