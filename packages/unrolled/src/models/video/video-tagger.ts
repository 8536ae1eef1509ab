// A label for every frame of a video: the lecture's many to many, aligned. With both directions a frame's label may depend on what comes after it.
//
//     y₁       y₂         y_T
//     ↑        ↑          ↑
//     h₁  ⇄    h₂  ⇄  … ⇄ h_T
//     ↑        ↑          ↑
//     CNN      CNN        CNN         one network, its weights shared by all frames

import type { Tensor } from '../../tensor/tensor.ts';
import type { SequenceInputOptions } from '../sequence-model.ts';
import {
  SequenceTagger,
  type SequenceTaggerConfig,
  type SequenceTaggerOptions,
  type TaggerLossOptions,
  type Tagging,
} from '../sequence-tagger.ts';
import { requireType } from '../model-type.ts';
import type { FrameEncoderConfig, FrameEncoderOptions, FrameState } from './frame-encoder.ts';
import { besidesInput, type InputOptions, VideoModel } from './video-model.ts';

/** Options of `VideoTagger`. */
export interface VideoTaggerOptions extends Omit<SequenceTaggerOptions, InputOptions | 'type'>, FrameEncoderOptions {
  /** The name of the type, as `config` has it for `modelOf`. It need not be given. */
  readonly type?: 'video-tagger';
}

/** Options of a `VideoTagger`, defaults filled in. */
export type VideoTaggerConfig = { readonly type: 'video-tagger' } & Omit<
  SequenceTaggerConfig,
  InputOptions | 'type' | 'characters'
> &
  Omit<FrameEncoderConfig, 'cell'>;

/** State that `VideoTagger.step` carries from one piece of a clip to the next. */
export interface VideoState {
  readonly encoder: FrameState;
  readonly sequence: unknown;
}

/**
 *     const model = new VideoTagger({ convNet: { inputSize: [24, 40], inChannels: 1 }, classes: 52, cell: 'gru', bidirectional: true });
 *     const logits = model.forward(clips, { lengths });             // float [T, B, 24·40] → [T, B, 52]
 *     const [{ labels, scores }] = model.predict(clips, { lengths });
 *
 * `tagTask` trains it; a clip is its frames one after the other, bytes or numbers, with a label for each frame.
 */
export class VideoTagger extends VideoModel<SequenceTagger> {
  readonly config: VideoTaggerConfig;

  constructor(options: VideoTaggerOptions) {
    requireType('VideoTagger', 'video-tagger', options);
    const { type: _t, ...untyped } = Object(options) as VideoTaggerOptions;
    super(
      'VideoTagger',
      untyped,
      (rest, inputSize) => new SequenceTagger({ ...(rest as SequenceTaggerOptions), inputSize }),
    );
    this.config = { type: 'video-tagger', ...this.encoder.config, ...besidesInput(this.sequence.config) };
  }

  /** Frames float [T, B, inputSize] → logits [T, B, C]. Past a clip's length they say nothing. */
  forward(frames: Tensor, options: SequenceInputOptions = {}): Tensor {
    const { x, lengths } = this.read(frames, options);
    return this.sequence.forward(x, { lengths });
  }

  /**
   * Some frames [T, B, inputSize] of a clip that comes in pieces: their logits [T, B, C] and the state after them, from the state before them.
   * Throws an OptionError for a model that also reads from the end.
   */
  step(frames: Tensor, state: VideoState | null = null): [logits: Tensor, state: VideoState] {
    const [x, encoder] = this.encoder.step(frames, state?.encoder);
    const [logits, sequence] = this.sequence.step(x, state?.sequence);
    return [logits, { encoder, sequence }];
  }

  /** A state of the form that `step` returns, all zeros. */
  initialState(batchSize: number): VideoState {
    return {
      encoder: this.encoder.initialState(batchSize),
      sequence: this.sequence.recurrent.initialState(batchSize),
    };
  }

  /** Softmax loss of every labeled frame, by default averaged over them. */
  loss(frames: Tensor, target: Tensor, options: TaggerLossOptions = {}): Tensor {
    const { x, lengths } = this.read(frames, options);
    return this.sequence.loss(x, target, { ...options, lengths });
  }

  /** Labels and probabilities for each clip, cut to its length. Dropout is off, and nothing is recorded. */
  predict(frames: Tensor, options: SequenceInputOptions = {}): Tagging[] {
    return this.atRest(frames, options, (x, lengths) => this.sequence.predict(x, { lengths }));
  }
}
