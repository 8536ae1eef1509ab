// What a tagger says about texts: every token with its tag.

import { type SequenceTagger, tag } from 'unrolled';
import { InputNotices, type Looked } from '../examples/notices.ts';
import { answerAll, textsOf } from '../examples/text-input.ts';
import type { Prediction, PredictValues, SavedRun } from '../runs/kind.ts';
import { table } from '../terminal/index.ts';
import type { TagConfig } from './config.ts';
import { listOf, tokenNames } from './data.ts';
import { restoreTagger } from './model.ts';

export interface TaggedTokens extends Looked {
  readonly tokens: readonly string[];
  readonly tags: readonly string[];
  /** How likely each of these tags is. */
  readonly probabilities: readonly number[];
}

const together = 256; // texts

export async function* predictTag(
  saved: SavedRun<TagConfig>,
  values: PredictValues,
  inputs: readonly string[],
  warn: (text: string) => void,
): AsyncGenerator<Prediction, void> {
  const { model, vocabulary, tags, config } = restoreTagger(saved);
  const { read, longest, characters } = config.data;
  const reading = { column: read.tokens, guesses: tokenNames, header: read.header };
  const texts = await textsOf(inputs, values, reading);
  const notices = new InputNotices(warn);
  yield* answerAll(texts, together, notices, async (some) => {
    const tokens = some.map(({ text }) => split(text, characters));
    const predicted = await tagTokens(model, vocabulary.encode.bind(vocabulary), tags, tokens);
    return predicted.map((one, k) => {
      const looked = notices.look(some[k].row, vocabulary.encode(tokens[k]), vocabulary, longest);
      const row = values.file === null ? {} : { row: some[k].row };
      const result: TaggedTokens = { ...row, ...one, ...looked };
      return { result, lines: texts.length === 1 ? rowsOf(result) : conllOf(result) };
    });
  });
}

/** Characters where the model learnt characters; otherwise a list, or what spaces part. */
function split(text: string, characters: boolean): string[] {
  const list = listOf(text);
  return characters && !(text.startsWith('["') && list.length > 0) ? Array.from(text.trim()) : list;
}

async function tagTokens(
  model: SequenceTagger,
  encode: (tokens: readonly string[]) => Int32Array,
  tags: readonly string[],
  rows: readonly (readonly string[])[],
): Promise<Omit<TaggedTokens, keyof Looked>[]> {
  const filled = rows.filter(({ length }) => length > 0);
  const predicted = filled.length === 0 ? [] : await tag(model, filled.map(encode));
  const C = tags.length;
  return rows.map((tokens) => {
    if (tokens.length === 0) return { tokens, tags: [], probabilities: [] };
    const { labels, scores } = predicted[filled.indexOf(tokens)];
    return {
      tokens,
      tags: Array.from(labels, (c) => tags[c]),
      probabilities: Array.from(labels, (c, t) => Number(scores[t * C + c].toPrecision(4))),
    };
  });
}

function rowsOf({ tokens, tags, probabilities }: TaggedTokens): string[] {
  return table(tokens.map((token, t) => [token, tags[t], probabilities[t].toFixed(3)]));
}

/** As CoNLL files have it: a token and its tag on a line, an empty line after each text. */
function conllOf({ tokens, tags }: TaggedTokens): string[] {
  return [...tokens.map((token, t) => `${token}\t${tags[t]}`), ''];
}
