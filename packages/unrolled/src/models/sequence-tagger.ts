// Many to many, aligned: a label for every step. With both directions, a step's label may depend on what comes after it.
//
//   y₁   y₂   y₃        y_t = W [h→_t ; h←_t] + b, softmax over the labels
//   ↑    ↑    ↑
//   h₁ ⇄ h₂ ⇄ h₃
//   ↑    ↑    ↑
//   x₁   x₂   x₃

import { OptionError } from '../errors.ts';
import { requireTensor } from '../tensor/ops/operands.ts';
import { infer } from '../nn/in-evaluation.ts';
import { Linear } from '../nn/linear.ts';
import { indices } from '../tensor/create.ts';
import { crossEntropy, type CrossEntropyOptions } from '../tensor/ops/softmax.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type CharacterConfig, type CharacterOptions, completeCharacters } from './character-encoder.ts';
import { requireType } from './model-type.ts';
import { requireRoom } from '../checks.ts';
import { requireCount, type SequenceInputOptions, SequenceModel, type SequenceModelOptions } from './sequence-model.ts';
import { hostValues } from '../tensor/host-values.ts';

/** Options of `SequenceTagger`. */
export interface SequenceTaggerOptions extends SequenceModelOptions {
  /** The name of the type, as `config` has it for `modelOf`. It need not be given. */
  readonly type?: 'sequence-tagger';
  /** How many different labels there are. */
  readonly classes: number;
  /** Reads the characters of a token next to its embedding: input int32 [T, B, 1 + W], as `withCharacters` makes it. Default: none. */
  readonly characters?: CharacterOptions | null;
}

/** Options of a `SequenceTagger`, defaults filled in. */
export type SequenceTaggerConfig = Required<Omit<SequenceTaggerOptions, 'zoneout' | 'characters'>> &
  Pick<SequenceTaggerOptions, 'zoneout'> & { readonly characters?: CharacterConfig };

/** The target of steps that have none: padding, or a step whose label nobody knows. PyTorch's value. */
export const noLabel = -100;

/** Options of a tagger's loss. */
export interface TaggerLossOptions
  extends SequenceInputOptions,
    Pick<CrossEntropyOptions, 'reduction' | 'ignoreIndex' | 'labelSmoothing' | 'weight'> {}

/** Predicted labels of one sequence. */
export interface Tagging {
  /** The most probable label of each step. */
  readonly labels: Int32Array;
  /** Probability of each label at each step: `scores[t · C + c]`. */
  readonly scores: Float32Array;
}

/**
 *     const model = new SequenceTagger({ vocabularySize: 40, classes: 3, cell: 'gru', bidirectional: true });
 *     const logits = model.forward(input, { lengths });              // input int32 [T, B] → [T, B, C]
 *     const loss = model.loss(input, target, { lengths });            // target int32 [T, B], −100 where there is no label
 *     const [{ labels, scores }] = model.predict(input, { lengths }); // one for each row, as long as the row
 */
export class SequenceTagger extends SequenceModel {
  readonly config: SequenceTaggerConfig;
  readonly head: Linear; // [C, D·H]

  constructor(options: SequenceTaggerOptions) {
    const shared = SequenceModel.complete('SequenceTagger', options, ['type', 'classes', 'characters']);
    requireType('SequenceTagger', 'sequence-tagger', options);
    requireCount('SequenceTagger', 'classes', options.classes);
    requireRoom('SequenceTagger', 'classes', options.classes, 2 * shared.hiddenSize); // before the first weight is drawn
    const characters = options.characters ? completeCharacters('SequenceTagger', options.characters) : null;
    if (characters && shared.vocabularySize === null)
      throw new OptionError('SequenceTagger', 'characters', 'belong to tokens: it needs vocabularySize, not inputSize');
    super('SequenceTagger', shared, characters);
    this.config = {
      type: 'sequence-tagger',
      ...shared,
      classes: options.classes,
      ...(characters && { characters }), // a configuration without is that of a model that reads none
    };
    this.head = new Linear(this.recurrent.outputSize, options.classes);
  }

  /** int32 [T, B], with characters int32 [T, B, 1 + W], or float [T, B, I] → logits [T, B, C]. Past a row's length they say nothing. */
  forward(input: Tensor, options: SequenceInputOptions = {}): Tensor {
    const { output } = this.encode(input, this.lengths(options.lengths, input));
    return this.head.forward(this.dropout.forward(output));
  }

  /** Softmax loss of every labeled step, by default averaged over them. Steps past a row's length are ignored. */
  loss(input: Tensor, target: Tensor, options: TaggerLossOptions = {}): Tensor {
    const { lengths, ignoreIndex = noLabel, ...loss } = options;
    requireTensor('SequenceTagger', target);
    const own = this.lengths(lengths, input);
    const logits = this.forward(input, { lengths: own });
    return crossEntropy(logits, own ? within(target, own, ignoreIndex) : target, { ...loss, ignoreIndex });
  }

  /** Some steps of a sequence that comes in pieces, and the state before them → logits [T, B, C] and the state after them. One direction only. */
  step(input: Tensor, state: unknown = null): [logits: Tensor, state: unknown] {
    const read = this.read(input, state);
    return [this.head.forward(this.dropout.forward(read.output)), read.state];
  }

  /** Labels and probabilities for each row, cut to its length. Dropout is off, and nothing is recorded. */
  predict(input: Tensor, options: SequenceInputOptions = {}): Tagging[] {
    return infer(this, () => {
      const lengths = this.lengths(options.lengths, input);
      const ends = lengths && hostValues(lengths);
      const p = this.forward(input, { lengths }).softmax();
      const [T, B, C] = p.shape;
      const [scores, labels] = [p.transpose(0, 1).dataSync(), p.argmax(2).transpose(0, 1).dataSync()];
      return Array.from({ length: B }, (_, b) => {
        const n = ends ? ends[b] : T;
        return {
          labels: Int32Array.from(labels.subarray(b * T, b * T + n)),
          scores: Float32Array.from(scores.subarray(b * T * C, (b * T + n) * C)),
        };
      });
    });
  }
}

/** The target with nothing past the lengths. */
function within(target: Tensor, lengths: Tensor, ignoreIndex: number): Tensor {
  const B = lengths.size;
  const [n, t] = [hostValues(lengths), Int32Array.from(hostValues(target))];
  for (let k = 0; k < t.length; k++) if (Math.floor(k / B) >= n[k % B]) t[k] = ignoreIndex;
  return indices(t, target.shape, { backend: target.backend });
}
