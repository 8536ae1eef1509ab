// Pretrained word vectors as text: a word and its numbers on a line, as GloVe writes them; word2vec's and fastText's .vec begin with a line of two numbers, how many
// and how wide. Only the words that are wanted are kept, so that a file of gigabytes costs its reading and no memory.

import { requireKinds, requireWhole, shown } from '../checks.ts';
import { FormatError, OptionError } from '../errors.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** The vectors of some words. */
export interface WordVectors {
  /** Numbers of a vector. */
  readonly size: number;
  readonly vectors: ReadonlyMap<string, Float32Array>;
  /** Lines with a vector in the file, and the words among them that were read before. */
  readonly lines: number;
}

const widest = 65_536; // numbers of a vector

/**
 * Reads lines of vectors for the words in `wanted`; of a word that comes twice the first counts. A word may have spaces: the vector is the numbers at the end.
 *
 *     const { size, vectors } = await readWordVectors(lines, new Set(['the', 'cat']));
 *
 * Throws a FormatError that names the line for one of another width, and for a number that is none.
 */
export async function readWordVectors(
  lines: Iterable<string> | AsyncIterable<string>,
  wanted: ReadonlySet<string>,
  source = 'word vectors',
): Promise<WordVectors> {
  requireKinds('readWordVectors', { source, wanted }, { source: 'text', wanted: { has: 'function' } });
  if (typeof lines !== 'object' || lines === null || !(Symbol.iterator in lines || Symbol.asyncIterator in lines))
    throw new OptionError('readWordVectors', 'lines', `expected lines to go through, got ${shown(lines)}`);
  const vectors = new Map<string, Float32Array>();
  let [number, count, size] = [0, 0, 0];
  for await (const given of lines) {
    number++;
    const line = given.trimEnd();
    if (line === '') continue;
    if (number === 1) {
      const head = /^(\d+) (\d+)$/.exec(line);
      if (head) {
        size = widthOf(source, Number(head[2]));
        continue;
      }
    }
    const fail = (problem: string) => new FormatError(source, `line ${number}: ${problem}`);
    if (size === 0) size = widthOf(source, line.split(' ').length - 1);
    const at = startOfNumbers(line, size);
    if (at < 1) throw fail(`expected a word and ${size} numbers, got ${shown(line.slice(0, 60))}`);
    count++;
    const word = line.slice(0, at);
    if (!wanted.has(word) || vectors.has(word)) continue;
    const numbers = line.slice(at + 1).split(' ');
    const vector = Float32Array.from(numbers, Number);
    const bad = vector.findIndex((v) => !Number.isFinite(v));
    if (bad >= 0) throw fail(`the vector of ${shown(word)} has ${shown(numbers[bad])}, which is no finite number`);
    vectors.set(word, vector);
  }
  if (count === 0) throw new FormatError(source, 'holds no vectors; expected a word and its numbers on each line');
  return { size, vectors, lines: count };
}

function widthOf(source: string, size: number): number {
  if (size >= 1 && size <= widest) return size;
  throw new FormatError(source, `expected a word and 1 to ${widest} numbers on each line, got ${size} numbers`);
}

/** Where the space before the last `size` numbers of a line is; −1 for fewer. */
function startOfNumbers(line: string, size: number): number {
  let at = line.length;
  for (let n = 0; n < size; n++) {
    at = line.lastIndexOf(' ', at - 1);
    if (at < 0) return -1;
  }
  return at;
}

/**
 * Writes vectors into the rows of an embedding [V, E]; `words[v]` is the word of row v, null for a row that keeps its random values. A word that is not among
 * the vectors is looked up in lowercase. The other rows are scaled to the vectors' deviation, so that no row stands out by its length. Returns how many rows have
 * a vector.
 */
export function fillEmbedding(embedding: Tensor, words: readonly (string | null)[], given: WordVectors): number {
  requireKinds(
    'fillEmbedding',
    { embedding, words, given },
    { embedding: 'tensor', words: 'list', given: { size: 'number', vectors: 'map' } },
  );
  const { size, vectors } = given;
  const [V, E] = embedding.shape;
  requireWhole('fillEmbedding', 'size', size, E, E);
  const values = Float32Array.from(embedding.dataSync());
  const found = words
    .slice(0, V)
    .map((word) => (word === null ? undefined : (vectors.get(word) ?? vectors.get(word.toLowerCase()))));
  const known = found.filter((vector) => vector !== undefined);
  const factor = known.length === 0 ? 1 : deviationOf(known) / (deviationOf([values]) || 1);
  for (let v = 0; v < V; v++) {
    const vector = found[v];
    if (vector) values.set(vector, v * E);
    else for (let e = 0; e < E; e++) values[v * E + e] *= factor;
  }
  embedding.set(values);
  return known.length;
}

/** The root of the mean square of all numbers. */
function deviationOf(lists: readonly Float32Array[]): number {
  let [sum, count] = [0, 0];
  for (const list of lists) {
    for (const value of list) sum += value * value;
    count += list.length;
  }
  return Math.sqrt(sum / Math.max(1, count));
}
