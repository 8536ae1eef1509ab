// The models of a tokenizer.json: a pre-token to its token ids.

import { shown } from '../../../checks.ts';
import { PairMerger } from '../byte-pair.ts';
import { byteTokens, type Model, mostTokens, readVocabulary } from './model.ts';
import type { Part } from './part.ts';
import { Trie } from './trie.ts';
import { readUnigram } from './unigram.ts';

export function readModel(part: Part): Model {
  // Files from before 2021 have no type.
  const type = part.fields.type == null ? (part.fields.merges ? 'BPE' : 'WordPiece') : part.type;
  switch (type) {
    case 'BPE':
      return readBytePairs(part);
    case 'WordPiece':
      return readWordPiece(part);
    case 'WordLevel': {
      const vocabulary = readVocabulary(part);
      const encode = (piece: string, unknown: number) => [vocabulary.get(piece) ?? unknown];
      return { vocabulary, unknown: part.maybe('unk_token'), encode };
    }
    case 'Unigram':
      return readUnigram(part);
    default:
      throw part.unknownType(['BPE', 'WordPiece', 'WordLevel', 'Unigram']);
  }
}

function readBytePairs(part: Part): Model {
  const vocabulary = readVocabulary(part);
  const prefix = part.maybe('continuing_subword_prefix') ?? '';
  const suffix = part.maybe('end_of_word_suffix') ?? '';
  const [fuse, fallback] = [part.flag('fuse_unk', false), part.flag('byte_fallback', false)];
  const whole = part.flag('ignore_merges', false);
  const size = [...vocabulary.values()].reduce((most, id) => Math.max(most, id + 1), 0);
  const list = part.list('merges');
  if (list.length > mostTokens) throw part.error(`merges: ${list.length} of them; at most ${mostTokens} are read`);
  const merges = list.map((merge, k) => {
    const pair: readonly unknown[] =
      typeof merge === 'string' ? merge.split(' ', 3) : Array.isArray(merge) ? merge : [];
    const [left, right] = pair;
    const areTexts = pair.length === 2 && typeof left === 'string' && typeof right === 'string';
    const ids = areTexts ? [left, right, left + right.slice(prefix.length)].map((token) => vocabulary.get(token)) : [];
    if (ids.length === 0 || ids.includes(undefined))
      throw part.error(`merges[${k}]: ${shown(merge)} is not of two tokens that make a third`);
    return ids as [number, number, number];
  });
  const merger = new PairMerger(merges, size);
  const encode = (piece: string, unknown: number): readonly number[] => {
    const known = whole ? vocabulary.get(piece) : undefined;
    if (known !== undefined) return [known];
    const characters = Array.from(piece);
    const symbols: number[] = []; // −1: unknown
    for (const [k, character] of characters.entries()) {
      const symbol = (k > 0 ? prefix : '') + character + (k + 1 === characters.length ? suffix : '');
      const id = vocabulary.get(symbol);
      const bytes = id === undefined && fallback ? byteTokens(symbol, vocabulary) : null;
      if (id !== undefined) symbols.push(id);
      else if (bytes) symbols.push(...bytes);
      else if (!fuse || symbols[symbols.length - 1] !== -1) symbols.push(-1);
    }
    return merger.merge(symbols).map((id) => (id === -1 ? unknown : id));
  };
  return { vocabulary, unknown: part.maybe('unk_token'), encode };
}

/** WordPiece: the longest prefix that is a token, then of the rest (with ##), to its end; a word that cannot be split is unknown as a whole. */
function readWordPiece(part: Part): Model {
  const vocabulary = readVocabulary(part);
  const prefix = part.maybe('continuing_subword_prefix') ?? '##';
  const most = part.number('max_input_chars_per_word', 100);
  const [beginnings, inner] = [new Trie(), new Trie()];
  for (const [token, id] of vocabulary) {
    if (token !== '') beginnings.add(token, id, part);
    if (token.startsWith(prefix) && token !== prefix) inner.add(token.slice(prefix.length), id, part);
  }
  const encode = (piece: string, unknown: number): readonly number[] => {
    const ids: number[] = [];
    if (piece.length > most && Array.from(piece).length > most) return [unknown];
    for (let start = 0; start < piece.length; ) {
      let end = start;
      let id: number | undefined;
      (start > 0 ? inner : beginnings).walk(piece, start, (to, number) => {
        [end, id] = [to, number]; // the longest comes last
      });
      if (id === undefined) return [unknown];
      ids.push(id);
      start = end;
    }
    return ids;
  };
  return { vocabulary, unknown: part.maybe('unk_token'), encode };
}
