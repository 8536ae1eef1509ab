// Sequences that are streamed token by token, one or many: translations and captions. Those of one call grow in one batch, a step of the model for
// all of them, and each is what it is alone.

import type { SignalLike } from '../abort.ts';
import { requireKinds, requireWhole, shown } from '../checks.ts';
import type { Tokenizer } from '../data/tokenizer.ts';
import { GrowingRows } from '../decode/growing-rows.ts';
import type { RowStepper } from '../decode/row-stepper.ts';
import { checkOptions, OptionError, type UnrolledError } from '../errors.ts';
import { compute } from '../inference/compute.ts';
import { yieldToEventLoop } from '../tensor/yield-to-event-loop.ts';
import { type SearchSampling, sampling } from './search.ts';
import { TextStream } from './text-stream.ts';

/** A token of a translation or a caption that is streamed. */
export interface TokenPiece {
  /** Text to append. */
  readonly text: string;
  readonly token: string;
  readonly logProbability: number;
  /** Attention of the token over the source's tokens or the image's regions; null without attention. */
  readonly attention: readonly number[] | null;
}

/** What a step gives to one of several sequences that are streamed together. */
export interface BatchedTokenPiece {
  /** Which of the inputs it belongs to. */
  readonly index: number;
  /** The token; null where the sequence is done. */
  readonly piece: TokenPiece | null;
  /** Why the sequence could not be continued, an AbortError by its signal included; null otherwise. Nothing follows an error. */
  readonly error: UnrolledError | null;
}

/** Options of a sequence that is streamed. */
export interface TokenStreamOptions {
  readonly maxTokens?: number;
  readonly minTokens?: number;
  readonly noRepeatNgramSize?: number;
  /** Whether to sample instead of taking the most probable token. */
  readonly sample?: SearchSampling | null;
  readonly signal?: SignalLike | null;
}

const optionNames = ['maxTokens', 'minTokens', 'noRepeatNgramSize', 'sample', 'signal'] as const;

/** A stepper that outlives its scope. */
interface KeptStepper extends RowStepper {
  tensors(): readonly { keep(): unknown }[];
  dispose(): void;
}

/** What is streamed, and from which model. */
export interface TokenStream {
  readonly who: string;
  readonly model: Parameters<typeof compute>[0];
  readonly tokenizer: Tokenizer;
  /** Maximum number of tokens where the options name none. */
  readonly maxTokens: number;
  readonly suppressTokens: readonly number[];
  readonly end: number | null;
}

/** The options of every one of `count` inputs. */
export function optionsOfEach(
  who: string,
  count: number,
  options: TokenStreamOptions | readonly TokenStreamOptions[],
): readonly TokenStreamOptions[] {
  const each = Array.isArray(options) ? (options as readonly TokenStreamOptions[]) : Array(count).fill(options);
  if (each.length !== count)
    throw new OptionError(
      who,
      'options',
      `expected those of all inputs, or ${count}, one for each; got ${each.length}`,
    );
  for (const one of each) {
    requireKinds(who, { options: one }, { options: 'object' });
    checkOptions(who, one, optionNames);
    const { minTokens = 0, maxTokens = minTokens, noRepeatNgramSize = 0 } = one;
    for (const [name, n] of Object.entries({ minTokens, maxTokens, noRepeatNgramSize })) requireWhole(who, name, n);
    if (minTokens > maxTokens)
      throw new OptionError(
        who,
        'minTokens',
        `expected at most maxTokens ${shown(maxTokens)}, got ${shown(minTokens)}`,
      );
  }
  return each;
}

/** Every step's pieces of the sequences of a stepper whose row r has the options[r]. */
export async function* streamRows(
  { who, model, tokenizer, maxTokens, suppressTokens, end }: TokenStream,
  make: () => KeptStepper,
  options: readonly TokenStreamOptions[],
): AsyncGenerator<readonly BatchedTokenPiece[], void> {
  const stepper = compute(model, () => {
    const made = make();
    for (const t of made.tensors()) t.keep();
    return made;
  });
  try {
    const rows = options.map(({ minTokens = 0, noRepeatNgramSize = 0, sample = null, signal, ...more }) => ({
      end,
      suppressTokens,
      minLength: minTokens,
      maxLength: more.maxTokens ?? Math.max(maxTokens, minTokens),
      blockNgrams: noRepeatNgramSize,
      signal,
      ...(sample !== null ? sampling(who, sample) : { greedy: true }),
    }));
    const growing = new GrowingRows(who, stepper, rows);
    const texts = rows.map(() => new TextStream((ids) => tokenizer.decode(ids)));
    const empty = rows.flatMap(({ maxLength }, index) =>
      maxLength === 0 ? [{ index, piece: null, error: null }] : [],
    );
    if (empty.length > 0) yield empty;
    while (growing.live > 0) {
      const grown = compute(model, () => {
        const result = growing.step();
        for (const t of stepper.tensors()) t.keep(); // the new state outlives this scope
        return result;
      });
      yield grown.flatMap((growth): BatchedTokenPiece[] => {
        const { row: index } = growth;
        const done = { index, piece: null, error: null };
        if (growth.id === null) return [{ ...done, error: growth.error }];
        if (growth.isEnd) return [done];
        const { id, logProbability, attention, isLast } = growth;
        const text = texts[index].push(id);
        const piece = {
          text,
          token: tokenizer.token(id),
          logProbability,
          attention: attention && Array.from(attention),
        };
        return [{ index, piece, error: null }, ...(isLast ? [done] : [])];
      });
      await yieldToEventLoop();
    }
  } finally {
    stepper.dispose();
  }
}

/** The pieces of the only sequence. Throws its error. */
export async function* onlyOne(
  steps: AsyncGenerator<readonly BatchedTokenPiece[], void>,
): AsyncGenerator<TokenPiece, void> {
  for await (const pieces of steps)
    for (const { piece, error } of pieces) {
      if (error) throw error;
      if (piece) yield piece;
    }
}
