// Translation: languages, numbers in words, dates.

import { Tokenizer } from '../data/tokenizer.ts';
import { requireKinds } from '../checks.ts';
import { checkOptions, OptionError } from '../errors.ts';
import { translateAll } from '../inference/translate.ts';
import { Seq2Seq } from '../models/seq2seq/seq2seq.ts';
import { Seq2SeqStepper } from '../models/seq2seq/stepper.ts';
import type { TranslationInput } from './contract/input.ts';
import { type InputNotes, notesOf } from './notes.ts';
import { type OpenedRun, type RunInfo, unsaved } from './run.ts';
import { requireModel } from './require-model.ts';
import { textsOf } from './scores.ts';
import { type Hypothesis, hypothesisOf, type DecodingOptions, searchOf, searchOptionNames } from './search.ts';
import {
  type BatchedTokenPiece,
  onlyOne,
  optionsOfEach,
  streamRows,
  type TokenPiece,
  type TokenStreamOptions,
} from './token-stream.ts';

/** A translation, with its score and attention. */
export interface Translation extends Hypothesis {
  /** Source tokens, over which `attention` is given. */
  readonly sourceTokens: readonly string[];
  /** The `nBest` hypotheses, sorted by score. */
  readonly hypotheses: readonly Hypothesis[];
  readonly notes: InputNotes;
}

/** Options of `translate`. */
export interface TranslationOptions extends DecodingOptions {
  /**
   * Write unknown words: in place of each unknown token of the output stands the source token that it attends to most (Jean et al. 2015, Luong et al.
   * 2015). For models with attention that were trained with unknown tokens (a minimum count, a vocabulary size). Default false: none is written.
   */
  readonly copyUnknown?: boolean;
}

/** Translates texts. */
export interface TranslationPipeline {
  readonly task: 'translation';
  readonly info: RunInfo;
  readonly input: TranslationInput;
  readonly model: Seq2Seq;
  readonly tokenizers: { readonly source: Tokenizer; readonly target: Tokenizer };
  /** Translates texts, in their order: by beam search, or sampled. An empty text has an empty translation. */
  translate(texts: string | readonly string[], options?: TranslationOptions): Promise<Translation[]>;
  /** Streams one translation token by token, greedily or sampled. Leaving the loop early frees what it held. */
  stream(text: string, options?: TokenStreamOptions): AsyncGenerator<TokenPiece, void>;
  /** Streams several in one batch: the pieces of every step, each with the index of its text. Each translation is the one that `stream` gives alone. */
  streamAll(
    texts: readonly string[],
    options?: TokenStreamOptions | readonly TokenStreamOptions[],
  ): AsyncGenerator<readonly BatchedTokenPiece[], void>;
}

const who = 'translation';

export async function makeTranslation(run: OpenedRun): Promise<TranslationPipeline> {
  const input = run.part.input as TranslationInput;
  const model = run.restore((config) => new Seq2Seq(config));
  const source = Tokenizer.fromJSON(...(await run.json('source')));
  const target = Tokenizer.fromJSON(...(await run.json('target')));
  return translationOf(model, { tokenizers: { source, target }, input }, run.info);
}

/** What a translator is made of besides its model. */
export type TranslationParts = Pick<TranslationPipeline, 'tokenizers' | 'input'>;

/** The pipeline of a model in memory, as it is at every moment: also while it is trained. */
export function translationOf(model: Seq2Seq, parts: TranslationParts, info: RunInfo = unsaved): TranslationPipeline {
  requireModel('translationOf', model, [Seq2Seq], parts, {
    tokenizers: { source: 'object', target: 'object' },
    input: { longestTrained: { source: 'number', target: 'number' } },
  });
  const {
    tokenizers: { source, target },
    input,
  } = parts;
  const suppressTokens = [target.pad, target.unknown];
  const defaults = { lengthPenalty: 0.6, maxTokens: 2 * input.longestTrained.target + 10, suppressTokens };
  const encode = (text: string) => {
    const ids = source.encode(text);
    return ids.length > 0 ? ids : Int32Array.of(source.unknown);
  };
  return {
    task: who,
    info,
    input,
    model,
    tokenizers: { source, target },
    async translate(texts, options = {}) {
      const { copyUnknown = false, ...decoding } = options;
      requireKinds(who, { copyUnknown }, { copyUnknown: 'flag' });
      checkOptions(who, decoding, searchOptionNames);
      if (copyUnknown && !attends(model))
        throw new OptionError(
          who,
          'copyUnknown',
          `the decoder ${model.config.decoder} attends to no source token that could be copied`,
        );
      const search = searchOf(who, decoding, copyUnknown ? { ...defaults, suppressTokens: [target.pad] } : defaults);
      const list = textsOf(who, texts);
      const sources = list.map(encode);
      const found = await translateAll(model, sources, search, { signal: options.signal });
      return list.map((text, n) => {
        const empty = text.trim() === '';
        const all = empty ? found[n].slice(0, 1).map((one) => ({ ...one, ids: new Int32Array(0) })) : found[n];
        const copies = copyUnknown ? source.tokenize(text) : null;
        const hypotheses = all.map((one) => {
          const hypothesis = hypothesisOf(one, target);
          return copies ? withCopies(hypothesis, one.ids, { source, target }, copies) : hypothesis;
        });
        return {
          ...hypotheses[0],
          sourceTokens: Array.from(sources[n], (id) => source.token(id)),
          hypotheses,
          notes: notesOf(source.encode(text), source.unknown, input.longestTrained.source),
        };
      });
    },
    async *stream(text, options = {}) {
      requireKinds(who, { text }, { text: 'text' });
      yield* onlyOne(streamTexts([text], options));
    },
    streamAll: streamTexts,
  };

  async function* streamTexts(
    texts: readonly string[],
    options: TokenStreamOptions | readonly TokenStreamOptions[] = {},
  ): AsyncGenerator<readonly BatchedTokenPiece[], void> {
    const all = textsOf(who, texts);
    const each = optionsOfEach(who, all.length, options);
    const empty = all.flatMap((text, index) => (text.trim() === '' ? [index] : []));
    if (empty.length > 0) yield empty.map((index) => ({ index, piece: null, error: null }));
    const rows = all.flatMap((text, index) => (text.trim() === '' ? [] : [{ index, ids: encode(text) }]));
    if (rows.length === 0) return;
    const { end, start } = model.config;
    const steps = streamRows(
      { who, model, tokenizer: target, maxTokens: defaults.maxTokens, suppressTokens: [start, ...suppressTokens], end },
      () =>
        new Seq2SeqStepper(
          model,
          rows.map(({ ids }) => ids),
        ),
      rows.map(({ index }) => each[index]),
    );
    for await (const pieces of steps) yield pieces.map((piece) => ({ ...piece, index: rows[piece.index].index }));
  }
}

function attends({ config }: Seq2Seq): boolean {
  return config.decoder !== 'plain' && config.decoder !== 'context' && config.decoder !== 'repeat';
}

/** The hypothesis with the source token of the largest attention in place of each unknown one. */
function withCopies(
  hypothesis: Hypothesis,
  ids: Int32Array,
  { source, target }: TranslationPipeline['tokenizers'],
  copies: readonly string[],
): Hypothesis {
  const { attention } = hypothesis;
  if (!attention || copies.length === 0 || !ids.includes(target.unknown)) return hypothesis;
  const written = Array.from(ids, (id, t) => {
    if (id !== target.unknown) return target.token(id);
    const weights = attention[t].slice(0, copies.length);
    return source.detokenize([copies[weights.indexOf(Math.max(...weights))]]);
  });
  const special = new Set([target.pad, target.start, target.end]);
  return { ...hypothesis, tokens: written, text: target.detokenize(written.filter((_, t) => !special.has(ids[t]))) };
}
