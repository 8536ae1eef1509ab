// What sequence models share: tokens or vectors as input, states of a recurrent network as output.
//
//   [T, B] int32    → embedding (or one-hot rows) ┐
//   [T, B, I] float ─────────────────────────────┴→ dropout → recurrent layers, one or both directions → [T, B, D·H]
//
// Tokens may come with their characters, as int32 [T, B, 1 + W]: the embedding and the vector of the characters are read side by side.

import { requireEach, requireRoom, requireSizes, requireWhole } from '../checks.ts';
import { checkOptions, OptionError, ShapeError, TensorError } from '../errors.ts';
import { Dropout } from '../nn/dropout.ts';
import { Embedding } from '../nn/embedding.ts';
import { identity } from '../nn/init.ts';
import { Module } from '../nn/module.ts';
import type { Recurrent } from '../nn/recurrent/recurrent.ts';
import { tensorsOf } from '../nn/recurrent/state.ts';
import { empty, indices } from '../tensor/create.ts';
import { hostValues } from '../tensor/host-values.ts';
import { dropoutMask } from '../tensor/ops/dropout.ts';
import { requireProbability, requireTensor } from '../tensor/ops/operands.ts';
import { embedding } from '../tensor/ops/embedding.ts';
import { cat } from '../tensor/ops/shaping.ts';
import { Tensor } from '../tensor/tensor.ts';
import { type CellName, completeRecurrentDropout, makeLayer, requireCell } from './cells.ts';
import { type CharacterConfig, CharacterEncoder } from './character-encoder.ts';

/** Options that classifiers and taggers of sequences share. */
export interface SequenceModelOptions {
  /** How many symbols there are, for models that read int32 [T, B]. This or `inputSize`. */
  readonly vocabularySize?: number | null;
  /** Numbers in a step, for models that read float [T, B, I]. This or `vocabularySize`. */
  readonly inputSize?: number | null;
  /** Default 'lstm'. */
  readonly cell?: CellName;
  /** Default 128. */
  readonly hiddenSize?: number;
  /** Default 1. */
  readonly numLayers?: number;
  /** A second direction that reads from each row's end. Default false. */
  readonly bidirectional?: boolean;
  /** Width of the trained embedding; 0 feeds one-hot rows. Default: hiddenSize. */
  readonly embeddingDim?: number;
  /** This symbol's embedding stays at zero. Padding needs none of this: it is never read. Default: no symbol. */
  readonly paddingIdx?: number | null;
  /** Dropout probability on each layer's output. Default 0. */
  readonly dropout?: number;
  /** Dropout probability on the embedding, or on the input vectors. Default: `dropout` for an embedding, 0 for vectors. */
  readonly inputDropout?: number;
  /** Word dropout: probability that a whole input step is zeroed, the others scaled up. Default 0. */
  readonly stepDropout?: number;
  /** Dropout probability on the recurrent connections, one mask for all steps. Default 0. */
  readonly recurrentDropout?: number;
  /** Zoneout probability: each number of the state keeps its value at a step (Krueger et al. 2017). Default 0. */
  readonly zoneout?: number;
}

export type SequenceModelConfig = Required<Omit<SequenceModelOptions, 'zoneout'>> &
  Pick<SequenceModelOptions, 'zoneout'>;

/** Lengths of the sequences of a padded batch. */
export interface SequenceInputOptions {
  /** Steps that count in each row. Default: all. */
  readonly lengths?: Tensor | ArrayLike<number> | null;
}

export const sequenceModelOptions = [
  'vocabularySize',
  'inputSize',
  'cell',
  'hiddenSize',
  'numLayers',
  'bidirectional',
  'embeddingDim',
  'paddingIdx',
  'dropout',
  'inputDropout',
  'stepDropout',
  'recurrentDropout',
  'zoneout',
] as const;

/** Names of the fields follow PyTorch's habit: `embedding.weight`, `recurrent.weight_ih_l0`, … */
export abstract class SequenceModel extends Module {
  readonly embedding: Embedding | null;
  readonly recurrent: Recurrent<unknown>;
  readonly dropout: Dropout;
  readonly inputDropout: Dropout;
  readonly stepDropout: number;
  readonly inputSize: number | null;
  readonly vocabularySize: number | null;
  readonly characters: CharacterEncoder | null;
  /** Ids of a token: 1, or 1 + W with its characters. */
  readonly tokenSize: number;
  /** One-hot rows, where there is no embedding. Not trained and not saved. */
  readonly #oneHot: Tensor | null;

  protected constructor(who: string, config: SequenceModelConfig, characters: CharacterConfig | null = null) {
    super();
    const { vocabularySize, inputSize, cell, hiddenSize, embeddingDim, paddingIdx } = config;
    requireProbability(who, 'stepDropout', config.stepDropout);
    requireRoom(who, 'hiddenSize', hiddenSize, 4 * hiddenSize); // before the embedding is drawn
    this.vocabularySize = vocabularySize;
    this.inputSize = inputSize;
    this.embedding =
      vocabularySize !== null && embeddingDim > 0
        ? new Embedding(vocabularySize, embeddingDim, paddingIdx === null ? {} : { paddingIdx })
        : null;
    this.#oneHot =
      vocabularySize !== null && embeddingDim === 0 ? identity(empty([vocabularySize, vocabularySize])).keep() : null;
    this.characters = characters && new CharacterEncoder(characters);
    this.tokenSize = 1 + (characters?.longest ?? 0);
    const width = (inputSize ?? (embeddingDim || (vocabularySize as number))) + (this.characters?.outputSize ?? 0);
    this.recurrent = makeLayer(who, cell, width, hiddenSize, {
      numLayers: config.numLayers,
      bidirectional: config.bidirectional,
      dropout: config.dropout,
      recurrentDropout: config.recurrentDropout,
      zoneout: config.zoneout,
    });
    this.inputDropout = new Dropout(config.inputDropout);
    this.stepDropout = config.stepDropout;
    this.dropout = new Dropout(config.dropout);
  }

  /** The options with their defaults, for a model's `config`. */
  protected static complete(
    who: string,
    options: SequenceModelOptions,
    own: readonly string[] = [],
  ): SequenceModelConfig {
    checkOptions(who, options, [...sequenceModelOptions, ...own]);
    const { vocabularySize = null, inputSize = null, hiddenSize = 128, dropout = 0 } = options;
    if ((vocabularySize === null) === (inputSize === null)) {
      throw new OptionError(
        who,
        'vocabularySize, inputSize',
        `expected one of them, for a model of tokens or of numbers, got ${vocabularySize === null ? 'none' : 'both'}`,
      );
    }
    requireSizes(who, { ...(vocabularySize !== null && { vocabularySize }), ...(inputSize !== null && { inputSize }) });
    requireSizes(who, { hiddenSize, numLayers: options.numLayers ?? 1 });
    requireWhole(who, 'embeddingDim', options.embeddingDim ?? hiddenSize);
    requireCell(who, options.cell ?? 'lstm');
    for (const name of ['dropout', 'inputDropout', 'stepDropout', 'recurrentDropout'] as const)
      requireProbability(who, name, options[name] ?? 0);
    return {
      vocabularySize,
      inputSize,
      hiddenSize,
      dropout,
      cell: options.cell ?? 'lstm',
      numLayers: options.numLayers ?? 1,
      bidirectional: options.bidirectional ?? false,
      embeddingDim: vocabularySize === null ? 0 : (options.embeddingDim ?? hiddenSize),
      paddingIdx: options.paddingIdx ?? null,
      inputDropout: options.inputDropout ?? (vocabularySize === null ? 0 : dropout),
      stepDropout: options.stepDropout ?? 0,
      ...completeRecurrentDropout(who, options),
      recurrentDropout: options.recurrentDropout ?? 0,
    };
  }

  /**
   * Input int32 [T, B] or float [T, B, I] → outputs [T, B, D·H], 0 past the lengths, and the final hidden states [L·D, B, H].
   *
   * Throws a ShapeError or a TensorError that names the model when the input or the lengths do not fit.
   */
  protected encode(input: Tensor, lengths: Tensor | null): { output: Tensor; hidden: Tensor } {
    const [output, state] = this.recurrent.forward(this.#steps(input), null, { lengths });
    return { output, hidden: tensorsOf(state)[0] };
  }

  /** The outputs [T, B, D·H] of some steps and the state after them, from the state before them: a sequence in pieces, in one direction. */
  protected read(input: Tensor, state: unknown): { output: Tensor; state: unknown } {
    if (this.recurrent.numDirections === 2)
      throw new OptionError(
        this.constructor.name,
        'bidirectional',
        'a model that also reads from the end needs the whole sequence at once',
      );
    const [output, next] = this.recurrent.forward(this.#steps(input), state);
    return { output, state: next };
  }

  protected lengths(lengths: SequenceInputOptions['lengths'], input: Tensor): Tensor | null {
    return lengthsTensor(lengths, input);
  }

  /** [T, B, width] */
  #steps(input: Tensor): Tensor {
    requireTensor(this.constructor.name, input);
    const who = this.constructor.name;
    if (this.inputSize !== null) {
      if (input.dtype === 'int32')
        throw new TensorError(
          who,
          `expected numbers [T, B, ${this.inputSize}], got int32; cast them, or make the model with vocabularySize for tokens`,
        );
      if (input.rank !== 3 || input.shape[2] !== this.inputSize)
        throw new ShapeError(who, 'input', ['time', 'batch', this.inputSize], input.shape);
      return this.#withoutSteps(this.inputDropout.forward(input));
    }
    if (input.dtype !== 'int32') throw new TensorError(who, `expected int32 tokens [T, B], got ${input}`);
    if (this.characters) return this.#withoutSteps(this.inputDropout.forward(this.#spelled(this.characters, input)));
    if (input.rank !== 2) throw new ShapeError(who, 'input', ['time', 'batch'], input.shape);
    const x = this.#words(input);
    return this.#withoutSteps(this.embedding ? this.inputDropout.forward(x) : x);
  }

  #words(ids: Tensor): Tensor {
    return this.embedding ? this.embedding.forward(ids) : embedding(ids, this.#oneHot as Tensor);
  }

  /** int32 [T, B, 1 + W], a token and its characters → [T, B, width] */
  #spelled(encoder: CharacterEncoder, input: Tensor): Tensor {
    const size = this.tokenSize;
    if (input.rank !== 3 || input.shape[2] !== size)
      throw new ShapeError(this.constructor.name, 'input', ['time', 'batch', size], input.shape);
    const [T, B] = input.shape;
    const [values, W] = [hostValues(input), size - 1];
    const [ids, spelling] = [new Int32Array(T * B), new Int32Array(T * B * W)];
    for (let n = 0; n < T * B; n++) {
      ids[n] = values[n * size];
      spelling.set(values.subarray(n * size + 1, (n + 1) * size), n * W);
    }
    const words = this.#words(indices(ids, [T, B], { backend: input.backend }));
    return cat([words, encoder.forward(spelling, W, words).reshape(T, B, encoder.outputSize)], 2);
  }

  #withoutSteps(x: Tensor): Tensor {
    if (!this.training || this.stepDropout === 0) return x;
    return x.mul(dropoutMask([x.shape[0], x.shape[1], 1], this.stepDropout, x));
  }
}

/** int32 [B], where the input is. */
export function lengthsTensor(lengths: SequenceInputOptions['lengths'], input: Tensor): Tensor | null {
  if (!lengths || lengths instanceof Tensor) return lengths ?? null;
  requireEach('lengths', 'lengths', lengths, requireWhole);
  return indices(lengths, [lengths.length], { backend: input.backend });
}

export function requireCount(who: string, name: string, n: number): void {
  requireSizes(who, { [name]: n });
}
