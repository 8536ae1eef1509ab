// Where tiny-shakespeare is: a data set for measuring only, kept beside the repository and not part of it.

import { existsSync, readFileSync } from 'node:fs';

const places = [
  process.env.UNROLLED_SHAKESPEARE,
  new URL('../../../shared/data/charlm-tinyshakespeare/input.txt', import.meta.url),
];

/** The text (1,115,394 characters of karpathy/char-rnn's tinyshakespeare), or null where it is not at hand. */
export function tinyShakespeare(): string | null {
  for (const place of places) if (place && existsSync(place)) return readFileSync(place, 'utf8');
  return null;
}

export const howToGetIt =
  'not measured: set UNROLLED_SHAKESPEARE to the path of char-rnn’s data/tinyshakespeare/input.txt';
