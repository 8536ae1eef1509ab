// Pretrained word vectors as the first weights of an embedding: GloVe's text files, word2vec's and fastText's .vec.

import { createHash } from 'node:crypto';
import { FormatError, OptionError, type Tensor } from 'unrolled';
import { fillEmbedding, readWordVectors, type WordVectors } from 'unrolled/data';
import type { OptionTable } from '../command-line/options.ts';
import { linesOfFile } from '../readers/index.ts';
import { grouped } from '../terminal/index.ts';
import { t } from '../language/index.ts';

export const vectorOptions = {
  vectors: {
    kind: 'string',
    default: null,
    placeholder: 'file.vec',
    group: 'Model',
    help: 'pretrained word vectors as the initial embedding: .vec of fastText and word2vec, GloVe text, also as .gz; --embedding is their size',
  },
} as const satisfies OptionTable;

export interface Pretrained {
  readonly size: number;
  /** Of the vectors that are used: what says that a run that is resumed began with the same. */
  readonly sha256: string;
  /** For the first screen. */
  readonly about: string;
  /** Writes them into an embedding [V, E]. */
  fill(embedding: Tensor): void;
}

/** The vectors of the words of a vocabulary; `words[v]` is that of row v, null for a special token. */
export async function pretrainedOf(
  task: string,
  file: string | null,
  words: readonly (string | null)[],
  embedding: number | null,
): Promise<Pretrained | null> {
  if (file === null) return null;
  const known = words.filter((word) => word !== null);
  const wanted = new Set(known.flatMap((word) => [word, word.toLowerCase()]));
  const read: WordVectors = await readWordVectors(linesOfFile(file), wanted, file);
  const { size, vectors, lines } = read;
  if (embedding !== null && embedding !== size)
    throw new OptionError(
      `train ${task}`,
      '--embedding',
      `the vectors of ${file} have ${size} numbers, got ${embedding}; leave it out`,
    );
  const found = known.filter((word) => vectors.has(word) || vectors.has(word.toLowerCase())).length;
  if (found === 0)
    throw new FormatError(
      file,
      'has a vector of no word of the training data; is it of another language, or is --unit not word?',
    );
  const hash = createHash('sha256');
  for (const [word, vector] of vectors) hash.update(`${JSON.stringify(word)}\n`).update(vector);
  return {
    size,
    sha256: hash.digest('hex'),
    about: t`${grouped(found)} of ${grouped(known.length)} words have one of ${size} numbers, out of ${grouped(lines)}`,
    fill: (weights) => void fillEmbedding(weights, words, read),
  };
}
