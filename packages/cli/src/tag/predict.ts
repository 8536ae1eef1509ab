// What a tagger says about texts: every token with its tag.

import { type SequenceTagger, tag } from 'unrolled';
import { InputNotices, type Looked } from '../examples/notices.ts';
import { textsOf } from '../examples/text-input.ts';
import type { Prediction, PredictValues, SavedRun } from '../runs/kind.ts';
import { table } from '../terminal/index.ts';
import { listOf } from './data.ts';
import { restoreTagger } from './model.ts';

export interface TaggedTokens extends Looked {
  readonly tokens: readonly string[];
  readonly tags: readonly string[];
  /** How likely each of these tags is. */
  readonly probabilities: readonly number[];
}

const together = 256; // texts

export async function* predictTag(
  saved: SavedRun,
  values: PredictValues,
  inputs: readonly string[],
  warn: (text: string) => void,
): AsyncGenerator<Prediction, void> {
  const { model, vocabulary, tags, config } = restoreTagger(saved);
  const { read, longest, characters } = config.data;
  const texts = await textsOf(inputs, values, { name: read.tokens ?? 'tokens', flag: '--tokens' });
  const notices = new InputNotices(warn);
  for (let from = 0; from < texts.length; from += together) {
    const some = texts.slice(from, from + together).map((text) => split(text, characters));
    const said = await tagTokens(model, vocabulary.encode.bind(vocabulary), tags, some);
    for (const [k, one] of said.entries()) {
      const looked = notices.look(from + k + 1, vocabulary.encode(some[k]), vocabulary, longest);
      const result: TaggedTokens = { ...one, ...looked };
      yield { result, lines: texts.length === 1 ? rowsOf(result) : conllOf(result) };
    }
  }
  notices.finish();
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
  const said = await tag(model, filled.map(encode));
  const C = tags.length;
  return rows.map((tokens) => {
    if (tokens.length === 0) return { tokens, tags: [], probabilities: [] };
    const { labels, scores } = said[filled.indexOf(tokens)];
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
