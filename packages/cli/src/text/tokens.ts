// What a symbol of a text is: a character, or a token of a tokenizer that is trained on the part of the text to learn from.

import type { TextCodec } from 'unrolled/pipelines';
import { Tokenizer, Vocabulary } from 'unrolled/data';
import { grouped } from '../terminal/index.ts';
import type { Values } from '../command-line/options.ts';
import type { textOptions } from './options.ts';
import { t } from '../language/index.ts';

type TokenValues = Pick<Values<typeof textOptions>, 'unit' | 'vocabulary' | 'minCount' | 'lowercase' | 'valFrac'>;

export type TextTokens = Vocabulary | Tokenizer;

/** The symbols of a text. A vocabulary of characters has all of them; a tokenizer knows what the first part of the text has. */
export function tokensOf(text: string, { unit, vocabulary, minCount, lowercase, valFrac }: TokenValues): TextTokens {
  if (unit === 'character' || unit === 'codepoint') return Vocabulary.fromText(text, { unit });
  const learned = text.slice(0, Math.ceil(text.length * (1 - valFrac)));
  return Tokenizer.train([learned], {
    unit: unit === 'word' ? 'word-line' : 'bpe',
    ...(vocabulary === null ? {} : { size: vocabulary }),
    minCount,
    lowercase,
  });
}

/** What its symbols are called. */
export function symbolName(codec: TextCodec): 'characters' | 'tokens' {
  return codec instanceof Vocabulary ? 'characters' : 'tokens';
}

export interface ReadSymbols {
  readonly ids: Int32Array;
  /** Symbols that the model does not know: left out of a vocabulary of characters, the unknown token of a tokenizer. */
  readonly unknown: number;
  readonly warnings: readonly string[];
}

const mostShown = 12;

/** The ids of any text, and what the model does not know of it. */
export function readSymbols(codec: TextCodec, text: string, source: string): ReadSymbols {
  if (codec instanceof Vocabulary) {
    const { ids, unknown, left } = codec.encodeKnown(text);
    if (left === 0) return { ids, unknown: 0, warnings: [] };
    const some = unknown.slice(0, mostShown).map((symbol) => JSON.stringify(symbol));
    const list = `${some.join(' ')}${unknown.length > mostShown ? ' …' : ''}`;
    const share = percent(left, left + ids.length);
    return {
      ids,
      unknown: left,
      warnings: [
        t`${grouped(left)} characters of ${source} (${share}) are not known to the model and were left out: ${list}`,
      ],
    };
  }
  const ids = codec.encode(text);
  const id = codec instanceof Tokenizer ? codec.unknown : -1;
  const unknown = ids.reduce((count, one) => count + Number(one === id), 0);
  const share = percent(unknown, ids.length);
  return {
    ids,
    unknown,
    warnings:
      unknown === 0
        ? []
        : [
            t`${grouped(unknown)} tokens of ${source} (${share}) are not in the vocabulary and are measured as the unknown token`,
          ],
  };
}

function percent(n: number, of: number): string {
  const share = (100 * n) / of;
  return `${share.toFixed(share < 0.1 ? 3 : 1)} %`;
}
