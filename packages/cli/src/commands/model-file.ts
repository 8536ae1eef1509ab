// The options of the commands that read a model file of another system, as `readModel` takes them.

import type { ReadOptions } from '@unrolled/convert';
import { OptionError } from 'unrolled';
import { decodeText, parseDecimal } from 'unrolled/data';
import type { Values } from '../command-line/options.ts';
import type { modelFileOptions } from '../command-line/model-file-options.ts';
import { readNamed } from '../files/index.ts';

/** What was given, for `readModel`. Throws an OptionError for fixed inputs that are no names with numbers. */
export function readOptionsOf(
  who: string,
  { format, state, chain, architecture, gru, fixed }: Values<typeof modelFileOptions>,
): ReadOptions {
  return {
    ...(format !== null && { format }),
    ...(state !== null && { state }),
    ...(chain !== null && { chain }),
    ...(architecture !== null && { architecture: decodeText(readNamed(architecture), architecture) }),
    ...(gru !== null && { gru }),
    ...(fixed !== null && { fixed: fixedInputs(who, fixed) }),
  };
}

/** "sr=16000 flag=1" → numbers by name, separated by white space or commas. */
function fixedInputs(who: string, text: string): Record<string, number> {
  const pairs = text.split(/[\s,]+/).filter((part) => part !== '');
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, name, value] = /^(.+)=([^=]+)$/.exec(pair) ?? [];
      if (name === undefined || !Number.isFinite(parseDecimal(value)))
        throw new OptionError(
          who,
          '--fixed',
          `expected names with numbers, as "sr=16000", got ${JSON.stringify(pair)}`,
        );
      return [name, parseDecimal(value)];
    }),
  );
}
