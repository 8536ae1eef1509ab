// Unigram (Kudo, 2018): every token has a log-probability, and a pre-token is split into the tokens of the highest sum, found by Viterbi's algorithm:
//
//   best(0) = 0     best(j) = max over tokens t = piece[i … j) of best(i) + score(t)
//
// A character that is no token costs 10 more than the worst token, and a run of them is one unknown token.

import { shown } from '../../../checks.ts';
import { byteTokens, type Model, mostTokens } from './model.ts';
import type { Part } from './part.ts';
import { Trie } from './trie.ts';

const penalty = 10;

export function readUnigram(part: Part): Model {
  const scores: number[] = [];
  const tokens: string[] = [];
  const trie = new Trie();
  const vocab = part.list('vocab');
  if (vocab.length > mostTokens) throw part.error(`vocab: ${vocab.length} tokens; at most ${mostTokens} are read`);
  for (const [k, entry] of vocab.entries()) {
    const [token, score] = (Array.isArray(entry) ? entry : []) as unknown[];
    if (typeof token !== 'string' || typeof score !== 'number' || !Number.isFinite(score))
      throw part.error(`vocab[${k}]: expected a token and its score, got ${shown(entry)}`);
    tokens.push(token);
    scores.push(score);
    if (token !== '') trie.add(token, k, part);
  }
  const vocabulary = new Map(tokens.map((token, k) => [token, k]));
  const unknownId = part.fields.unk_id == null ? null : part.number('unk_id');
  if (unknownId !== null && tokens[unknownId] === undefined) throw part.error(`unk_id: there is no token ${unknownId}`);
  const unknownScore = scores.reduce((least, score) => Math.min(least, score), 0) - penalty;
  const fallback = part.flag('byte_fallback', false);

  const encode = (piece: string, unknown: number): readonly number[] => {
    const n = piece.length;
    const best = new Float64Array(n + 1).fill(-Infinity);
    const from = new Int32Array(n + 1);
    const by = new Int32Array(n + 1).fill(-1); // the token that ends here, −1 for an unknown character
    best[0] = 0;
    for (let i = 0; i < n; i++) {
      if (best[i] === -Infinity) continue; // inside a character
      const reach = (end: number, score: number, id: number) => {
        if (best[i] + score <= best[end]) return;
        [best[end], from[end], by[end]] = [best[i] + score, i, id];
      };
      const next = i + ((piece.codePointAt(i) ?? 0) > 0xffff ? 2 : 1);
      let single = false;
      trie.walk(piece, i, (end, id) => {
        reach(end, scores[id], id);
        single ||= end === next;
      });
      if (!single) reach(next, unknownScore, -1);
    }
    const ids: number[] = [];
    for (let end = n; end > 0; ) {
      let start = from[end];
      if (by[end] >= 0 && by[end] !== unknownId) {
        ids.push(by[end]);
      } else {
        while (start > 0 && (by[start] < 0 || by[start] === unknownId)) start = from[start];
        const bytes = fallback ? byteTokens(piece.slice(start, end), vocabulary) : null;
        for (const id of bytes?.reverse() ?? [unknown]) ids.push(id);
      }
      end = start;
    }
    return ids.reverse();
  };
  return { vocabulary, unknown: unknownId === null ? null : tokens[unknownId], encode };
}
