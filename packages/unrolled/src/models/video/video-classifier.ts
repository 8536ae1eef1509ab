// Classifies clips: a CNN encodes every frame, a recurrent network reads the frames, and its summary is classified.
//
//   frame₁   frame₂  …  frame_T
//     CNN      CNN        CNN         one network, its weights shared by all frames
//      ↓        ↓          ↓
//     h₁  →    h₂  →  … → h_T  →  pool → (dense) → softmax → p(class)
//
// All of it is trained by one backward pass, or from features that another network made once.

import { crossEntropy } from '../../tensor/ops/softmax.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import {
  type ClassifierLossOptions,
  type PredictOptions,
  SequenceClassifier,
  type SequenceClassifierConfig,
  type SequenceClassifierOptions,
} from '../sequence-classifier.ts';
import type { SequenceInputOptions } from '../sequence-model.ts';
import { requireType } from '../model-type.ts';
import type { FrameEncoderConfig, FrameEncoderOptions } from './frame-encoder.ts';
import { besidesInput, type InputOptions, VideoModel } from './video-model.ts';

/** Options of `VideoClassifier`. */
export interface VideoClassifierOptions
  extends Omit<SequenceClassifierOptions, InputOptions | 'type'>,
    FrameEncoderOptions {
  /** The name of the type, as `config` has it for `modelOf`. It need not be given. */
  readonly type?: 'video-classifier';
}

/** Options of a `VideoClassifier`, defaults filled in. */
export type VideoClassifierConfig = { readonly type: 'video-classifier' } & Omit<
  SequenceClassifierConfig,
  InputOptions | 'type'
> &
  Omit<FrameEncoderConfig, 'cell'>;

/**
 *     const model = new VideoClassifier({ convNet: { inputSize: [24, 40] }, classes: 4, cell: 'gru', bidirectional: true, pooling: 'mean' });
 *     const [logits] = model.forward(clips, { lengths });   // float [T, B, 24·40·3] → [B, 4]
 *
 * `classifyTask` trains it; a clip is its frames one after the other, bytes or numbers. Keras' CNN-RNN head over features, 99,909 parameters:
 *
 *     new VideoClassifier({ featureSize: 2048, cell: 'gru', lowerSize: 16, hiddenSize: 8, dropout: 0.4, denseSize: 8, classes: 5 });
 */
export class VideoClassifier extends VideoModel<SequenceClassifier> {
  readonly config: VideoClassifierConfig;

  constructor(options: VideoClassifierOptions) {
    requireType('VideoClassifier', 'video-classifier', options);
    const { type: _t, ...untyped } = Object(options) as VideoClassifierOptions;
    super(
      'VideoClassifier',
      untyped,
      (rest, inputSize) => new SequenceClassifier({ ...(rest as SequenceClassifierOptions), inputSize }),
    );
    this.config = { type: 'video-classifier', ...this.encoder.config, ...besidesInput(this.sequence.config) };
  }

  /** Frames float [T, B, inputSize] → logits [B, C], and with pooling by attention what each frame weighs [B, T]; else null. */
  forward(frames: Tensor, options: SequenceInputOptions = {}): [logits: Tensor, weights: Tensor | null] {
    const { x, lengths } = this.read(frames, options);
    return this.sequence.forward(x, { lengths });
  }

  /** Softmax loss against target int32 [B], by default averaged over the batch. */
  loss(frames: Tensor, target: Tensor, options: ClassifierLossOptions = {}): Tensor {
    const { lengths, ...loss } = options;
    return crossEntropy(this.forward(frames, { lengths })[0], target, loss);
  }

  /** Probabilities [B, C]. Dropout is off, and nothing is recorded. */
  predict(frames: Tensor, options: PredictOptions = {}): Tensor {
    return this.explain(frames, options).probabilities;
  }

  /** Probabilities [B, C] and, with pooling by attention, what each frame weighed [B, T]. */
  explain(frames: Tensor, options: PredictOptions = {}): { probabilities: Tensor; weights: Tensor | null } {
    return this.atRest(frames, options, (x, lengths) => this.sequence.explain(x, { ...options, lengths }));
  }
}
