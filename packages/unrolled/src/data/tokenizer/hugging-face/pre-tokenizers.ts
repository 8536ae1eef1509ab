// The pre-tokenizers of a tokenizer.json: text to pre-tokens, within which the model finds its tokens.

import { shown } from '../../../checks.ts';
import { bytePieces, toByteCharacters } from '../bytes.ts';
import type { Part } from './part.ts';
import { exactly, lengthOf, mostOf, readBehavior, readPattern, splitBy, tooLong } from './patterns.ts';

/** `first`: whether the pre-token begins the text. */
export type PreTokenizer = (piece: string, first: boolean) => string[];

const known =
  'ByteLevel Metaspace Whitespace WhitespaceSplit BertPreTokenizer Punctuation Digits Split CharDelimiterSplit Sequence'.split(
    ' ',
  );
const punctuation = /[!-/:-@[-`{-~\p{P}]/gu;
const space = /\p{White_Space}/gu;
const words =
  /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]+|[^\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}\p{White_Space}]+/gu;

export function readPreTokenizer(part: Part): PreTokenizer {
  switch (part.type) {
    case 'ByteLevel': {
      const [prefix, byRegex] = [part.flag('add_prefix_space'), part.flag('use_regex', true)];
      return (piece) => {
        const text = prefix && !piece.startsWith(' ') ? ` ${piece}` : piece;
        return (byRegex ? splitBy(text, bytePieces, 'Isolated') : [text]).map(toByteCharacters);
      };
    }
    case 'Metaspace': {
      const mark = part.character('replacement');
      const scheme = metaspaceScheme(part);
      const pattern = part.flag('split', true) ? exactly(mark) : null;
      return (piece, first) => {
        let text = piece.replaceAll(' ', mark);
        if ((scheme === 'always' || (scheme === 'first' && first)) && !text.startsWith(mark)) text = mark + text;
        return pattern ? splitBy(text, pattern, 'MergedWithNext') : [text];
      };
    }
    case 'Whitespace':
      return (piece) => splitBy(piece, words, 'Removed', true);
    case 'WhitespaceSplit':
      return (piece) => splitBy(piece, space, 'Removed');
    case 'BertPreTokenizer':
      return (piece) => splitBy(piece, space, 'Removed').flatMap((run) => splitBy(run, punctuation, 'Isolated'));
    case 'Punctuation': {
      const behavior = readBehavior(part, 'Isolated');
      return (piece) => splitBy(piece, punctuation, behavior);
    }
    case 'Digits': {
      const behavior = part.flag('individual_digits') ? 'Isolated' : 'Contiguous';
      return (piece) => splitBy(piece, /\p{N}/gu, behavior);
    }
    case 'Split': {
      const [pattern, behavior, invert] = [readPattern(part), readBehavior(part), part.flag('invert', false)];
      return (piece) => splitBy(piece, pattern, behavior, invert);
    }
    case 'CharDelimiterSplit': {
      const pattern = exactly(part.character('delimiter'));
      return (piece) => splitBy(piece, pattern, 'Removed');
    }
    case 'Sequence': {
      const steps = part.steps('pretokenizers').map(readPreTokenizer);
      return (piece, first) => {
        const most = mostOf(piece.length);
        return steps.reduce<string[]>(
          (pieces, step) => {
            const next = pieces.flatMap((p, k) => step(p, first && k === 0));
            if (lengthOf(next) > most) throw tooLong(part);
            return next;
          },
          [piece],
        );
      };
    }
    default:
      throw part.unknownType(known);
  }
}

/** Where a space is prepended: files from before 2023 have only `add_prefix_space`. */
export function metaspaceScheme(part: Part): 'always' | 'first' | 'never' {
  const scheme = part.maybe('prepend_scheme') ?? (part.flag('add_prefix_space', true) ? 'always' : 'never');
  if (scheme !== 'always' && scheme !== 'first' && scheme !== 'never')
    throw part.error(`prepend_scheme: expected always, first or never, got ${shown(scheme)}`);
  return scheme;
}
