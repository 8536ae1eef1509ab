// Parts of OpenAI's answers that its text routes share.

import type { GeneratePiece, SymbolLogprob } from '../engine/engine.ts';

type Logprobs = NonNullable<GeneratePiece['logprobs']>;

/** An id as OpenAI's: clients look for `cmpl`. */
export function newId(kind: 'cmpl' | 'chatcmpl'): string {
  return `${kind}-${crypto.randomUUID().replaceAll('-', '')}`;
}

export const seconds = (): number => Math.floor(Date.now() / 1000);

/** Log-probabilities as completions have them. `offset` is where the text of these symbols begins. */
export function completionLogprobs(symbols: Logprobs, offset = 0) {
  let at = offset;
  return {
    tokens: symbols.map(({ text }) => text),
    token_logprobs: symbols.map(({ logprob }) => logprob),
    top_logprobs: symbols.map(({ top }) => Object.fromEntries(top.map(({ text, logprob }) => [text, logprob]))),
    text_offset: symbols.map(({ text }) => {
      const here = at;
      at += text.length;
      return here;
    }),
  };
}

/** Log-probabilities as chats have them. */
export function chatLogprobs(symbols: Logprobs) {
  const encoder = new TextEncoder();
  const entry = ({ text, logprob }: SymbolLogprob) => ({ token: text, logprob, bytes: [...encoder.encode(text)] });
  return {
    content: symbols.map(({ top, ...one }) => ({ ...entry(one), top_logprobs: top.map(entry) })),
    refusal: null,
  };
}

/** What our answers have besides OpenAI's: characters of the prompt that were left out, and the state's token. */
export function extras(unknown: readonly string[], state: string | undefined) {
  return { ...(unknown.length > 0 ? { unknown } : {}), ...(state === undefined ? {} : { state }) };
}
