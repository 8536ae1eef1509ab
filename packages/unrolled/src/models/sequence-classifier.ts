// Many to one: a sequence is read, what was read becomes one vector, and that becomes a class.
//
//   x₁ → x₂ → … → x_T          h_t = recurrent(x_t, h_(t−1))
//   │    │         │           pooled = the last state, or the mean, the largest or a weighted sum of all
//   └────┴── pool ─┘ → W → softmax → p(class)

import { requireRoom, shown } from '../checks.ts';
import { OptionError } from '../errors.ts';
import { infer } from '../nn/in-evaluation.ts';
import { Linear } from '../nn/linear.ts';
import { AttentionPooling, lastState, maxOverTime, meanOverTime } from '../nn/pooling.ts';
import { crossEntropy, type CrossEntropyOptions } from '../tensor/ops/softmax.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { requireType } from './model-type.ts';
import { requireCount, type SequenceInputOptions, SequenceModel, type SequenceModelOptions } from './sequence-model.ts';

/** How a classifier pools its outputs over time. */
export type Pooling = 'last' | 'mean' | 'max' | 'attention';

/** The ways in which a classifier pools its outputs over time, by name. */
export const poolings: readonly Pooling[] = ['last', 'mean', 'max', 'attention'];

/** Options of `SequenceClassifier`. */
export interface SequenceClassifierOptions extends SequenceModelOptions {
  /** The name of the type, as `config` has it for `modelOf`. It need not be given. */
  readonly type?: 'sequence-classifier';
  readonly classes: number;
  /**
   * How the states become one vector: each direction's final state, the mean or the largest of every unit over time, or a sum weighted by
   * additive attention. Default 'last'.
   */
  readonly pooling?: Pooling;
  /** A layer of so many relu units between what was read and the classes. Default 0: none. */
  readonly denseSize?: number;
}

/** Options of a `SequenceClassifier`, defaults filled in. */
export type SequenceClassifierConfig = Required<Omit<SequenceClassifierOptions, 'zoneout'>> &
  Pick<SequenceClassifierOptions, 'zoneout'>;

/** Options of a classifier's loss. */
export interface ClassifierLossOptions
  extends SequenceInputOptions,
    Pick<CrossEntropyOptions, 'reduction' | 'labelSmoothing' | 'weight'> {}

/** Options of a classifier's predictions. */
export interface PredictOptions extends SequenceInputOptions {
  /** Divides the logits: above 1 the probabilities become more modest (see `fitTemperature`). Default 1. */
  readonly temperature?: number;
}

/**
 *     const model = new SequenceClassifier({ vocabularySize: 5000, classes: 2, cell: 'gru', bidirectional: true, pooling: 'attention' });
 *     const [logits, weights] = model.forward(input, { lengths });   // input int32 [T, B] → [B, C], and what each step weighs [B, T]
 *     const loss = model.loss(input, target, { lengths });            // target int32 [B]
 *     const p = model.predict(input, { lengths });                    // probabilities [B, C], dropout off
 *
 * With `inputSize: 28` instead of `vocabularySize` it reads numbers, float [T, B, 28]. `new SequenceClassifier(model.config)` makes another of
 * the same form. What is past a row's length never changes a result, to the last bit.
 */
export class SequenceClassifier extends SequenceModel {
  readonly config: SequenceClassifierConfig;
  readonly attention: AttentionPooling | null;
  readonly dense: Linear | null; // [denseSize, D·H]
  readonly head: Linear; // [C, D·H] or [C, denseSize]

  constructor(options: SequenceClassifierOptions) {
    const who = 'SequenceClassifier';
    const shared = SequenceModel.complete(who, options, ['type', 'classes', 'pooling', 'denseSize']);
    requireType(who, 'sequence-classifier', options);
    const { classes, pooling = 'last', denseSize = 0 } = options;
    requireCount(who, 'classes', classes);
    if (!poolings.includes(pooling))
      throw new OptionError(who, 'pooling', `expected one of ${poolings.join(', ')}, got ${shown(pooling)}`);
    if (denseSize !== 0) requireCount(who, 'denseSize', denseSize);
    const width = shared.hiddenSize * (shared.bidirectional ? 2 : 1);
    requireRoom(who, 'denseSize', denseSize, width);
    requireRoom(who, 'classes', classes, denseSize || width);
    super(who, shared);
    this.config = { type: 'sequence-classifier', ...shared, classes, pooling, denseSize };
    this.attention = pooling === 'attention' ? new AttentionPooling(this.recurrent.outputSize) : null;
    this.dense = denseSize > 0 ? new Linear(this.recurrent.outputSize, denseSize) : null;
    this.head = new Linear(denseSize || this.recurrent.outputSize, classes);
  }

  /** int32 [T, B] or float [T, B, I] → logits [B, C], and with pooling by attention the weights [B, T]; else null. */
  forward(input: Tensor, options: SequenceInputOptions = {}): [logits: Tensor, weights: Tensor | null] {
    const lengths = this.lengths(options.lengths, input);
    const { output, hidden } = this.encode(input, lengths);
    const [pooled, weights] = this.#pool(output, hidden, lengths);
    const read = this.dropout.forward(pooled);
    return [this.head.forward(this.dense ? this.dense.forward(read).relu() : read), weights];
  }

  #pool(output: Tensor, hidden: Tensor, lengths: Tensor | null): [pooled: Tensor, weights: Tensor | null] {
    const { pooling } = this.config;
    switch (pooling) {
      case 'last':
        return [lastState(hidden, this.recurrent.numDirections), null];
      case 'mean':
        return [meanOverTime(output, lengths), null];
      case 'max':
        return [maxOverTime(output, lengths), null];
      case 'attention':
        return (this.attention as AttentionPooling).forward(output, lengths);
      default:
        throw pooling satisfies never;
    }
  }

  /** Softmax loss against target int32 [B], by default averaged over the batch. */
  loss(input: Tensor, target: Tensor, options: ClassifierLossOptions = {}): Tensor {
    const { lengths, ...loss } = options;
    return crossEntropy(this.forward(input, { lengths })[0], target, loss);
  }

  /** Probabilities [B, C]. Dropout is off, and nothing is recorded. */
  predict(input: Tensor, options: PredictOptions = {}): Tensor {
    return this.explain(input, options).probabilities;
  }

  /** Probabilities [B, C] and, with pooling by attention, what each step weighed [B, T]. */
  explain(input: Tensor, options: PredictOptions = {}): { probabilities: Tensor; weights: Tensor | null } {
    const { temperature = 1, lengths = null } = options;
    if (!(typeof temperature === 'number' && temperature > 0))
      throw new OptionError(
        'SequenceClassifier',
        'temperature',
        `expected a number above 0, got ${shown(temperature)}`,
      );
    return infer(this, () => {
      const [logits, weights] = this.forward(input, { lengths });
      return { probabilities: logits.div(temperature).softmax(), weights };
    });
  }

  protected override describe(): string {
    return `pooling=${this.config.pooling}`;
  }
}
