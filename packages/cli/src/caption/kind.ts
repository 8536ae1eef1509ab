// Captioning images, as the machinery of runs sees it.

import { join } from 'node:path';
import {
  Captioner,
  type CaptionerConfig,
  type CaptionerForm,
  type CaptionMetrics,
  captionTask,
  type CellName,
  ConvNet,
  type ConvNetConfig,
  OptionError,
} from 'unrolled';
import type { RawImage, Tokenizer } from 'unrolled/data';
import { captionScores } from 'unrolled/metrics';
import { type ImageFeatureSet, type ImageToTextInput, imageToTextOf } from 'unrolled/pipelines';
import { spread } from '../examples/spread.ts';
import { augmentOf, changesIn, symmetriesOf } from '../images/augmentation.ts';
import { imageContract } from '../images/contract.ts';
import { encoderFor, encoderRow, isComputedOnce, requireTuning } from '../images/encoding.ts';
import { encodedImages, type PixelSource } from '../images/features.ts';
import { convNetOf, describeConvNet } from '../images/options.ts';
import { type Pretrained, readPretrained } from '../images/pretrained.ts';
import type { KindValues, Prepared, TaskKind } from '../runs/kind.ts';
import { recurrentDropoutOf } from '../runs/recurrent-dropout.ts';
import { grouped } from '../terminal/index.ts';
import type { CaptionConfig, CaptionSettings } from './config.ts';
import {
  type CaptionPart,
  type CaptionParts,
  type CaptionSource,
  encodeCaptions,
  readCaptioned,
  tokenizerOf,
} from './data.ts';
import { evaluateCaption } from './evaluate.ts';
import { captionOptions } from './options.ts';
import { predictCaption } from './predict.ts';
import { type Captioned, showcaseOf, writeCaptions } from './view.ts';
import { t } from '../language/index.ts';

type CaptionValues = KindValues<typeof captionOptions>;

export const caption: TaskKind<CaptionConfig, typeof captionOptions, Captioner> = {
  name: 'caption',
  summary: 'train an image captioner: CNN encoder, recurrent decoder, with or without attention',
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
    'unrolled train caption captions.csv --images photos/ --encoder mobilenet.onnx',
    'unrolled train caption captions.json --features resnet.npy --form hard',
    'unrolled train caption --demo scenes',
  ],
  counts: 'words',
  async prepare(values, paths, say) {
    const { demo, images, image, caption: column, where, badRows, validation, valFrac, seed, features } = values;
    const { validationFeatures, fit } = values;
    requireTuning('train caption', values);
    const pretrained = await readPretrained('train caption', values, values.size);
    const size = pretrained?.encoder.config.inputSize[0] ?? values.size ?? (demo ? 32 : 64);
    const read = { paths, demo, images, image, caption: column, where, badRows, validation, valFrac, seed, features, validationFeatures, size, fit, background: values.background }; // biome-ignore format: as CaptionSource
    if (features !== null && validation !== null && validationFeatures === null)
      throw new OptionError('train caption', 'validation-features', 'the images of --validation need features too');
    return prepareCaption(await readCaptioned(read, say), read, values, pretrained, say);
  },
  describeLoss: (loss) => t`${loss.toFixed(3)} nats a word`,
  next: (run, prepared) => [
    ...((prepared.model as CaptionerConfig).encoder
      ? [t`predict ${run} photo.jpg --draw where.html     an image of yours`]
      : []),
    `eval ${run}`,
    `eval ${run} --beams 1 --json`,
  ],
  evaluates: ['file', 'text', 'where', 'badRows', 'images', 'features', 'beams'],
  predicts: ['file', 'images', 'features', 'badRows', 'beams', 'nBest', 'draw'],
  evaluate: evaluateCaption,
  predict: predictCaption,
};

const measured = 200; // validation images that are captioned at a validation
const shown = 12; // images of the page at the end

async function prepareCaption(
  data: CaptionParts,
  read: CaptionSource,
  values: CaptionValues,
  pretrained: Pretrained | null,
  say: (text: string) => void,
): Promise<Prepared<CaptionConfig, Captioner>> {
  const { maxLength, minCount, batch, captionsPerImage, flip, crop, color, fineTuneAfter } = values;
  const frozen = pretrained ? !values.fineTune : values.frozen;
  const cnnRate = values.cnnRate ?? (pretrained ? 0.1 : 1);
  const { labelSmoothing } = values;
  const changes = changesIn(values);
  const learned = data.train.views(symmetriesOf(changes));
  const words = tokenizerOf(learned, minCount);
  const settings: CaptionSettings = { batch, maxLength, captionsPerImage, flip, crop, color, frozen, fineTuneAfter, cnnRate, ...changes, ...(labelSmoothing > 0 ? { labelSmoothing } : {}) }; // biome-ignore format: one line
  const range = pretrained ? 'unit' : 'symmetric';
  const form = pretrained && attends(values.form) ? 'regions' : 'pooled';
  const images = async (some: CaptionPart, training: boolean): Promise<ImageFeatureSet> => {
    if (!isComputedOnce(pretrained, changes)) return some.seen(training ? augmentOf(changes) : null, range);
    const features = await encodedImages(pretrained.encoder, form, pixelsOf(some), { say });
    return {
      count: features.count,
      read: async (rows) => ({ values: await features.read(rows), shape: [rows.length, ...features.shape] }),
    };
  };
  const part = async (some: CaptionPart, training: boolean) => ({
    images: await images(some, training),
    captions: encodeCaptions(some, words, maxLength),
  });
  const [train, validation] = [await part(learned, true), await part(data.validation, false)];
  const { name, source, sha256 } = data;
  const hasValidation = validation.captions.length > 0;
  const display = hasValidation ? data.validation : data.train;
  const references = data.validation.texts.map((some) => some.map((text) => words.normalize(text)));
  const isShort = hasValidation && references.every((some) => some.every((text) => text.split(' ').length < 4));
  const measure: CaptionMetrics = (predicted, _wanted) => {
    const texts = predicted.map((ids) => words.decode(ids));
    const { bleu4, cider } = captionScores(texts, references.slice(0, predicted.length));
    // Of a synthetic image every right caption is a reference.
    const exact = texts.filter((text, n) => references[n].includes(text)).length / Math.max(1, texts.length);
    return { ...(read.demo ? { exact } : {}), ...(isShort ? {} : { bleu4 }), cider };
  };
  const best = !hasValidation ? 'loss' : isShort && values.best === 'bleu4' ? 'cider' : values.best;
  const warnings =
    best === values.best || !hasValidation
      ? data.warnings
      : [
          ...data.warnings,
          'no caption to validate with has four words, so that BLEU-4 would be 0: CIDEr takes its place',
        ];
  const folder = values.out ?? `runs/${name}`;
  const input: ImageToTextInput = {
    kind: 'image-to-text',
    image: data.features ? null : imageContract(read, range),
  };
  return {
    name,
    model: modelConfig(values, read.size, data, words.size, pretrained),
    settings,
    contract: { type: 'captioner', input },
    data: { source, sha256, images: data.train.names.length + data.validation.names.length, read },
    contents: { tokenizer: words.toJSON() },
    warnings,
    mostEpochs: 60,
    samples: 0,
    best,
    make(config) {
      const model = new Captioner(pretrained ? { ...config.model, encoder: encoderFor(pretrained) } : config.model);
      const task = captionTask(model, {
        train,
        validation: hasValidation ? validation : null,
        batchSize: batch,
        captionsPerImage,
        seed: config.training.seed,
        labelSmoothing,
        encoder: frozen ? 'frozen' : fineTuneAfter > 0 ? { after: fineTuneAfter } : 'joint',
        encoderRate: cnnRate,
        caption: hasValidation ? measured : 0,
        search: { suppressTokens: [words.pad, words.unknown] },
        measure,
        best,
      });
      return { model, task };
    },
    introduce: (model, { training }) => describe(model, data, learned, words, training.steps, settings, pretrained),
    async showcase(model) {
      const which = spread(Array.from(display.names.keys()), shown);
      const pipeline = imageToTextOf(model, { tokenizer: words, input });
      const images = display.seen(null, range);
      const found = await pipeline.caption({
        count: which.length,
        read: (rows, chance) =>
          images.read(
            rows.map((k) => which[k]),
            chance,
          ),
      });
      const captions = found.map((one, k): Captioned => {
        const n = which[k];
        return { name: display.names[n], caption: one, image: () => display.image(n), references: display.texts[n] };
      });
      const page = await writeCaptions(join(folder, 'captions.html'), t`Captions of ${name}`, captions);
      return showcaseOf({ validation: hasValidation, captions, page });
    },
  };
}

function describe(
  model: Captioner,
  data: CaptionParts,
  learned: CaptionPart,
  words: Tokenizer,
  steps: number,
  s: CaptionSettings,
  pretrained: Pretrained | null,
) {
  const { form, cell, hiddenSize, positions } = model.config;
  const sees = model.encoder
    ? t`CNN ${describeConvNet(model.encoder.config as ConvNetConfig)}${s.frozen ? t(', frozen') : s.fineTuneAfter > 0 ? t`, fine-tuned after ${s.fineTuneAfter} epochs` : ''}`
    : t`features of size ${data.features?.size}`;
  const captions = learned.texts.flat().length;
  return [
    [t('images'), t`${grouped(learned.names.length)} to learn, ${grouped(data.validation.names.length)} to validate`],
    [t('captions'), t`${grouped(captions)}, ${grouped(words.size)} different words`],
    ...(pretrained
      ? encoderRow(pretrained, s)
      : [[t('encoder'), `${sees}${positions > 0 ? t`, ${positions} regions` : ''}`] as const]),
    [t('decoder'), t`${form}, ${cell} of ${hiddenSize}, ${grouped(model.parameterCount())} parameters in all`],
    [t('steps'), t`${grouped(steps)} of ${s.batch} images`],
  ] as const;
}

function modelConfig(
  values: CaptionValues,
  size: number,
  { features }: CaptionParts,
  vocabularySize: number,
  pretrained: Pretrained | null,
): CaptionerConfig {
  const { form, injection, cell, hidden, embedding, dropout, wordDropout, coverage, reward, mixture, entropy } = values;
  const deepOutput = values.linearOutput ? 'linear' : true;
  const encoder = features
    ? null
    : (pretrained?.encoder ??
      new ConvNet(convNetOf('train caption', { ...values, size, channels: values.channels || stagesFor(size) })));
  const [rows, columns] = encoder?.mapSize ?? [features?.regions ?? 0, 1];
  // The model knows its defaults; config.json has all of them, so that a run means the same when defaults change.
  return new Captioner({
    vocabularySize,
    encoder,
    featureSize: features?.size ?? null,
    positions: attends(form) && values.positions ? rows * columns : 0,
    form: form as CaptionerForm,
    injection: injection as 'first' | 'every',
    cell: cell as CellName,
    hiddenSize: hidden,
    embeddingDim: embedding ?? Math.ceil(hidden / 2),
    dropout,
    ...recurrentDropoutOf(values),
    wordDropout,
    deepOutput,
    coverage,
    reward,
    mixture,
    entropy,
  }).config;
}

/** Whether the decoder reads the regions of an image, not only their mean. */
const attends = (form: string): boolean => form === 'soft' || form === 'hard';

/** The images of a part as bytes. */
function pixelsOf(part: CaptionPart): PixelSource {
  return {
    count: part.names.length,
    async read(which) {
      const images = await Promise.all(which.map((n) => part.image(n)));
      return Buffer.concat(images.map((image) => (image as RawImage).data as Uint8Array));
    },
  };
}

/** Stages until the map is about 4 × 4, at most four. */
function stagesFor(size: number): string {
  const stages = Math.max(2, Math.min(4, Math.round(Math.log2(size / 4))));
  return String([32, 64, 128, 256].slice(0, stages));
}
