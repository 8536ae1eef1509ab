// Translation: languages, numbers in words, dates.

import { Tokenizer } from '../data/tokenizer.ts';
import { streamSequence } from '../decode/stream.ts';
import { requireKinds } from '../checks.ts';
import { checkOptions, OptionError } from '../errors.ts';
import { type SignalLike, throwIfAborted } from '../abort.ts';
import { compute } from '../inference/compute.ts';
import { translateAll } from '../inference/translate.ts';
import { Seq2Seq } from '../models/seq2seq/seq2seq.ts';
import { Seq2SeqStepper } from '../models/seq2seq/stepper.ts';
import { yieldToEventLoop } from '../tensor/yield-to-event-loop.ts';
import type { TranslationInput } from './contract/input.ts';
import { type InputNotes, notesOf } from './notes.ts';
import { type OpenedRun, type RunInfo, unsaved } from './run.ts';
import { requireModel } from './require-model.ts';
import { textsOf } from './scores.ts';
import {
  type Hypothesis,
  hypothesisOf,
  type DecodingOptions,
  searchOf,
  searchOptionNames,
  type SearchSampling,
  sampling,
} from './search.ts';
import { TextStream } from './text-stream.ts';

/** A translation, with its score and attention. */
export interface Translation extends Hypothesis {
  /** Source tokens, over which `attention` is given. */
  readonly sourceTokens: readonly string[];
  /** The `nBest` hypotheses, sorted by score. */
  readonly hypotheses: readonly Hypothesis[];
  readonly notes: InputNotes;
}

/** A token of a translation that is streamed. */
export interface TokenPiece {
  /** Text to append. */
  readonly text: string;
  readonly token: string;
  readonly logProbability: number;
  /** Attention of the token over the source's tokens or the image's regions; null without attention. */
  readonly attention: readonly number[] | null;
}

/** Options of a streamed translation. */
export interface TokenStreamOptions {
  readonly maxTokens?: number;
  readonly minTokens?: number;
  readonly noRepeatNgramSize?: number;
  /** Whether to sample instead of taking the most probable token. */
  readonly sample?: SearchSampling | null;
  readonly signal?: SignalLike | null;
}

export const streamOptionNames = ['maxTokens', 'minTokens', 'noRepeatNgramSize', 'sample', 'signal'] as const;

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
      checkOptions(who, options, streamOptionNames);
      requireKinds(who, { text }, { text: 'text' });
      if (text.trim() === '') return;
      const ids = encode(text);
      const make = () => new Seq2SeqStepper(model, [ids]);
      yield* streamTokens(
        who,
        model,
        make,
        target,
        { ...defaults, end: model.config.end, start: model.config.start },
        options,
      );
    },
  };
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

interface KeptStepper {
  tensors(): readonly { keep(): unknown }[];
  dispose(): void;
}

/** Streams a sequence token by token: shared by translation and captioning. */
export async function* streamTokens(
  name: string,
  model: Parameters<typeof compute>[0],
  make: () => KeptStepper & Parameters<typeof streamSequence>[0],
  tokenizer: Tokenizer,
  limits: {
    readonly maxTokens: number;
    readonly suppressTokens: readonly number[];
    readonly end: number | null;
    readonly start: number;
  },
  { maxTokens, minTokens = 0, noRepeatNgramSize = 0, sample = null, signal }: TokenStreamOptions,
): AsyncGenerator<TokenPiece, void> {
  throwIfAborted(name, signal);
  const stepper = compute(model, () => {
    const made = make();
    for (const t of made.tensors()) t.keep();
    return made;
  });
  try {
    const symbols = streamSequence(stepper, {
      end: limits.end,
      suppressTokens: [limits.start, ...limits.suppressTokens],
      minLength: minTokens,
      maxLength: maxTokens ?? Math.max(limits.maxTokens, minTokens),
      blockNgrams: noRepeatNgramSize,
      ...(sample !== null ? sampling(name, sample) : { greedy: true }),
    });
    const stream = new TextStream((ids) => tokenizer.decode(ids));
    for (;;) {
      throwIfAborted(name, signal);
      const next = compute(model, () => {
        const result = symbols.next();
        for (const t of stepper.tensors()) t.keep(); // the new state outlives this scope
        return result;
      });
      if (next.done || next.value.isEnd) return;
      const { id, logProbability, attention } = next.value;
      yield {
        text: stream.push(id),
        token: tokenizer.token(id),
        logProbability,
        attention: attention && Array.from(attention),
      };
      await yieldToEventLoop();
    }
  } finally {
    stepper.dispose();
  }
}
