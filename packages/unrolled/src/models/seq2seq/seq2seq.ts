// Many to many, delayed: one network reads a sequence, another writes one, and they are trained as one.
//
//   x₁ → x₂ → … → x_S  ⟹  <s> → y₁ → …         p(y | x) = Π_t p(y_t | y_1 … y_(t−1), x)
//                          ↓     ↓
//                          y₁    y₂  … </s>     loss = −Σ_t ln p(y_t | …)

import { requireKinds } from '../../checks.ts';
import { checkOptions } from '../../errors.ts';
import { beamSearch, type BeamOptions } from '../../decode/beam.ts';
import type { SampleSequencesOptions } from '../../decode/growing-rows.ts';
import { sampleSequences } from '../../decode/sample-sequences.ts';
import type { DecodedSequence } from '../../decode/row-stepper.ts';
import { infer } from '../../nn/in-evaluation.ts';
import { inverseSqrt, normal } from '../../nn/init.ts';
import type { AdaptiveLogSoftmaxWithLoss } from '../../nn/adaptive-softmax.ts';
import type { ClassSampler } from '../../nn/class-sampler.ts';
import type { Linear } from '../../nn/linear.ts';
import { Module } from '../../nn/module.ts';
import { empty } from '../../tensor/create.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { makeOutput, outputLoss, outputScores } from '../output-layer.ts';
import { noTarget, type PairBatch, pairBatch } from './batch.ts';
import { Decoder, type DecoderOutput, type DecoderState, type Memory, together } from './decoder.ts';
import { Encoder } from './encoder.ts';
import { complete, type Seq2SeqConfig, type Seq2SeqOptions } from './options.ts';
import { Seq2SeqStepper } from './stepper.ts';
import { Symbols } from './symbols.ts';
import { checkRatio, feed } from './teacher-forcing.ts';

export interface ForwardPairOptions {
  /** The share ε of true symbols among those that the decoder reads; the others it draws itself (scheduled sampling). Default 1. */
  readonly teacherForcing?: number;
}

/** Options of `Seq2Seq.loss`. */
export interface PairLossOptions extends ForwardPairOptions {
  /** Over the targets that count. Default 'mean'. */
  readonly reduction?: 'mean' | 'sum';
  /** The part of every target that is spread evenly over all symbols. Default 0. */
  readonly labelSmoothing?: number;
}

/** Options of `Seq2Seq.translate`. */
export interface TranslateOptions extends BeamOptions {
  /** Draw symbols with these options instead of searching for the most probable sequence. Default null. */
  readonly sample?: Omit<
    SampleSequencesOptions,
    'end' | 'minLength' | 'maxLength' | 'suppressTokens' | 'blockNgrams'
  > | null;
}

/**
 *     const model = new Seq2Seq({ sourceVocabulary: 800, targetVocabulary: 900, decoder: 'additive', hiddenSize: 256 });
 *     const loss = model.loss(model.batch(sources, targets));       // rows of symbols; mean nats per target
 *     const [best] = model.translate([[5, 6, 7]], { beams: 5 })[0];  // best.ids, best.score, best.attention
 *
 * `new Seq2Seq(model.config)` makes another of the same form. What is past a row's end never changes a result.
 */
export class Seq2Seq extends Module {
  readonly config: Seq2SeqConfig;
  readonly encoder: Encoder;
  /** The target's embeddings, unless they are the source's. */
  readonly symbols: Symbols | null;
  readonly decoder: Decoder;
  /** Scores of the symbols, unless they are products with their embeddings. */
  readonly output: Linear | AdaptiveLogSoftmaxWithLoss | null; // [V, R]
  /** What `output: 'sampled'` and 'nce' draw from in training. Default: Zipf's law over symbols sorted by frequency; `translateTask` sets the frequencies. */
  sampler: ClassSampler | null = null;

  constructor(options: Seq2SeqOptions) {
    super();
    this.config = complete(options);
    const { targetVocabulary, embeddingDim, shareEmbeddings, tieWeights, decoder } = this.config;
    this.encoder = new Encoder(this.config);
    this.symbols = shareEmbeddings || decoder === 'repeat' ? null : new Symbols(targetVocabulary, embeddingDim);
    this.decoder = new Decoder(this.config, this.encoder.outputSize);
    this.output = makeOutput(this.config, this.decoder.outputSize, targetVocabulary, tieWeights);
    if (this.#tied) normal(this.#tied, 0, inverseSqrt(embeddingDim));
  }

  /** Rows of symbols and their targets as a batch, with this model's start and end. */
  batch(sources: readonly ArrayLike<number>[], targets: readonly ArrayLike<number>[]): PairBatch {
    return pairBatch(sources, targets, this.config);
  }

  /** source int32 [S, B] → what the decoder knows of it, and its first state. */
  encode(source: Tensor, lengths: Tensor): { memory: Memory; state: DecoderState } {
    const encoded = this.encoder.forward(source, lengths);
    return { memory: this.decoder.remember(encoded, lengths), state: this.decoder.start(encoded) };
  }

  /** int32 [..] → [.., E], what the decoder reads. */
  embed(ids: Tensor): Tensor {
    if (this.decoder.kind === 'repeat') return empty([...ids.shape, 0], { backend: ids.backend }); // it reads no symbols
    return this.decoder.dropout.forward((this.symbols ?? this.encoder.symbols).forward(ids));
  }

  /** Decoder output → logits of all symbols [.., V]. With `output: 'adaptive'` they are log-probabilities. */
  scores(output: Tensor): Tensor {
    return outputScores(this.output, this.#tied, output);
  }

  /** The weights of the output product where they are the embedding's. */
  get #tied(): Tensor | null {
    const { embedding } = this.symbols ?? this.encoder.symbols;
    return this.config.tieWeights && embedding ? embedding.weight : null;
  }

  /** Scores [T, B, V], and with attention the weights [T, B, S]: in the order in which the source was read, 0 past each row's length. */
  forward(batch: PairBatch, options: ForwardPairOptions = {}): { logits: Tensor; weights: Tensor | null } {
    checkOptions('Seq2Seq.forward', options, ['teacherForcing']);
    const { output, weights } = this.#decode(batch, options.teacherForcing ?? 1);
    return { logits: this.scores(output), weights };
  }

  /**
   * −ln p of the targets that count, smoothed if wanted. The scores are never there all at once: see `linearCrossEntropy`. In training,
   * `output: 'sampled'` and 'nce' have their own losses in its place, and no smoothing.
   */
  loss(batch: PairBatch, options: PairLossOptions = {}): Tensor {
    checkOptions('Seq2Seq.loss', options, ['teacherForcing', 'reduction', 'labelSmoothing']);
    const { teacherForcing = 1, reduction = 'mean', labelSmoothing = 0 } = options;
    const { output } = this.#decode(batch, teacherForcing);
    const { config, training, sampler } = this;
    return outputLoss('Seq2Seq.loss', config, this.output, this.#tied, output, batch.target, {
      reduction,
      ignoreIndex: noTarget,
      labelSmoothing,
      training,
      sampler,
    });
  }

  #decode(batch: PairBatch, ratio: number): DecoderOutput {
    requireKinds('Seq2Seq', { batch }, { batch: { source: 'tensor', sourceLengths: 'tensor', input: 'tensor' } });
    const { source, sourceLengths, input } = batch;
    const { memory, state } = this.encode(source, sourceLengths);
    if (checkRatio(ratio) < 1 && this.decoder.kind !== 'repeat') return this.#sampled(input, ratio, state, memory);
    return this.decoder.forward(this.embed(input), state, memory);
  }

  /** Step by step, reading its own draws now and then. */
  #sampled(input: Tensor, ratio: number, start: DecoderState, memory: Memory): DecoderOutput {
    let state = start;
    const steps: DecoderOutput[] = [];
    for (const target of input.unbind(0)) {
      const last = steps.at(-1);
      const read = last ? feed(target, ratio, () => this.scores(last.output)) : target;
      const result = this.decoder.step(this.embed(read), state, memory);
      state = result.state;
      steps.push(result);
    }
    return together(steps, memory.summary, this.decoder.outputSize, memory);
  }

  /**
   * The most probable targets of each source by beam search, the best first; with `beams: 1` (the default) the greedy one. With `sample` one that was
   * drawn. Dropout is off, and nothing is recorded.
   */
  translate(sources: readonly ArrayLike<number>[], options: TranslateOptions = {}): DecodedSequence[][] {
    requireKinds('Seq2Seq.translate', { sources, options }, { sources: ['numbers'], options: 'object' });
    const { sample = null, suppressTokens = [], ...search } = options;
    const { start, end } = this.config;
    const lengths = sources.map((row) => row.length);
    const defaults = { end, suppressTokens: [start, ...suppressTokens], maxLength: 2 * Math.max(0, ...lengths) + 10 };
    return infer(this, () => {
      const stepper = new Seq2SeqStepper(this, sources);
      if (!sample) return beamSearch(stepper, { ...defaults, ...search });
      const { minLength, maxLength, blockNgrams, signal } = { ...defaults, ...search };
      const limits = { ...defaults, minLength, maxLength, blockNgrams, signal };
      return sampleSequences(stepper, { ...limits, ...sample }).map((one) => [one]);
    });
  }

  protected override describe(): string {
    return `decoder=${this.config.decoder}`;
  }
}
