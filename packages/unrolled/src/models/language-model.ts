// The lecture's character model, and its modern form: at every step, a distribution over the next symbol.
//
//   x_t = embedding of symbol t, or its one-hot row     h_t = recurrent(x_t, h_(t−1))     y_t = W_hy h_t + b_y     p_t = softmax(y_t)

import { requireObject, requireOneOf, requireRoom, requireSizes, requireWhole, shown } from '../checks.ts';
import { checkOptions, OptionError } from '../errors.ts';
import { Embedding } from '../nn/embedding.ts';
import type { AdaptiveLogSoftmaxWithLoss } from '../nn/adaptive-softmax.ts';
import type { ClassSampler } from '../nn/class-sampler.ts';
import type { Linear } from '../nn/linear.ts';
import { Dropout } from '../nn/dropout.ts';
import { Module } from '../nn/module.ts';
import type { ForwardOptions, Recurrent } from '../nn/recurrent/recurrent.ts';
import { requireProbability } from '../tensor/ops/operands.ts';
import { embedding } from '../tensor/ops/embedding.ts';
import { crossEntropy } from '../tensor/ops/softmax.ts';
import { empty } from '../tensor/create.ts';
import { identity, inverseSqrt, normal } from '../nn/init.ts';
import type { Tensor } from '../tensor/tensor.ts';
import {
  type BlockName,
  blockNames,
  type CellName,
  completeRecurrentDropout,
  makeBlocks,
  requireCell,
  requireNoConvolution,
} from './cells.ts';
import { requireType } from './model-type.ts';
import {
  completeOutput,
  makeOutput,
  outputLoss,
  type OutputOptions,
  outputOptions,
  outputScores,
} from './output-layer.ts';

/** Options of `LanguageModel`. */
export interface LanguageModelOptions extends OutputOptions {
  /** The name of the type, as `config` has it for `modelOf`. It need not be given. */
  readonly type?: 'language-model';
  /** Default 'lstm'. */
  readonly cell?: CellName;
  /** Default 128. */
  readonly hiddenSize?: number;
  /** Default 2. */
  readonly numLayers?: number;
  /** Width of the trained embedding; 0 feeds one-hot rows, as the lecture does. Default: hiddenSize. */
  readonly embeddingDim?: number;
  /** Dropout probability on the embedding, between layers and before the output product. Default 0. */
  readonly dropout?: number;
  /** Dropout probability on the recurrent connections, one mask for all steps. Default 0. */
  readonly recurrentDropout?: number;
  /** Zoneout probability: each number of the state keeps its value at a step (Krueger et al. 2017). Default 0. */
  readonly zoneout?: number;
  /** Block around each layer: none, or a residual block with norms and a position-wise network (RecurrentBlocks). Default 'none'. */
  readonly block?: BlockName;
  /** Taps of a residual block's convolution over the last steps; 0 for none. Default 0. */
  readonly convolution?: number;
  /** Whether to tie the output weights to the embedding (Press and Wolf 2017), drawn from N(0, 1/E); embeddingDim must equal hiddenSize. Default false. */
  readonly tieWeights?: boolean;
}

/** Options of a `LanguageModel`, defaults filled in. */
export type LanguageModelConfig = Required<Omit<LanguageModelOptions, keyof OutputOptions | 'zoneout'>> &
  OutputOptions &
  Pick<LanguageModelOptions, 'zoneout'> & { readonly vocabularySize: number };

/** From so many symbols on, the scores of a batch are computed and turned into the loss in blocks. */
const largeVocabulary = 4096;

/** The state between two calls; null before the first. */
export type LanguageState = unknown;

/**
 *     const model = new LanguageModel(vocabulary.size, { cell: 'gru', hiddenSize: 256 });
 *     const [logits, state] = model.forward(input);          // input int32 [T, B], logits [T, B, V]
 *     const { loss } = model.loss(input, target, state);      // summed over steps and batch, or their mean
 *
 * `new LanguageModel(model.config)` makes another of the same form.
 */
export class LanguageModel extends Module {
  readonly config: LanguageModelConfig;
  readonly embedding: Embedding | null;
  readonly recurrent: Recurrent<unknown>;
  readonly decoder: Linear | AdaptiveLogSoftmaxWithLoss | null;
  readonly dropout: Dropout;
  /** What `output: 'sampled'` and 'nce' draw from in training. Default: Zipf's law over symbols sorted by frequency; `languageTask` sets the frequencies. */
  sampler: ClassSampler | null = null;
  /** One-hot rows, where there is no embedding. Not trained and not saved. */
  readonly #oneHot: Tensor | null;

  constructor(options: LanguageModelOptions & { readonly vocabularySize: number });
  constructor(vocabularySize: number, options?: LanguageModelOptions);
  constructor(
    size: number | (LanguageModelOptions & { readonly vocabularySize: number }),
    rest: LanguageModelOptions = {},
  ) {
    super();
    const { vocabularySize, ...options } =
      typeof size === 'object' && size !== null ? size : { ...rest, vocabularySize: size };
    if (typeof size !== 'object') requireObject('LanguageModel', 'options', rest);
    checkOptions('LanguageModel', options, [
      'type',
      'cell',
      'hiddenSize',
      'numLayers',
      'embeddingDim',
      'dropout',
      'recurrentDropout',
      'zoneout',
      'block',
      'convolution',
      'tieWeights',
      ...outputOptions,
    ]);
    const {
      cell = 'lstm',
      hiddenSize = 128,
      numLayers = 2,
      dropout = 0,
      recurrentDropout = 0,
      block = 'none',
      convolution = 0,
      tieWeights = false,
    } = options;
    requireType('LanguageModel', 'language-model', options);
    const { embeddingDim = hiddenSize } = options;
    if (tieWeights && embeddingDim !== hiddenSize) {
      throw new OptionError(
        'LanguageModel',
        'tieWeights',
        `embeddingDim ${embeddingDim} must equal hiddenSize ${hiddenSize}`,
      );
    }
    requireSizes('LanguageModel', { vocabularySize }, true);
    requireSizes('LanguageModel', { hiddenSize, numLayers });
    requireWhole('LanguageModel', 'embeddingDim', embeddingDim);
    requireCell('LanguageModel', cell);
    requireRoom('LanguageModel', 'hiddenSize', hiddenSize, 4 * hiddenSize); // before the embedding is drawn
    requireOneOf('LanguageModel', 'block', block, blockNames);
    requireWhole('LanguageModel', 'convolution', convolution);
    if (block === 'none') requireNoConvolution('LanguageModel', convolution);
    else requireRoom('LanguageModel', 'convolution', convolution, hiddenSize);
    for (const [name, p] of Object.entries({ dropout, recurrentDropout })) requireProbability('LanguageModel', name, p);
    this.config = {
      type: 'language-model',
      vocabularySize,
      cell,
      hiddenSize,
      numLayers,
      embeddingDim,
      dropout,
      ...completeRecurrentDropout('LanguageModel', options),
      recurrentDropout,
      block,
      convolution,
      tieWeights,
      ...completeOutput('LanguageModel', options, vocabularySize, tieWeights),
    };
    this.embedding = embeddingDim > 0 ? new Embedding(vocabularySize, embeddingDim) : null;
    this.#oneHot = embeddingDim > 0 ? null : identity(empty([vocabularySize, vocabularySize])).keep();
    const layers = { numLayers, dropout, recurrentDropout, zoneout: this.config.zoneout };
    this.recurrent = makeBlocks('LanguageModel', block, cell, embeddingDim || vocabularySize, hiddenSize, {
      ...layers,
      convolution,
    });
    if (this.embedding && tieWeights) normal(this.embedding.weight, 0, inverseSqrt(embeddingDim));
    this.decoder = makeOutput(this.config, this.recurrent.outputSize, vocabularySize, tieWeights);
    this.dropout = new Dropout(dropout);
  }

  get vocabularySize(): number {
    return this.config.vocabularySize;
  }

  /**
   * input int32 [T, B] and the state before it → logits [T, B, V] and the state after it. With `output: 'adaptive'` the logits are log-probabilities.
   */
  forward(
    input: Tensor,
    state: LanguageState = null,
    options: ForwardOptions = {},
  ): [logits: Tensor, state: LanguageState] {
    const [h, next] = this.hidden(input, state, options);
    return [this.scores(h), next];
  }

  /** Output of the recurrent layers [.., H] → logits of all symbols [.., V]. */
  scores(h: Tensor): Tensor {
    return outputScores(this.decoder, this.#tied, this.dropout.forward(h));
  }

  /** The weights of the output product where they are the embedding's. */
  get #tied(): Tensor | null {
    return this.config.tieWeights ? (this.embedding as Embedding).weight : null;
  }

  /** What the recurrent layers put out: input int32 [T, B] and the state before it → [T, B, H] and the state after it. */
  hidden(
    input: Tensor,
    state: LanguageState = null,
    options: ForwardOptions = {},
  ): [output: Tensor, state: LanguageState] {
    const x = this.embedding ? this.embedding.forward(input) : embedding(input, this.#oneHot as Tensor);
    return this.recurrent.forward(this.embedding ? this.dropout.forward(x) : x, state, options);
  }

  /**
   * Softmax loss at every step: input and target int32 [T, B] → its mean over them, or the lecture's sum. In training, `output: 'sampled'` and
   * 'nce' have their own losses in its place; in evaluation it is the softmax loss over all symbols.
   */
  loss(
    input: Tensor,
    target: Tensor,
    state: LanguageState = null,
    reduction: 'mean' | 'sum' = 'mean',
  ): { loss: Tensor; state: LanguageState } {
    const { config, training, sampler } = this;
    if (config.output === undefined && config.vocabularySize < largeVocabulary) {
      const [logits, next] = this.forward(input, state);
      return { loss: crossEntropy(logits, target, { reduction }), state: next };
    }
    const [h, next] = this.hidden(input, state);
    const y = this.dropout.forward(h);
    const loss = outputLoss('LanguageModel.loss', config, this.decoder, this.#tied, y, target, {
      reduction,
      training,
      sampler,
    });
    return { loss, state: next };
  }
}

/** Requires a LanguageModel: what reads symbols and predicts the next one. */
export function requireLanguageModel(who: string, model: unknown): asserts model is LanguageModel {
  if (!(model instanceof LanguageModel))
    throw new OptionError(who, 'model', `expected a LanguageModel, got ${shown(model)}`);
}
