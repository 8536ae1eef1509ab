// Learning to answer questions about images. A batch is some images with all their questions: the CNN reads each image once, however many
// ask about it.

import { computeValues } from '../inference/compute.ts';
import { inEvaluation } from '../nn/in-evaluation.ts';
import { type Kind, optional, requireKinds, requireOneEach, shown } from '../checks.ts';
import { augment, type AugmentOptions, checkAugment } from '../data/augment.ts';
import { BucketBatcher, padSequences } from '../data/batches.ts';
import { checkImages, imageBatch, type Images } from '../data/image-batch.ts';
import { checkOptions, OptionError } from '../errors.ts';
import { noAnswer, VisualQA } from '../models/visual-qa/visual-qa.ts';
import { Random } from '../random.ts';
import { indices, tensor } from '../tensor/create.ts';
import { crossEntropy } from '../tensor/ops/softmax.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { yieldToEventLoop } from '../tensor/yield-to-event-loop.ts';
import { type Batches, ExampleTask } from './example-task.ts';
import { requireExamples } from './sequences.ts';
import type { Evaluation } from './task.ts';

/** Questions about images, with their answers. */
export interface ImageQuestions {
  /** Each once, however many questions there are. */
  readonly images: Images;
  /** Words of each question, as ids. */
  readonly questions: readonly ArrayLike<number>[];
  /** The number of its image. */
  readonly which: ArrayLike<number>;
  /** The number of its answer, or −1: none that the model can give. Those are not learned from, and count as wrong. */
  readonly answers: ArrayLike<number>;
  /** Question type of each question, for accuracy by type. Default: all of one type. */
  readonly types?: readonly string[];
}

const questionsKind: Kind = {
  images: 'object',
  questions: 'lists',
  which: 'list',
  answers: 'list',
  types: optional('list'),
};

/** Options of `vqaTask`. */
export interface VqaTaskOptions {
  readonly train: ImageQuestions;
  /** Default: none. */
  readonly validation?: ImageQuestions | null;
  /** Images in a batch, each with all its questions. Default 16. */
  readonly batchSize?: number;
  /** Seed of the order of the batches. Default 0. */
  readonly seed?: number;
  /** The part of every answer that is spread over all. Default 0. */
  readonly labelSmoothing?: number;
  /** Data augmentation of the images of each batch, bytes with three channels, anew in every epoch. Default: none. */
  readonly augment?: AugmentOptions | null;
}

/**
 *     const model = new VisualQA({ vocabularySize: tokenizer.size, answers: 13, convNet: {} });
 *     const task = vqaTask(model, { train: { images, questions, which, answers }, validation });
 *     await fit(task, { optimizer: new Adam(model.parameters()), steps: 8 * task.stepsPerEpoch, evaluateEvery: task.stepsPerEpoch });
 *
 * A validation has the loss and the metrics `accuracy` and, unless the model is question-only, `shuffled`: the accuracy with the images exchanged. A
 * model that looks loses by that.
 */
export function vqaTask(model: VisualQA, options: VqaTaskOptions): ExampleTask<VisualQA> {
  requireKinds(
    'vqaTask',
    { model, options },
    {
      model: 'module',
      options: {
        train: questionsKind,
        validation: optional(questionsKind),
        batchSize: 'number?',
        seed: 'number?',
        labelSmoothing: 'number?',
        augment: optional('object'),
      },
    },
  );
  const who = 'vqaTask';
  checkOptions(who, options, ['train', 'validation', 'batchSize', 'seed', 'labelSmoothing', 'augment']);
  const { train, validation = null, batchSize = 16, seed = 0, labelSmoothing = 0, augment: changes = null } = options;
  for (const data of validation ? [train, validation] : [train]) checkQuestions(who, model, data);
  requireExamples(who, train.questions.length, validation?.questions.length);
  if (changes) checkChanges(who, changes, train.images);
  const batches = new QuestionBatches(train, batchSize, seed);
  return new ExampleTask(model, {
    batches,
    loss: (rows) => {
      const { epoch, batch: number } = batches.position;
      const chance = changes && new Random(seed).fork(`augment ${epoch}.${number}`);
      const look = (which: readonly number[]) =>
        chance ? augmentedImages(train.images, which, changes, chance) : imageBatch(train.images, which);
      const { batch, target } = questionBatch(model, train, rows, look);
      return { loss: model.loss(batch, target, { labelSmoothing }), targets: rows.length, perTarget: 1 };
    },
    evaluate: async () => {
      if (!validation) return null;
      const { loss, targets, metrics } = await evaluateVisualQA(model, validation);
      return { loss, targets, metrics, score: 1 - metrics.accuracy };
    },
  });
}

/** Draws images, and gives the questions about them whose answers can be learned. */
class QuestionBatches implements Batches {
  readonly #images: BucketBatcher;
  readonly #asked: readonly Int32Array[];

  constructor({ which, answers }: ImageQuestions, batchSize: number, seed: number) {
    const asked = new Map<number, number[]>();
    for (let n = 0; n < which.length; n++) {
      if (answers[n] < 0) continue;
      const list = asked.get(which[n]);
      if (list) list.push(n);
      else asked.set(which[n], [n]);
    }
    if (asked.size === 0)
      throw new OptionError('vqaTask', 'train', 'no question has an answer that the model can give');
    this.#asked = Array.from(asked.values(), (rows) => Int32Array.from(rows));
    this.#images = new BucketBatcher(new Int32Array(asked.size).fill(1), { batchSize, seed });
  }

  get batchesPerEpoch(): number {
    return this.#images.batchesPerEpoch;
  }

  get position() {
    return this.#images.position;
  }

  set position(position) {
    this.#images.position = position;
  }

  next(): Int32Array {
    return Int32Array.from(Array.from(this.#images.next(), (k) => [...this.#asked[k]]).flat());
  }
}

/** The accuracy on one type of question. */
export interface TypeAccuracy {
  readonly type: string;
  readonly accuracy: number;
  /** With the images exchanged; null for a question-only model. */
  readonly shuffled: number | null;
  readonly count: number;
}

/** The metrics of a model that answers questions about images. */
export interface VisualQAEvaluation extends Evaluation {
  /** Accuracy over all questions, those without a possible answer included. `shuffled`: with the images exchanged. */
  readonly metrics: { readonly accuracy: number; readonly shuffled?: number };
  /** The most frequent type first. */
  readonly byType: readonly TypeAccuracy[];
  /** The most probable answer to each question, and its probability. */
  readonly predictions: Int32Array;
  readonly probabilities: Float32Array;
}

/** Evaluates all questions and, for comparison, once more with every question asked about another image (chosen by `seed`). */
export async function evaluateVisualQA(model: VisualQA, data: ImageQuestions, seed = 0): Promise<VisualQAEvaluation> {
  requireKinds(
    'evaluateVisualQA',
    { model, data, seed },
    {
      model: 'module',
      data: questionsKind,
      seed: 'number',
    },
  );
  checkQuestions('evaluateVisualQA', model, data);
  return inEvaluation(model, async () => {
    const seen = await lookAtAll(model, data.images);
    const own = await answerAll(model, data, seen, data.which);
    const other = exchanged(data, seed);
    const questionOnly = model.config.form === 'question-only';
    const exchangedAnswers = questionOnly
      ? null
      : await answerAll(
          model,
          data,
          seen,
          Array.from(data.which, (p) => other[p]),
        );
    const right = (predicted: Int32Array) => Array.from(predicted, (k, n) => Number(k === data.answers[n]));
    const [looked, guessed] = [right(own.predictions), exchangedAnswers && right(exchangedAnswers.predictions)];
    const metrics = { accuracy: mean(looked), ...(guessed ? { shuffled: mean(guessed) } : {}) };
    return { ...own, metrics, byType: tableByType(data.types, looked, guessed) };
  });
}

const imagesRead = 64;
const questionsRead = 256;

/** The vectors of all images, [N, S]; nothing for a question-only model. */
async function lookAtAll(model: VisualQA, images: Images): Promise<Float32Array> {
  if (model.config.form === 'question-only') return new Float32Array(0);
  const [N, S] = [images.shape[0], model.imageSize];
  const seen = new Float32Array(N * S);
  for (let from = 0; from < N; from += imagesRead) {
    const which = Array.from({ length: Math.min(imagesRead, N - from) }, (_, k) => from + k);
    const { vectors } = await computeValues(model, () => ({ vectors: model.look(imageBatch(images, which)) }));
    seen.set(vectors, from * S);
    await yieldToEventLoop();
  }
  return seen;
}

async function answerAll(model: VisualQA, data: ImageQuestions, seen: Float32Array, which: ArrayLike<number>) {
  const N = data.questions.length;
  const [predictions, probabilities] = [new Int32Array(N), new Float32Array(N)];
  const S = model.imageSize;
  let [sum, targets] = [0, 0];
  const lengths = data.questions.map((question) => question.length);
  for (const rows of new BucketBatcher(lengths, { batchSize: questionsRead, shuffle: false }).epoch()) {
    const { loss, best, highest } = await computeValues(model, () => {
      const { ids, lengths: own, T, B } = padSequences(Array.from(rows, (n) => data.questions[n]));
      const images = S === 0 ? null : tensor(gather(seen, S, rows, which), [B, S]);
      const logits = model.forward({ question: indices(ids, [T, B]), lengths: own, images, seen: true });
      const target = indices(rows.map((n) => (data.answers[n] < 0 ? noAnswer : data.answers[n])));
      const p = logits.softmax();
      return {
        loss: crossEntropy(logits, target, { reduction: 'sum', ignoreIndex: noAnswer }),
        best: p.argmax(1),
        highest: p.max(1),
      };
    });
    sum += loss[0];
    for (const [b, n] of rows.entries()) {
      [predictions[n], probabilities[n]] = [best[b], highest[b]];
      if (data.answers[n] >= 0) targets++;
    }
    await yieldToEventLoop();
  }
  return { loss: sum / Math.max(1, targets), targets, predictions, probabilities };
}

function gather(seen: Float32Array, S: number, rows: Int32Array, which: ArrayLike<number>): Float32Array {
  const chosen = new Float32Array(rows.length * S);
  for (const [b, n] of rows.entries()) chosen.set(seen.subarray(which[n] * S, (which[n] + 1) * S), b * S);
  return chosen;
}

/** Pairs every image with another one: the next in a random order. */
function exchanged({ which, images }: ImageQuestions, seed: number): Int32Array {
  const asked = new Random(seed).fork('exchanged').shuffle([...new Set(Array.from(which))]);
  const other = Int32Array.from({ length: images.shape[0] }, (_, n) => n);
  for (const [k, n] of asked.entries()) other[n] = asked[(k + 1) % asked.length];
  return other;
}

function tableByType(
  types: readonly string[] | undefined,
  looked: readonly number[],
  guessed: readonly number[] | null,
): TypeAccuracy[] {
  const rows = new Map<string, number[]>();
  for (let n = 0; n < looked.length; n++) {
    const type = types?.[n] ?? 'all';
    const list = rows.get(type);
    if (list) list.push(n);
    else rows.set(type, [n]);
  }
  const of = (values: readonly number[], list: readonly number[]) => mean(list.map((n) => values[n]));
  return Array.from(rows, ([type, list]) => ({
    type,
    accuracy: of(looked, list),
    shuffled: guessed ? of(guessed, list) : null,
    count: list.length,
  })).sort((a, b) => b.count - a.count);
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);
}

/** These questions as the model reads them, each of their images once. */
function questionBatch(
  model: VisualQA,
  data: ImageQuestions,
  rows: Int32Array,
  look: (which: readonly number[]) => Tensor,
) {
  const { ids, lengths, T, B } = padSequences(Array.from(rows, (n) => data.questions[n]));
  const numbers = [...new Set(Array.from(rows, (n) => data.which[n]))];
  const place = new Map(numbers.map((n, k) => [n, k]));
  const questionOnly = model.config.form === 'question-only';
  const batch = {
    question: indices(ids, [T, B]),
    lengths,
    images: questionOnly ? null : look(numbers),
    which: indices(Array.from(rows, (n) => place.get(data.which[n]) as number)),
  };
  return { batch, target: indices(rows.map((n) => data.answers[n])) };
}

/** Images are changed as bytes [N, h, w, 3]. */
function checkChanges(who: string, changes: AugmentOptions, { shape, data }: Images): void {
  checkAugment(changes);
  if (!(data instanceof Uint8Array) || shape.length !== 4 || shape[3] !== 3)
    throw new OptionError(who, 'augment', `expected images as bytes [N, h, w, 3], got ${shape.join(' × ')} numbers`);
}

/** These images, each changed in its own way. */
function augmentedImages(
  { shape, data }: Images,
  which: readonly number[],
  changes: AugmentOptions,
  chance: Random,
): Tensor {
  const size = shape[1] * shape[2] * shape[3];
  const bytes = new Uint8Array(which.length * size);
  for (const [b, n] of which.entries()) bytes.set((data as Uint8Array).subarray(n * size, (n + 1) * size), b * size);
  const own = [which.length, ...shape.slice(1)];
  return imageBatch(
    { shape: own, data: augment(bytes, own, changes, chance) },
    which.map((_, b) => b),
  );
}

function checkQuestions(who: string, model: VisualQA, data: ImageQuestions): void {
  const { images, questions, which, answers, types } = data;
  checkImages(who, images);
  const [N, K] = [images.shape[0], model.config.answers];
  for (const [name, list] of Object.entries({ which, answers, types: types ?? questions })) {
    requireOneEach(who, name, list, `${questions.length} questions`, questions.length);
  }
  for (let n = 0; n < questions.length; n++) {
    if (questions[n].length === 0) throw new OptionError(who, 'questions', `question ${n} has no words`);
    if (!(Number.isInteger(which[n]) && which[n] >= 0 && which[n] < N))
      throw new OptionError(
        who,
        'which',
        `question ${n}: expected an image from 0 to ${N - 1}, got ${shown(which[n])}`,
      );
    if (!(Number.isInteger(answers[n]) && answers[n] >= -1 && answers[n] < K))
      throw new OptionError(
        who,
        'answers',
        `question ${n}: expected −1, or one from 0 to ${K - 1}, got ${shown(answers[n])}`,
      );
  }
}
