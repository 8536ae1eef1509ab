// What a translator makes of texts: `unrolled translate`, and `unrolled predict` with the search as it is by default.

import { type Decoded, translateAll } from 'unrolled';
import { type SearchValues, searchOptions } from '../command-line/search-options.ts';
import { defaultsOf } from '../command-line/options.ts';
import { InputNotices, type Looked } from '../examples/notices.ts';
import { answerAll, textsOf } from '../examples/text-input.ts';
import type { Prediction, PredictValues, SavedRun } from '../runs/kind.ts';
import type { TranslateConfig } from './config.ts';
import { drawAttention } from './attention.ts';
import { sourceNames } from './data.ts';
import { restoreTranslator } from './model.ts';
import { lookingOf, searchOf } from './search.ts';
import { encodeSource } from './tokens.ts';

export interface Translation extends Looked {
  readonly source: string;
  readonly translation: string;
  readonly score: number;
  readonly logProbability: number;
  /** Whether it came to its end, or was cut at the most tokens. */
  readonly ended: boolean;
  /** With --n-best: all of them, the best first. */
  readonly nBest?: readonly {
    readonly translation: string;
    readonly score: number;
    readonly logProbability: number;
    readonly ended: boolean;
  }[];
}

export type TranslateRequest = PredictValues & Partial<SearchValues> & { readonly attention?: string | null };

const together = 256; // texts

export async function* predictTranslate(
  saved: SavedRun<TranslateConfig>,
  given: TranslateRequest,
  inputs: readonly string[],
  warn: (text: string) => void,
): AsyncGenerator<Prediction, void> {
  const { model, tokenizers, config } = restoreTranslator(saved);
  const values = { ...defaultsOf(searchOptions), ...given };
  const { read, longest } = config.data;
  const search = searchOf(values, tokenizers, longest.target);
  const draw = await drawAttention(values.attention ?? null, model.config.decoder);
  const texts = await textsOf(inputs, values, { column: read.source, guesses: sourceNames, header: read.header });
  const notices = new InputNotices(warn);
  yield* answerAll(texts, together, notices, async (some) => {
    const sources = some.map(({ text }) => encodeSource(text, tokenizers.source));
    const predicted = sources.length === 0 ? [] : await translateAll(model, sources, search);
    const answers: Prediction[] = [];
    for (const [k, { row, text }] of some.entries()) {
      const looked = notices.look(row, tokenizers.source.encode(text), tokenizers.source, longest.source);
      const empty = text.trim() === '';
      const all = empty ? predicted[k].slice(0, 1).map((one) => ({ ...one, ids: new Int32Array(0) })) : predicted[k];
      const best = all.map((one) => describe(one, tokenizers.target.decode(one.ids)));
      const result: Translation = {
        ...(values.file === null ? {} : { row }),
        source: text,
        ...best[0],
        ...looked,
        ...(values.nBest > 1 ? { nBest: best } : {}),
      };
      const looking = empty ? null : lookingOf(sources[k], all[0], tokenizers);
      const drawn = looking ? await draw(looking, row, texts.length) : [];
      answers.push({ result, lines: [...linesOf(result, texts.length > 1), ...drawn] });
    }
    return answers;
  });
}

function describe({ score, logProbability, ended }: Decoded, translation: string) {
  const short = (x: number) => Number(x.toPrecision(6));
  return { translation, score: short(score), logProbability: short(logProbability), ended };
}

/** The translation alone, so that it can be piped; with --n-best a line each, with its score and, of several texts, the text before them. */
function linesOf({ source, translation, nBest }: Translation, several: boolean): string[] {
  if (!nBest) return [translation.replaceAll('\n', ' ')];
  const best = nBest.map((one) => `${one.score.toFixed(3)}\t${one.translation.replaceAll('\n', ' ')}`);
  return several ? [source, ...best, ''] : best;
}
