// What a word looks like: a vector of its characters, which a word that was never seen has too.
//
//   s  a  w            embedding of each character, then
//   ↓  ↓  ↓
//   CNN                max over the word of tanh(convolution)           Ma and Hovy 2016, https://arxiv.org/abs/1603.01354
//   LSTM  → … ←        the last state of each of two directions         Lample et al. 2016, https://arxiv.org/abs/1603.01360
//
// A word is read once for all its places in a batch, and padding is not read.

import { requireSizes, requireWhole, shown } from '../checks.ts';
import { checkOptions, OptionError } from '../errors.ts';
import { Conv1d } from '../nn/convolution.ts';
import { Embedding } from '../nn/embedding.ts';
import { Module } from '../nn/module.ts';
import { lastState, maxOverTime } from '../nn/pooling.ts';
import { LSTM } from '../nn/recurrent/layers.ts';
import { unobserved } from '../nn/recurrent/observe.ts';
import { indices, tensor, zeros } from '../tensor/create.ts';
import { hostValues } from '../tensor/host-values.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { takeRows } from './rows.ts';

/** How the characters of a word become a vector. */
export type CharacterFeatures = 'cnn' | 'lstm';

/** The ways in which the characters of a word become a vector, by name. */
export const characterFeatures: readonly CharacterFeatures[] = ['cnn', 'lstm'];

/** Options of the characters of a `SequenceTagger`. */
export interface CharacterOptions {
  /** A convolution with the maximum over the word, or an LSTM in both directions. */
  readonly features: CharacterFeatures;
  /** How many different characters there are, padding (0) and the unknown one (1) included. */
  readonly vocabularySize: number;
  /** Characters in the input of a word: W. */
  readonly longest: number;
  /** Width of a character's trained embedding. Default 30. */
  readonly embeddingDim?: number;
  /** Filters of the convolution, or units of each direction of the LSTM. Default 30 and 25, as in the papers. */
  readonly hiddenSize?: number;
}

/** Options of the characters of a `SequenceTagger`, defaults filled in. */
export type CharacterConfig = Required<CharacterOptions>;

const optionNames = ['features', 'vocabularySize', 'longest', 'embeddingDim', 'hiddenSize'] as const;
const kernelSize = 3; // characters that a filter sees, as in the paper

/** The options with their defaults, for a model's `config`. */
export function completeCharacters(who: string, options: CharacterOptions): CharacterConfig {
  checkOptions(`${who} characters`, options, optionNames);
  const { features, vocabularySize, longest, embeddingDim = 30 } = options;
  if (!characterFeatures.includes(features))
    throw new OptionError(
      who,
      'characters.features',
      `expected ${characterFeatures.join(' or ')}, got ${shown(features)}`,
    );
  const hiddenSize = options.hiddenSize ?? (features === 'cnn' ? 30 : 25);
  requireSizes(who, { vocabularySize, longest, embeddingDim, hiddenSize });
  requireWhole(who, 'characters.vocabularySize', vocabularySize, 2);
  return { features, vocabularySize, longest, embeddingDim, hiddenSize };
}

/** Names of the fields: `embedding.weight`, and `convolution.weight` or `recurrent.weight_ih_l0`. */
export class CharacterEncoder extends Module {
  readonly embedding: Embedding; // [V, E]; the row of padding is never read
  readonly convolution: Conv1d | null; // [H, E, 3]
  readonly recurrent: LSTM | null;

  constructor({ features, vocabularySize, embeddingDim, hiddenSize }: CharacterConfig) {
    super();
    this.embedding = new Embedding(vocabularySize, embeddingDim);
    const [cnn, width] = [features === 'cnn', embeddingDim];
    this.convolution = cnn ? new Conv1d(width, hiddenSize, kernelSize, { padding: 'same' }) : null;
    this.recurrent = cnn ? null : new LSTM(width, hiddenSize, { bidirectional: true });
  }

  /** The width of a word's vector: H of a convolution, 2H of an LSTM. */
  get outputSize(): number {
    return this.recurrent?.outputSize ?? (this.convolution as Conv1d).outChannels;
  }

  /** Ids [N, W] of the characters of N words, 0 behind the last of each → [N, size]. A word of none is zeros. `like` has the backend and the dtype. */
  forward(characters: ArrayLike<number>, W: number, like: Tensor): Tensor {
    const { words, places } = distinct(characters, W);
    if (words.length === 0) return zeros([0, this.outputSize], like);
    const longest = words.reduce((most, word) => Math.max(most, word.length), 1);
    const N = words.length;
    const ids = new Int32Array(longest * N);
    for (const [n, word] of words.entries()) for (const [t, id] of word.entries()) ids[t * N + n] = id;
    const { backend } = like;
    const x = this.embedding.forward(indices(ids, [longest, N], { backend })); // [W, N, E]
    const lengths = indices(
      Int32Array.from(words, ({ length }) => length),
      [N],
      { backend },
    );
    return takeRows(this.#features(x, lengths), places);
  }

  /** x [W, N, E] → [N, size] */
  #features(x: Tensor, lengths: Tensor): Tensor {
    const { recurrent } = this;
    if (recurrent)
      return lastState(
        unobserved(() => recurrent.forward(x, null, { lengths })[1].h),
        2,
      );
    const [W, N] = x.shape;
    const n = hostValues(lengths);
    const there = Float32Array.from({ length: W * N }, (_, k) => (Math.floor(k / N) < n[k % N] ? 1 : 0));
    const read = x.mul(tensor(there, [W, N, 1], { dtype: x.dtype, backend: x.backend })); // zeros around the word
    const y = (this.convolution as Conv1d).forward(read.permute(1, 2, 0)); // [N, H, W]
    return maxOverTime(y.permute(2, 0, 1), lengths).tanh(); // tanh keeps the order, so that the maximum may come first
  }
}

/** The different words among N of W characters, without their padding, and which of them stands at each place. */
function distinct(characters: ArrayLike<number>, W: number): { words: number[][]; places: Int32Array } {
  const seen = new Map<string, number>();
  const words: number[][] = [];
  const places = Int32Array.from({ length: characters.length / W }, (_, n) => {
    const row = Array.from({ length: W }, (_, k) => characters[n * W + k]);
    const end = row.indexOf(0);
    const word = end < 0 ? row : row.slice(0, end);
    const key = word.join(' ');
    const known = seen.get(key);
    if (known !== undefined) return known;
    seen.set(key, words.length);
    return words.push(word) - 1;
  });
  return { words, places };
}
