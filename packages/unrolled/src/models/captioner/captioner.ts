// Captions images word by word: a CNN encoder and a recurrent decoder, trained by one backward pass.

import { requireTensor } from '../../tensor/ops/operands.ts';
import { requireKinds } from '../../checks.ts';
import { beamSearch, type BeamOptions } from '../../decode/beam.ts';
import type { SampleSequencesOptions } from '../../decode/growing-rows.ts';
import { sampleSequences } from '../../decode/sample-sequences.ts';
import type { DecodedSequence } from '../../decode/row-stepper.ts';
import { checkOptions, ShapeError } from '../../errors.ts';
import { infer } from '../../nn/in-evaluation.ts';
import { Embedding } from '../../nn/embedding.ts';
import { Linear } from '../../nn/linear.ts';
import { normal } from '../../nn/init.ts';
import { ModuleBuffer, Module, Parameter } from '../../nn/module.ts';
import type { ParameterGroup } from '../../optim/optimizer.ts';
import { empty, zeros } from '../../tensor/create.ts';
import { dropRows } from '../../tensor/ops/dropout.ts';
import { linear } from '../../tensor/ops/product.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type ImageEncoder, imageEncoderOf } from '../image-encoder.ts';
import { AttentiveDecoder } from './attentive-decoder.ts';
import { type CaptionBatch, captionBatch } from './batch.ts';
import { captionLoss, type CaptionLossOptions } from './loss.ts';
import { attends, type CaptionerConfig, type CaptionerOptions, complete } from './options.ts';
import { encodeImages, type ImageFeatures } from './image-features.ts';
import { CaptionStepper } from './stepper.ts';
import { VectorDecoder } from './vector-decoder.ts';
import { type HardAttentionChoice, takeMemory, takeState, type WordDecoder, type WordOutput } from './word-decoder.ts';

/** Options of `Captioner.caption`. */
export interface CaptionOptions extends BeamOptions {
  /** Draws one caption an image instead of searching for the most probable. Default: it searches. */
  readonly sample?: Omit<SampleSequencesOptions, keyof BeamOptions> | null;
  /** How hard attention selects its region. Default 'argmax'. */
  readonly hardAttention?: Exclude<HardAttentionChoice, readonly unknown[]>;
}

/**
 *     const model = new Captioner({ vocabularySize: words.size, encoder: { inputSize: [64, 64] } });
 *     const loss = model.loss(captionBatch(images, captions));       // images [P, 3, 64, 64], captions a list of words' numbers each
 *     const [best] = model.eval().caption(images, { beams: 5 })[0];  // best.ids, and best.attention: a map for each word
 *
 * `encoder: null, featureSize: D` reads features [P, R, D] or [P, D] instead of images.
 */
export class Captioner extends Module {
  readonly config: CaptionerConfig;
  readonly encoder: ImageEncoder | null;
  /** Position embedding [R, D], added to the regions. */
  readonly positions: Parameter | null;
  readonly embedding: Embedding; // [V, E]
  readonly decoder: WordDecoder;
  readonly output: Linear; // [V, R]
  /** Of hard attention: Σ 0.9^k 0.1 r and Σ 0.9^k 0.1 over the batches before, r the mean ln p of a caption; their quotient is the baseline. */
  readonly baseline: ModuleBuffer | null;
  /** Whether the encoder's weights are trained. Batch norms update their statistics all the same, in training. */
  learnsToSee = true;

  constructor(options: CaptionerOptions) {
    super();
    this.config = complete(options);
    const { vocabularySize, encoder, featureSize, embeddingDim, form, positions } = this.config;
    this.encoder = encoder && imageEncoderOf('Captioner', 'encoder', options.encoder ?? encoder);
    const D = this.encoder?.outChannels ?? (featureSize as number);
    this.positions = positions > 0 ? normal(Parameter.of(empty([positions, D])), 0, 0.1) : null;
    this.embedding = new Embedding(vocabularySize, embeddingDim);
    this.decoder = attends(form) ? new AttentiveDecoder(this.config, D) : new VectorDecoder(this.config, D);
    this.output = new Linear(this.decoder.outputSize, vocabularySize);
    this.baseline = form === 'hard' ? ModuleBuffer.of(zeros([2])) : null;
  }

  /** Images and captions as a batch, with this model's start and end. */
  batch(images: Tensor, captions: readonly ArrayLike<number>[], owners: ArrayLike<number> | null = null): CaptionBatch {
    const { start, end } = this.config;
    return captionBatch(images, captions, { start, end, owners });
  }

  /** Encodes images [P, C, h, w], or features. */
  see(images: Tensor): ImageFeatures {
    requireTensor('Captioner', images);
    const { whole, regions } = encodeImages(images, this.encoder, this.config.featureSize ?? 0, this.learnsToSee);
    if (!this.positions) return { whole, regions };
    const [P, R] = regions.shape;
    if (R !== this.config.positions)
      throw new ShapeError('Captioner', 'regions', [P, this.config.positions, 'D'], regions.shape);
    return { whole, regions: regions.add(this.positions) };
  }

  /** int32 [..] → [.., E], what the decoder reads. */
  embed(ids: Tensor): Tensor {
    return this.decoder.dropout.forward(this.embedding.forward(ids));
  }

  /** Decoder output → logits of all words [.., V]. */
  scores(output: Tensor): Tensor {
    return linear(output, this.output.weight, this.output.bias);
  }

  /** Scores [T, B, V], and with attention the weights α [T, B, R]. */
  forward(
    batch: CaptionBatch,
    options: { readonly hardAttention?: HardAttentionChoice } = {},
  ): { logits: Tensor; weights: Tensor | null } {
    checkOptions('Captioner.forward', options, ['hardAttention']);
    const { output, weights } = this.decode(batch, options.hardAttention);
    return { logits: this.scores(output), weights };
  }

  /** The output product's input for every word of target captions. */
  decode(batch: CaptionBatch, choice: HardAttentionChoice = this.training ? 'sample' : 'argmax'): WordOutput {
    requireKinds('Captioner', { batch }, { batch: { images: 'tensor', owners: 'numbers|null', input: 'tensor' } });
    const { images, owners, input } = batch;
    const features = this.see(images);
    const [memory, state] = [this.decoder.remember(features, { whole: true }), this.decoder.start(features)];
    const x = dropRows(this.embed(input), this.training ? this.config.wordDropout : 0);
    if (!owners) return this.decoder.forward(x, state, memory, choice);
    return this.decoder.forward(x, takeState(state, owners), takeMemory(memory, owners), choice);
  }

  /** −ln p of the words and the ends, and with attention its own terms: see ./loss.ts. */
  loss(batch: CaptionBatch, options: CaptionLossOptions = {}): Tensor {
    checkOptions('Captioner.loss', options, ['reduction', 'terms', 'labelSmoothing', 'hardAttention']);
    return captionLoss(this, batch, options);
  }

  /**
   * The most probable captions of each image by beam search, the best first; with `beams: 1` (the default) the greedy one. Dropout is off, and
   * nothing is recorded.
   */
  caption(images: Tensor, options: CaptionOptions = {}): DecodedSequence[][] {
    requireTensor('Captioner', images);
    requireKinds(
      'Captioner',
      { options },
      { options: { sample: 'object?|null', suppressTokens: 'numbers?', hardAttention: 'text?' } },
    );
    const { sample = null, suppressTokens = [], hardAttention: choice = 'argmax', ...search } = options;
    const { start, end } = this.config;
    const defaults = { end, maxLength: 50 };
    return infer(this, () => {
      const stepper = new CaptionStepper(this, images, choice);
      if (!sample) return beamSearch(stepper, { ...defaults, ...search, suppressTokens: [start, ...suppressTokens] });
      const { end: last, minLength, maxLength, blockNgrams, signal } = { ...defaults, ...search };
      const limits = {
        end: last,
        minLength,
        maxLength,
        blockNgrams,
        signal,
        suppressTokens: [start, ...suppressTokens],
      };
      return sampleSequences(stepper, { ...limits, ...sample }).map((one) => [one]);
    });
  }

  /** For an optimizer: the encoder at `encoderLr`, the rest at the optimizer's own rate; 0 leaves the encoder out. */
  parameterGroups(encoderLr: number): (Parameter | ParameterGroup<{ lr: number }>)[] {
    const seeing = new Set<Parameter>(this.encoder?.parameters());
    const others = this.parameters().filter((p) => !seeing.has(p));
    return seeing.size > 0 && encoderLr > 0 ? [...others, { params: seeing, lr: encoderLr }] : others;
  }

  protected override describe(): string {
    return `form=${this.config.form}`;
  }
}
