// A model of a tokenizer.json, and what the readers of its kinds share.

import { shown } from '../../../checks.ts';
import { encodeUtf8 } from '../../../encoding.ts';
import type { Part } from './part.ts';

/** Maximum number of tokens, and merges, of one model. */
export const mostTokens = 2 ** 22;

export interface Model {
  readonly vocabulary: ReadonlyMap<string, number>;
  /** The unknown token, where the file has one. */
  readonly unknown: string | null;
  /** `unknown`: id of the unknown token. */
  encode(piece: string, unknown: number): readonly number[];
}

export function readVocabulary(part: Part): Map<string, number> {
  const { vocab } = part.fields;
  if (typeof vocab !== 'object' || vocab === null || Array.isArray(vocab))
    throw part.error('vocab: expected tokens and their numbers');
  const vocabulary = new Map<string, number>();
  const entries = Object.entries(vocab as Record<string, unknown>);
  if (entries.length > mostTokens) throw part.error(`vocab: ${entries.length} tokens; at most ${mostTokens} are read`);
  for (const [token, id] of entries) {
    if (!isTokenNumber(id))
      throw part.error(`vocab: ${shown(token)}: expected a number below ${mostTokens}, got ${shown(id)}`);
    vocabulary.set(token, id);
  }
  return vocabulary;
}

export function isTokenNumber(id: unknown): id is number {
  return Number.isInteger(id) && (id as number) >= 0 && (id as number) < mostTokens;
}

/** The ids of the tokens <0x00> … of the bytes of `text`; null unless all of them exist. */
export function byteTokens(text: string, vocabulary: ReadonlyMap<string, number>): number[] | null {
  const ids: number[] = [];
  for (const byte of encodeUtf8(text)) {
    const id = vocabulary.get(`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`);
    if (id === undefined) return null;
    ids.push(id);
  }
  return ids;
}
