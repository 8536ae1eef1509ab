// Token classification: parts of speech, named entities, brackets. A unidirectional model can be fed piece by piece.

import { shown } from '../checks.ts';
import { withCharacters } from '../data/token-characters.ts';
import { TokenVocabulary } from '../data/token-vocabulary.ts';
import { checkOptions, OptionError } from '../errors.ts';
import type { SignalLike } from '../abort.ts';
import { compute } from '../inference/compute.ts';
import { tag } from '../inference/tag.ts';
import { SequenceTagger } from '../models/sequence-tagger.ts';
import { CarriedState } from '../nn/recurrent/state.ts';
import { indices } from '../tensor/create.ts';
import { carriedFrom, carriedTensors } from './carried.ts';
import type { TokenClassificationInput } from './contract/input.ts';
import { type InputNotes, notesOf } from './notes.ts';
import { type OpenedRun, type RunInfo, unsaved } from './run.ts';
import { replayImported } from './replay.ts';
import { requireModel } from './require-model.ts';
import { checkTopK, type LabelScore, ranked } from './scores.ts';
import { readState, writeState } from './state.ts';

/** A text, tokenized as the contract says, or its tokens. */
export type TokenText = string | readonly string[];

/** Options of `predict` of a tagger. */
export interface TokenClassificationOptions {
  /** Number of labels in each token's `scores`. Default 1. */
  readonly topK?: number;
  readonly batchSize?: number;
  readonly signal?: SignalLike | null;
}

/** A token, its place in the text, and its predicted label. */
export interface TokenLabel extends LabelScore {
  readonly token: string;
  /** Span in the text, [start, end) in UTF-16 code units as for `text.slice`. */
  readonly start: number;
  readonly end: number;
  /** The most probable labels, sorted by probability. */
  readonly scores: readonly LabelScore[];
}

/** The tokens of a text with their labels and spans. */
export interface TokenClassification {
  /** The input text; for tokens, the tokens joined by the contract's separator. */
  readonly text: string;
  readonly tokens: readonly TokenLabel[];
  readonly notes: InputNotes;
}

/** A unidirectional tagger that is fed piece by piece. */
export interface TokenSession {
  /** Labels the next tokens of the sequence. */
  push(tokens: readonly string[], options?: Pick<TokenClassificationOptions, 'topK'>): readonly TokenScore[];
  /** Number of tokens read. */
  readonly position: number;
  /** The state as bytes: `resume` continues from there, any number of times. */
  state(): Uint8Array;
  /** Frees its memory. */
  close(): void;
}

/** A label and its probability at one token. */
export interface TokenScore extends LabelScore {
  readonly token: string;
  readonly scores: readonly LabelScore[];
}

/** Labels the tokens of texts. */
export interface TokenClassificationPipeline {
  readonly task: 'token-classification';
  readonly info: RunInfo;
  readonly input: TokenClassificationInput;
  readonly labels: readonly string[];
  /** Whether it is unidirectional, so that `session` is possible. */
  readonly streams: boolean;
  readonly model: SequenceTagger;
  readonly vocabulary: TokenVocabulary;
  /** Ids of the characters of a token, for a model that reads them. */
  readonly characters: TokenVocabulary | null;
  predict(texts: string | readonly TokenText[], options?: TokenClassificationOptions): Promise<TokenClassification[]>;
  /** Starts a sequence that comes piece by piece. Throws an OptionError for a bidirectional model. */
  session(): TokenSession;
  /** Restores a session from its `state`. Throws a RunError for bytes that are not a state of this model. */
  resume(state: Uint8Array): TokenSession;
}

const who = 'token-classification';

export async function makeTokenClassification(run: OpenedRun): Promise<TokenClassificationPipeline> {
  const input = run.part.input as TokenClassificationInput;
  const model = run.restore((config) => new SequenceTagger(config));
  await replayImported(run, model);
  const vocabulary = TokenVocabulary.fromJSON(...(await run.json('tokens')));
  const characters = model.characters && TokenVocabulary.fromJSON(...(await run.json('characters')));
  const labels = await run.texts('tags', model.config.classes);
  return tokenClassificationOf(model, { vocabulary, characters, labels, input }, run.info);
}

/** What a tagger is made of besides its model; `characters` where its model reads them. */
export type TokenClassificationParts = Pick<TokenClassificationPipeline, 'vocabulary' | 'labels' | 'input'> &
  Partial<Pick<TokenClassificationPipeline, 'characters'>>;

/** The pipeline of a model in memory, as it is at every moment: also while it is trained. */
export function tokenClassificationOf(
  model: SequenceTagger,
  parts: TokenClassificationParts,
  info: RunInfo = unsaved,
): TokenClassificationPipeline {
  requireModel('tokenClassificationOf', model, [SequenceTagger], parts, {
    vocabulary: 'object',
    labels: 'texts',
    input: 'object',
  });
  const { vocabulary, characters = null, labels, input } = parts;
  const spelled = model.config.characters;
  if ((spelled === undefined) !== (characters === null))
    throw new OptionError(
      'tokenClassificationOf',
      'characters',
      spelled ? 'the model reads characters: give their vocabulary' : 'the model reads no characters: leave it out',
    );
  const C = labels.length;
  /** The input of the model: the tokens' ids, with those of their characters where it reads them. */
  const inputOf = (ids: Int32Array, tokens: readonly string[]) =>
    spelled && characters ? withCharacters(ids, tokens, { vocabulary: characters, longest: spelled.longest }) : ids;
  const streams = !model.config.bidirectional;
  const begin = (): TokenSession => {
    if (!streams)
      throw new OptionError(who, 'session', 'this model also reads from the end (bidirectional) and needs whole texts');
    return new Session();
  };

  class Session implements TokenSession {
    readonly #carried = new CarriedState<unknown>();
    position = 0;

    push(tokens: readonly string[], options: Pick<TokenClassificationOptions, 'topK'> = {}): TokenScore[] {
      checkOptions(who, options, ['topK']);
      const most = checkTopK(who, options.topK ?? 1, C);
      const list = checkTokens(tokens);
      if (list.length === 0) return [];
      const ids = inputOf(vocabulary.encode(list), list);
      const shape = spelled ? [list.length, 1, model.tokenSize] : [list.length, 1];
      const p = compute(model, () => {
        const [logits, next] = model.step(indices(ids, shape), this.#carried.value);
        this.#carried.replace(next);
        return logits.softmax().dataSync() as Float32Array; // [T, 1, C]
      });
      this.position += list.length;
      return list.map((token, t) => {
        const scores = ranked(labels, p, t * C, most);
        return { token, ...scores[0], scores };
      });
    }

    state(): Uint8Array {
      return writeState(who, info, {
        tensors: carriedTensors(this.#carried),
        at: { position: this.position },
      });
    }

    resume(bytes: Uint8Array): this {
      const { tensors, at } = readState(who, info, bytes);
      carriedFrom(this.#carried, tensors, model, () => model.recurrent.initialState(1));
      this.position = Number.isSafeInteger(at.position) ? (at.position as number) : 0;
      return this;
    }

    close(): void {
      this.#carried.replace(null);
    }
  }

  return {
    task: who,
    info,
    input,
    labels,
    streams,
    model,
    vocabulary,
    characters,
    async predict(texts, options = {}) {
      checkOptions(who, options, ['topK', 'batchSize', 'signal']);
      const most = checkTopK(who, options.topK ?? 1, C);
      const list = typeof texts === 'string' ? [texts] : texts;
      if (!Array.isArray(list))
        throw new OptionError(
          who,
          'texts',
          `expected a text, or a list of texts or of lists of tokens, got ${shown(list)}`,
        );
      for (const [n, text] of list.entries())
        if (typeof text !== 'string' && !Array.isArray(text))
          throw new OptionError(who, 'texts', `text ${n}: expected a text or a list of tokens, got ${shown(text)}`);
      const apart = (list as readonly TokenText[]).map((text) => takeApart(text, input.split));
      const listed = apart.map(({ tokens }) => tokens.map(({ token }) => token));
      const encoded = listed.map((tokens) => vocabulary.encode(tokens));
      const filled = encoded.flatMap((ids, n) => (ids.length > 0 ? [inputOf(ids, listed[n])] : []));
      const found = await tag(model, filled, { batchSize: options.batchSize, signal: options.signal });
      let next = 0;
      return apart.map(({ text, tokens }, n) => {
        const { scores: p } = encoded[n].length > 0 ? found[next++] : { scores: new Float32Array(0) };
        return {
          text,
          tokens: tokens.map((token, t) => {
            const scores = ranked(labels, p, t * C, most);
            return { ...token, ...scores[0], scores };
          }),
          notes: notesOf(encoded[n], vocabulary.unknown, input.longestTrained),
        };
      });
    },
    session: begin,
    resume: (state) => (begin() as Session).resume(state),
  };
}

interface Span {
  readonly token: string;
  readonly start: number;
  readonly end: number;
}

/** The tokens of a text and their spans. */
export function takeApart(text: TokenText, split: TokenClassificationInput['split']): { text: string; tokens: Span[] } {
  if (typeof text !== 'string') return joined(checkTokens(text), split === 'characters' ? '' : ' ');
  if (split === 'spaces')
    return {
      text,
      tokens: Array.from(text.matchAll(/\S+/gu), ({ 0: token, index }) => ({
        token,
        start: index,
        end: index + token.length,
      })),
    };
  let at = text.length - text.trimStart().length;
  const tokens = Array.from(text.trim(), (token) => {
    const start = at;
    at += token.length;
    return { token, start, end: at };
  });
  return { text, tokens };
}

function joined(tokens: readonly string[], between: string): { text: string; tokens: Span[] } {
  let at = 0;
  const spans = tokens.map((token) => {
    const start = at;
    at += token.length + between.length;
    return { token, start, end: start + token.length };
  });
  return { text: tokens.join(between), tokens: spans };
}

function checkTokens(tokens: readonly string[]): readonly string[] {
  if (!Array.isArray(tokens)) throw new OptionError(who, 'tokens', `expected a list of tokens, got ${shown(tokens)}`);
  const wrong = tokens.findIndex((token) => typeof token !== 'string');
  if (wrong < 0) return tokens;
  throw new OptionError(who, 'tokens', `token ${wrong}: expected a string, got ${shown(tokens[wrong])}`);
}
