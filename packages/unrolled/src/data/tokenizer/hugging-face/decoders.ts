// The decoders of a tokenizer.json: tokens to text, token by token.

import { decodeUtf8 } from '../../../encoding.ts';
import { fromByteCharacters } from '../bytes.ts';
import type { Part } from './part.ts';
import { lengthOf, readPattern, replaceBy, tooLong } from './patterns.ts';
import { metaspaceScheme } from './pre-tokenizers.ts';

/** `most`: maximum number of characters of all tokens together. */
export type Decoder = (tokens: readonly string[], most: number) => string[];

const known = 'ByteLevel WordPiece Metaspace BPEDecoder ByteFallback Fuse Strip Replace Sequence'.split(' ');

export function readDecoder(part: Part): Decoder {
  switch (part.type) {
    case 'ByteLevel':
      return (tokens) => [decodeUtf8(fromByteCharacters(tokens.join('')))];
    case 'WordPiece': {
      const [prefix, cleanup] = [part.text('prefix'), part.flag('cleanup')];
      return (tokens) =>
        tokens.map((token, k) => {
          const inside = token.startsWith(prefix);
          const written = k === 0 ? token : inside ? token.slice(prefix.length) : ` ${token}`;
          return cleanup ? clean(written) : written;
        });
    }
    case 'Metaspace': {
      const mark = part.character('replacement');
      const prepended = metaspaceScheme(part) !== 'never';
      return (tokens) => tokens.map((token, k) => token.replaceAll(mark, k === 0 && prepended ? '' : ' '));
    }
    case 'BPEDecoder': {
      const suffix = part.text('suffix');
      return (tokens) => tokens.map((token, k) => token.replaceAll(suffix, k + 1 === tokens.length ? '' : ' '));
    }
    case 'ByteFallback':
      return byteFallback;
    case 'Fuse':
      return (tokens) => [tokens.join('')];
    case 'Strip': {
      const [content, start, stop] = [part.character('content'), part.count('start'), part.count('stop')];
      return (tokens) =>
        tokens.map((token) => {
          let [from, to] = [0, token.length];
          for (let k = 0; k < start && token.startsWith(content, from) && from < to; k++) from += content.length;
          for (let k = 0; k < stop && to > from && token.endsWith(content, to); k++) to -= content.length;
          return token.slice(from, to);
        });
    }
    case 'Replace': {
      const [pattern, content] = [readPattern(part), part.text('content')];
      return (tokens, most) => {
        let room = most;
        return tokens.map((token) => {
          const next = replaceBy(token, pattern, content, room, part);
          room -= next.length;
          return next;
        });
      };
    }
    case 'Sequence': {
      const steps = part.steps('decoders').map(readDecoder);
      return (tokens, most) =>
        steps.reduce<string[]>(
          (sofar, step) => {
            const next = step(sofar, most);
            if (lengthOf(next) > most) throw tooLong(part);
            return next;
          },
          [...tokens],
        );
    }
    default:
      throw part.unknownType(known);
  }
}

function clean(text: string): string {
  const endings = ['.', '?', '!', ','];
  let result = text;
  for (const sign of endings) result = result.replaceAll(` ${sign}`, sign);
  result = result.replaceAll(" ' ", "'").replaceAll(" n't", "n't").replaceAll(" 'm", "'m");
  result = result.replaceAll(' do not', " don't");
  for (const ending of ["'s", "'ve", "'re"]) result = result.replaceAll(` ${ending}`, ending);
  return result;
}

/** Decodes runs of tokens such as <0xE2> as the text of those bytes, or as one � each where they are invalid. */
function byteFallback(tokens: readonly string[]): string[] {
  const result: string[] = [];
  let bytes: number[] = [];
  const flush = () => {
    if (bytes.length === 0) return;
    const text = decodeUtf8(Uint8Array.from(bytes));
    result.push(text.includes('\uFFFD') ? '\uFFFD'.repeat(bytes.length) : text);
    bytes = [];
  };
  for (const token of tokens) {
    const byte = /^<0x([0-9A-Fa-f]{2})>$/.exec(token);
    if (byte) {
      bytes.push(Number.parseInt(byte[1], 16));
      continue;
    }
    flush();
    result.push(token);
  }
  flush();
  return result;
}
