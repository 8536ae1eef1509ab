// Training captioners: an example is an image with all of its captions. It is encoded once a step, and all of its captions, or some
// of them, are read.

import { computeValues } from '../inference/compute.ts';
import { type Kind, optional, requireKinds, requireOneEach, shown } from '../checks.ts';
import { BucketBatcher } from '../data/batches.ts';
import { checkOptions, OptionError } from '../errors.ts';
import { captionAll, portions, type ImageFeatureSet } from '../inference/caption.ts';
import type { Captioner, CaptionOptions } from '../models/captioner/captioner.ts';
import { inEvaluation } from '../nn/in-evaluation.ts';
import type { Parameter } from '../nn/module.ts';
import type { ParameterGroup } from '../optim/optimizer.ts';
import { Random } from '../random.ts';
import { tensor } from '../tensor/create.ts';
import { requireProbability } from '../tensor/ops/operands.ts';
import { yieldToEventLoop } from '../tensor/yield-to-event-loop.ts';
import { ExampleTask } from './example-task.ts';
import { requireExamples } from './sequences.ts';
import type { Evaluation } from './task.ts';

export { captionAll, type ImageFeatureSet } from '../inference/caption.ts';

/** Images with their reference captions. */
export interface CaptionedImages {
  readonly images: ImageFeatureSet;
  /** Words of every caption of every image, without start and end. */
  readonly captions: readonly (readonly ArrayLike<number>[])[];
}

/** Metrics of predicted captions against the references of each image, by name. */
export type CaptionMetrics = (
  predicted: readonly Int32Array[],
  wanted: CaptionedImages['captions'],
) => Readonly<Record<string, number>>;

/** When the encoder is trained: always, never, or after so many epochs. */
export type EncoderTraining = 'joint' | 'frozen' | { readonly after: number };

/** Options of `captionTask`. */
export interface CaptionTaskOptions {
  readonly train: CaptionedImages;
  /** Default: none. */
  readonly validation?: CaptionedImages | null;
  /** Images in a batch. Default 32. */
  readonly batchSize?: number;
  /** Captions of an image per step, sampled anew each time. Default: all. */
  readonly captionsPerImage?: number | null;
  /** Seed of all sampling. Default 0. */
  readonly seed?: number;
  /** The part of every target word that is spread over all words, in training. Default 0. */
  readonly labelSmoothing?: number;
  /** Default 'joint'. A frozen encoder's batch norms measure the images all the same. */
  readonly encoder?: EncoderTraining;
  /** The encoder's learning rate as a part of the others': see `captionParameters`. Default 1. */
  readonly encoderRate?: number;
  /** How many validation images to caption at every validation, for `measure`. Default 0. */
  readonly caption?: number;
  /** How. Default: greedily. */
  readonly search?: CaptionOptions;
  /** Metrics of the predicted captions, such as `captionScores` of the texts. */
  readonly measure?: CaptionMetrics | null;
  /** Criterion of the best model: the loss, or a metric, the higher the better. Default 'loss'. */
  readonly best?: string;
}

const captionedImagesKind: Kind = { images: { count: 'number', read: 'function' }, captions: ['lists'] };

/** Images, and the captions that are read of them. */
interface Loaded {
  readonly values: Float32Array;
  readonly shape: readonly number[];
  readonly captions: readonly ArrayLike<number>[];
  readonly owners: Int32Array;
  readonly epoch: number;
}

/**
 *     const model = new Captioner({ vocabularySize: words.size });
 *     const task = captionTask(model, { train: { images, captions }, validation, batchSize: 32, seed: 1 });
 *     await fit(task, { optimizer: new Adam(task.parameters(1e-3), { lr: 1e-3 }), steps: 20 * task.stepsPerEpoch, clipNorm: 5 });
 *
 * A validation has the loss in nats per word (ends included), `perplexity`, and what `measure` gives. Throws an OptionError that names the first
 * image that does not fit.
 */
export function captionTask(model: Captioner, options: CaptionTaskOptions): CaptionTask {
  requireKinds(
    'captionTask',
    { model, options },
    {
      model: 'module',
      options: {
        train: captionedImagesKind,
        validation: optional(captionedImagesKind),
        batchSize: 'number?',
        captionsPerImage: 'number?|null',
        seed: 'number?',
        labelSmoothing: 'number?',
        encoderRate: 'number?',
        caption: 'number?',
        search: 'object?',
        measure: 'function?|null',
        best: 'text?',
      },
    },
  );
  return new CaptionTask(model, options);
}

/** Training of a captioner: batches, loss, and its metrics on validation images. */
export class CaptionTask extends ExampleTask<Captioner, Loaded> {
  readonly #encoder: EncoderTraining;
  readonly #rate: number;

  constructor(model: Captioner, options: CaptionTaskOptions) {
    requireKinds(
      'captionTask',
      { model, options },
      { model: 'module', options: { train: { images: 'object', captions: 'lists' } } },
    );
    const who = 'captionTask';
    checkOptions(who, options, [
      'train',
      'validation',
      'batchSize',
      'captionsPerImage',
      'seed',
      'labelSmoothing',
      'encoder',
      'encoderRate',
      'caption',
      'search',
      'measure',
      'best',
    ]);
    const { train, validation = null, batchSize = 32, captionsPerImage = null, seed = 0, encoder = 'joint' } = options;
    const { caption = 0, search = {}, measure = null, best = 'loss', encoderRate = 1, labelSmoothing = 0 } = options;
    requireProbability(who, 'labelSmoothing', labelSmoothing);
    for (const set of validation ? [train, validation] : [train]) checkCaptions(who, model, set);
    requireExamples(who, train.captions.length, validation?.captions.length);
    for (const [name, n] of Object.entries({ captionsPerImage: captionsPerImage ?? 1, caption: caption + 1 }))
      if (!(Number.isInteger(n) && n > 0)) throw new OptionError(who, name, `expected a whole number, got ${shown(n)}`);
    if (!(encoderRate >= 0 && encoderRate < Infinity))
      throw new OptionError(who, 'encoderRate', `expected a number from 0, got ${shown(encoderRate)}`);
    if (typeof encoder === 'object' ? !(encoder.after >= 0) : !['joint', 'frozen'].includes(encoder))
      throw new OptionError(who, 'encoder', `expected 'joint', 'frozen' or { after: epochs }, got ${shown(encoder)}`);
    if (best !== 'loss' && (validation === null || caption === 0))
      throw new OptionError(who, 'best', `${best} is measured on captions: validation and caption are needed`);
    const batches = new BucketBatcher(new Int32Array(train.captions.length).fill(1), { batchSize, seed });
    const chance = new Random(seed);
    super(model, {
      batches,
      read: async (rows, { epoch, batch }) => {
        const random = chance.fork(`captions ${epoch}.${batch}`);
        const chosen = Array.from(rows, (n) => drawCaptions(train.captions[n], captionsPerImage, random));
        const seen = await train.images.read(rows, chance.fork(`images ${epoch}.${batch}`));
        const owners = chosen.flatMap((some, p) => some.map(() => p));
        return { ...seen, captions: chosen.flat(), owners: Int32Array.from(owners), epoch };
      },
      loss: (_rows, { values, shape, captions, owners, epoch }) => {
        model.learnsToSee = learnsIn(encoder, epoch);
        const single = owners.every((p, k) => p === k);
        const batch = model.batch(tensor(values, shape), captions, single ? null : owners);
        return { loss: model.loss(batch, { labelSmoothing }), targets: batch.targets, perTarget: 1 };
      },
      evaluate: async () => {
        if (!validation) return null;
        const { loss, targets, metrics } = await evaluateCaptioner(model, validation);
        if (caption === 0) return { loss, targets, metrics };
        const some = Int32Array.from({ length: Math.min(caption, validation.captions.length) }, (_, n) => n);
        const predicted = (await captionAll(model, validation.images, some, search)).map(([first]) => first.ids);
        const all = { ...metrics, ...measure?.(predicted, validation.captions.slice(0, some.length)) };
        if (best === 'loss') return { loss, targets, metrics: all };
        const value: number | undefined = (all as Record<string, number>)[best];
        if (value === undefined)
          throw new OptionError(who, 'best', `${best} was not measured; there are ${Object.keys(all).join(', ')}`);
        return { loss, targets, metrics: all, score: -value };
      },
    });
    this.#encoder = encoder;
    this.#rate = encoderRate;
  }

  /** For an optimizer at rate `lr`: the encoder has its part of it, and is left out where it never learns. */
  parameters(lr: number): (Parameter | ParameterGroup<{ lr: number }>)[] {
    return this.model.parameterGroups(this.#encoder === 'frozen' ? 0 : lr * this.#rate);
  }
}

function learnsIn(encoder: EncoderTraining, epoch: number): boolean {
  return encoder === 'joint' || (encoder !== 'frozen' && epoch >= encoder.after);
}

/** All of an image's captions, or some of them. */
function drawCaptions(all: readonly ArrayLike<number>[], most: number | null, random: Random): ArrayLike<number>[] {
  if (most === null || all.length <= most) return [...all];
  return random.shuffle([...all]).slice(0, most);
}

/** Every caption of every image once, teacher forcing, dropout off: the loss in nats per word, and its exponential. */
export async function evaluateCaptioner(
  model: Captioner,
  captionedImages: CaptionedImages,
): Promise<Evaluation & { readonly metrics: { readonly perplexity: number } }> {
  requireKinds(
    'evaluateCaptioner',
    { model, captionedImages },
    { model: 'module', captionedImages: captionedImagesKind },
  );
  const { images, captions } = captionedImages;
  checkCaptions('evaluateCaptioner', model, { images, captions });
  let [sum, targets] = [0, 0];
  await inEvaluation(model, async () => {
    for (const rows of portions(captions.length)) {
      const { values, shape } = await images.read(rows, null);
      const owners = Int32Array.from(Array.from(rows).flatMap((n, p) => captions[n].map(() => p)));
      const { loss } = await computeValues(model, () => {
        const predicted = Array.from(rows).flatMap((n) => [...captions[n]]);
        const batch = model.batch(tensor(values, shape), predicted, owners);
        targets += batch.targets;
        return { loss: model.loss(batch, { reduction: 'sum', terms: false }) };
      });
      sum += loss[0];
      await yieldToEventLoop();
    }
  });
  const loss = sum / Math.max(1, targets);
  return { loss, targets, metrics: { perplexity: Math.exp(loss) } };
}

function checkCaptions(who: string, { config }: Captioner, { images, captions }: CaptionedImages): void {
  requireOneEach(who, 'captions', captions, `${images.count} images`, images.count);
  const V = config.vocabularySize;
  for (const [n, list] of captions.entries()) {
    if (list.length === 0) throw new OptionError(who, 'captions', `image ${n} has none; leave it out`);
    for (const caption of list) {
      for (let t = 0; t < caption.length; t++) {
        if (!(Number.isInteger(caption[t]) && caption[t] >= 0 && caption[t] < V))
          throw new OptionError(
            who,
            'captions',
            `image ${n}: expected words from 0 to ${V - 1}, got ${shown(caption[t])}`,
          );
      }
    }
  }
}
