// What models of video share: a frame encoder, and the sequence model behind it.

import { requireObject, requireRoom } from '../../checks.ts';
import { infer } from '../../nn/in-evaluation.ts';
import { Module } from '../../nn/module.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { lengthsTensor, type SequenceInputOptions, type SequenceModel } from '../sequence-model.ts';
import { FrameEncoder, type FrameEncoderOptions, frameEncoderOptions } from './frame-encoder.ts';

/** Options of a sequence model that say what its input is: a video's is what the encoder makes of the frames. */
export type InputOptions = 'vocabularySize' | 'inputSize' | 'embeddingDim' | 'paddingIdx' | 'characters';

/** A sequence model's options without those of its input: they are the whole model's too. */
export function besidesInput<C extends object>(config: C): Omit<C, InputOptions | 'type'> {
  const {
    vocabularySize: _v,
    inputSize: _i,
    embeddingDim: _e,
    paddingIdx: _p,
    characters: _c,
    type: _t,
    ...own
  } = config as C & Partial<Record<InputOptions | 'type', unknown>>;
  return own as Omit<C, InputOptions | 'type'>;
}

export abstract class VideoModel<S extends SequenceModel> extends Module {
  readonly encoder: FrameEncoder;
  readonly sequence: S;

  /** `make` builds the sequence model from the options that are not the encoder's, and the size of what it reads. */
  protected constructor(who: string, options: FrameEncoderOptions, make: (rest: object, inputSize: number) => S) {
    super();
    requireObject(who, 'options', options);
    const all = Object.entries(options);
    const own = all.filter(([name]) => name === 'cell' || frameEncoderOptions.includes(name as never));
    const rest = all.filter(([name]) => !frameEncoderOptions.includes(name as never));
    const { classes, hiddenSize = 1 } = options as { readonly classes?: unknown; readonly hiddenSize?: unknown };
    if (typeof classes === 'number' && typeof hiddenSize === 'number') requireRoom(who, 'classes', classes, hiddenSize); // before the first weight of the encoder is drawn
    this.encoder = new FrameEncoder(Object.fromEntries(own), who);
    this.sequence = make(Object.fromEntries(rest), this.encoder.outputSize);
  }

  /** Numbers in a frame. */
  get inputSize(): number {
    return this.encoder.inputSize;
  }

  /** Input of the sequence model: [T, B, F], and its valid lengths. */
  protected read(frames: Tensor, options: SequenceInputOptions): { x: Tensor; lengths: Tensor | null } {
    const lengths = lengthsTensor(options.lengths, frames);
    return { x: this.encoder.forward(frames, lengths), lengths };
  }

  /** The same for use: dropout off, nothing recorded. */
  protected atRest<R>(frames: Tensor, options: SequenceInputOptions, use: (x: Tensor, lengths: Tensor | null) => R): R {
    return infer(this, () => {
      const { x, lengths } = this.read(frames, options);
      return use(x, lengths);
    });
  }
}
