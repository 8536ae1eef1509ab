// Visual question answering.

import { requireKinds, shown } from '../checks.ts';
import { type QuestionOnlyBaseline, questionOnlyAnswers } from '../data/questions.ts';
import { padSequences } from '../data/batches.ts';
import { Tokenizer } from '../data/tokenizer.ts';
import { checkOptions, OptionError } from '../errors.ts';
import { throwIfAborted } from '../abort.ts';
import { compute, computeValues } from '../inference/compute.ts';
import { VisualQA } from '../models/visual-qa/visual-qa.ts';
import { indices, tensor } from '../tensor/create.ts';
import { yieldToEventLoop } from '../tensor/yield-to-event-loop.ts';
import type { VisualQuestionAnsweringInput } from './contract/input.ts';
import { encoderOf } from './image-encoder.ts';
import { defaultDecoder } from './images/decoders.ts';
import { type ImageDecoder, type ImageInput, pixelsOf, planesOf } from './images/image.ts';
import { type OpenedRun, type RunInfo, unsaved } from './run.ts';
import { requireModel } from './require-model.ts';
import { RunError } from './run-error.ts';
import { checkTopK, ranked, textsOf } from './scores.ts';
import type { ClassificationOptions } from './text-classification.ts';

/** An answer and its probability. */
export interface AnswerScore {
  readonly answer: string;
  /** Probability of the answer. */
  readonly score: number;
}

/** The most probable answer to a question, and the others. */
export interface Answer extends AnswerScore {
  readonly question: string;
  /** The most probable answers, sorted by probability. */
  readonly scores: readonly AnswerScore[];
  /** Prediction of the question-only baseline: the most frequent answer to this question in training. */
  readonly questionOnly: string;
}

/** A question about an image. */
export interface ImageQuestion {
  readonly image: ImageInput;
  readonly question: string;
}

/** Answers questions about images. */
export interface VisualQuestionAnsweringPipeline {
  readonly task: 'visual-question-answering';
  readonly info: RunInfo;
  readonly input: VisualQuestionAnsweringInput;
  readonly answers: readonly string[];
  /** The most frequent answer to each question in training: what is right without an image. */
  readonly baseline: QuestionOnlyBaseline;
  readonly model: VisualQA;
  readonly tokenizer: Tokenizer;
  /** Answers questions about one image. */
  answer(image: ImageInput, questions: string | readonly string[], options?: ClassificationOptions): Promise<Answer[]>;
  /** Answers questions, each about an image of its own. An image that is the same object is decoded and encoded once per batch. */
  predict(questions: readonly ImageQuestion[], options?: ClassificationOptions): Promise<Answer[]>;
  /** The attention map of an image after each word of a question. Rejects with an OptionError for a model of another form than 'map'. */
  attention(image: ImageInput, question: string): Promise<QuestionAttention>;
}

/** The attention maps of an image, one for each word of a question. */
export interface QuestionAttention {
  /** The question's tokens, in its order. */
  readonly words: readonly string[];
  /** For each word the attention to each region, 0 to 1, row by row: what is attended to once that word was read. */
  readonly weights: readonly (readonly number[])[];
  readonly map: readonly [rows: number, columns: number];
}

const who = 'visual-question-answering';
const rowsPerBatch = 64; // questions

export async function makeVisualQuestionAnswering(run: OpenedRun): Promise<VisualQuestionAnsweringPipeline> {
  const input = run.part.input as VisualQuestionAnsweringInput;
  const withEncoder = await encoderOf(run, 'convNet');
  const model = run.restore((config) => new VisualQA(withEncoder(config)));
  const tokenizer = Tokenizer.fromJSON(...(await run.json('tokenizer')));
  const answers = await run.texts('answers', model.config.answers);
  const baseline = questionOnlyOf(...(await run.json('question-only', 'blind')));
  const { decodeImage } = run;
  return visualQuestionAnsweringOf(model, { tokenizer, answers, baseline, input, decodeImage }, run.info);
}

/** What a model that answers questions is made of besides its model. */
export interface VisualQuestionAnsweringParts
  extends Pick<VisualQuestionAnsweringPipeline, 'tokenizer' | 'answers' | 'baseline' | 'input'> {
  readonly decodeImage?: ImageDecoder | null;
}

/** The pipeline of a model in memory, as it is at every moment: also while it is trained. */
export function visualQuestionAnsweringOf(
  model: VisualQA,
  parts: VisualQuestionAnsweringParts,
  info: RunInfo = unsaved,
): VisualQuestionAnsweringPipeline {
  requireModel('visualQuestionAnsweringOf', model, [VisualQA], parts, {
    tokenizer: 'object',
    answers: 'texts',
    baseline: 'object',
    input: 'object',
  });
  const { tokenizer, answers, baseline, input, decodeImage } = parts;
  const decode = decodeImage ?? defaultDecoder;
  const K = answers.length;

  async function predict(questions: readonly ImageQuestion[], options: ClassificationOptions = {}): Promise<Answer[]> {
    checkOptions(who, options, ['topK', 'batchSize', 'signal']);
    const most = checkTopK(who, options.topK, K);
    requireKinds(who, { questions }, { questions: 'objects' });
    const { batchSize = rowsPerBatch, signal } = options;
    if (!(Number.isInteger(batchSize) && batchSize > 0))
      throw new OptionError(who, 'batchSize', `expected a whole number from 1, got ${shown(batchSize)}`);
    const found: Answer[] = [];
    for (let from = 0; from < questions.length; from += batchSize) {
      throwIfAborted(who, signal);
      const some = questions.slice(from, from + batchSize);
      const texts = textsOf(
        who,
        some.map(({ question }) => question),
      );
      const p = await probabilities(
        some.map(({ image }) => image),
        texts,
        from,
      );
      for (const [b, question] of texts.entries()) {
        const scores = ranked(answers, p, b * K, most).map(({ label, score }) => ({ answer: label, score }));
        found.push({ question, ...scores[0], scores, questionOnly: questionOnlyAnswers(baseline, question) });
      }
      await yieldToEventLoop();
    }
    return found;
  }

  function encode(text: string): Int32Array {
    const encoded = tokenizer.encode(text);
    return encoded.length > 0 ? encoded.subarray(0, input.maxTokens) : Int32Array.of(tokenizer.unknown);
  }

  async function attention(given: ImageInput, question: string): Promise<QuestionAttention> {
    const { image } = input;
    const map = model.convNet?.mapSize;
    if (model.config.form !== 'map' || !image || !map)
      throw new OptionError(
        who,
        'attention',
        `a model of form map attends to an image word by word, and this is ${model.config.form}`,
      );
    const [text] = textsOf(who, question);
    const ids = encode(text);
    const pixels = await pixelsOf(given, image, 'image', decode);
    const weights = compute(model, () => {
      const images = tensor(planesOf([pixels], image), [1, 3, image.height, image.width]);
      const [maps] = model.follow({ question: indices(ids, [ids.length, 1]), images });
      return maps.map((map) => Array.from(map));
    });
    return { words: Array.from(ids, (id) => tokenizer.token(id)), weights, map };
  }

  /** [B · K] */
  async function probabilities(images: readonly ImageInput[], texts: readonly string[], from: number) {
    const { image } = input;
    const distinct = image ? [...new Set(images)] : [];
    const pixels = await Promise.all(
      distinct.map((one, n) => pixelsOf(one, image as NonNullable<typeof image>, `image ${from + n}`, decode)),
    );
    const { ids, lengths, T, B } = padSequences(texts.map(encode));
    const answered = await computeValues(model, () => {
      const seen = image && tensor(planesOf(pixels, image), [pixels.length, 3, image.height, image.width]);
      const which = image ? images.map((one) => distinct.indexOf(one)) : null;
      const batch = { question: indices(ids, [T, B]), lengths, images: seen, which };
      return { p: model.predict(batch) };
    });
    return answered.p as Float32Array;
  }

  return {
    task: who,
    info,
    input,
    answers,
    baseline,
    model,
    tokenizer,
    predict,
    attention,
    answer: async (image, questions, options) =>
      predict(
        textsOf(who, questions).map((question) => ({ image, question })),
        options,
      ),
  };
}

function questionOnlyOf(content: unknown, source: string): QuestionOnlyBaseline {
  const { byQuestion, otherwise } = Object(content) as Partial<QuestionOnlyBaseline>;
  if (typeof byQuestion === 'object' && byQuestion !== null && typeof otherwise === 'string')
    return { byQuestion, otherwise };
  throw new RunError('corrupt', source, 'is not the question-only baseline of a run');
}
