// The task of saying what is in images.

import { join } from 'node:path';
import {
  Captioner,
  type CaptionerConfig,
  type CaptionerForm,
  type CaptionMetrics,
  captionScores,
  captionTask,
  type CellName,
  ConvNet,
  OptionError,
  type Tokenizer,
} from 'unrolled';
import { convNetOf, describeConvNet } from '../images/options.ts';
import type { RunConfig, RunData } from '../runs/config.ts';
import type { KindValues, Prepared, TaskKind } from '../runs/kind.ts';
import { asLines } from '../runs/shown.ts';
import { grouped, styleFor, truncate } from '../terminal/index.ts';
import {
  type CaptionPart,
  type CaptionParts,
  type CaptionSource,
  encodeCaptions,
  readCaptioned,
  tokenizerOf,
} from './data.ts';
import { figureOf } from './draw.ts';
import { evaluateCaption } from './evaluate.ts';
import { sayAll, type Said } from './model.ts';
import { captionOptions } from './options.ts';
import { captionPage } from '../pages/caption-page.ts';
import { writePage } from '../pages/page.ts';
import { predictCaption } from './predict.ts';

type CaptionValues = KindValues<typeof captionOptions>;

interface CaptionSettings {
  readonly batch: number;
  readonly maxLength: number;
  readonly captionsPerImage: number | null;
  readonly flip: boolean;
  readonly crop: number;
  readonly color: number;
  readonly frozen: boolean;
  readonly fineTuneAfter: number;
  readonly cnnRate: number;
}

interface CaptionData extends RunData {
  readonly read: CaptionSource;
  readonly images: number;
}

export type CaptionConfig = RunConfig<CaptionerConfig, CaptionSettings, CaptionData>;

export const caption: TaskKind<CaptionConfig, typeof captionOptions, Captioner> = {
  name: 'caption',
  summary: 'say what is in images',
  args: [
    [
      '[files...]',
      'captions: COCO or Karpathy JSON, a list, CSV, JSON lines, Parquet; or a folder of images with .txt files',
    ],
  ],
  options: captionOptions,
  examples: [
    'unrolled train caption captions.csv --images photos/',
    'unrolled train caption dataset.json --images images/ --size 96 --flip --crop 0.2 --epochs 30',
    'unrolled train caption captions.json --features resnet.npy --form hard',
    'unrolled train caption --demo scenes',
  ],
  counts: 'words',
  async prepare(values, paths, say) {
    const { demo, images, image, caption: column, where, badRows, validation, valFrac, seed, features } = values;
    const { validationFeatures, fit } = values;
    const size = values.size ?? (demo ? 32 : 64);
    const read = { paths, demo, images, image, caption: column, where, badRows, validation, valFrac, seed, features, validationFeatures, size, fit, background: values.background }; // biome-ignore format: as CaptionSource
    if (features !== null && validation !== null && validationFeatures === null)
      throw new OptionError('train caption', 'validation-features', 'the images of --validation need features too');
    return prepareCaption(await readCaptioned(read, say), read, values);
  },
  describeLoss: (loss) => `${loss.toFixed(3)} nats a word`,
  next: (run, prepared) => [
    ...((prepared.model as CaptionerConfig).encoder
      ? [`predict ${run} photo.jpg --draw where.html     an image of yours`]
      : []),
    `eval ${run}`,
    `eval ${run} --beams 1 --json`,
  ],
  evaluates: ['file', 'text', 'where', 'badRows', 'images', 'features', 'beams'],
  predicts: ['file', 'beams', 'draw'],
  evaluate: evaluateCaption,
  predict: predictCaption,
};

const measured = 200; // validation images that are captioned at a validation
const shown = 12; // images of the page at the end

function prepareCaption(
  data: CaptionParts,
  read: CaptionSource,
  values: CaptionValues,
): Prepared<CaptionConfig, Captioner> {
  const { maxLength, minCount, batch, captionsPerImage, flip, crop, color, frozen, fineTuneAfter, cnnRate } = values;
  const words = tokenizerOf(data.train, minCount);
  const settings: CaptionSettings = { batch, maxLength, captionsPerImage, flip, crop, color, frozen, fineTuneAfter, cnnRate }; // biome-ignore format: one line
  const part = (some: CaptionPart, training: boolean) => ({
    images: some.seen(training ? settings : null),
    captions: encodeCaptions(some, words, maxLength),
  });
  const [train, validation] = [part(data.train, true), part(data.validation, false)];
  const { name, source, sha256, warnings } = data;
  const hasValidation = validation.captions.length > 0;
  const display = hasValidation ? data.validation : data.train;
  const references = data.validation.texts.map((some) => some.map((text) => words.normalize(text)));
  const measure: CaptionMetrics = (predicted, _wanted) => {
    const { bleu4, cider } = captionScores(
      predicted.map((ids) => words.decode(ids)),
      references.slice(0, predicted.length),
    );
    return { bleu4, cider };
  };
  const best = hasValidation ? values.best : 'loss';
  const folder = values.out ?? `runs/${name}`;
  return {
    name,
    model: modelConfig(values, read.size, data, words.size),
    settings,
    data: { source, sha256, images: data.train.names.length + data.validation.names.length, read },
    contents: { tokenizer: words.toJSON() },
    warnings,
    mostEpochs: 60,
    samples: 0,
    best,
    make(config) {
      const model = new Captioner(config.model);
      const task = captionTask(model, {
        train,
        validation: hasValidation ? validation : null,
        batchSize: batch,
        captionsPerImage,
        seed: config.training.seed,
        encoder: frozen ? 'frozen' : fineTuneAfter > 0 ? { after: fineTuneAfter } : 'joint',
        encoderRate: cnnRate,
        caption: hasValidation ? measured : 0,
        search: { suppressTokens: [words.pad, words.unknown] },
        measure,
        best,
      });
      return { model, task };
    },
    introduce: (model, { training }) => describe(model, data, words, training.steps, settings),
    showcase: async (model) => {
      const count = Math.min(shown, display.names.length);
      const which = Int32Array.from({ length: count }, (_, k) => Math.floor((k * display.names.length) / count));
      const predicted = await sayAll(model, words, display.seen(null), which, 5);
      const page = await pageOf(model, display, which, predicted, folder, name);
      const what = hasValidation ? 'images it has not seen' : 'images it has seen';
      const lines = Array.from(which, (n, k) => lineOf(display.names[n], predicted[k], display.texts[n]));
      return asLines([`${what}:`, '', ...lines, ...(page ? ['', `with where each word looked: ${page}`] : [])]);
    },
  };
}

function describe(model: Captioner, data: CaptionParts, words: Tokenizer, steps: number, s: CaptionSettings) {
  const { form, cell, hiddenSize, positions } = model.config;
  const sees = model.encoder
    ? `CNN ${describeConvNet(model.encoder.config)}${s.frozen ? ', frozen' : s.fineTuneAfter > 0 ? `, learning after ${s.fineTuneAfter} epochs` : ''}`
    : `features of ${data.features?.size}`;
  const captions = data.train.texts.flat().length;
  return [
    ['images', `${grouped(data.train.names.length)} to learn, ${grouped(data.validation.names.length)} to validate`],
    ['captions', `${grouped(captions)}, ${grouped(words.size)} different words`],
    ['sees', `${sees}${positions > 0 ? `, ${positions} regions` : ''}`],
    ['says', `${form}, ${cell} of ${hiddenSize}, ${grouped(model.parameterCount())} parameters in all`],
    ['steps', `${grouped(steps)} of ${s.batch} images`],
  ] as const;
}

function modelConfig(
  values: CaptionValues,
  size: number,
  { features }: CaptionParts,
  vocabularySize: number,
): CaptionerConfig {
  const { form, injection, cell, hidden, embedding, dropout, wordDropout, coverage, reward, mixture, entropy } = values;
  const deepOutput = values.linearOutput ? 'linear' : true;
  const attends = form === 'soft' || form === 'hard';
  const encoder = features
    ? null
    : convNetOf('train caption', { ...values, size, channels: values.channels || stagesFor(size) });
  const [rows, columns] = encoder ? new ConvNet(encoder).mapSize : [features?.regions ?? 0, 1];
  // The model knows its defaults; config.json has all of them, so that a run means the same when defaults change.
  return new Captioner({
    vocabularySize,
    encoder,
    featureSize: features?.size ?? null,
    positions: attends && values.positions ? rows * columns : 0,
    form: form as CaptionerForm,
    injection: injection as 'first' | 'every',
    cell: cell as CellName,
    hiddenSize: hidden,
    embeddingDim: embedding ?? Math.ceil(hidden / 2),
    dropout,
    wordDropout,
    deepOutput,
    coverage,
    reward,
    mixture,
    entropy,
  }).config;
}

/** Stages until the map is about 4 × 4, at most four. */
function stagesFor(size: number): string {
  const stages = Math.max(2, Math.min(4, Math.round(Math.log2(size / 4))));
  return String([32, 64, 128, 256].slice(0, stages));
}

function lineOf(name: string, { caption: text }: Said, wanted: readonly string[]): string {
  const { green, dim } = styleFor(process.stderr);
  const right = wanted.includes(text);
  const width = Math.max(30, (process.stderr.columns || 80) - 4);
  return `${right ? green('✓') : ' '} ${truncate(text, width)}${right ? '' : `\n  ${dim(truncate(`${name}: ${wanted[0]}`, width))}`}`;
}

/** A page of what was said, in the run's folder; null where there are no pixels to show. */
async function pageOf(
  model: Captioner,
  part: CaptionPart,
  which: Int32Array,
  predicted: readonly Said[],
  folder: string,
  name: string,
): Promise<string | null> {
  const figures = [];
  for (const [k, n] of which.entries()) {
    const image = await part.image(n);
    if (!image) return null;
    figures.push(figureOf(model, { name: part.names[n], predicted: predicted[k], image, references: part.texts[n] }));
  }
  const path = join(folder, 'captions.html');
  return writePage(
    path,
    captionPage(
      `Captions of ${name}`,
      figures,
      'Each image as it is, and once for every word: the brighter, the more the word was read from there. ✓ is said by somebody in these very words.',
    ),
  );
}
