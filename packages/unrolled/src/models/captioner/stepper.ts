// A Captioner as a RowStepper.

import { requireKinds } from '../../checks.ts';
import { noGrad } from '../../tensor/autograd.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type Decodable, type DecodedStep, DecoderStepper } from '../decoder-stepper.ts';
import type { ImageFeatures } from './image-features.ts';
import type { CaptionerConfig } from './options.ts';
import {
  type HardAttentionChoice,
  type Memory,
  takeMemory,
  takeState,
  type WordDecoder,
  type WordState,
} from './word-decoder.ts';

/** The part of a Captioner that the stepper uses. */
interface Steppable extends Decodable {
  readonly config: CaptionerConfig;
  readonly decoder: WordDecoder;
  readonly output: { readonly weight: Tensor };
  see(images: Tensor): ImageFeatures;
}

/**
 * A Captioner over a batch of images, [B, ..], with a row for each. To be made and used inside a scope: its tensors belong to that. One that outlives its scope is kept (`tensors`)
 * and given back (`dispose`).
 */
export class CaptionStepper extends DecoderStepper<WordState, Memory> {
  readonly #decoder: WordDecoder;
  readonly #choice: HardAttentionChoice;

  constructor(model: Steppable, images: Tensor, choice: HardAttentionChoice = 'argmax') {
    requireKinds('CaptionStepper', { model, images }, { model: { see: 'function' }, images: 'tensor' });
    const { decoder, config, output } = model;
    const { memory, state } = noGrad(() => {
      const features = model.see(images);
      return { memory: decoder.remember(features, { whole: false }), state: decoder.start(features) };
    });
    super(model, { ...config, rows: images.shape[0], state, memory, backend: output.weight.backend });
    this.#decoder = decoder;
    this.#choice = choice;
  }

  protected override decode(x: Tensor, state: WordState, memory: Memory): DecodedStep<WordState> {
    return this.#decoder.step(x, state, memory, this.#choice);
  }

  protected override takeState(state: WordState, rows: Int32Array): WordState {
    return takeState(state, rows);
  }

  protected override takeMemory(memory: Memory, images: Int32Array): Memory {
    return takeMemory(memory, images);
  }
}
