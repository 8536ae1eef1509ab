// The options of the commands that read a model file of another system, as `readModel` takes them.

import type { ReadOptions } from '@unrolled/convert';
import { decodeText } from 'unrolled/data';
import type { Values } from '../command-line/options.ts';
import type { modelFileOptions } from '../command-line/tables.ts';
import { readNamed } from '../files/index.ts';

/** What was given, for `readModel`. */
export function readOptionsOf({ format, state, chain, architecture }: Values<typeof modelFileOptions>): ReadOptions {
  return {
    ...(format !== null && { format }),
    ...(state !== null && { state }),
    ...(chain !== null && { chain }),
    ...(architecture !== null && { architecture: decodeText(readNamed(architecture), architecture) }),
  };
}
