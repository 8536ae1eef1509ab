// Two to one: an image and a question in, an answer out. The answer is one of the K most frequent ones, so it is a class.
//
//   product (Antol et al. 2015)                                    recurrent (the lecture's form)
//
//   image → CNN → v                                              p(answer)
//     x = tanh(W_v v/‖v‖ + b_v) ┐                                     ↑
//                               ⊙ → tanh layers → p(answer)        h₀ → h₁ → h₂ → h₃
//     y = tanh(W_q q + b_q)     ┘                                  ↑    ↑    ↑    ↑
//   question → LSTM → q = the final h and c of all layers          W v  what color is it?
//
// Both meet the image once, as one vector. Where a question goes from thing to thing ("is a circle left of a square?") form 'map' follows it
// through the image, word by word: ./map-reader.ts.
//
// A data set's questions often tell the answer ("is there not …?" is mostly yes), and a model may find that out and never look. So every
// measurement here stands beside the same model's with the images exchanged, and form 'question-only' is a model that has none.

import { requireTensor } from '../../tensor/ops/operands.ts';
import { requireKinds } from '../../checks.ts';
import { OptionError, ShapeError, TensorError } from '../../errors.ts';
import { infer } from '../../nn/in-evaluation.ts';
import { Dropout } from '../../nn/dropout.ts';
import { Embedding } from '../../nn/embedding.ts';
import { uniform } from '../../nn/init.ts';
import { Linear } from '../../nn/linear.ts';
import { Module } from '../../nn/module.ts';
import type { Recurrent } from '../../nn/recurrent/recurrent.ts';
import { tensorsOf } from '../../nn/recurrent/state.ts';
import { lastState } from '../../nn/pooling.ts';
import { indices } from '../../tensor/create.ts';
import { dropRows } from '../../tensor/ops/dropout.ts';
import { embedding } from '../../tensor/ops/embedding.ts';
import { cat, stack } from '../../tensor/ops/shaping.ts';
import { crossEntropy, type CrossEntropyOptions } from '../../tensor/ops/softmax.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { completeRecurrentDropout, makeLayer } from '../cells.ts';
import type { ConvNetConfig } from '../conv-net.ts';
import { type ImageEncoder, imageEncoderOf } from '../image-encoder.ts';
import { MapReader } from './map-reader.ts';
import { completeVisualQA, type VisualQAConfig, type VisualQAOptions } from './options.ts';
import { hostValues } from '../../tensor/host-values.ts';

/** Questions about images, as `forward` reads them. */
export interface VisualQuestions {
  /** Words of the questions, int32 [T, B]; or the vectors that stand for them, [T, B, E], such as a gradient is taken of. */
  readonly question: Tensor;
  /** Words that count in each. Default: all. */
  readonly lengths?: Tensor | ArrayLike<number> | null;
  /** Images [N, C, h, w], their features [N, F], or what `look` made of them [N, S] with `seen: true`. Null for a question-only model. */
  readonly images?: Tensor | null;
  readonly seen?: boolean;
  /** Which image each question is about, int32 [B]. Default: the first is about the first, and so on. */
  readonly which?: Tensor | ArrayLike<number> | null;
}

/** Options of `VisualQA.loss`. */
export type VisualQALossOptions = Pick<CrossEntropyOptions, 'reduction' | 'labelSmoothing'>;

const who = 'VisualQA';

/** Target of a question whose answer is not among the model's answers; it is ignored. */
export const noAnswer = -100;

/**
 *     const model = new VisualQA({ vocabularySize: 30, answers: 13, convNet: { channels: [16, 32, 64] } });
 *     const logits = model.forward({ images, question, lengths });    // [N, 3, 64, 64] and int32 [T, B] → [B, K]
 *     const loss = model.loss({ images, question, lengths }, target); // target int32 [B]
 *     const p = model.predict({ images, question, lengths });         // probabilities [B, K], dropout off
 *
 * Many questions about one image: give it once, and say with `which` who asks about what. The CNN then reads it once.
 */
export class VisualQA extends Module {
  readonly config: VisualQAConfig;
  readonly convNet: ImageEncoder | null;
  readonly embedding: Embedding; // [V, E]
  /** Reads the words; not in form 'map', which has `reader`. */
  readonly recurrent: Recurrent<unknown> | null;
  readonly reader: MapReader | null;
  /** From the image's vector to the space where it meets the question, W_v above; not in form 'map'. */
  readonly image: Linear | null;
  /** Likewise from the question's; not in form 'recurrent' or 'map'. */
  readonly question: Linear | null;
  readonly mlp: readonly Linear[];
  readonly head: Linear; // [K, ..]
  readonly dropout: Dropout;

  constructor(options: VisualQAOptions) {
    super();
    const config = completeVisualQA(options);
    this.config = config;
    const { form, embeddingDim, hiddenSize, commonSize, numLayers, dropout, cell } = config;
    this.convNet = config.convNet && imageEncoderOf(who, 'convNet', options.convNet ?? config.convNet);
    this.embedding = new Embedding(config.vocabularySize, embeddingDim);
    const inside = completeRecurrentDropout(who, config);
    const [recurrent, map] = [form === 'recurrent', form === 'map'];
    const inputSize = recurrent && config.imageAt === 'every' ? 2 * embeddingDim : embeddingDim;
    this.recurrent = map ? null : makeLayer(who, cell, inputSize, hiddenSize, { numLayers, dropout, ...inside });
    this.reader = map ? new MapReader(embeddingDim, (this.convNet as ImageEncoder).outChannels, config) : null;
    const meets = form === 'product' || recurrent;
    this.image = meets ? new Linear(this.imageSize, recurrent ? embeddingDim : commonSize) : null;
    // A vector of length 1 is to a product what one number is: with weights for S numbers of about 1 nothing would come through at first.
    if (form === 'product') uniform((this.image as Linear).weight, -1, 1);
    const states = this.recurrent ? tensorsOf(this.recurrent.initialState(0)) : [];
    const stateSize = states.reduce((sum, s) => sum + s.shape[0] * s.shape[2], 0);
    this.question = recurrent || map ? null : new Linear(stateSize, commonSize);
    const widths = [map ? config.maps : recurrent ? hiddenSize : commonSize, ...config.mlp];
    this.mlp = config.mlp.map((n, k) => new Linear(widths[k], n));
    this.head = new Linear(widths.at(-1) as number, config.answers);
    this.dropout = new Dropout(dropout);
  }

  /** Size of `look`'s output: the ConvNet's map, its mean, or the given features. 0 for a question-only model. */
  get imageSize(): number {
    if (!this.convNet) return this.config.featureSize ?? 0;
    const [h, w] = this.config.summary === 'map' ? this.convNet.mapSize : [1, 1];
    return this.convNet.outChannels * h * w;
  }

  /** Images [N, C, h, w] → their vectors [N, S]; features [N, F], and vectors that were made before, stay what they are. */
  look(images: Tensor): Tensor {
    requireTensor(who, images);
    if (!this.convNet) {
      const { featureSize } = this.config;
      if (featureSize === null) throw new OptionError(who, 'images', 'a question-only model reads no images');
      if (images.rank !== 2 || images.shape[1] !== featureSize)
        throw new ShapeError(who, 'features', ['images', featureSize], images.shape);
      return images;
    }
    if (images.rank === 2 && images.shape[1] === this.imageSize) return images;
    const { inChannels, inputSize } = this.convNet.config as ConvNetConfig;
    const [, C, h, w] = images.shape;
    const fits = images.rank === 4 && C === inChannels;
    const sized = this.config.summary === 'pooled' || (h === inputSize[0] && w === inputSize[1]);
    if (!fits || !sized) throw new ShapeError(who, 'images', ['images', inChannels, ...inputSize], images.shape);
    const { map, pooled } = this.convNet.forward(images);
    return this.config.summary === 'map' ? map.flatten(1) : pooled;
  }

  /** → logits [B, K] */
  forward(questions: VisualQuestions): Tensor {
    requireQuestions(questions);
    const lengths = int32(questions.lengths, questions.question);
    const words = this.#words(questions.question);
    switch (this.config.form) {
      case 'recurrent':
        return this.#answer(this.#readBoth(words, lengths, this.#imageOf(questions)));
      case 'product': {
        const v = this.#imageOf(questions);
        const norm = v.square().sum(1, true).add(1e-12).sqrt();
        const x = (this.image as Linear).forward(v.div(norm)).tanh();
        return this.#answer(x.mul(this.#readQuestion(words, lengths)));
      }
      case 'map':
        return this.#answer(
          (this.reader as MapReader).forward(words, this.#mapOf(questions), lengths && hostValues(lengths)),
        );
      case 'question-only':
        return this.#answer(this.#readQuestion(words, lengths));
      default:
        throw this.config.form satisfies never;
    }
  }

  /** int32 [T, B] → [T, B, E]; vectors stay what they are. */
  #words(question: Tensor): Tensor {
    const { embeddingDim } = this.config;
    if (question.dtype !== 'int32' && question.rank === 3 && question.shape[2] === embeddingDim) return question;
    if (question.dtype !== 'int32') throw new TensorError(who, `expected int32 questions [T, B], got ${question}`);
    if (question.rank !== 2) throw new ShapeError(who, 'question', ['time', 'batch'], question.shape);
    return dropRows(this.embedding.forward(question), this.training ? this.config.wordDropout : 0);
  }

  /** The vector of the image each question is about: [B, S]. */
  #imageOf({ images, seen = false, which, question }: VisualQuestions): Tensor {
    if (!images) throw new OptionError(who, 'images', `form ${this.config.form} looks at images, and none are there`);
    const vectors = seen ? images : this.look(images);
    const B = question.shape[1];
    const rows = int32(which, question);
    if (rows ? rows.size !== B : vectors.shape[0] !== B) {
      const got = rows ? rows.shape : vectors.shape;
      throw new ShapeError(who, rows ? 'which' : 'images, one for each question,', rows ? [B] : [B, '…'], got);
    }
    return rows ? embedding(rows, vectors) : vectors;
  }

  /** The map of the image each question is about: [B, C, h, w]. */
  #mapOf(questions: VisualQuestions): Tensor {
    const { outChannels, mapSize } = this.convNet as ImageEncoder;
    return this.#imageOf(questions).reshape(questions.question.shape[1], outChannels, ...mapSize);
  }

  /** The image as input to the recurrent network: [W v, word₁, …, word_T], or W v next to every word → the last state [B, H]. */
  #readBoth(words: Tensor, lengths: Tensor | null, images: Tensor): Tensor {
    const v = (this.image as Linear).forward(images).unsqueeze(0); // [1, B, E]
    const first = this.config.imageAt === 'first';
    const x = first ? cat([v, words]) : cat([words, v.expand(...words.shape)], 2);
    const longer =
      first && lengths
        ? indices(
            Array.from(hostValues(lengths), (n) => n + 1),
            lengths.shape,
          )
        : lengths;
    const [, state] = (this.recurrent as Recurrent<unknown>).forward(x, null, { lengths: longer });
    return lastState(tensorsOf(state)[0], 1);
  }

  /** tanh(W_q q + b_q) [B, M], of q = the final states of every layer, h of all and then c of all. */
  #readQuestion(words: Tensor, lengths: Tensor | null): Tensor {
    const [, state] = (this.recurrent as Recurrent<unknown>).forward(words, null, { lengths });
    const states = tensorsOf(state).flatMap((s) => s.unbind(0));
    const q = this.dropout.forward(states.length > 1 ? cat(states, 1) : states[0]);
    return (this.question as Linear).forward(q).tanh();
  }

  #answer(common: Tensor): Tensor {
    let y = common;
    for (const layer of this.mlp) y = layer.forward(this.dropout.forward(y)).tanh();
    return this.head.forward(this.dropout.forward(y));
  }

  /** Softmax loss against target int32 [B], −100 where the answer is none of the K; its mean over the others, if not said otherwise. */
  loss(questions: VisualQuestions, target: Tensor, options: VisualQALossOptions = {}): Tensor {
    return crossEntropy(this.forward(questions), target, { ...options, ignoreIndex: noAnswer });
  }

  /** Probabilities [B, K]. Dropout is off, and nothing is recorded. */
  predict(questions: VisualQuestions): Tensor {
    return infer(this, () => this.forward(questions).softmax());
  }

  /**
   * What is meant after each word of a question, for form 'map': the mean of the maps, h·w numbers from 0 to 1, row by row. A list for each question, of
   * its words in their order; the words after one have been read before it, where `reading` is 'backward'.
   */
  follow(questions: VisualQuestions): Float64Array[][] {
    requireQuestions(questions);
    const { reader, config } = this;
    if (!reader) throw new OptionError(who, 'form', `form map goes word by word, and this is ${config.form}`);
    const given = int32(questions.lengths, questions.question);
    const lengths = given && hostValues(given);
    const [T, B] = questions.question.shape;
    const means = infer(this, () => {
      const all = reader.follow(this.#words(questions.question), this.#mapOf(questions), lengths);
      return stack(all.slice(1)).mean(2).flatten(2); // [T, B, h·w], as they were read
    });
    const values = means.dataSync();
    const places = means.shape[2];
    return Array.from({ length: B }, (_, b) =>
      Array.from({ length: lengths?.[b] ?? T }, (_, t) => {
        const row = ((reader.reading === 'backward' ? T - 1 - t : t) * B + b) * places;
        return Float64Array.from(values.subarray(row, row + places));
      }),
    );
  }

  protected override describe(): string {
    return `form=${this.config.form}`;
  }
}

function requireQuestions(questions: VisualQuestions): void {
  requireKinds(who, { questions }, { questions: { question: 'tensor', images: 'tensor?|null', seen: 'flag?' } });
  for (const name of ['lengths', 'which'] as const) {
    const values = questions[name];
    if (values && !(values instanceof Tensor)) requireKinds(who, { [name]: values }, { [name]: 'numbers' });
  }
}

function int32(values: Tensor | ArrayLike<number> | null | undefined, like: Tensor): Tensor | null {
  if (!values || values instanceof Tensor) return values ?? null;
  return indices(values, [values.length], { backend: like.backend });
}
